"""The key that signs checkpoints: its file, and which keys the register has used."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.config import Settings, stored_secret
from registry.errors import Conflict, Invalid
from registry.journal.checkpoint import is_trial, trial_name
from registry.journal.models import JournalKey
from registry.journal.notes import MalformedNote, Signer, Verifier
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

USE = "journal-key.use"


def trial_signer(settings: Settings) -> Signer:
    """Return the key of the settings; without one, make a key marked for trial use."""
    if settings.own_journal_key is None:
        host = urlsplit(settings.base_url).netloc
        stored_secret(settings.journal_key, lambda: Signer.make(trial_name(host)).secret_line())
    found = signer(settings)
    assert found is not None
    return found


def signer(settings: Settings) -> Signer | None:
    """Return the key of the settings, ``None`` before ``registry init`` has made one.

    Raises ``Invalid`` naming the variable when the operator's own file holds no key.
    """
    try:
        return Signer.parse(settings.journal_key.read_text("utf-8").strip())
    except FileNotFoundError as error:
        if settings.own_journal_key is None:
            return None
        raise _unusable(str(error)) from None
    except (OSError, UnicodeDecodeError, MalformedNote) as error:
        raise _unusable(str(error)) from None


def use(uow: UnitOfWork, verifier: Verifier) -> JournalKey:
    """Journal that checkpoints are signed with this key from now on, unless they are already.

    Raises ``Conflict`` for a key that another one has replaced: of two workers
    that were given different keys, the later key stays.
    """
    keys = list(uow.session.scalars(select(JournalKey).order_by(JournalKey.id)))
    for key in keys:
        if verifier_of(key) == verifier:
            if key.known_until is not None:
                raise Conflict("Another key has replaced this one; make a new key.")
            return key
    position = uow.record(
        USE,
        f"journal-key:{verifier.key_id.hex()}",
        {"key": str(verifier), "trial": is_trial(verifier.name)},
    )
    used = JournalKey(name=verifier.name, public_key=verifier.public_key)
    current = next((key for key in keys if key.known_until is None), None)
    if current is None:
        uow.add(used, position=position)
    else:
        uow.replace(current, used, position)
    return used


def used_keys(session: Session) -> Sequence[JournalKey]:
    """Return every key that checkpoints were signed with, the present one first."""
    return session.scalars(select(JournalKey).order_by(JournalKey.id.desc())).all()


def verifiers(session: Session) -> list[Verifier]:
    """Return the same keys as what notes are opened with."""
    return [verifier_of(key) for key in used_keys(session)]


def verifier_of(key: JournalKey) -> Verifier:
    """Return a stored key as what notes are opened with."""
    return Verifier(key.name, key.public_key)


def _unusable(reason: str) -> Invalid:
    return Invalid.one(
        "REGISTRY_JOURNAL_KEY", Message("This key cannot be used: {why}", why=reason)
    )
