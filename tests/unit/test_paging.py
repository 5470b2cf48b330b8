"""Cursors are ours or refused; page sizes are bounded."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.web.paging import MAX_LIMIT, checked_limit, decode_cursor, encode_cursor


@given(st.integers(0, 10**9 - 1), st.text(max_size=20))
def test_a_cursor_reads_back(number: int, text: str) -> None:
    assert decode_cursor(encode_cursor(number, text), int, str) == (number, text)


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, int) is None
    assert decode_cursor("", int) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "đ",
        encode_cursor("text"),
        encode_cursor(1, 2),
        encode_cursor(),
        encode_cursor(True),
        encode_cursor(1.5),
        encode_cursor(None),
        encode_cursor(-1),
        encode_cursor(10**30),
        base64.urlsafe_b64encode(b"7").decode(),
        base64.urlsafe_b64encode(b'{"a": 1}').decode(),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b"[" + b"9" * 5_000 + b"]").decode(),
    ],
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_cursor(cursor, int)
    assert list(refused.value.fields) == ["cursor"]


@given(st.text(max_size=30))
def test_no_text_breaks_the_cursor(text: str) -> None:
    try:
        key = decode_cursor(text, int)
    except Invalid:
        return
    assert key is None or isinstance(key[0], int)


@pytest.mark.parametrize(
    ("text", "limit"), [(None, 50), ("", 50), ("1", 1), ("007", 7), (str(MAX_LIMIT), MAX_LIMIT)]
)
def test_page_sizes(text: str | None, limit: int) -> None:
    assert checked_limit(text) == limit


@pytest.mark.parametrize(
    "text", ["0", "201", "-1", "1.5", "ten", "²", "٣", "0000000199999", "9" * 5_000, " 5"]
)
def test_page_sizes_out_of_bounds_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_limit(text)
    assert list(refused.value.fields) == ["limit"]
