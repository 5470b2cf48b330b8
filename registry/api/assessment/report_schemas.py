"""What reports and their acceptance look like as JSON."""

from marshmallow import fields

from registry.api.schemas import AnswerSchema, ChangeableSchema, texts
from registry.assessment import states

REPORT_STATES = (states.ACCEPTED, states.REFUSED, states.REFERRED, states.REPLACED)

_OUTCOMES = {"enum": list(states.STATE_AFTER)}


class EvidenceAnswerSchema(AnswerSchema):
    """A record that was looked at."""

    reference = fields.String()
    label = fields.String()


class ConditionAnswerSchema(AnswerSchema):
    """One condition of acceptance: met or not, why, by which law and from which records."""

    key = fields.String()
    verdict = fields.String(metadata={"enum": ["met", "not_met", "not_applicable", "unknown"]})
    legal_basis = fields.List(fields.String())
    evidence = fields.List(fields.Nested(EvidenceAnswerSchema))
    reasons = fields.List(fields.String())
    sentences = texts()


class AcceptanceAnswerSchema(AnswerSchema):
    """Whether a report is accepted on a day, condition by condition."""

    report = fields.Integer()
    on = fields.Date()
    outcome = fields.String(metadata=_OUTCOMES)
    conditions = fields.List(fields.Nested(ConditionAnswerSchema))


class ReportSummarySchema(ChangeableSchema):
    """A report and where it stands; ``outcome`` is what was decided."""

    id = fields.Integer()
    href = fields.String()
    number = fields.String(metadata={"description": "The laboratory's own number."})
    body = fields.String(metadata={"description": "Slug of the body that submitted it."})
    laboratory = texts()
    regulation = fields.String()
    regulation_slug = fields.String()
    application = fields.String(allow_none=True)
    issued_on = fields.Date()
    submitted_at = fields.DateTime()
    state = fields.String(metadata={"enum": list(REPORT_STATES)})
    state_since = fields.Date()
    outcome = fields.String(metadata=_OUTCOMES)
    digest = fields.String(metadata={"description": "SHA-256 of the content's canonical JSON."})
    demonstration = fields.Boolean()


class DecisionAnswerSchema(AnswerSchema):
    """What the rules said on receipt, and what was decided; they differ only with reasons."""

    on = fields.Date()
    outcome = fields.String(metadata=_OUTCOMES)
    decided_outcome = fields.String(metadata=_OUTCOMES)
    reasons = fields.String(allow_none=True)
    conditions = fields.List(fields.Nested(ConditionAnswerSchema))


class ReportAnswerSchema(ReportSummarySchema):
    """A report with its content as it was submitted."""

    content = fields.Dict()
    decision = fields.Nested(DecisionAnswerSchema)


class ContradictionAnswerSchema(AnswerSchema):
    """A result whose statement of conformity contradicts its own numbers."""

    characteristic = fields.String()
    statement = fields.String(allow_none=True)
    recomputed = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class SubmissionAnswerSchema(ReportAnswerSchema):
    """The receipt of a report: what was received, where it is journalled, what the rules say."""

    acceptance = fields.Nested(AcceptanceAnswerSchema)
    contradictions = fields.List(fields.Nested(ContradictionAnswerSchema))

    sometimes = frozenset()
