"""Keeps the programme of work: plan an entry, change the plan, record its progress."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.catalog.models import Edition, PlannedEntry, PlannedEntryRecord, ProgrammeStep
from registry.catalog.queries.statuses import is_published
from registry.catalog.services.facts import current_record
from registry.catalog.services.identities import find_edition
from registry.catalog.states import DROPPED, PLANNED, PROGRAMME, PUBLISHED
from registry.errors import Conflict, Invalid, NotFound
from registry.history import Fact, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, check_version
from registry.vocabulary.checks import require_term

# What a plan says, under the names of its columns and of its commands.
FIELDS = ("titles", "designation", "domain", "ministry", "unit", "due", "note", "source")


def plan_entry(uow: UnitOfWork, data: Mapping[str, Any]) -> PlannedEntry:
    """Put an entry into the programme (``NewPlannedEntrySchema``)."""
    uow.actor.require("programme:keep")
    said = check_plan(uow, data)
    planned_on = data.get("planned_on") or uow.today
    entry = PlannedEntry()
    uow.session.add(entry)
    uow.session.flush()
    record = PlannedEntryRecord(planned_entry_id=entry.id, **said)
    position = uow.record(
        "planned-entry.plan", _subject(entry), {**_named(record), **said, "on": planned_on}
    )
    uow.add(
        record,
        ProgrammeStep(planned_entry_id=entry.id, state=PLANNED, on=planned_on),
        position=position,
    )
    uow.session.flush()
    return entry


def replan_entry(
    uow: UnitOfWork, entry_id: int, data: Mapping[str, Any], expected: int | None = None
) -> PlannedEntry:
    """Change what is planned (``ReplanSchema``); what was planned before stays known."""
    uow.actor.require("programme:keep")
    entry, record, _ = _load(uow, entry_id, expected)
    said = check_plan(uow, data)
    before = {name: getattr(record, name) for name in FIELDS}
    changed = {name: value for name, value in said.items() if value != before[name]}
    if not changed:
        return entry
    position = uow.record(
        "planned-entry.replan",
        _subject(entry),
        {
            **_named(record),
            "reason": data["reason"],
            "before": {name: before[name] for name in changed},
            "after": changed,
        },
    )
    uow.replace(record, record.revised(**said), position)
    uow.session.flush()
    return entry


def advance_entry(
    uow: UnitOfWork, entry_id: int, data: Mapping[str, Any], expected: int | None = None
) -> PlannedEntry:
    """Record the next step of an entry (``ProgressSchema``).

    Without a day it is today's; an edition that was published counts from its own day.
    """
    uow.actor.require("programme:keep")
    entry, record, steps = _load(uow, entry_id, expected)
    state = PROGRAMME.check(data["action"], steps[-1].state, uow.actor)
    if state == DROPPED and not data.get("reason"):
        raise Invalid.one("reason", Message("Say why the entry is dropped."))
    edition = _became(uow, record, data) if state == PUBLISHED else None
    on = data.get("on") or _day_of(uow, edition, steps[-1].on)
    _refuse_future(uow, "on", on)
    if on < steps[-1].on:
        raise Invalid.one("on", Message("The step before this one was later."))
    step = {
        "state": state,
        "on": on,
        "edition_id": edition.id if edition else None,
        "note": data.get("reason"),
    }
    position = uow.record(
        f"planned-entry.{data['action']}",
        _subject(entry),
        {
            **_named(record),
            "state": state,
            "on": on,
            **({"edition": edition.designation} if edition else {}),
            **({"reason": data["reason"]} if data.get("reason") else {}),
        },
    )
    uow.add(ProgrammeStep(planned_entry_id=entry.id, **step), position=position)
    uow.session.flush()
    return entry


def take_back_step(
    uow: UnitOfWork, entry_id: int, data: Mapping[str, Any], expected: int | None = None
) -> PlannedEntry:
    """Take back the last step, which was recorded in error, for the ``reason`` in ``data``."""
    uow.actor.require("programme:keep")
    entry, record, steps = _load(uow, entry_id, expected)
    if len(steps) == 1:
        raise Conflict("No step has been recorded since the entry was planned.")
    position = uow.record(
        "planned-entry.take-back",
        _subject(entry),
        {
            **_named(record),
            "state": steps[-2].state,
            "taken_back": steps[-1].state,
            "reason": data["reason"],
        },
    )
    uow.close(steps[-1], position)
    uow.session.flush()
    return entry


def _load(
    uow: UnitOfWork, entry_id: int, expected: int | None
) -> tuple[PlannedEntry, PlannedEntryRecord, Sequence[ProgrammeStep]]:
    entry = uow.session.get(PlannedEntry, entry_id)
    if entry is None:
        raise NotFound("There is no such entry in the programme of work.")
    record = uow.session.scalars(
        select(PlannedEntryRecord).where(
            PlannedEntryRecord.planned_entry_id == entry_id, known(PlannedEntryRecord)
        )
    ).one()
    steps = uow.session.scalars(
        select(ProgrammeStep)
        .where(ProgrammeStep.planned_entry_id == entry_id, known(ProgrammeStep))
        .order_by(ProgrammeStep.id)
    ).all()
    newest: Fact = record if record.known_from > steps[-1].known_from else steps[-1]
    check_version(newest, expected)
    return entry, record, steps


def check_plan(uow: UnitOfWork, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a plan says; ``Invalid`` for terms that are none and a day to come."""
    require_term(uow, "domain", data["domain"], "domain")
    if data.get("ministry"):
        require_term(uow, "issuing-body", data["ministry"], "ministry")
    if data.get("planned_on"):
        _refuse_future(uow, "planned_on", data["planned_on"])
    return {name: data.get(name) for name in FIELDS}


def _became(uow: UnitOfWork, record: PlannedEntryRecord, data: Mapping[str, Any]) -> Edition:
    """Return the published edition that an entry became; ``Invalid`` when there is none."""
    designation = data.get("edition") or record.designation
    if designation is None:
        raise Invalid.one("edition", Message("Name the edition that it became."))
    edition = find_edition(uow, designation)
    if edition is None or not edition.national or not is_published(current_record(uow, edition)):
        message = Message("{designation} is not published here yet.", designation=designation)
        raise Invalid.one("edition", message)
    return edition


def _day_of(uow: UnitOfWork, edition: Edition | None, earliest: date) -> date:
    """Return the day an edition was issued where that is known to the day, else today."""
    issued = current_record(uow, edition).issued if edition else None
    day = date.fromisoformat(issued) if issued and len(issued) == len("2026-11-20") else uow.today
    return day if earliest <= day <= uow.today else uow.today


def _refuse_future(uow: UnitOfWork, field: str, day: date) -> None:
    if day > uow.today:
        raise Invalid.one(field, Message("A step is recorded when it has been taken."))


def _named(record: PlannedEntryRecord) -> dict[str, Any]:
    """Return by which name the journal shows an entry."""
    name = record.designation or record.titles.get("vi") or next(iter(record.titles.values()))
    return {"name": name}


def _subject(entry: PlannedEntry) -> str:
    return f"planned-entry:{entry.id}"
