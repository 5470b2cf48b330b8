"""The one answer to a file, by what it is, the status, the version and the age of the lists."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from registry.assessment.file_answers import last_known, offline_answer, registered_answer
from registry.credentials.carried import titles_in, tokens_in
from registry.credentials.file_check import FileFindings
from registry.credentials.verification import StatusFinding
from tests.support.false_files import bomb

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)


def findings(code: str = "genuine", version: int = 1, **changes: Any) -> FileFindings:
    claims = {
        "validFrom": "2026-11-01T00:00:00+07:00",
        "validUntil": "2029-10-31T23:59:59+07:00",
        "credentialSubject": {"registerEntry": {"certificateVersion": version}},
    }
    return FileFindings(code, "pdf", "", 0, claims=claims, claims_genuine=True, **changes)


def lists(
    revoked: bool | None = False, suspended: bool | None = False, days: int = 0
) -> dict[str, Any]:
    made = NOW - timedelta(days=days)
    return {
        "statuses": (
            StatusFinding("revocation", "current", revoked, made),
            StatusFinding("suspension", "current", suspended, made),
        )
    }


@pytest.mark.parametrize(
    ("code", "version", "status", "held", "answer"),
    [
        ("genuine", 1, "in_force", 1, "in_force"),
        ("genuine", 1, "in_force", 2, "older_version"),
        ("genuine", 2, "in_force", 1, "not_yet_in_force"),
        ("genuine", 1, "withdrawn", 2, "withdrawn"),
        ("genuine", 1, None, None, "unknown"),
        ("added-to", 1, "in_force", 1, "added_to"),
        ("unknown-key", 1, None, None, "unknown_key"),
    ],
)
def test_a_false_file_is_false_whatever_the_status(
    code: str, version: int, status: str | None, held: int | None, answer: str
) -> None:
    assert registered_answer(findings(code, version), status, held) == answer


@pytest.mark.parametrize(
    ("status", "day", "answer"),
    [
        (lists(), DAY, "in_force"),
        (lists(suspended=True), DAY, "suspended"),
        (lists(revoked=True, suspended=True), DAY, "revoked"),
        (lists(suspended=True), date(2030, 1, 1), "expired"),
        (lists(), date(2026, 10, 31), "not_yet_in_force"),
        (lists(), date(2026, 11, 1), "in_force"),
        (lists(), date(2029, 10, 31), "in_force"),
        (lists(suspended=None), DAY, "status_unknown"),
        ({}, DAY, "status_unknown"),
    ],
)
def test_offline_the_dates_and_the_last_lists_decide(
    status: dict[str, Any], day: date, answer: str
) -> None:
    found = findings(**status)
    assert offline_answer(found, day, last_known(found, NOW)) == answer


def test_the_age_counts_in_days_of_the_register() -> None:
    found = findings(**lists(days=3))
    known = last_known(found, NOW)
    assert known is not None
    assert known.days_old == 3
    assert offline_answer(found, DAY, known, 3) == "in_force"
    assert offline_answer(found, DAY, known, 2) == "status_unknown"
    # 18:00 UTC is the next day already in the register's zone.
    fresh = findings(**lists())
    later = last_known(fresh, NOW + timedelta(hours=22))
    assert later is not None
    assert later.days_old == 0


def test_what_a_file_carries_is_found_without_opening_it() -> None:
    token = b'{"id": "data:application/vc+jwt,a.b.c"}'
    written = b"%PDF-1.7 1 0 obj<<>>stream\n" + token + b"\nendstream"
    assert tokens_in(written) == ["a.b.c"]
    xmp = b"<?xpacket?><dc:title><rdf:li>VN-2026-000001-36</rdf:li></dc:title>"
    assert titles_in(b"stream\r\n" + xmp + b"\nendstream") == ["VN-2026-000001-36"]
    assert tokens_in(bomb(4) * 20) == []
    assert titles_in(b"stream\n" * 100_000) == []
