"""Making a certificate's documents: killed, out of space or twice at once, nothing is lost."""

import errno
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.assessment.models import CertificateClaim, CertificateDocument
from registry.assessment.services import documents
from registry.assessment.services.rendering import render_certificate
from registry.assessment.services.trust import trust_bundle
from registry.clock import FixedClock
from registry.credentials.models import StatusIndex
from registry.credentials.pdf_verification import verify_pdf
from registry.errors import NotFound
from registry.followers.certificates import CLAIM, follow
from registry.storage import FileStore
from tests.support.assessment import World
from tests.support.credentials import part, pdf_of, token_of


class Killed(BaseException):
    """The process ends here."""


class Waiting:
    """A certificate that has no documents yet."""

    def __init__(self, world: World) -> None:
        self.world = world
        certificate = world.certificate()
        self.id, self.number = certificate.id, certificate.number

    def made(self) -> bytes:
        """Return the signed file, made now."""
        return pdf_of(self.world, self.id)

    def rows(self) -> list[str]:
        """Return the kinds of document that were made, in order."""
        with self.world.registry.units.reading() as session:
            return list(
                session.scalars(
                    select(CertificateDocument.kind)
                    .where(CertificateDocument.certificate_id == self.id)
                    .order_by(CertificateDocument.id)
                )
            )


@pytest.fixture
def waiting(world: World) -> Waiting:
    return Waiting(world)


@pytest.fixture
def _others_made(world: World) -> None:
    """Make the demonstration's own documents, for tests of who waits."""
    follow(world.registry)


def count(world: World, model: Any) -> int:
    with world.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def dying(*_: object, **__: object) -> Any:
    raise Killed


def full_disk(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


STEPS = [
    ("certificate_credential", []),
    ("render_certificate", ["credential"]),
    ("sign_pdf", ["credential"]),
]


ENDS = pytest.mark.parametrize("end", [dying, full_disk], ids=["killed", "disk full"])


@pytest.mark.parametrize(("step", "left"), STEPS)
@ENDS
def test_a_step_that_ends_early_is_taken_up_again(
    waiting: Waiting,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    left: list[str],
    end: Callable[..., Any],
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(documents, step, end)
        with pytest.raises((Killed, OSError)):
            waiting.made()
    assert waiting.rows() == left
    content = waiting.made()
    assert waiting.rows() == ["credential", "pdf"]
    assert verify_pdf(content, trust_bundle(waiting.world.registry)).genuine


class Failing(FileStore):
    """A store whose disk is full, or whose process is killed, at the nth file."""

    def __init__(self, store: FileStore, nth: int, end: Callable[..., Any], *, after: bool) -> None:
        super().__init__(store.folder)
        self.left, self.end, self.after = nth, end, after

    def put(self, content: bytes) -> str:
        self.left -= 1
        if self.left == 0 and not self.after:
            self.end()
        name = super().put(content)
        if self.left == 0:
            self.end()
        return name


@pytest.mark.parametrize(("nth", "left"), [(1, []), (2, ["credential"])])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@ENDS
def test_storing_that_ends_early_names_nothing(
    waiting: Waiting, nth: int, left: list[str], end: Callable[..., Any], after: bool
) -> None:
    registry = waiting.world.registry
    broken = replace(registry, files=Failing(registry.files, nth, end, after=after))
    with pytest.raises((OSError, Killed)):
        documents.signed_pdf(broken, waiting.id)
    assert waiting.rows() == left
    assert not list(registry.files.folder.rglob(".part-*"))
    assert verify_pdf(waiting.made(), trust_bundle(registry)).genuine
    assert waiting.rows() == ["credential", "pdf"]


def test_nothing_unsigned_is_ever_stored(world: World, waiting: Waiting) -> None:
    waiting.made()
    trust = trust_bundle(world.registry)
    for path in world.registry.files.folder.rglob("*"):
        if path.is_file() and path.read_bytes().startswith(b"%PDF"):
            assert verify_pdf(path.read_bytes(), trust).genuine
    with world.registry.units.reading() as session:
        for row in session.scalars(select(CertificateDocument)):
            assert row.sha256 != row.unsigned_sha256
            assert not world.registry.files.has(row.unsigned_sha256)


def test_two_at_once_hand_out_the_same(world: World, waiting: Waiting) -> None:
    start = Barrier(2)
    made: list[bytes] = []

    def make() -> None:
        start.wait()
        made.append(waiting.made())

    threads = [Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == made[1]
    assert waiting.rows() == ["credential", "pdf"]
    assert part(token_of(world, waiting.id), 1)


def test_a_place_in_the_status_lists_is_given_once(world: World, waiting: Waiting) -> None:
    before = count(world, StatusIndex)
    waiting.made()
    sha256 = documents.signed_credential(world.registry, waiting.id)
    world.registry.files.path(sha256).unlink()
    again = token_of(world, waiting.id)
    assert count(world, StatusIndex) == before + 1
    (entry, _) = part(again, 1)["credentialStatus"]
    assert 0 <= int(entry["statusListIndex"]) < 131_072


def test_there_is_no_document_of_no_certificate(world: World) -> None:
    with pytest.raises(NotFound):
        pdf_of(world, 999_999)


@pytest.mark.usefixtures("_others_made")
def test_the_worker_makes_what_is_missing_and_leaves_no_claim(
    world: World, waiting: Waiting
) -> None:
    follow(world.registry)
    assert waiting.rows() == ["credential", "pdf"]
    assert count(world, CertificateClaim) == 0
    follow(world.registry)
    assert waiting.rows() == ["credential", "pdf"]


@pytest.mark.usefixtures("_others_made")
def test_one_that_cannot_be_made_keeps_no_other_waiting(
    world: World, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Waiting(world)
    whole = render_certificate

    def fail_first(number: str, *rest: Any, **named: Any) -> bytes:
        if number == waiting.number:
            raise ValueError("a page that cannot be drawn")
        return whole(number, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(documents, "render_certificate", fail_first)
        follow(world.registry)
    assert waiting.rows() == ["credential"]
    assert other.rows() == ["credential", "pdf"]
    follow(world.registry)
    assert waiting.rows() == ["credential", "pdf"]


@pytest.mark.usefixtures("_others_made")
def test_a_claim_of_a_worker_that_was_killed_lapses(
    world: World, waiting: Waiting, clock: FixedClock
) -> None:
    with world.registry.units(world.actor("officer")) as uow:
        uow.session.add(CertificateClaim(certificate_id=waiting.id, claimed_until=uow.now + CLAIM))
    follow(world.registry)
    assert waiting.rows() == []
    clock.instant += CLAIM + timedelta(seconds=1)
    follow(world.registry)
    assert waiting.rows() == ["credential", "pdf"]
