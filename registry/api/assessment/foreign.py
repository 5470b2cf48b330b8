"""Results of foreign schemes: what the rules make of them, and taking in lists."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from marshmallow import fields

from registry.api.answers import (
    as_json,
    json_response,
    page,
    page_parameters,
    representation,
    tagged,
)
from registry.api.assessment.report_schemas import ConditionAnswerSchema
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of, texts
from registry.assessment.foreign.formats import FORMATS
from registry.assessment.foreign.importing import ForeignReport, import_foreign
from registry.assessment.foreign.queries import (
    OUTCOMES,
    Filters,
    ForeignFacts,
    affected,
    explain_foreign,
    foreign_result,
    foreign_results,
    outcome_counts,
    reason_counts,
)
from registry.assessment.foreign.relying import rely_on
from registry.assessment.presenters.foreign import (
    present_reasons,
    present_relied,
    present_row,
    present_statuses,
    present_summary,
)
from registry.assessment.schemas.foreign import ForeignListSchema, RelianceSchema
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, current_actor, parts, reading
from registry.web.i18n import translate

blueprint = Resource(
    "Foreign results", "Certificates of foreign schemes under the demonstration arrangement"
)

_SCHEMES = sorted(FORMATS)
_ONE = f"/foreign-results/<any({', '.join(_SCHEMES)}):scheme>/<certificate>"
_RELIED_MOST = 1_000
_SCHEME = query("scheme", "Results of that scheme only.", enum=_SCHEMES)


class ForeignSummarySchema(AnswerSchema):
    """A foreign result and what was decided; everything here is demonstration data."""

    scheme = fields.String()
    number = fields.String()
    href = fields.String()
    status = fields.String(metadata={"enum": ["active", "historical", "revoked"]})
    standard = fields.String()
    level = fields.String(allow_none=True)
    product = fields.String(allow_none=True)
    vendor = fields.String(allow_none=True)
    issuer = fields.String(metadata={"description": "Slug of the body that issued it."})
    issuer_names = texts()
    issued_on = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    judged_on = fields.Date()
    outcome = fields.String(metadata={"enum": list(OUTCOMES)})
    demonstration = fields.Boolean()


class ForeignStatusSchema(AnswerSchema):
    """A status: from a day on, or between two days where no list tells."""

    kind = fields.String()
    effective_on = fields.Date(allow_none=True)
    effective_after = fields.Date(allow_none=True)
    effective_by = fields.Date(allow_none=True)


class ForeignAnswerSchema(ForeignSummarySchema):
    """A foreign result with its course and, for the day asked, each condition."""

    statuses = fields.List(fields.Nested(ForeignStatusSchema))
    validations = fields.List(fields.Dict())
    on = fields.Date()
    outcome_on = fields.String(metadata={"enum": list(OUTCOMES)})
    conditions = fields.List(fields.Nested(ConditionAnswerSchema))


class SchemeCountsSchema(AnswerSchema):
    """How many results of a scheme have which outcome."""

    scheme = fields.String()
    accept = fields.Integer()
    refuse = fields.Integer()
    refer = fields.Integer()
    total = fields.Integer()


class ReasonCountSchema(AnswerSchema):
    """How many results are not accepted for a reason."""

    condition = fields.String()
    reason = fields.String()
    results = fields.Integer()


class ReliedSchema(AnswerSchema):
    """What rested on a result that is no longer active."""

    scheme = fields.String()
    number = fields.String()
    status = fields.String()
    known_by = fields.Date(allow_none=True)
    kind = fields.String(metadata={"enum": ["acceptance", "application", "declaration"]})
    subject = fields.String()
    since = fields.Date()


class ForeignTotalsSchema(AnswerSchema):
    """What the rules make of all foreign results, and what is affected by lapsed ones."""

    schemes = fields.List(fields.Nested(SchemeCountsSchema))
    reasons = fields.List(fields.Nested(ReasonCountSchema))
    affected = fields.List(fields.Nested(ReliedSchema))


class BadRowSchema(AnswerSchema):
    """A row that could not be taken."""

    line = fields.Integer()
    field = fields.String()
    reason = fields.String()


class ForeignImportSchema(AnswerSchema):
    """What an import did."""

    scheme = fields.String()
    read_on = fields.Date()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    outcomes = fields.Dict(keys=fields.String(), values=fields.Integer())
    lapsed = fields.Integer()
    bad = fields.List(fields.Nested(BadRowSchema))


@blueprint.question(
    "/foreign-results",
    page_of(ForeignSummarySchema),
    query=(
        *AS_OF,
        *PAGING,
        _SCHEME,
        query("outcome", "Results with that outcome only.", enum=OUTCOMES),
        query("reason", "Results not accepted for that reason, a key of acceptance-reason."),
    ),
)
def list_results() -> Response:
    """List foreign results in the order they were taken in."""
    key, limit = page_parameters(int)
    filters = Filters(text("scheme"), text("outcome"), text("reason"))
    with reading() as session:
        rows = foreign_results(
            session, asked_as_of(session), filters, after=key[0] if key else 0, limit=limit + 1
        )
    return page(rows, limit, _present, lambda facts: (facts.result.id,))


@blueprint.question("/foreign-results/totals", ForeignTotalsSchema, query=(*AS_OF, _SCHEME))
def show_totals() -> Response:
    """Count results by outcome and reason, and list what lapsed ones affect."""
    with reading() as session:
        as_of = asked_as_of(session)
        body = {
            "schemes": present_summary(outcome_counts(session, as_of)),
            "reasons": present_reasons(reason_counts(session, as_of, text("scheme"))),
            "affected": present_relied(affected(session, as_of, limit=_RELIED_MOST)),
        }
    return tagged(body)


@blueprint.question(_ONE, ForeignAnswerSchema, query=AS_OF)
def show_result(scheme: str, certificate: str) -> Response:
    """Show a foreign result and, condition by condition, whether it is accepted on a day."""
    with reading() as session:
        as_of = asked_as_of(session)
        facts = foreign_result(session, scheme, certificate, as_of)
        acceptance = explain_foreign(session, facts, as_of, parts().settings.zone)
    body = {
        **_present(facts),
        "statuses": present_statuses(facts),
        "validations": facts.record.content["steps"],
        "on": acceptance["on"],
        "outcome_on": acceptance["outcome"],
        "conditions": acceptance["conditions"],
    }
    return representation(body, facts.record.known_from)


@blueprint.command(
    f"{_ONE}/reliance",
    ForeignSummarySchema,
    body=RelianceSchema,
    permission="foreign-result:import",
)
def rely(
    uow: UnitOfWork, scheme: str, certificate: str, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Record that an application or a declaration rests on the result."""
    rely_on(uow, scheme, certificate, data["relying"])
    return _present(foreign_result(uow.session, scheme, certificate, asked_as_of(uow.session)))


@blueprint.upload(
    "/foreign-results/imports",
    ForeignImportSchema,
    media=("application/jsonl", "application/gzip", "application/octet-stream"),
    query=(
        query("format", "The list's format.", enum=_SCHEMES),
        query("read_on", "The day on which the list stood like this; today.", format="date"),
    ),
    permission="foreign-result:import",
)
def take_in() -> Response:
    """Take in a list (JSON Lines, packed or not); the same list again changes nothing."""
    asked = load(
        ForeignListSchema(),
        {name: value for name in ("format", "read_on") if (value := text(name))},
    )
    report = import_foreign(
        parts().units,
        current_actor(),
        io.BytesIO(request.get_data()),
        asked["format"],
        read_on=asked["read_on"],
    )
    response = json_response(as_json(_present_import(report)), 202)
    response.headers["Location"] = url_for("Foreign results.show_totals")
    return response


def _present(facts: ForeignFacts) -> dict[str, Any]:
    row = present_row(facts)
    address = {"scheme": row["scheme"], "certificate": row["number"]}
    return {**row, "href": url_for("Foreign results.show_result", **address)}


def _present_import(report: ForeignReport) -> dict[str, Any]:
    return {
        "scheme": report.scheme,
        "read_on": report.read_on,
        "counts": dict(report.counts),
        "outcomes": dict(report.outcomes),
        "lapsed": len(report.lapsed),
        "bad": [
            {"line": row.line, "field": row.field, "reason": translate(row.reason)}
            for row in report.bad
        ],
    }
