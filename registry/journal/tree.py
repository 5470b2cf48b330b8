"""The Merkle tree over the journal's leaf hashes, kept beside the entries.

Nodes are kept in *tiles*: of every ``HEIGHT`` levels one is stored, and what
lies between is hashed again from the at most ``2**HEIGHT`` nodes below it.
Appending one entry then mostly writes nothing, and a proof reads two tiles of
each stored level at most. ADR 13 has the measurements.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, insert, select

from registry.errors import Conflict
from registry.journal import merkle
from registry.journal.merkle import Node, Span
from registry.journal.models import JournalEntry, JournalNode

HEIGHT = 4
_WIDTH = 1 << HEIGHT

Tile = tuple[int, int]

_ENTRY = JournalEntry.__table__.c
_NODE = JournalNode.__table__.c


def extend(connection: Connection, size: int, leaf_hashes: Sequence[bytes]) -> None:
    """Store the nodes that ``leaf_hashes`` complete when they follow ``size`` leaves.

    The entries themselves must be in the database already.
    """
    level, first, hashes = 0, size, list(leaf_hashes)
    while (parent := first >> HEIGHT) < (first + len(hashes)) >> HEIGHT:
        begun = first & (_WIDTH - 1)
        if begun:
            before = read_tile(connection, (level, parent), begun)
            if len(before) != begun:
                raise _damaged()
            hashes = before + hashes
        whole = len(hashes) >> HEIGHT
        hashes = [
            merkle.root(hashes[number * _WIDTH : (number + 1) * _WIDTH]) for number in range(whole)
        ]
        level, first = level + HEIGHT, parent
        connection.execute(
            insert(JournalNode),
            [
                {"level": level, "number": first + offset, "hash": hashed}
                for offset, hashed in enumerate(hashes)
            ],
        )


def root(connection: Connection, size: int) -> bytes:
    """Return the root over the first ``size`` entries."""
    return span_hashes(connection, [(0, size)])[0]


def inclusion_path(connection: Connection, position: int, size: int) -> list[bytes]:
    """Return the proof that the entry at ``position`` is among the first ``size``."""
    return span_hashes(connection, merkle.inclusion_spans(position - 1, size))


def consistency_path(connection: Connection, old: int, new: int) -> list[bytes]:
    """Return the proof that the first ``old`` entries begin the first ``new`` ones."""
    return span_hashes(connection, merkle.consistency_spans(old, new))


def span_hashes(connection: Connection, spans: Iterable[Span]) -> list[bytes]:
    """Return the root over each of ``spans``, in their order."""
    nodes = [merkle.peaks(span) for span in spans]
    hashes = node_hashes(connection, {node for of_span in nodes for node in of_span})
    return [merkle.fold([hashes[node] for node in of_span]) for of_span in nodes]


def node_hashes(connection: Connection, nodes: Collection[Node]) -> dict[Node, bytes]:
    """Return the hash of each of ``nodes``; ``Conflict`` when what it is made of is missing."""
    tiles = {tile: read_tile(connection, tile) for tile in {_tile(node) for node in nodes}}
    return {node: _hash(tiles, node) for node in nodes}


def read_tile(connection: Connection, tile: Tile, count: int = _WIDTH) -> list[bytes]:
    """Return the first ``count`` hashes of a tile: (level, which of the tiles of that level).

    Fewer where it is not full yet; ``Conflict`` when one is missing between others.
    """
    level, number = tile
    first = number << HEIGHT
    if level == 0:
        position = _ENTRY.position
        rows = select(position - 1, _ENTRY.leaf_hash).where(
            position > first, position <= first + count
        )
    else:
        position = _NODE.number
        rows = select(position, _NODE.hash).where(
            _NODE.level == level, position >= first, position < first + count
        )
    found = connection.execute(rows.order_by(position)).all()
    if any(number != place for place, (number, _) in enumerate(found, start=first)):
        raise _damaged()
    return [hashed for _, hashed in found]


def _tile(node: Node) -> Tile:
    level, number = node
    above = level % HEIGHT
    return level - above, number << above >> HEIGHT


def _hash(tiles: dict[Tile, list[bytes]], node: Node) -> bytes:
    level, number = node
    above = level % HEIGHT
    first = (number << above) & (_WIDTH - 1)
    hashes = tiles[_tile(node)][first : first + (1 << above)]
    if len(hashes) != 1 << above:
        raise _damaged()
    return merkle.root(hashes)


def _damaged() -> Conflict:
    return Conflict("The journal's tree is damaged; verify the journal.")
