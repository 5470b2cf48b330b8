"""The programme of work: what is planned, how far it has come, what is late."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, url_for
from marshmallow import fields

from registry.api.answers import page, page_parameters, representation, tagged
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.catalog.models import PlannedEntry
from registry.catalog.presenters.programme import tallies
from registry.catalog.programme import tally
from registry.catalog.programme_schemas import (
    NewPlannedEntrySchema,
    ProgressSchema,
    ReplanSchema,
    TakeBackSchema,
)
from registry.catalog.queries.programme import ProgrammeEntry, one_entry, programme
from registry.catalog.services import programme as service
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.queries import terms
from registry.web.edge import asked_as_of, reading

Data = Mapping[str, Any]

blueprint = Resource("Programme", "The programme of work: planned, in work, published, late")


class ProgrammeStepAnswerSchema(AnswerSchema):
    """A state that an entry reached; the edition is the slug of what it became."""

    state = fields.String()
    on = fields.Date()
    edition = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class PlannedEntryAnswerSchema(ChangeableSchema):
    """A planned entry as it stood on the day asked."""

    id = fields.Integer()
    href = fields.String()
    titles = texts()
    designation = fields.String(allow_none=True)
    domain = fields.String()
    ministry = fields.String(allow_none=True)
    unit = fields.String(allow_none=True)
    due = fields.String(metadata={"description": "A month, by its last day, or a day."})
    note = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    state = fields.String()
    since = fields.Date()
    late = fields.Boolean(metadata={"description": "Neither published nor dropped when due."})
    edition = fields.String(allow_none=True, metadata={"description": "Slug of what it became."})
    steps = fields.List(fields.Nested(ProgrammeStepAnswerSchema))


class TallyAnswerSchema(AnswerSchema):
    """How many entries are planned (dropped ones are not), published, in work and late."""

    key = fields.String(allow_none=True)
    planned = fields.Integer()
    published = fields.Integer()
    in_work = fields.Integer()
    late = fields.Integer()

    sometimes = frozenset({"key"})


class ProgressAnswerSchema(AnswerSchema):
    """The counts of the programme on the day asked; a ministry that is not known is null."""

    total = fields.Nested(TallyAnswerSchema)
    domains = fields.List(fields.Nested(TallyAnswerSchema))
    ministries = fields.List(fields.Nested(TallyAnswerSchema))


@blueprint.question(
    "/programme",
    page_of(PlannedEntryAnswerSchema),
    query=[
        *AS_OF,
        *PAGING,
        query("domain", "Those of this domain."),
        query("ministry", "Those that this ministry leads."),
        query("late", "Only what is late, or only what is not.", enum=("true", "false")),
    ],
)
def list_entries() -> Response:
    """List the planned entries, the earliest deadline first."""
    key, limit = page_parameters(str, int)
    with reading() as session:
        as_of = asked_as_of(session)
        found = programme(session, as_of, domain=text("domain"), ministry=text("ministry"))
    late = text("late")
    wanted = [
        entry
        for entry in found
        if (late is None or entry.standing.late == (late == "true"))
        and (key is None or _order(entry) > key)
    ]
    return page(wanted[: limit + 1], limit, present_planned, _order)


@blueprint.question("/programme/progress", ProgressAnswerSchema, query=AS_OF)
def progress() -> Response:
    """Count what is planned, published and late by domain and by lead ministry."""
    with reading() as session:
        as_of = asked_as_of(session)
        entries = programme(session, as_of)
        domains = [term.key for term in terms(session, "domain", as_of)]
    ministries = list(dict.fromkeys(entry.record.ministry for entry in entries))
    return tagged(
        {
            "total": asdict(tally(entry.standing for entry in entries)),
            "domains": tallies(entries, "domain", domains),
            "ministries": tallies(entries, "ministry", ministries),
        }
    )


@blueprint.question("/programme/<int:entry_id>", PlannedEntryAnswerSchema, query=AS_OF)
def one(entry_id: int) -> Response:
    """Show one planned entry with its steps."""
    with reading() as session:
        entry = one_entry(session, entry_id, asked_as_of(session))
    return representation(present_planned(entry), entry.version)


@blueprint.command(
    "/programme",
    PlannedEntryAnswerSchema,
    body=NewPlannedEntrySchema,
    permission="programme:keep",
    status=201,
)
def plan(uow: UnitOfWork, data: Data) -> Data:
    """Put an entry into the programme."""
    return _answer(uow, service.plan_entry(uow, data))


@blueprint.command(
    "/programme/<int:entry_id>",
    PlannedEntryAnswerSchema,
    body=ReplanSchema,
    permission="programme:keep",
    method="PUT",
    versioned=True,
)
def replan(uow: UnitOfWork, entry_id: int, data: Data, expected: int | None) -> Data:
    """Change what is planned, saying why."""
    return _answer(uow, service.replan_entry(uow, entry_id, data, expected))


@blueprint.command(
    "/programme/<int:entry_id>/step",
    PlannedEntryAnswerSchema,
    body=ProgressSchema,
    permission="programme:keep",
    versioned=True,
)
def advance(uow: UnitOfWork, entry_id: int, data: Data, expected: int | None) -> Data:
    """Record the next step of an entry."""
    return _answer(uow, service.advance_entry(uow, entry_id, data, expected))


@blueprint.command(
    "/programme/<int:entry_id>/take-back",
    PlannedEntryAnswerSchema,
    body=TakeBackSchema,
    permission="programme:keep",
    versioned=True,
)
def take_back(uow: UnitOfWork, entry_id: int, data: Data, expected: int | None) -> Data:
    """Take back the last step, which was recorded in error."""
    return _answer(uow, service.take_back_step(uow, entry_id, data, expected))


def present_planned(entry: ProgrammeEntry) -> dict[str, Any]:
    """Return a planned entry as JSON."""
    return {
        "id": entry.id,
        "href": url_for("Programme.one", entry_id=entry.id),
        **{name: getattr(entry.record, name) for name in service.FIELDS},
        "state": entry.standing.state,
        "since": entry.standing.since,
        "late": entry.standing.late,
        "edition": entry.edition.slug if entry.edition else None,
        "steps": [
            {
                "state": step.state,
                "on": step.on,
                "edition": entry.editions[step.edition_id].slug if step.edition_id else None,
                "note": step.note,
            }
            for step in entry.steps
        ],
        "version": entry.version,
    }


def _order(entry: ProgrammeEntry) -> tuple[str, int]:
    return entry.record.due, entry.id


def _answer(uow: UnitOfWork, entry: PlannedEntry) -> Data:
    return present_planned(one_entry(uow.session, entry.id, AsOf(uow.today)))
