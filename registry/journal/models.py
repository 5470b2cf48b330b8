"""Tables of the journal."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class JournalEntry(Base):
    """One change of fact, public as a whole.

    ``data`` is RFC 8785 canonical JSON, kept as the text that was hashed.
    ``sealed_digest`` stands for facts that are not public (see ``JournalSeal``).
    """

    __tablename__ = "journal_entry"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    data: Mapped[str]
    sealed_digest: Mapped[str | None]
    hash_version: Mapped[int]
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class JournalSeal(Base):
    """Facts of an entry that only the parties and officers may see.

    The entry commits to them by the digest of the canonical JSON of
    ``{"content": …, "salt": …}``; the salt keeps short contents from being guessed.
    """

    __tablename__ = "journal_seal"

    position: Mapped[int] = mapped_column(
        ForeignKey("journal_entry.position"), primary_key=True, autoincrement=False
    )
    salt: Mapped[str]
    content: Mapped[str]
