"""Tables of the journal."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


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


class JournalNode(Base):
    """The root over ``2**level`` leaf hashes, from leaf ``number * 2**level`` on.

    Only levels that are multiples of ``registry.journal.tree.HEIGHT`` are kept;
    level 0 is the leaf hashes of the entries themselves.
    """

    __tablename__ = "journal_node"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it.

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class JournalKey(Fact, Base):
    """A public key that checkpoints are signed with, from one entry until another."""

    __tablename__ = "journal_key"

    name: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))


class JournalCheckpoint(Base):
    """A signed statement of the root over the first ``size`` entries, as it was published.

    No fact and no entry: one that recorded it would make the journal grow, and
    so call for the next checkpoint.
    """

    __tablename__ = "journal_checkpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(index=True)
    signed_at: Mapped[datetime]
    note: Mapped[str]
