"""Canonical JSON: the worked examples of RFC 8785, and what is refused."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.canonical import canonical_json, content_digest, sha256_hex

SAFE = 2**53 - 1

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | st.floats(-SAFE, SAFE) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_members_stand_in_the_order_of_their_utf16_code_units() -> None:
    """RFC 8785 section 3.2.3."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    ordered = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical_json(dict.fromkeys(names, 0)))) == ordered


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, b"0"),
        (-0.0, b"0"),
        (4.50, b"4.5"),
        (2e-3, b"0.002"),
        (1e-27, b"1e-27"),
        (1e30, b"1e+30"),
        (333333333.33333329, b"333333333.3333333"),
        (SAFE, b"9007199254740991"),
    ],
)
def test_numbers_are_written_as_ecmascript_does(number: float, text: bytes) -> None:
    """RFC 8785 section 3.2.2.3 and appendix B."""
    assert canonical_json(number) == text


def test_only_what_must_be_escaped_is_escaped() -> None:
    """RFC 8785 section 3.2.2.2."""
    assert canonical_json("€$\x0f\nA'B\"\\/Việt") == '"€$\\u000f\\nA\'B\\"\\\\/Việt"'.encode()


@pytest.mark.parametrize(
    "value",
    [date(2026, 1, 1), Decimal("1.5"), 2**53, -(2**53), float("nan"), float("inf"), "\ud800"],
)
def test_what_json_readers_would_read_differently_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="canonical"):
        canonical_json({"value": value})


@given(json_values)
def test_it_reads_back_as_what_went_in(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(), json_values, max_size=6), st.randoms())
def test_order_of_members_given_does_not_matter(value: dict[str, Any], random: Any) -> None:
    names = list(value)
    random.shuffle(names)
    assert canonical_json({name: value[name] for name in names}) == canonical_json(value)


def test_digests_are_sha256_in_hexadecimal() -> None:
    assert sha256_hex(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert (
        content_digest({"b": 1, "a": "ä"}) == hashlib.sha256('{"a":"ä","b":1}'.encode()).hexdigest()
    )


@given(json_values)
def test_the_fast_way_writes_what_the_library_writes(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)
