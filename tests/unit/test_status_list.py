"""Bitstring Status List v1.0: which bit is whose, and what is no list at all."""

import base64
import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.credentials import multibase, status_list

PLACES = st.sets(st.integers(0, status_list.SIZE - 1), max_size=50)


@settings(max_examples=40)
@given(PLACES)
def test_a_list_says_which_places_are_set(places: set[int]) -> None:
    bits = status_list.decode(status_list.encode(places))
    assert {n for n in range(status_list.SIZE) if status_list.is_set(bits, n)} == places


def test_the_first_place_is_the_leftmost_bit() -> None:
    """Section 3.3 of the specification, read with nothing of ours."""
    encoded = status_list.encode([0, 9])
    assert encoded.startswith("u")
    packed = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
    bits = gzip.decompress(packed)
    assert len(bits) == 16 * 1024
    assert bits[:3] == bytes([0b1000_0000, 0b0100_0000, 0])


def test_the_same_bits_are_the_same_text() -> None:
    assert status_list.encode([5, 3]) == status_list.encode([3, 5])


def packed(content: bytes) -> str:
    return multibase.encode(gzip.compress(content))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u",
        "z6Mk",
        "u!!!!",
        multibase.encode(zlib.compress(bytes(16_384))),
        packed(bytes(16_383)),
        packed(bytes(64 * 1024 * 1024)),
        packed(bytes(16_384))[:-8],
    ],
    ids=["empty", "nothing", "base58", "not base64", "zlib", "short", "bomb", "cut off"],
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(status_list.MalformedList):
        status_list.decode(text)


@pytest.mark.parametrize("place", [-1, status_list.SIZE])
def test_there_is_no_place_beyond_the_ends(place: int) -> None:
    with pytest.raises(ValueError, match="no such place"):
        status_list.is_set(bytes(16_384), place)
    with pytest.raises(ValueError, match="no place"):
        status_list.encode([place])
