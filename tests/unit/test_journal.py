"""Leaf hashes, computed a second time by other means."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registry.canonical import canonical_json
from registry.journal.leaf import format_instant, leaf_content, leaf_hash, seal_digest

INSTANT = datetime(2026, 11, 20, 2, 0, 0, 5, tzinfo=UTC)

json_objects = st.dictionaries(
    st.text(max_size=8),
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    max_size=5,
)


def plainly(value: Any) -> bytes:
    """Return canonical JSON by the standard library: enough for ASCII names and whole numbers."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def entry(data: bytes, sealed_digest: str | None = None) -> bytes:
    return leaf_content(
        position=7,
        recorded_at=INSTANT,
        actor="user:3",
        action="edition.approve",
        subject="edition:17",
        data=data,
        sealed_digest=sealed_digest,
    )


def members(data: Any) -> dict[str, Any]:
    return {
        "position": 7,
        "recorded_at": "2026-11-20T02:00:00.000005Z",
        "actor": "user:3",
        "action": "edition.approve",
        "subject": "edition:17",
        "data": data,
    }


def test_leaf_hash_is_what_the_standard_library_gives() -> None:
    """RFC 9162 section 2.1.1: SHA-256 over one zero byte and the entry."""
    data = {"designation": "QCVN 135:2024/BTTTT", "title": "Camera giám sát", "pages": 12}
    expected = hashlib.sha256(b"\x00" + plainly(members(data))).digest()
    assert leaf_hash(entry(plainly(data))) == expected


def test_leaf_hash_of_version_1_never_changes() -> None:
    data = canonical_json({"designation": "QCVN 135:2024/BTTTT"})
    assert leaf_hash(entry(data)).hex() == (
        hashlib.sha256(
            b'\x00{"action":"edition.approve","actor":"user:3",'
            b'"data":{"designation":"QCVN 135:2024/BTTTT"},"position":7,'
            b'"recorded_at":"2026-11-20T02:00:00.000005Z","subject":"edition:17"}'
        ).hexdigest()
    )


@given(json_objects)
def test_data_spliced_in_gives_the_canonical_json_of_the_whole(data: dict[str, Any]) -> None:
    assert entry(canonical_json(data)) == canonical_json(members(data))


@given(json_objects)
def test_sealed_entries_commit_to_what_is_not_shown(data: dict[str, Any]) -> None:
    content, salt = {"applicant": "Công ty Sao Mai"}, "00ff"
    commitment = hashlib.sha256(plainly({"content": content, "salt": salt})).hexdigest()
    assert seal_digest(canonical_json(content), salt) == commitment
    whole = canonical_json({**members(data), "sealed": commitment})
    assert entry(canonical_json(data), commitment) == whole


def test_the_salt_hides_short_contents() -> None:
    passed = canonical_json({"passed": True})
    assert seal_digest(passed, "00") != seal_digest(passed, "01")


def test_instants_are_utc_with_six_decimals() -> None:
    hanoi = timezone(timedelta(hours=7))
    assert (
        format_instant(datetime(2026, 1, 1, 6, 59, tzinfo=hanoi)) == "2025-12-31T23:59:00.000000Z"
    )
