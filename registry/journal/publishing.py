"""Takes checkpoints: signs the journal's root when the journal has grown."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from registry.actor import system_actor
from registry.errors import Conflict
from registry.journal import tree
from registry.journal.checkpoint import Checkpoint, read_text
from registry.journal.keys import use, verifiers
from registry.journal.models import JournalCheckpoint
from registry.journal.notes import Signer, split_note
from registry.journal.published import latest_checkpoint
from registry.journal.queries import head
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

EVERY = timedelta(minutes=1)
_ACTOR = system_actor("journal")


def publish_checkpoint(
    units: UnitOfWorkFactory, signer: Signer, *, every: timedelta = timedelta(0)
) -> bool:
    """Sign the journal as it stands; return whether there was anything to sign.

    Signs nothing when the journal has not grown, nor within ``every`` after the
    last checkpoint, unless ``signer`` is new. Raises ``Conflict`` rather than sign
    a tree that the last checkpoint does not begin.
    """
    now = units.clock.now()
    # Most looks find nothing to do; they must not wait for their turn as the writer.
    with units.reading() as session:
        if not _due(session, signer, now - every):
            return False
    with units(_ACTOR) as uow:
        if not _due(uow.session, signer, now - every):
            return False
        _sign(uow, signer)
    return True


def _due(session: Session, signer: Signer, before: datetime) -> bool:
    latest = latest_checkpoint(session)
    if latest is None or verifiers(session)[:1] != [signer.verifier]:
        return True
    return latest.size < head(session) and latest.signed_at <= before


def _sign(uow: UnitOfWork, signer: Signer) -> None:
    use(uow, signer.verifier)
    uow.session.flush()
    size = head(uow.session)
    connection = uow.session.connection()
    latest = latest_checkpoint(uow.session)
    if latest is not None:
        published = read_text(split_note(latest.note)[0])
        if published.size > size or tree.root(connection, published.size) != published.root:
            raise Conflict("The last checkpoint does not begin this journal; verify the journal.")
    checkpoint = Checkpoint(signer.verifier.name, size, tree.root(connection, size))
    note = checkpoint.signed_by(signer)
    uow.session.add(JournalCheckpoint(size=size, signed_at=uow.now, note=note))
