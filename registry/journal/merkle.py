"""The Merkle tree of RFC 9162, section 2.1: pure computation on hashes, nothing recursive.

A *leaf index* counts from 0; journal position ``p`` is leaf ``p - 1``. A *span*
``(first, end)`` stands for the leaves ``first`` to ``end - 1``. A *node*
``(level, index)`` is the root over ``2**level`` leaves, from ``index * 2**level`` on.
"""

import hashlib
from collections.abc import Iterable, Sequence

HASH_SIZE = 32

Span = tuple[int, int]
Node = tuple[int, int]

# Section 2.1.1: an inner node is hashed after a one byte, a leaf after a zero.
_NODE_PREFIX = b"\x01"

EMPTY_ROOT = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the inner node over ``left`` and ``right``, 32 bytes each."""
    return hashlib.sha256(_NODE_PREFIX + left + right).digest()


class Frontier:
    """A tree that grows leaf by leaf and holds on to its peaks only."""

    def __init__(self, size: int = 0, peak_hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peak_hashes)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf; return it and the nodes that it completes, from level 0 up."""
        completed = [leaf]
        # Each set bit at the end of the size is a peak that now finds its right half.
        for _ in range((~self.size & (self.size + 1)).bit_length() - 1):
            completed.append(node_hash(self._peaks.pop(), completed[-1]))
        self._peaks.append(completed[-1])
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        return fold(self._peaks)


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root over ``leaf_hashes`` (section 2.1.2)."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.append(leaf)
    return frontier.root()


def fold(peak_hashes: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees that stand side by side, the largest first."""
    if not peak_hashes:
        return EMPTY_ROOT
    hashed = peak_hashes[-1]
    for peak in reversed(peak_hashes[:-1]):
        hashed = node_hash(peak, hashed)
    return hashed


def peaks(span: Span) -> list[Node]:
    """Return the complete subtrees that a span of a proof consists of, from left to right."""
    first, end = span
    nodes = []
    while first < end:
        # As large as the place where it starts and the leaves that are left allow.
        level = (end - first).bit_length() - 1
        if first:
            level = min(level, (first & -first).bit_length() - 1)
        nodes.append((level, first >> level))
        first += 1 << level
    return nodes


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return what the hashes of an inclusion proof are taken over (section 2.1.3.1).

    In the order of the proof, from the leaf's sibling up. ``ValueError`` unless
    ``0 <= index < size``.
    """
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    first, end = 0, size
    spans = []
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return what the hashes of a consistency proof are taken over (section 2.1.4.1).

    ``ValueError`` unless ``0 < old <= new``; sizes that are equal need no hash.
    """
    if not 0 < old <= new:
        raise ValueError("the smaller tree is not in the larger one")
    first, end = 0, new
    spans = []
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    if first:
        # The verifier knows the old root only where it is a node of the new tree.
        spans.append((first, end))
    return spans[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes
) -> bool:
    """Whether ``path`` leads from ``leaf`` at ``index`` to the root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    below, last = index, size - 1
    hashed = leaf
    for sibling in path:
        if last == 0 or len(sibling) != HASH_SIZE:
            return False
        if below & 1 or below == last:
            hashed = node_hash(sibling, hashed)
            while below and not below & 1:
                below >>= 1
                last >>= 1
        else:
            hashed = node_hash(hashed, sibling)
        below >>= 1
        last >>= 1
    return last == 0 and hashed == expected_root


def verify_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether ``path`` shows that the old tree begins the new one (section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if any(len(hashed) != HASH_SIZE for hashed in path):
        return False
    # A complete old tree is a node of the new one and is left out of the proof.
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        return False
    below, last = old - 1, new - 1
    while below & 1:
        below >>= 1
        last >>= 1
    of_old = of_new = hashes[0]
    for hashed in hashes[1:]:
        if last == 0:
            return False
        if below & 1 or below == last:
            of_old = node_hash(hashed, of_old)
            of_new = node_hash(hashed, of_new)
            while below and not below & 1:
                below >>= 1
                last >>= 1
        else:
            of_new = node_hash(of_new, hashed)
        below >>= 1
        last >>= 1
    return last == 0 and of_old == old_root and of_new == new_root


def _split(leaves: int) -> int:
    """Return the largest power of two below ``leaves``, which is at least 2."""
    return 1 << ((leaves - 1).bit_length() - 1)
