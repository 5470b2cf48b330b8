"""The journal in a database: what is stored, and whether tampering is found."""

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from registry.actor import system_actor
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import NotFound
from registry.journal.models import JournalEntry, JournalSeal
from registry.journal.queries import entries, entry, head, position_on
from registry.journal.verification import Fault, verify
from registry.unit_of_work import UnitOfWork
from tests.conftest import START, ZONE
from tests.support.tampering import unprotected

ACTOR = system_actor("test")


def record(uow: UnitOfWork, number: int) -> int:
    return uow.record(
        "note.add", f"note:{number}", {"text": f"lần {number}", "on": date(2026, 1, 2)}
    )


@pytest.fixture
def journal(empty_registry: Registry) -> Registry:
    """A register whose journal ends with an entry, a sealed entry and an entry."""
    with empty_registry.units(ACTOR) as uow:
        record(uow, 1)
    with empty_registry.units(ACTOR) as uow:
        uow.record("note.seal", "note:2", {"shown": True}, sealed={"name": "Sao Mai", "n": 1})
    with empty_registry.units(ACTOR) as uow:
        record(uow, 3)
    return empty_registry


def end(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def faults(registry: Registry, first: int = 1) -> list[Fault]:
    with registry.units.reading() as session:
        return list(verify(session, first))


def test_a_sound_journal_has_no_faults(journal: Registry) -> None:
    assert faults(journal) == []
    assert faults(journal, end(journal)) == []


def test_stored_hashes_are_what_anybody_computes_from_the_public_members(
    journal: Registry,
) -> None:
    with journal.units.reading() as session:
        rows = session.scalars(select(JournalEntry).order_by(JournalEntry.position)).all()
        seal = session.scalars(select(JournalSeal)).one()
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    for row in rows[-20:]:
        public = {
            "action": row.action,
            "actor": row.actor,
            "data": json.loads(row.data),
            "position": row.position,
            "recorded_at": row.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "subject": row.subject,
        }
        if row.position == seal.position:
            opened = {"content": {"n": 1, "name": "Sao Mai"}, "salt": seal.salt}
            public["sealed"] = hashlib.sha256(canonical(opened)).hexdigest()
        assert row.leaf_hash == hashlib.sha256(b"\x00" + canonical(public)).digest()
        assert row.hash_version == 1


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_what_is_sealed_is_not_shown(journal: Registry) -> None:
    with journal.units.reading() as session:
        sealed = entry(session, end(journal) - 1)
    assert "Sao Mai" not in sealed.canonical_data
    assert re.fullmatch("[0-9a-f]{64}", sealed.sealed_digest or "")


# What is set in the last entry, or else a whole statement; LAST is its position.
TAMPERINGS = {
    "data": """data = '{"on":"2026-01-02","text":"lần 9"}'""",
    "data in another form": "data = data || ' '",
    "data that is no JSON": "data = '{'",
    "data nobody can write canonically": "data = '[1e999]'",
    "a number too large": "data = '[9007199254740993]'",
    "hash": "leaf_hash = (SELECT leaf_hash FROM journal_entry WHERE position = LAST - 2)",
    "actor": "actor = 'user:1'",
    "action": "action = 'note.remove'",
    "subject": "subject = 'note:4'",
    "instant": "recorded_at = '2026-11-20 02:00:01.000000'",
    "hash version": "hash_version = 2",
    "commitment": "sealed_digest = 'ab'",
    "a moved entry": "position = LAST + 1",
    "a deleted entry": "DELETE FROM journal_entry WHERE position = LAST - 2",
    "sealed content": """UPDATE journal_seal SET content = '{"n":2,"name":"Sao Mai"}'""",
    "sealed content that is no JSON": "UPDATE journal_seal SET content = 'Sao Mai'",
    "salt": "UPDATE journal_seal SET salt = '00'",
    "a deleted seal": "DELETE FROM journal_seal",
    "a seal of another entry": "UPDATE journal_seal SET position = LAST",
}


@pytest.mark.parametrize("change", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_tampering_is_found(journal: Registry, change: str) -> None:
    last = end(journal)
    with unprotected(journal.engine) as connection:
        tamper(connection, change, last)
    found = faults(journal)
    assert found
    assert all(last - 2 <= fault.position <= last + 1 for fault in found)
    assert len(found) <= 2


def tamper(connection: Connection, change: str, last: int) -> None:
    if not change.startswith(("UPDATE", "DELETE")):
        change = f"UPDATE journal_entry SET {change} WHERE position = LAST"  # noqa: S608
    assert connection.exec_driver_sql(change.replace("LAST", str(last))).rowcount == 1


def test_verification_may_start_anywhere(journal: Registry) -> None:
    last = end(journal)
    with unprotected(journal.engine) as connection:
        tamper(connection, TAMPERINGS["actor"], last)
    assert [fault.position for fault in faults(journal, last - 1)] == [last]
    with unprotected(journal.engine) as connection:
        tamper(connection, TAMPERINGS["a deleted entry"], last)
    assert faults(journal, last - 2)[0] == Fault(last - 2, "positions are missing")


def test_entries_are_read_from_either_end(journal: Registry) -> None:
    last = end(journal)
    with journal.units.reading() as session:
        newest = entries(session, limit=2)
        following = entries(session, after=last - 2)
        earlier = entries(session, before=last, limit=1)
        chosen = entries(session, subject="note:1", action="note.add")
        with pytest.raises(NotFound):
            entry(session, last + 1)
    assert [row.position for row in newest] == [last, last - 1]
    assert [row.position for row in following] == [last - 1, last]
    assert [row.position for row in earlier] == [last - 1]
    assert [row.data for row in chosen] == [{"on": "2026-01-02", "text": "lần 1"}]


def test_a_day_ends_when_it_ends_where_the_register_is_kept(
    journal: Registry, clock: FixedClock
) -> None:
    before = end(journal)
    clock.instant = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)
    with journal.units(ACTOR) as uow:
        record(uow, 4)
    clock.instant += timedelta(seconds=1)
    with journal.units(ACTOR) as uow:
        record(uow, 5)
    with journal.units.reading() as session:
        on = {day: position_on(session, date(2026, 11, day), ZONE) for day in (19, 20, 29, 30)}
        assert position_on(session, date(2026, 12, 1), ZONE) == before + 2
    assert on == {19: 0, 20: before, 29: before, 30: before + 1}
    assert START.astimezone(ZONE).date() == date(2026, 11, 20)
