"""Public statistics of the assessment side."""

from flask import Response
from marshmallow import fields

from registry.api.answers import tagged
from registry.api.parameters import AS_OF, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema
from registry.assessment.presenters.statistics import plain_tables
from registry.assessment.queries.statistics import statistics
from registry.web.edge import asked_as_of, parts, reading

blueprint = Resource("Statistics", "Results, days in each stage, reasons of refusals")

RECORDS = ("real", "demonstration")


class OutcomesAnswerSchema(AnswerSchema):
    """How many reports had which outcome."""

    accepted = fields.Integer()
    refused = fields.Integer()
    referred = fields.Integer()
    total = fields.Integer()


class MonthAnswerSchema(OutcomesAnswerSchema):
    """The outcomes of reports received in a month."""

    month = fields.String(metadata={"description": "Like 2026-11."})


class ArrangementOutcomesSchema(OutcomesAnswerSchema):
    """The outcomes of reports that cite an arrangement; null: those that cite none."""

    arrangement = fields.String(allow_none=True, metadata={"description": "Its slug."})


class StageDaysSchema(AnswerSchema):
    """Days in a finished stage, without those of waiting; null for fewer than five cases."""

    stage = fields.String()
    cases = fields.Integer()
    median_days = fields.Float(allow_none=True)
    lower_quartile_days = fields.Float(allow_none=True)
    upper_quartile_days = fields.Float(allow_none=True)


class RefusalReasonSchema(AnswerSchema):
    """In how many refused reports a condition was not met."""

    condition = fields.String()
    reports = fields.Integer()


class ApplicationsInStateSchema(AnswerSchema):
    """How many applications are in a state."""

    state = fields.String()
    applications = fields.Integer()


class LateSchema(AnswerSchema):
    """What takes longer than it should."""

    answers_overdue = fields.Integer()
    stages = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "Applications beyond the upper quartile of days, by stage."},
    )


class StatisticsAnswerSchema(AnswerSchema):
    """All tables of the statistics page."""

    months = fields.List(fields.Nested(MonthAnswerSchema))
    stages = fields.List(fields.Nested(StageDaysSchema))
    arrangements = fields.List(fields.Nested(ArrangementOutcomesSchema))
    refusals = fields.List(fields.Nested(RefusalReasonSchema))
    applications = fields.List(fields.Nested(ApplicationsInStateSchema))
    late = fields.Nested(LateSchema)


@blueprint.question(
    "/statistics",
    StatisticsAnswerSchema,
    query=[
        *AS_OF,
        query("records", "Real records, or invented ones; real when left out.", enum=RECORDS),
    ],
)
def show_statistics() -> Response:
    """Give the statistics of the day asked."""
    invented = text("records") == "demonstration"
    with reading() as session:
        found = statistics(
            session, asked_as_of(session), parts().settings.zone, demonstration=invented
        )
    late = {"answers_overdue": found.late.answers_overdue, "stages": dict(found.late.stages)}
    return tagged({**plain_tables(found), "late": late})
