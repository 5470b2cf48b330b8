"""Which keys the register signs or signed with: put to use, rotated, retired, compromised."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.actor import system_actor
from registry.canonical import sha256_hex
from registry.credentials.models import SigningKey
from registry.credentials.public_key import PublicKey
from registry.errors import Conflict, Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

USE = "signing-key.use"
RETIRE = "signing-key.retire"

ACTOR = system_actor("signing")


def keys(session: Session) -> Sequence[SigningKey]:
    """Return every key that anything was signed with, the latest first."""
    newest = SigningKey.id.desc()
    return session.scalars(select(SigningKey).where(known(SigningKey)).order_by(newest)).all()


def key_named(session: Session, key_id: str) -> SigningKey | None:
    """Return what holds of a key now."""
    return session.scalar(select(SigningKey).where(SigningKey.key_id == key_id, known(SigningKey)))


def signs_for_trial(session: Session, purpose: str) -> bool:
    """Whether what is signed now is signed by a key for trial use, or by none yet."""
    trial = select(SigningKey.trial).where(
        SigningKey.use == purpose, SigningKey.retired_on.is_(None), known(SigningKey)
    )
    return session.scalar(trial) is not False


def ensure_used(units: UnitOfWorkFactory, public: PublicKey) -> None:
    """Journal that ``public`` signs from now on, unless it does already.

    Raises what ``use`` raises.
    """
    # Most looks find nothing to do; they must not wait for their turn as the writer.
    with units.reading() as session:
        key = key_named(session, public.key_id)
        if key is not None and key.retired_on is None:
            return
    with units(ACTOR) as uow:
        use(uow, public)


def use(uow: UnitOfWork, public: PublicKey) -> SigningKey:
    """Put a key to use in place of the present one of the same use, which is retired.

    Raises ``Conflict`` for a key that was retired, and for one out of its validity.
    """
    found = list(uow.session.scalars(select(SigningKey).where(known(SigningKey))))
    same = next((key for key in found if key.key_id == public.key_id), None)
    if same is not None:
        if same.retired_on is not None:
            raise Conflict("This signing key was retired; put another one to use.")
        return same
    if public.valid_until is not None and public.valid_until <= uow.now:
        raise Conflict("The certificate of this signing key has expired.")
    present = next((key for key in found if key.use == public.use and key.retired_on is None), None)
    position = uow.record(
        USE,
        subject_of(public.key_id),
        {
            "key_id": public.key_id,
            "use": public.use,
            "algorithm": public.algorithm,
            "public_key": public.jwk,
            "certificate_sha256": sha256_hex(public.certificate) if public.certificate else None,
            "trial": public.trial,
            "valid_from": public.valid_from,
            "valid_until": public.valid_until,
            "replaces": present.key_id if present else None,
        },
    )
    if present is not None:
        uow.replace(present, present.revised(retired_on=uow.today), position)
    key = SigningKey(
        key_id=public.key_id,
        use=public.use,
        algorithm=public.algorithm,
        jwk=public.jwk,
        certificate=public.certificate,
        trial=public.trial,
        valid_from=public.valid_from,
        valid_until=public.valid_until,
    )
    uow.add(key, position=position)
    uow.session.flush()
    return key


def retire(uow: UnitOfWork, key_id: str, *, compromised_since: date | None = None) -> SigningKey:
    """End the use of a key; with ``compromised_since`` say that others may have signed with it.

    A retired key can be called compromised later, or from an earlier day on.
    Raises ``NotFound``, ``Conflict`` when there is nothing to change, and ``Invalid``
    on "compromised_since" for a day to come.
    """
    key = key_named(uow.session, key_id)
    if key is None:
        raise NotFound("There is no such signing key.")
    if compromised_since is None and key.retired_on is not None:
        raise Conflict("This signing key is retired already.")
    if compromised_since is not None:
        if compromised_since > uow.today:
            raise Invalid.one("compromised_since", Message("This day has not come yet."))
        if key.compromised_since is not None and key.compromised_since <= compromised_since:
            raise Conflict("This signing key is known to be compromised since that day already.")
    revised = key.revised(
        retired_on=key.retired_on or uow.today,
        compromised_since=compromised_since or key.compromised_since,
    )
    position = uow.record(
        RETIRE,
        subject_of(key_id),
        {
            "key_id": key_id,
            "retired_on": revised.retired_on,
            "compromised_since": revised.compromised_since,
        },
    )
    uow.replace(key, revised, position)
    uow.session.flush()
    return revised


def subject_of(key_id: str) -> str:
    """Return the journal's subject of a key."""
    return f"signing-key:{key_id[:16]}"
