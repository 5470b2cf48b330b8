"""Requests that may be sent twice: the second answer is the first one again.

A client that heard no answer repeats its request with the same Idempotency-Key.
The answer is stored in the transaction of the change, so there is never one
without the other.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.db import Base
from registry.errors import Conflict, Invalid
from registry.unit_of_work import UnitOfWork

HEADER = "Idempotency-Key"

_VISIBLE_ASCII = re.compile(r"[!-~]{1,255}")


class IdempotentResponse(Base):
    """The answer to a request that carried an Idempotency-Key, written with its change."""

    __tablename__ = "idempotent_response"
    __table_args__ = (UniqueConstraint("actor", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str]
    key: Mapped[str]
    request_digest: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, str]]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)


class StoredAnswer(NamedTuple):
    """The first answer to a request."""

    request_digest: str
    status: int
    headers: dict[str, str]
    body: str


_TABLE = IdempotentResponse.__table__
# Asked with every command: made once.
_ANSWER = select(*(_TABLE.c[name] for name in StoredAnswer._fields)).where(
    _TABLE.c.actor == bindparam("actor"), _TABLE.c.key == bindparam("key")
)
_REMEMBER = insert(IdempotentResponse.__table__)  # type: ignore[arg-type]


def checked_key(key: str) -> str:
    """Return ``key`` when it is 1 to 255 visible ASCII characters, else raise ``Invalid``."""
    if not _VISIBLE_ASCII.fullmatch(key):
        raise Invalid.one(HEADER, "Use 1 to 255 visible ASCII characters without spaces.")
    return key


def digest_request(method: str, path: str, body: bytes) -> str:
    """Return what tells whether two requests ask for the same: a SHA-256 in hex."""
    digest = hashlib.sha256(f"{method} {path}\n".encode())
    digest.update(body)
    return digest.hexdigest()


def recall(
    session: Session, actor_reference: str, key: str, request_digest: str
) -> StoredAnswer | None:
    """Return the stored answer to this request, or None when it comes for the first time.

    Raises ``Conflict`` when the actor used ``key`` for another request. Asked
    inside the unit of work that makes the change, the answer is exact: nobody
    else writes meanwhile.
    """
    row = session.connection().execute(_ANSWER, {"actor": actor_reference, "key": key}).first()
    if row is None:
        return None
    stored = StoredAnswer(*row)
    if stored.request_digest != request_digest:
        raise Conflict("This Idempotency-Key was used for another request; take a new one.")
    return stored


def remember(
    uow: UnitOfWork,
    key: str,
    request_digest: str,
    *,
    status: int,
    headers: Mapping[str, str],
    body: str,
) -> None:
    """Store the answer of the change that ``uow`` makes, in its transaction."""
    uow.session.connection().execute(
        _REMEMBER,
        {
            "actor": uow.actor.reference,
            "key": key,
            "request_digest": request_digest,
            "status": status,
            "headers": dict(headers),
            "body": body,
            "created_at": uow.now,
        },
    )
