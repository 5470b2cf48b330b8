"""Files that come piece by piece: declared by hash, appended at an offset, checked when whole.

The ideas are those of the IETF draft "Resumable Uploads for HTTP"
(draft-ietf-httpbis-resumable-upload) and of tus 1.0: a resource for the upload, whose
offset is asked for and appended at. How much has come is the size of the file on
disk, so that what a broken connection delivered is not sent again.
"""

import fcntl
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.intake.inspecting import inspected
from registry.assessment.models import (
    Body,
    DeclarationDocument,
    InformationAnswerFile,
    Report,
    ReportAttachment,
    Upload,
)
from registry.assessment.services.attachments import owned_upload
from registry.config import Settings
from registry.container import Registry
from registry.errors import Busy, Conflict, Invalid, NotFound, RegistryError
from registry.messages import Message
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWork

MOST_OPEN = 50
_PIECE = 256 * 1024

WRONG_HASH = Message("The bytes that came do not have the SHA-256 declared; send the file again.")


class WrongOffset(Conflict):
    """A piece does not continue where the upload stands; ``offset`` is where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(
            Message("The upload stands at offset {offset}; continue there.", offset=offset)
        )
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Progress:
    """An upload and how many of its bytes have come."""

    upload: Upload
    offset: int

    @property
    def complete(self) -> bool:
        """Whether the file is here, checked and ready to be named by a report."""
        return self.upload.done_at is not None and self.upload.problem is None


def declare(uow: UnitOfWork, settings: Settings, data: Mapping[str, Any]) -> Upload:
    """Open an upload; data as ``UploadSchema`` loads it.

    A file that the actor's organisation sent before is done at once; one that it is
    sending is that upload. Raises ``Invalid`` for a file that is too large, or that was
    refused before, and ``Conflict`` when too many are open.
    """
    uow.actor.require("file:upload")
    largest = settings.attachment_megabytes
    if data["size"] > largest * 1024 * 1024:
        raise Invalid.one("size", Message("A file may have at most {largest} MB.", largest=largest))
    earlier = _earlier(uow, data)
    if earlier is not None:
        if earlier.problem is not None:
            raise Invalid.one("file", earlier.problem)
        return earlier
    open_ones = select(func.count()).where(owned_upload(uow.actor), Upload.done_at.is_(None))
    if (uow.session.scalar(open_ones) or 0) >= MOST_OPEN:
        raise Conflict(
            Message("You have {most} unfinished uploads; finish some first.", most=MOST_OPEN)
        )
    upload = Upload(
        key=secrets.token_urlsafe(24),
        organisation_id=uow.actor.organisation_id,
        user_id=uow.actor.user_id,
        sha256=data["sha256"],
        size=data["size"],
        name=data["name"],
        created_at=uow.now,
    )
    known = _attached_before(uow, data)
    if known is not None:
        upload.media_type, upload.facts, upload.done_at = known.media_type, known.facts, uow.now
    uow.session.add(upload)
    uow.session.flush()
    return upload


def find_upload(session: Session, actor: Actor, key: str) -> Upload:
    """Return an upload of the actor's organisation; ``NotFound`` for anybody else's."""
    upload = session.scalar(select(Upload).where(Upload.key == key, owned_upload(actor)))
    if upload is None:
        raise NotFound(Message("There is no such upload, or it has expired."))
    return upload


def progress(settings: Settings, upload: Upload) -> Progress:
    """Return how far an upload is."""
    if upload.done_at is not None:
        return Progress(upload, upload.size)
    try:
        return Progress(upload, _part(settings, upload).stat().st_size)
    except FileNotFoundError:
        return Progress(upload, 0)


def append(registry: Registry, actor: Actor, key: str, offset: int, stream: IO[bytes]) -> Progress:
    """Append ``stream`` at ``offset``; check and keep the file when it is whole.

    Raises ``WrongOffset``; ``Busy`` while another piece is coming; ``Invalid`` on
    "size" when more comes than was declared, on "sha256" for another content, and on
    "file" when the content is not taken.
    """
    with registry.units.reading() as session:
        upload = find_upload(session, actor, key)
    if upload.done_at is not None:
        if upload.problem is not None:
            raise Invalid.one("file", upload.problem)
        raise WrongOffset(upload.size)
    path = _part(registry.settings, upload)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_writer(path) as file:
        stands = file.seek(0, 2)
        if offset != stands:
            raise WrongOffset(stands)
        for piece in iter(lambda: stream.read(_PIECE), b""):
            if stands + len(piece) > upload.size:
                raise Invalid.one("size", Message("More came than the size that was declared."))
            stands += file.write(piece)
        file.flush()
        if stands < upload.size:
            return Progress(upload, stands)
        return _finish(registry, actor, upload, path)


def receive_file(registry: Registry, actor: Actor, name: str, stream: IO[bytes]) -> Upload:
    """Take a whole file, as a form sends it; errors as ``declare`` and ``append``."""
    digest = hashlib.sha256()
    size = 0
    while piece := stream.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    if size == 0:
        raise Invalid.one("file", Message("The file is empty."))
    with registry.units(actor) as uow:
        upload = declare(
            uow,
            registry.settings,
            {"sha256": digest.hexdigest(), "size": size, "name": name},
        )
    stands = progress(registry.settings, upload)
    if not stands.complete:
        stream.seek(stands.offset)
        upload = append(registry, actor, upload.key, stands.offset, stream).upload
    return upload


def remove_expired(registry: Registry, actor: Actor) -> int:
    """Remove uploads of more days ago than the settings say; return how many.

    Files that became part of a report, an answer or a declaration stay for good. Deleting
    happens while nobody else can write, so that nothing takes up a file that is being
    deleted.
    """
    settings = registry.settings
    store = FileStore(settings.attachments_dir)
    latest = registry.clock.now() - timedelta(days=settings.upload_days)
    with registry.units.reading() as session:
        if session.scalar(select(Upload.id).where(Upload.created_at < latest).limit(1)) is None:
            return 0
    with registry.units(actor) as uow:
        expired = uow.session.scalars(select(Upload).where(Upload.created_at < latest)).all()
        for upload in expired:
            _part(settings, upload).unlink(missing_ok=True)
            uow.session.delete(upload)
            uow.session.flush()
            used = (
                select(ReportAttachment.id).where(ReportAttachment.sha256 == upload.sha256),
                select(InformationAnswerFile.id).where(
                    InformationAnswerFile.sha256 == upload.sha256
                ),
                select(DeclarationDocument.id).where(DeclarationDocument.sha256 == upload.sha256),
                select(Upload.id).where(Upload.sha256 == upload.sha256),
            )
            if not any(uow.session.scalar(query.limit(1)) for query in used):
                store.remove(upload.sha256)
    return len(expired)


def _earlier(uow: UnitOfWork, data: Mapping[str, Any]) -> Upload | None:
    """Return the actor's upload of the same file, whole or not."""
    return uow.session.scalar(
        select(Upload)
        .where(
            Upload.sha256 == data["sha256"], Upload.size == data["size"], owned_upload(uow.actor)
        )
        .order_by(Upload.done_at.is_(None), Upload.id)
        .limit(1)
    )


def _attached_before(uow: UnitOfWork, data: Mapping[str, Any]) -> ReportAttachment | None:
    """Return the same file in an earlier report of the actor's own body."""
    return uow.session.scalar(
        select(ReportAttachment)
        .join(Report, Report.id == ReportAttachment.report_id)
        .join(Body, Body.id == Report.body_id)
        .where(
            ReportAttachment.sha256 == data["sha256"],
            ReportAttachment.size == data["size"],
            Body.organisation_id == uow.actor.organisation_id,
        )
        .limit(1)
    )


def _finish(registry: Registry, actor: Actor, upload: Upload, path: Path) -> Progress:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != upload.sha256:
        path.unlink()
        raise Invalid.one("sha256", WRONG_HASH)
    problem: RegistryError | None = None
    media_type: str | None = None
    facts: dict[str, Any] = {}
    reason = None
    try:
        media_type, facts = inspected(path)
    except Invalid as error:
        problem, reason = error, error.fields["file"][0]
        path.unlink()
    else:
        FileStore(registry.settings.attachments_dir).take(path, upload.sha256)
    with registry.units(actor) as uow:
        done = find_upload(uow.session, actor, upload.key)
        done.media_type, done.facts, done.problem = media_type, facts, reason
        done.done_at = uow.now
    if problem is not None:
        raise problem
    return Progress(done, done.size)


def _part(settings: Settings, upload: Upload) -> Path:
    return settings.uploads_dir / f"{upload.id}-{upload.sha256}"


@contextmanager
def _only_writer(path: Path) -> Iterator[IO[bytes]]:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(Message("A piece of this upload is just coming; try again.")) from None
        yield file
