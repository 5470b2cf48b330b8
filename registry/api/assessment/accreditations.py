"""Accreditations with their scopes and events, and who is competent to test."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import listed, representation
from registry.api.parameters import AS_OF, MOST, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.assessment.models import Accreditation, Body, ScopeLine
from registry.assessment.queries.bodies import AccreditationFacts, accreditations_of
from registry.assessment.queries.competence import AbleBody, AbleLine, bodies_able_to_test
from registry.assessment.queries.references import body_at, full_designation
from registry.assessment.schemas import (
    AccreditationCorrectionSchema,
    AccreditationEventSchema,
    AccreditationSchema,
    RetractionSchema,
    ScopeLinesSchema,
)
from registry.assessment.services.accreditations import (
    add_scope_lines,
    correct_accreditation,
    record_accreditation,
    record_accreditation_event,
    retract_accreditation_event,
)
from registry.errors import Invalid, NotFound
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, reading

blueprint = Resource("Accreditations", "Who attested which competence, for what, and since when")

ONE = f"/accreditations/<int(max={MOST}):accreditation_id>"


class EventAnswerSchema(AnswerSchema):
    """What befell an accreditation or a certificate, from which day on, and why."""

    kind = fields.String()
    effective_on = fields.Date()
    reason = fields.String(allow_none=True)
    position = fields.Integer(metadata={"description": "Journal position of its entry."})


class AccreditationEventAnswerSchema(EventAnswerSchema):
    """What befell an accreditation, with the number by which it can be retracted."""

    id = fields.Integer()


class ScopeWordsSchema(AnswerSchema):
    """What a scope line says; without a characteristic: whatever the method determines."""

    activity = fields.String()
    product = fields.String()
    characteristic = fields.String()
    method = fields.String(metadata={"description": "An edition, or a document: then all of it."})
    range = fields.String(allow_none=True)
    uncertainty = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)


class ScopeLineAnswerSchema(ScopeWordsSchema):
    """One line of a scope, with its number and the journal position that recorded it."""

    id = fields.Integer()
    version = fields.Integer()


class AccreditationAnswerSchema(ChangeableSchema):
    """An accreditation with its status on the day asked and the lines then in its scope."""

    id = fields.Integer()
    href = fields.String()
    body = fields.String(metadata={"description": "Slug of the body accredited."})
    accreditor = fields.String(metadata={"description": "Slug of the accreditation body."})
    accreditor_names = texts()
    standard = fields.String()
    number = fields.String()
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)
    status = fields.String()
    status_since = fields.Date(allow_none=True)
    status_reason = fields.String(allow_none=True)
    events = fields.List(fields.Nested(AccreditationEventAnswerSchema))
    scope_lines = fields.List(fields.Nested(ScopeLineAnswerSchema))
    source = fields.String(allow_none=True)


class CompetentBodyAnswerSchema(AnswerSchema):
    """A body competent to test by one scope line, and what recognises it on that day."""

    body = fields.String(metadata={"description": "Slug of the body."})
    names = texts()
    country = fields.String()
    accreditation = fields.String(metadata={"description": "Number of its accreditation."})
    accreditation_href = fields.String()
    standard = fields.String()
    scope_line = fields.Nested(ScopeWordsSchema)
    designated = fields.Boolean(metadata={"description": "By a ministry, for this document."})
    listed = fields.Boolean(metadata={"description": "Under any arrangement."})
    demonstration = fields.Boolean()


@blueprint.question(ONE, AccreditationAnswerSchema, query=AS_OF)
def show_accreditation(accreditation_id: int) -> Response:
    """Show one accreditation with its events and the scope on the day asked."""
    with reading() as session:
        body = _one(session, accreditation_id, asked_as_of(session))
    return representation(body, body["version"])


@blueprint.question(
    "/bodies/<slug>/accreditations", page_of(AccreditationAnswerSchema), query=AS_OF
)
def list_accreditations(slug: str) -> Response:
    """List the accreditations of a body, the earliest first."""
    with reading() as session:
        body = body_at(session, slug)
        found = accreditations_of(session, body.id, asked_as_of(session))
    return listed([present_accreditation(facts, body) for facts in found])


@blueprint.question(
    "/competent-bodies",
    page_of(CompetentBodyAnswerSchema),
    query=[*AS_OF, query("method", "A document or edition, by designation in any spelling.")],
)
def list_competent_bodies() -> Response:
    """List who was accredited to test to a document on the day asked."""
    method = text("method")
    if method is None:
        raise Invalid.one("method", Message("Name the document that is tested to."))
    with reading() as session:
        designation = full_designation(session, method, "method")
        found = bodies_able_to_test(session, designation, asked_as_of(session))
    return listed([_present_able(able) for able in found])


@blueprint.command(
    "/bodies/<slug>/accreditations",
    AccreditationAnswerSchema,
    body=AccreditationSchema,
    permission="accreditation:record",
    status=201,
)
def record(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record an accreditation of a body."""
    made = record_accreditation(uow, slug, data)
    return _one(uow.session, made.id, AsOf(uow.today))


@blueprint.command(
    f"{ONE}/events",
    AccreditationAnswerSchema,
    body=AccreditationEventSchema,
    permission="accreditation:record",
    versioned=True,
)
def record_event(
    uow: UnitOfWork, accreditation_id: int, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Record an extension, reduction, suspension, reinstatement or withdrawal."""
    record_accreditation_event(uow, accreditation_id, data, expected=expected)
    return _one(uow.session, accreditation_id, AsOf(uow.today))


@blueprint.command(
    ONE,
    AccreditationAnswerSchema,
    body=AccreditationCorrectionSchema,
    permission="accreditation:record",
    method="PUT",
    versioned=True,
)
def correct(
    uow: UnitOfWork, accreditation_id: int, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Correct what is said of an accreditation, or extend it; the former record stays known."""
    correct_accreditation(uow, accreditation_id, data, expected=expected)
    return _one(uow.session, accreditation_id, AsOf(uow.today))


@blueprint.command(
    f"{ONE}/events/<int(max={MOST}):event_id>/retract",
    AccreditationAnswerSchema,
    body=RetractionSchema,
    permission="accreditation:record",
    versioned=True,
)
def retract_event(
    uow: UnitOfWork,
    accreditation_id: int,
    event_id: int,
    data: Mapping[str, Any],
    expected: int | None,
) -> Mapping[str, Any]:
    """Take back the last event of an accreditation, which was recorded in error."""
    retract_accreditation_event(uow, event_id, data, of=accreditation_id, expected=expected)
    return _one(uow.session, accreditation_id, AsOf(uow.today))


@blueprint.command(
    f"{ONE}/scope-lines",
    AccreditationAnswerSchema,
    body=ScopeLinesSchema,
    permission="accreditation:record",
)
def add_lines(uow: UnitOfWork, accreditation_id: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add lines to the scope of an accreditation."""
    add_scope_lines(uow, accreditation_id, data)
    return _one(uow.session, accreditation_id, AsOf(uow.today))


def present_accreditation(facts: AccreditationFacts, body: Body) -> dict[str, Any]:
    """Return an accreditation as JSON."""
    record = facts.record
    return {
        "id": record.accreditation_id,
        "href": url_for(
            "Accreditations.show_accreditation", accreditation_id=record.accreditation_id
        ),
        "body": body.slug,
        "accreditor": facts.accreditor.body.slug,
        "accreditor_names": facts.accreditor.organisation.names,
        "standard": record.standard,
        "number": record.number,
        "valid_from": record.valid_from,
        "valid_until": record.valid_until,
        "status": facts.status.key,
        "status_since": facts.status.since,
        "status_reason": facts.status.reason,
        "events": [
            {
                "id": event.id,
                "kind": event.kind,
                "effective_on": event.effective_on,
                "reason": event.reason,
                "position": event.known_from,
            }
            for event in facts.events
        ],
        "scope_lines": [_present_line(line) for line in facts.scope_lines],
        "source": record.source,
        "version": facts.version,
    }


def _one(session: Session, accreditation_id: int, as_of: AsOf) -> dict[str, Any]:
    accreditation = session.get(Accreditation, accreditation_id)
    if accreditation is not None:
        for facts in accreditations_of(session, accreditation.body_id, as_of):
            if facts.record.accreditation_id == accreditation_id:
                return present_accreditation(facts, session.get_one(Body, accreditation.body_id))
    raise NotFound(Message("There is no such accreditation."))


def _present_line(line: ScopeLine) -> dict[str, Any]:
    return {"id": line.id, "version": line.known_from, **_said(line)}


def _said(line: ScopeLine | AbleLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in AbleLine._fields}


def _present_able(able: AbleBody) -> dict[str, Any]:
    return {
        "body": able.slug,
        "names": able.names,
        "country": able.country,
        "accreditation": able.accreditation,
        "accreditation_href": url_for(
            "Accreditations.show_accreditation", accreditation_id=able.accreditation_id
        ),
        "standard": able.standard,
        "scope_line": _said(able.scope_line),
        "designated": able.designated,
        "listed": able.listed,
        "demonstration": able.demonstration,
    }
