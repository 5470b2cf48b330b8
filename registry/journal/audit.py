"""Recomputes the tree from the stored leaf hashes and holds it against all that was signed.

``registry.journal.verification`` checks that the leaf hashes belong to the
entries; here it is checked that tree, keys and checkpoints belong to the leaf
hashes. Both together leave nothing that is believed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from registry.errors import Conflict
from registry.journal import merkle
from registry.journal.checkpoint import Checkpoint, open_checkpoint
from registry.journal.keys import USE, used_keys, verifier_of
from registry.journal.merkle import Frontier, Node
from registry.journal.models import JournalCheckpoint, JournalEntry, JournalNode
from registry.journal.notes import NoteError, Verifier
from registry.journal.queries import entries, head
from registry.journal.tree import HEIGHT, node_hashes
from registry.journal.verification import Fault

# Entries between two looks at stored nodes and checkpoints.
_CHUNK = 4_096
_MOST_KEYS = 10_000


class Claim(NamedTuple):
    """Somebody's word on the journal: who, and what was signed."""

    by: str
    checkpoint: Checkpoint


def audit(session: Session, first: int = 1, kept: Sequence[Claim] = ()) -> Iterator[Fault]:
    """Yield every fault of keys, tree and checkpoints from position ``first`` on.

    What comes before ``first`` is believed as the stored nodes have it; with a
    checkpoint of size ``first - 1``, stored or ``kept`` elsewhere, it is proven.
    """
    yield from _key_faults(session)
    end = head(session)
    yield from _cut_off(session, end, kept)
    yield from _Replay(session, end, kept).faults(first)


def open_kept(note: str, keys: Sequence[Verifier], name: str) -> Claim:
    """Return what a checkpoint kept outside claims; ``NoteError`` unless one of ``keys`` signed."""
    return Claim(name, open_checkpoint(note, keys)[0])


class _Replay:
    """Grows the tree again, leaf by leaf."""

    def __init__(self, session: Session, end: int, kept: Sequence[Claim]) -> None:
        self.session = session
        self.connection = session.connection()
        self.end = end
        self.kept = kept
        self.keys = [verifier_of(key) for key in used_keys(session)]

    def faults(self, first: int) -> Iterator[Fault]:
        start = min(first - 1, self.end)
        earlier: dict[int, list[Claim | Fault]] = {}
        for claim in self.kept:
            earlier.setdefault(claim.checkpoint.size, []).append(claim)
        try:
            frontier = Frontier(start, _peaks(self.connection, start))
            for size in (size for size in earlier if size < start):
                older = Frontier(size, _peaks(self.connection, size))
                yield from self._compare(size, older.root, earlier)
        except Conflict:
            yield Fault(max(start, 1), "the tree of the entries before lacks nodes")
            return
        yield from self._compare(start, frontier.root, self._signed(start - 1, start))
        while frontier.size < self.end:
            before = frontier.size
            yield from self._chunk(frontier, min(before + _CHUNK, self.end))
            if frontier.size == before:
                # An entry is missing, which the check of the entries names.
                return

    def _chunk(self, frontier: Frontier, until: int) -> Iterator[Fault]:
        after = frontier.size
        nodes = _nodes_completed(self.connection, after, until)
        signed = self._signed(after, until)
        leaves = (
            select(JournalEntry.position, JournalEntry.leaf_hash)
            .where(JournalEntry.position > after, JournalEntry.position <= until)
            .order_by(JournalEntry.position)
        )
        for position, leaf in self.connection.execute(leaves):
            if position != frontier.size + 1:
                return
            completed = frontier.append(leaf)
            for level in range(HEIGHT, len(completed), HEIGHT):
                if nodes.get((level, (position >> level) - 1)) != completed[level]:
                    begin = position - (1 << level) + 1
                    problem = f"the node over positions {begin} to {position} is wrong or missing"
                    yield Fault(position, problem)
            yield from self._compare(position, frontier.root, signed)

    def _signed(self, after: int, until: int) -> dict[int, list[Claim | Fault]]:
        """Return what was signed of sizes above ``after`` up to ``until``, by size."""
        signed: dict[int, list[Claim | Fault]] = {}
        stored = (
            select(JournalCheckpoint)
            .where(JournalCheckpoint.size > after, JournalCheckpoint.size <= until)
            .order_by(JournalCheckpoint.id)
        )
        for row in self.session.scalars(stored):
            signed.setdefault(row.size, []).append(self._open(row))
            self.session.expunge(row)
        for claim in self.kept:
            if after < claim.checkpoint.size <= until:
                signed.setdefault(claim.checkpoint.size, []).append(claim)
        return signed

    def _open(self, row: JournalCheckpoint) -> Claim | Fault:
        name = f"checkpoint {row.id}"
        try:
            checkpoint = open_checkpoint(row.note, self.keys)[0]
        except NoteError as error:
            return Fault(row.size, f"{name}: {error}")
        if checkpoint.size != row.size:
            return Fault(row.size, f"{name} states another size")
        return Claim(name, checkpoint)

    def _compare(
        self, size: int, root: Callable[[], bytes], signed: Mapping[int, Sequence[Claim | Fault]]
    ) -> Iterator[Fault]:
        for found in signed.get(size, ()):
            if isinstance(found, Fault):
                yield found
            elif found.checkpoint.root != root():
                yield Fault(size, f"{found.by} states another root over the entries up to here")


def _key_faults(session: Session) -> Iterator[Fault]:
    """Keys are in their table for speed; what counts is the entry that put each to use."""
    journalled = {
        row.position: row.data.get("key") for row in entries(session, action=USE, limit=_MOST_KEYS)
    }
    stored = {key.known_from: str(verifier_of(key)) for key in used_keys(session)}
    for position in sorted(journalled.keys() | stored.keys()):
        if journalled.get(position) != stored.get(position):
            yield Fault(position, "the signing key is not the one that the entry names")


def _cut_off(session: Session, end: int, kept: Sequence[Claim]) -> Iterator[Fault]:
    """Name everything that speaks of entries beyond the last one."""
    levels = session.execute(
        select(JournalNode.level, func.max(JournalNode.number)).group_by(JournalNode.level)
    )
    if any((number + 1) << level > end for level, number in levels):
        yield Fault(end + 1, "the tree goes on: entries are missing at the end")
    beyond = select(JournalCheckpoint.id).where(JournalCheckpoint.size > end)
    names = [f"checkpoint {number}" for number in session.scalars(beyond.limit(1))]
    names += [claim.by for claim in kept if claim.checkpoint.size > end]
    for name in names:
        yield Fault(end + 1, f"{name} covers more: entries are missing at the end")


def _peaks(connection: Connection, size: int) -> list[bytes]:
    nodes = merkle.peaks((0, size))
    hashes = node_hashes(connection, nodes)
    return [hashes[node] for node in nodes]


def _nodes_completed(connection: Connection, after: int, until: int) -> dict[Node, bytes]:
    """Return the stored nodes that the leaves above ``after`` up to ``until`` complete."""
    found: dict[Node, bytes] = {}
    for level in range(HEIGHT, until.bit_length(), HEIGHT):
        numbers = select(JournalNode.number, JournalNode.hash).where(
            JournalNode.level == level,
            JournalNode.number >= after >> level,
            JournalNode.number < until >> level,
        )
        found.update(((level, number), hashed) for number, hashed in connection.execute(numbers))
    return found
