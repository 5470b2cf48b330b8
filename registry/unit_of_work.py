"""The one commit point: facts and their journal entries, in one transaction.

A unit of work is the only writer while it lasts (see ``registry.db``), so that
positions have no gaps and what a service checked stays true until it commits.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table, Update, bindparam, event, func, insert, select, update
from sqlalchemy import inspect as inspect_mapping
from sqlalchemy.orm import Session, sessionmaker

from registry.actor import Actor
from registry.canonical import canonical_json
from registry.clock import Clock
from registry.db import begin_reading, begin_writing
from registry.errors import Stale
from registry.history import Fact
from registry.journal import tree
from registry.journal.leaf import CURRENT_HASH_VERSION, leaf_content, leaf_hash, seal_digest
from registry.journal.models import JournalEntry, JournalSeal
from registry.messages import Message


class Receipt(NamedTuple):
    """Proof for the actor that a change was recorded: where, when and under which hash."""

    position: int
    recorded_at: datetime
    leaf_hash: str


class Entry(NamedTuple):
    """A journal entry to be made: what is public of a change, and what is not."""

    action: str
    subject: str
    data: Mapping[str, Any] | bytes
    sealed: Mapping[str, Any] | None = None


_CHANGED = Message("Somebody changed this before you; look at the present version first.")


class UnjournalledChange(AssertionError):
    """A fact was changed without a journal entry: a fault in the program, never the user's."""


# Every change asks and says these: made once, and past the mapper, which costs as much again.
_LAST = select(func.max(JournalEntry.__table__.c.position))
_ENTRIES = insert(JournalEntry.__table__)  # type: ignore[arg-type]
_SEALS = insert(JournalSeal.__table__)  # type: ignore[arg-type]


class UnitOfWork:
    """One actor's change: what services read, write and journal with."""

    def __init__(self, session: Session, actor: Actor, clock: Clock) -> None:
        self.session = session
        self.clock = clock
        self._next_position = 1 + (session.connection().scalar(_LAST) or 0)
        self._begin(actor)

    def _begin(self, actor: Actor) -> None:
        self.actor = actor
        self.now = self.clock.now()
        self.today = self.clock.today()
        self.receipts: list[Receipt] = []
        self._first_position = self._next_position

    def next_change(self, actor: Actor) -> None:
        """Go on with another actor's change, which is committed together with those before."""
        self.session.flush()
        self._begin(actor)

    @property
    def next_position(self) -> int:
        """Return the position that the next entry will have: nobody else writes meanwhile."""
        return self._next_position

    def record(
        self,
        action: str,
        subject: str,
        data: Mapping[str, Any],
        sealed: Mapping[str, Any] | None = None,
    ) -> int:
        """Append a journal entry and return its position.

        ``data`` is public; ``sealed`` is committed to by a salted digest and kept
        apart. Both hold plain values; dates may be ``date`` objects.
        """
        return self.record_many([Entry(action, subject, data, sealed)])

    def record_many(
        self,
        entries: Sequence[Entry | tuple[str, str, Mapping[str, Any] | bytes]],
    ) -> int:
        """Append entries in order, ``(action, subject, data)`` at least; return the first position.

        Data that is canonical JSON already may be given as bytes.
        """
        first = self._next_position
        seals = []
        rows = []
        for offset, given in enumerate(entries):
            action, subject, data, sealed = Entry(*given)
            position = first + offset
            sealed_digest = None
            if sealed is not None:
                seal, sealed_digest = _make_seal(position, plain(sealed))
                seals.append(seal)
            text = data if isinstance(data, bytes) else canonical_json(plain(data))
            rows.append(self._entry(position, action, subject, text, sealed_digest))
        connection = self.session.connection()
        connection.execute(_ENTRIES, rows)
        tree.extend(connection, first - 1, [row["leaf_hash"] for row in rows])
        if seals:
            connection.execute(_SEALS, seals)
        self._next_position += len(rows)
        last = rows[-1]
        self.receipts.append(Receipt(last["position"], self.now, last["leaf_hash"].hex()))
        return first

    def add(self, *facts: Fact, position: int) -> None:
        """Add ``facts`` as known from ``position`` on."""
        for fact in facts:
            fact.known_from = position
            self.session.add(fact)

    def close(self, fact: Fact, position: int) -> None:
        """End a fact's recorded time at ``position``.

        Raises ``Stale`` when somebody else ended it first: the update counts its
        rows, so two who decide at once cannot both succeed.
        """
        if not self._first_position <= position < self._next_position:
            raise UnjournalledChange(f"{type(fact).__name__} ended without a journal entry")
        result = self.session.connection().execute(
            _ending(inspect_mapping(type(fact)).local_table),
            {"ended": fact.id, "position": position},
        )
        if result.rowcount != 1:
            raise Stale(_CHANGED)
        self.session.expire(fact)

    def replace(self, fact: Fact, revised: Fact, position: int) -> None:
        """Let ``revised`` take the place of ``fact`` from ``position`` on."""
        self.close(fact, position)
        self.add(revised, position=position)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Make a part of the change that is undone alone when an error leaves it.

        Its journal entries are undone with it, so that positions keep without gaps.
        """
        next_position, receipts = self._next_position, len(self.receipts)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            self._next_position = next_position
            del self.receipts[receipts:]
            raise

    def _entry(
        self, position: int, action: str, subject: str, data: bytes, sealed_digest: str | None
    ) -> dict[str, Any]:
        content = leaf_content(
            position=position,
            recorded_at=self.now,
            actor=self.actor.reference,
            action=action,
            subject=subject,
            data=data,
            sealed_digest=sealed_digest,
        )
        return {
            "position": position,
            "recorded_at": self.now,
            "actor": self.actor.reference,
            "action": action,
            "subject": subject,
            "data": data.decode(),
            "sealed_digest": sealed_digest,
            "hash_version": CURRENT_HASH_VERSION,
            "leaf_hash": leaf_hash(content),
        }


class UnitOfWorkFactory:
    """Opens units of work on one database; the composition root makes one."""

    def __init__(self, sessions: sessionmaker[Session], clock: Clock) -> None:
        self.sessions = sessions
        self.clock = clock

    @contextmanager
    def __call__(self, actor: Actor) -> Iterator[UnitOfWork]:
        """Open a unit of work for ``actor``; commit at the end, roll back on any error."""
        with self.sessions() as session:
            begin_writing(session)
            uow = UnitOfWork(session, actor, self.clock)
            event.listen(session, "before_flush", _guard(uow))
            yield uow
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for queries: one snapshot, no writing."""
        with self.sessions() as session:
            begin_reading(session)
            yield session


def check_version(fact: Fact, expected: int | None) -> None:
    """Raise ``Stale`` unless ``fact`` is the version the actor looked at.

    ``expected`` is the journal position from which that version was known;
    ``None`` means that the actor named none.
    """
    check_position(fact.known_from, expected)


def check_position(newest: int, expected: int | None) -> None:
    """Raise ``Stale`` unless ``newest`` is the position of the newest fact the actor looked at."""
    if expected not in (None, newest):
        raise Stale(_CHANGED)


@cache
def _ending(table: Table) -> Update:
    return (
        update(table)
        .where(table.c.id == bindparam("ended"), table.c.known_until.is_(None))
        .values(known_until=bindparam("position"))
    )


def _guard(uow: UnitOfWork) -> Any:
    def refuse_unjournalled(session: Session, _context: object, _instances: object) -> None:
        for fact in session.new:
            if isinstance(fact, Fact) and not uow.receipts:
                raise UnjournalledChange(f"{type(fact).__name__} added without a journal entry")
        for fact in session.dirty:
            if isinstance(fact, Fact) and session.is_modified(fact):
                raise UnjournalledChange(f"{type(fact).__name__} overwritten")
        for fact in session.deleted:
            if isinstance(fact, Fact):
                raise UnjournalledChange(f"{type(fact).__name__} deleted")

    return refuse_unjournalled


def _make_seal(position: int, content: Any) -> tuple[dict[str, Any], str]:
    salt = secrets.token_hex(16)
    text = canonical_json(content)
    seal = {"position": position, "salt": salt, "content": text.decode()}
    return seal, seal_digest(text, salt)


_PLAIN = frozenset({str, int, bool, float})


def plain(value: Any) -> Any:
    """Return ``value`` with dates and instants as ISO 8601 text and tuples as lists."""
    # Nearly all values are these, and asking whether they are mappings takes longer.
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
