"""What reports and their acceptance look like as JSON."""

from marshmallow import fields

from registry.api.schemas import AnswerSchema, ChangeableSchema, ReceiptSchema, texts
from registry.assessment import states
from registry.assessment.queries.report_requests import STATUSES

REPORT_STATES = (states.ACCEPTED, states.REFUSED, states.REFERRED, states.REPLACED)

_OUTCOMES = {"enum": list(states.STATE_AFTER)}


class EvidenceAnswerSchema(AnswerSchema):
    """A record that was looked at."""

    reference = fields.String()
    label = fields.String()
    labels = texts(metadata={"description": "By language, where the words for it differ."})

    sometimes = frozenset({"labels"})


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


class RecomputedResultSchema(AnswerSchema):
    """What the register makes of the numbers of one result, in the unit of its value.

    Probabilities are 0 to 1 (JCGM 106); null where the numbers do not give them.
    """

    characteristic = fields.String()
    stated = fields.String(allow_none=True)
    recomputed = fields.String(allow_none=True)
    contradicted = fields.Boolean()
    guard_band = fields.String(allow_none=True)
    acceptance_lower = fields.String(allow_none=True)
    acceptance_upper = fields.String(allow_none=True)
    conformance_probability = fields.Float(allow_none=True)
    specific_risk = fields.Float(allow_none=True)
    risk_at_limit = fields.Float(allow_none=True)


class AttachmentAnswerSchema(AnswerSchema):
    """A file of a report; what it is its content tells."""

    href = fields.String()
    sha256 = fields.String()
    size = fields.Integer(metadata={"description": "In bytes."})
    media_type = fields.String()
    name = fields.String()


class ReportAnswerSchema(ReportSummarySchema):
    """A report with its content as it was submitted."""

    content = fields.Dict()
    attachments = fields.List(fields.Nested(AttachmentAnswerSchema))
    recomputed = fields.List(fields.Nested(RecomputedResultSchema))
    decision = fields.Nested(DecisionAnswerSchema)


class ContradictionAnswerSchema(AnswerSchema):
    """A result whose statement of conformity contradicts its own numbers."""

    characteristic = fields.String()
    statement = fields.String(allow_none=True)
    recomputed = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class ReturnReasonSchema(AnswerSchema):
    """Why a report was returned: what is to be mended before it is sent again."""

    field = fields.String(metadata={"description": "Dotted path, like results.0.unit."})
    detail = fields.String()


class RequestedReportSchema(AnswerSchema):
    """The report that a request led to."""

    id = fields.Integer()
    href = fields.String()


class ReportRequestSummarySchema(AnswerSchema):
    """A report that was sent and where it stands.

    It is `initial` until the rules have judged it, `processing` while an officer has to
    decide, then `accepted` or `refused`; `replaced` after an amended report took its place.
    `returned` means that the register could not take it any more: mend it and send it again.
    """

    id = fields.Integer(allow_none=True)
    href = fields.String(allow_none=True)
    number = fields.String(metadata={"description": "The laboratory's own number."})
    status = fields.String(metadata={"enum": list(STATUSES)})
    retry = fields.Integer(
        allow_none=True,
        metadata={"description": "Seconds after which to ask again; null once it is settled."},
    )
    sample = fields.Boolean(metadata={"description": "Practice: nothing was recorded."})
    sent_at = fields.DateTime()
    version = fields.Integer(
        allow_none=True,
        metadata={"description": "Journal position; the ETag starts with it."},
    )
    receipt = fields.Nested(ReceiptSchema)

    sometimes = frozenset({"receipt"})


class ReportRequestAnswerSchema(ReportRequestSummarySchema):
    """A report that was sent, where it stands and why."""

    report = fields.Nested(RequestedReportSchema, allow_none=True)
    outcome = fields.String(allow_none=True, metadata={"enum": [*states.STATE_AFTER, None]})
    problems = fields.List(fields.Nested(ReturnReasonSchema))
    conditions = fields.List(fields.Nested(ConditionAnswerSchema))
    reasons = fields.String(
        allow_none=True, metadata={"description": "An officer's, where one decided."}
    )
    contradictions = fields.List(fields.Nested(ContradictionAnswerSchema))
