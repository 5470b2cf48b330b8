"""Results of foreign schemes and what the rules make of them."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields

from registry.api.answers import (
    page,
    page_parameters,
    representation,
    tagged,
)
from registry.api.assessment.report_schemas import ConditionAnswerSchema
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ReceiptSchema, page_of, texts
from registry.assessment.foreign.affected import affected
from registry.assessment.foreign.formats import FORMATS
from registry.assessment.foreign.queries import (
    OUTCOMES,
    Filters,
    ForeignFacts,
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
from registry.assessment.schemas.foreign import RelianceSchema
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, parts, reading

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
    status = fields.String(metadata={"enum": ["active", "historical", "revoked", "unlisted"]})
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
    receipt = fields.Nested(ReceiptSchema)

    sometimes = frozenset({"receipt"})


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
    """What rested on a result that is no longer in force."""

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
    affected = fields.List(
        fields.Nested(ReliedSchema), metadata={"description": "The first thousand."}
    )
    affected_total = fields.Integer()


@blueprint.question(
    "/foreign-results",
    page_of(ForeignSummarySchema),
    query=(
        *AS_OF,
        *PAGING,
        _SCHEME,
        query("outcome", "Results with that outcome only.", enum=OUTCOMES),
        query("reason", "Results not accepted for that reason, a key of acceptance-reason."),
        query("issuer", "Results that the body of that slug issued."),
        query("laboratory", "Results for which the foreign laboratory of that slug tested."),
    ),
)
def list_results() -> Response:
    """List foreign results in the order they were taken in."""
    key, limit = page_parameters(int)
    filters = Filters(
        *(text(name) for name in ("scheme", "outcome", "reason", "issuer", "laboratory"))
    )
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
        relied = affected(session, as_of)
        body = {
            "schemes": present_summary(outcome_counts(session, as_of)),
            "reasons": present_reasons(reason_counts(session, as_of, text("scheme"))),
            "affected": present_relied(relied[:_RELIED_MOST]),
            "affected_total": len(relied),
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


def _present(facts: ForeignFacts) -> dict[str, Any]:
    row = present_row(facts)
    address = {"scheme": row["scheme"], "certificate": row["number"]}
    return {**row, "href": url_for("Foreign results.show_result", **address)}
