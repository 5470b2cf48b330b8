"""Posting lists as plain arrays: a Whoosh codec that numpy can read in one go.

Whoosh's own codec keeps postings in pickled blocks that are walked one posting at a
time in Python. This one writes each list as three arrays in the machine's own byte
order: document numbers, sizes of the position lists, positions. The rest of the index
(terms, columns, segments, commits) stays Whoosh's, and ``PackedMatcher`` offers
Whoosh's matcher interface on the same arrays, so merging and Whoosh's own searcher
work on such an index unchanged.
"""

import struct
from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import PostingsWriter
from whoosh.codec.whoosh3 import W3Codec
from whoosh.formats import Format
from whoosh.matching.mcore import LeafMatcher

from registry.search.posting_pool import PackedFieldWriter

_HEADER = struct.Struct("=4sII")  # tag, number of documents, bytes of positions
_TAG = b"pkd1"
_ONE_POSITION = [array("H", (position,)).tobytes() for position in range(256)]


def pack_positions(positions: list[int]) -> bytes:
    """Return ascending positions below 65,536 as unsigned 16-bit numbers."""
    if len(positions) == 1 and positions[0] < 256:
        return _ONE_POSITION[positions[0]]
    return array("H", positions).tobytes()


class PackedPositions(Format):
    """The posting value: the packed positions of a term in a document."""

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the positions, ascending."""
        return array("H", value).tolist()

    def decode_frequency(self, value: bytes) -> int:
        """Return how often the term occurs."""
        return len(value) // 2

    def decode_weight(self, value: bytes) -> float:
        """Return the frequency, since no term is boosted when indexing."""
        return float(len(value) // 2)


class PackedCodec(W3Codec):
    """Whoosh's codec with packed posting lists and without length statistics.

    Lengths serve Whoosh's own scoring only; looking one up for every posting is a large
    part of its indexing time.
    """

    length_stats = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def field_writer(self, storage: Any, segment: Any) -> PackedFieldWriter:
        """Return the writer of terms and their lists, which expects a ``PostingPool``."""
        return PackedFieldWriter(self, storage, segment)  # type: ignore[no-untyped-call]

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        """Return the writer of posting lists; term vectors are not used."""
        if byteids:
            raise NotImplementedError("Term vectors are not packed.")
        return PackedPostingsWriter(dbfile)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> "PackedMatcher":
        """Return a matcher over the list that ``terminfo`` points to."""
        return PackedMatcher(dbfile, terminfo.extent()[0], format_, term, scorer)


class PackedPostingsWriter(PostingsWriter):
    """Writes the posting list of one term after the other."""

    def __init__(self, dbfile: Any) -> None:
        self._dbfile = dbfile
        self._terminfo: Any = None

    def start_postings(self, format_: Any, terminfo: Any) -> None:
        """Begin the list of a term whose statistics go to ``terminfo``."""
        self._terminfo = terminfo
        self._ids = array("I")
        self._sizes = array("H")
        self._values: list[bytes] = []

    def add_posting(self, id_: int, weight: float, vbytes: bytes, length: Any = None) -> None:
        """Add a document; document numbers ascend."""
        self.add_list([id_], [vbytes])

    def add_list(self, docs: list[int], values: list[bytes]) -> None:
        """Add documents with their packed positions."""
        self._ids.extend(docs)
        self._sizes.extend(map(len, values))
        self._values += values

    def finish_postings(self) -> Any:
        """Write the list and return the completed term info."""
        positions = b"".join(self._values)
        offset = self._dbfile.tell()
        header = _HEADER.pack(_TAG, len(self._ids), len(positions))
        self._dbfile.write(
            b"".join((header, self._ids.tobytes(), self._sizes.tobytes(), positions))
        )
        terminfo, self._terminfo = self._terminfo, None
        terminfo.add_block(_Statistics(self._ids, self._sizes))
        terminfo.set_extent(offset, self._dbfile.tell() - offset)
        return terminfo

    def written(self) -> bool:
        """Tell whether part of the current list is on disk already: never."""
        return False


class _Statistics:
    """The figures that Whoosh's term info takes from a block of postings."""

    def __init__(self, ids: "array[int]", sizes: "array[int]") -> None:
        self._ids = ids
        self._weights = (float(max(len(ids), sum(sizes) // 2)),)
        self._maxweight = float(max(1, max(sizes) // 2))

    def __len__(self) -> int:
        return len(self._ids)

    def min_length(self) -> int:
        return 0

    def max_length(self) -> int:
        return 0

    def max_weight(self) -> float:
        return self._maxweight

    def min_id(self) -> int:
        return self._ids[0]

    def max_id(self) -> int:
        return self._ids[-1]


class PackedMatcher(LeafMatcher):
    """One posting list: as arrays for this package, one by one for Whoosh.

    ``ids`` are document numbers within the segment (uint32, ascending), ``sizes`` the
    number of positions of each (uint16; 0 in fields without positions), ``positions``
    all positions, document by document (uint16).
    """

    def __init__(self, dbfile: Any, offset: int, format_: Any, term: Any, scorer: Any) -> None:
        tag, count, size = _HEADER.unpack(dbfile.get(offset, _HEADER.size))
        if tag != _TAG:
            raise ValueError(f"No posting list at {offset} in {dbfile}.")
        body = dbfile.get(offset + _HEADER.size, 6 * count + size)
        self.ids: NDArray[np.uint32] = np.frombuffer(body, np.uint32, count)
        self.sizes: NDArray[np.uint16] = np.frombuffer(body, np.uint16, count, 4 * count) // 2
        self.positions: NDArray[np.uint16] = np.frombuffer(body, np.uint16, -1, 6 * count)
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._source = (dbfile, offset, format_, term, scorer)
        self._i = self._value_start = 0

    def is_active(self) -> bool:
        """Tell whether there is a current posting."""
        return self._i < len(self.ids)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._i = self._value_start = 0

    def copy(self) -> "PackedMatcher":
        """Return a matcher at the same posting that moves on its own."""
        twin = PackedMatcher(*self._source)
        twin._i, twin._value_start = self._i, self._value_start
        return twin

    def id(self) -> int:
        """Return the current document number."""
        return int(self.ids[self._i])

    def next(self) -> None:
        """Move to the next posting."""
        self._value_start += int(self.sizes[self._i])
        self._i += 1

    def weight(self) -> float:
        """Return how often the term occurs in the current document."""
        return float(max(1, int(self.sizes[self._i])))

    def value(self) -> bytes:
        """Return the packed positions in the current document."""
        end = self._value_start + int(self.sizes[self._i])
        return self.positions[self._value_start : end].tobytes()

    def skip_to_quality(self, minquality: float) -> int:
        """Skip nothing: the list is one block."""
        return 0
