"""Makes and ends the addresses at which calendar programs read the surveillance plan."""

import hashlib
import secrets

from registry.assessment.models import CalendarAddress
from registry.assessment.services.checks import person
from registry.unit_of_work import UnitOfWork

_RANDOM_BYTES = 32


def make_calendar_address(uow: UnitOfWork, language: str) -> str:
    """Return the unguessable part of the actor's new calendar address, shown this once.

    256 random bits; the address before stops working.
    """
    uow.actor.require("desk:use")
    secret = secrets.token_urlsafe(_RANDOM_BYTES)
    uow.session.merge(
        CalendarAddress(
            user_id=person(uow),
            secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
            language=language,
            created_at=uow.now,
        )
    )
    return secret
