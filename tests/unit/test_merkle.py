"""The Merkle tree: published vectors, the RFC's own recursive definitions, altered proofs."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.journal import merkle
from registry.journal.merkle import Frontier, verify_consistency, verify_inclusion
from tests.support import merkle as reference

# The entries that Certificate Transparency's implementations are tested with, and their roots.
VECTOR = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
VECTOR_INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
VECTOR_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}

MOST = 130
LEAVES = [reference.leaf(bytes([number])) for number in range(MOST)]


@cache
def over(first: int, end: int) -> bytes:
    return reference.mth(LEAVES[first:end])


def inclusion(index: int, size: int) -> list[bytes]:
    return [over(*span) for span in merkle.inclusion_spans(index, size)]


def consistency(old: int, new: int) -> list[bytes]:
    return [over(*span) for span in merkle.consistency_spans(old, new)]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert merkle.root(map(reference.leaf, VECTOR[:size])).hex() == VECTOR_ROOTS[size]


@pytest.mark.parametrize(("index", "size"), VECTOR_INCLUSION)
def test_published_inclusion_proofs(index: int, size: int) -> None:
    leaves = [reference.leaf(entry) for entry in VECTOR[:size]]
    path = [merkle.root(leaves[a:b]) for a, b in merkle.inclusion_spans(index, size)]
    assert [hashed.hex() for hashed in path] == VECTOR_INCLUSION[index, size]
    assert verify_inclusion(leaves[index], index, size, path, bytes.fromhex(VECTOR_ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), VECTOR_CONSISTENCY)
def test_published_consistency_proofs(old: int, new: int) -> None:
    leaves = [reference.leaf(entry) for entry in VECTOR[:new]]
    path = [merkle.root(leaves[a:b]) for a, b in merkle.consistency_spans(old, new)]
    roots = (bytes.fromhex(VECTOR_ROOTS[old]), bytes.fromhex(VECTOR_ROOTS[new]))
    assert [hashed.hex() for hashed in path] == VECTOR_CONSISTENCY[old, new]
    assert verify_consistency(old, new, path, *roots)


def test_a_growing_tree_has_the_roots_of_the_definition() -> None:
    frontier = Frontier()
    for size in range(MOST + 1):
        assert frontier.root() == over(0, size)
        if size < MOST:
            completed = frontier.append(LEAVES[size])
            for level, hashed in enumerate(completed):
                assert hashed == over(size + 1 - (1 << level), size + 1)
            assert (size + 1) % (1 << len(completed)) != 0


def test_every_inclusion_proof_is_the_definition_and_verifies() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path = inclusion(index, size)
            assert verify_inclusion(LEAVES[index], index, size, path, over(0, size))
            if size in (1, 2, 3, 7, 8, 9, 33, 64, 130):
                assert path == reference.path(index, LEAVES[:size])


def test_consistency_of_all_pairs_is_the_definition_and_verifies() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = consistency(old, new)
            assert verify_consistency(old, new, path, over(0, old), over(0, new))
            if new in (1, 2, 3, 7, 8, 9, 33, 64, 130):
                assert path == reference.proof(old, LEAVES[:new])


def test_spans_are_made_of_complete_subtrees() -> None:
    for size in range(1, MOST + 1):
        for first, end in [(0, size), *merkle.inclusion_spans(size // 3, size)]:
            nodes = merkle.peaks((first, end))
            edges = [(number << level, (number + 1) << level) for level, number in nodes]
            assert [edges[0][0], edges[-1][1]] == [first, end]
            assert all(left[1] == right[0] for left, right in pairwise(edges))
            assert merkle.fold([over(*edge) for edge in edges]) == over(first, end)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_no_inclusion_outside_of_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in the tree"):
        merkle.inclusion_spans(index, size)
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (0, 0), (-1, 5)])
def test_no_consistency_with_a_tree_that_is_not_smaller(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="smaller"):
        merkle.consistency_spans(old, new)
    assert not verify_consistency(old, new, [], over(0, 0), over(0, 5))


sizes = st.integers(1, MOST)


def turned(hashes: list[bytes], draw: st.DataObject) -> list[bytes]:
    """Return ``hashes`` with one bit of one of them turned."""
    at = draw.draw(st.integers(0, len(hashes) - 1))
    changed = bytearray(hashes[at])
    changed[draw.draw(st.integers(0, 31))] ^= 1 << draw.draw(st.integers(0, 7))
    return [*hashes[:at], bytes(changed), *hashes[at + 1 :]]


def resized(path: list[bytes], draw: st.DataObject) -> list[bytes]:
    """Return ``path`` with a hash more, a hash less, or one cut short."""
    at = draw.draw(st.integers(0, len(path)))
    changes = [[*path[:at], LEAVES[0], *path[at:]]]
    if at < len(path):
        changes += [[*path[:at], *path[at + 1 :]], [*path[:at], path[at][:-1], *path[at + 1 :]]]
    return draw.draw(st.sampled_from(changes))


@settings(max_examples=150, deadline=None)
@given(st.data(), sizes)
def test_an_altered_inclusion_proof_fails(draw: st.DataObject, size: int) -> None:
    index = draw.draw(st.integers(0, size - 1))
    path, root = inclusion(index, size), over(0, size)
    leaf, *others, top = turned([LEAVES[index], *path, root], draw)
    assert not verify_inclusion(leaf, index, size, others, top)
    assert not verify_inclusion(LEAVES[index], index, size, resized(path, draw), root)


@settings(max_examples=150, deadline=None)
@given(st.data(), sizes, sizes)
def test_an_altered_consistency_proof_fails(draw: st.DataObject, one: int, other: int) -> None:
    old, new = sorted((one, other))
    path, roots = consistency(old, new), (over(0, old), over(0, new))
    old_root, *others, new_root = turned([roots[0], *path, roots[1]], draw)
    assert not verify_consistency(old, new, others, old_root, new_root)
    assert not verify_consistency(old, new, resized(path, draw), *roots)


@settings(max_examples=150, deadline=None)
@given(st.data(), sizes)
def test_a_proof_holds_for_its_own_place_only(draw: st.DataObject, size: int) -> None:
    index, elsewhere = draw.draw(st.tuples(*[st.integers(0, size - 1)] * 2))
    path = inclusion(index, size)
    found = verify_inclusion(LEAVES[index], elsewhere, size, path, over(0, size))
    assert found == (index == elsewhere)
