"""The one commit point: whole or not at all, journalled or refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, StatementError

from registry.actor import Actor, system_actor
from registry.clock import FixedClock
from registry.container import Registry, open_registry
from registry.errors import Stale
from registry.history import known
from registry.journal.models import JournalEntry, JournalSeal
from registry.journal.queries import head
from registry.journal.verification import verify
from registry.unit_of_work import UnitOfWork, UnjournalledChange, check_version, plain
from registry.vocabulary.models import Term

ACTOR = system_actor("test")


def term(key: str, **changes: Any) -> Term:
    said = {"sequence": 0, "labels": {"en": key}, "attributes": {}, **changes}
    return Term(
        vocabulary="colour", key=key, valid_from=None, valid_until=None, source=None, **said
    )


def recorded(registry: Registry, key: str) -> Term:
    with registry.units(ACTOR) as uow:
        position = uow.record("term.recorded", f"term:colour/{key}", {"key": key})
        fact = term(key)
        uow.add(fact, position=position)
    return fact


def counts(registry: Registry) -> tuple[int, int, int]:
    with registry.units.reading() as session:
        terms = session.scalar(select(func.count()).select_from(Term)) or 0
        seals = session.scalar(select(func.count()).select_from(JournalSeal)) or 0
        return head(session), terms, seals


def refuses(
    registry: Registry,
    error: type[BaseException],
    change: Callable[[UnitOfWork], object],
    words: str | None = None,
) -> None:
    def run() -> None:
        with registry.units(ACTOR) as uow:
            change(uow)

    with pytest.raises(error, match=words):
        run()


def test_the_receipt_proves_what_was_recorded(empty_registry: Registry) -> None:
    with empty_registry.units(Actor(reference="user:7", user_id=7)) as uow:
        first = uow.record("note.add", "note:1", {"on": date(2026, 1, 2), "tags": {"b", "a"}})
        second = uow.record("note.add", "note:2", {}, sealed={"x": 1})
        assert [receipt.position for receipt in uow.receipts] == [first, second]
    assert second == first + 1
    with empty_registry.units.reading() as session:
        entry = session.get_one(JournalEntry, first)
        assert (entry.actor, entry.data) == ("user:7", '{"on":"2026-01-02","tags":["a","b"]}')
        assert entry.leaf_hash.hex() == uow.receipts[0].leaf_hash
        assert entry.recorded_at == uow.receipts[0].recorded_at == empty_registry.clock.now()
        assert session.get(JournalSeal, first) is None
        assert session.get_one(JournalSeal, second).content == '{"x":1}'
        assert list(verify(session)) == []


def test_bytes_are_taken_for_canonical_json(empty_registry: Registry) -> None:
    with empty_registry.units(ACTOR) as uow:
        uow.record_many([("a", "b:1", b'{"x":1}'), ("a", "b:2", {"x": 2})])
    with empty_registry.units.reading() as session:
        assert list(verify(session)) == []


def test_a_failed_unit_leaves_nothing(empty_registry: Registry) -> None:
    before = counts(empty_registry)

    def fail_late(uow: UnitOfWork) -> None:
        position = uow.record("term.recorded", "term:colour/red", {}, sealed={"why": "?"})
        uow.add(term("red"), position=position)
        uow.session.flush()
        raise ZeroDivisionError

    refuses(empty_registry, ZeroDivisionError, fail_late)
    assert counts(empty_registry) == before
    recorded(empty_registry, "red")
    assert counts(empty_registry) == (before[0] + 1, before[1] + 1, before[2])


def test_a_fact_without_an_entry_is_refused(empty_registry: Registry) -> None:
    before = counts(empty_registry)
    refuses(
        empty_registry,
        UnjournalledChange,
        lambda uow: uow.add(term("red"), position=1),
        "Term added",
    )
    assert counts(empty_registry) == before


def test_an_end_without_an_entry_is_refused(empty_registry: Registry) -> None:
    fact = recorded(empty_registry, "red")

    def end_with_an_entry_of_before(uow: UnitOfWork) -> None:
        uow.record("note.add", "note:1", {})
        uow.close(fact, 1)

    for change in (lambda uow: uow.close(fact, 1), end_with_an_entry_of_before):
        refuses(empty_registry, UnjournalledChange, change, "Term ended")


def test_an_entry_that_is_not_there_cannot_be_named(empty_registry: Registry) -> None:
    def add(uow: UnitOfWork) -> None:
        uow.record("note.add", "note:1", {})
        uow.add(term("red"), position=999_999)

    refuses(empty_registry, IntegrityError, add)


def test_a_fact_is_never_overwritten_or_deleted(empty_registry: Registry) -> None:
    fact = recorded(empty_registry, "red")

    def overwrite(uow: UnitOfWork) -> None:
        uow.record("note.add", "note:1", {})
        uow.session.get_one(Term, fact.id).labels = {"en": "scarlet"}

    def delete(uow: UnitOfWork) -> None:
        uow.record("note.add", "note:1", {})
        uow.session.delete(uow.session.get_one(Term, fact.id))

    refuses(empty_registry, UnjournalledChange, overwrite, "overwritten")
    refuses(empty_registry, UnjournalledChange, delete, "deleted")


def test_a_replaced_fact_stays_known_as_it_was(empty_registry: Registry) -> None:
    fact = recorded(empty_registry, "red")
    with empty_registry.units(ACTOR) as uow:
        position = uow.record("term.recorded", "term:colour/red", {})
        present = uow.session.get_one(Term, fact.id)
        uow.replace(present, present.revised(labels={"en": "scarlet"}), position)
    with empty_registry.units.reading() as session:
        red = Term.key == "red"
        then = session.scalars(select(Term).where(red, known(Term, position - 1))).one()
        now = session.scalars(select(Term).where(red, known(Term))).one()
        assert (then.labels, now.labels) == ({"en": "red"}, {"en": "scarlet"})
        assert (then.known_until, now.known_from) == (position, position)


def test_who_ends_a_fact_second_is_stale(empty_registry: Registry) -> None:
    fact = recorded(empty_registry, "red")

    def end(uow: UnitOfWork) -> None:
        present = uow.session.get_one(Term, fact.id)
        uow.close(present, uow.record("note.add", "note:1", {}))

    with empty_registry.units(ACTOR) as uow:
        end(uow)
    before = counts(empty_registry)
    refuses(empty_registry, Stale, end)
    assert counts(empty_registry) == before


def test_the_version_looked_at_must_be_the_present_one(empty_registry: Registry) -> None:
    fact = recorded(empty_registry, "red")
    check_version(fact, None)
    check_version(fact, fact.known_from)
    with pytest.raises(Stale):
        check_version(fact, fact.known_from - 1)


def test_instants_without_a_zone_are_refused(empty_registry: Registry, clock: FixedClock) -> None:
    with empty_registry.engine.connect() as connection, pytest.raises(StatementError, match="zone"):
        connection.execute(
            select(JournalEntry).where(JournalEntry.recorded_at < datetime(2026, 1, 1))  # noqa: DTZ001
        )
    clock.instant = datetime.fromisoformat("2026-12-01T06:30:00+07:00")
    with empty_registry.units(ACTOR) as uow:
        position = uow.record("note.add", "note:1", {})
    with empty_registry.units.reading() as session:
        recorded_at = session.get_one(JournalEntry, position).recorded_at
    assert recorded_at == datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert recorded_at.tzinfo is UTC


def test_a_reader_keeps_its_snapshot_while_others_write(empty_registry: Registry) -> None:
    with empty_registry.units.reading() as session:
        before = head(session)
        recorded(empty_registry, "red")
        assert head(session) == before
        assert session.scalar(select(Term.id).where(Term.key == "red")) is None
    with empty_registry.units.reading() as session:
        assert head(session) == before + 1


def test_an_answer_not_read_to_its_end_holds_nobody_up(empty_registry: Registry) -> None:
    units = empty_registry.units
    for number in range(3):
        with units(system_actor("test")) as uow:
            uow.record("test.note", f"test:{number}", {})
    with units.reading() as session:
        half_read = session.connection().scalars(select(JournalEntry.position))
        assert next(iter(half_read)) == 1
        before = head(session)
    elsewhere = open_registry(empty_registry.settings, empty_registry.clock)
    with elsewhere.units(system_actor("test")) as uow:
        uow.record("test.note", "test:3", {})
    elsewhere.engine.dispose()
    # The connection that was given back sees what was written since, and may write.
    with units.reading() as session:
        assert head(session) == before + 1
    with units(system_actor("test")) as uow:
        assert uow.record("test.note", "test:4", {}) == before + 2
    assert half_read is not None


def test_plain_values_are_what_json_can_hold() -> None:
    instant = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert plain({"a": (date(2026, 1, 2), instant), "b": frozenset({2, 1}), 3: None}) == {
        "a": ["2026-01-02", "2026-01-02T03:04:00+00:00"],
        "b": [1, 2],
        "3": None,
    }
