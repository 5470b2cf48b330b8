"""What is handed to the parties of a decision: statements on reports, refusals of applications.

Nothing is frozen for them: they are made from the facts as known at the journal entry of
the decision, which never change, so whoever asks later gets the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import User
from registry.actor import Actor
from registry.assessment import states
from registry.assessment.models import Application, ApplicationRecord
from registry.assessment.queries.acceptance import AssessedResult, stated_results
from registry.assessment.queries.applications import application_file
from registry.assessment.queries.reports import ReportFacts, report_facts
from registry.assessment.services.snapshots import (
    issuing_register,
    party_data,
    product_data,
    register_data,
    report_data,
)
from registry.canonical import content_digest
from registry.catalog.models import Edition, EditionRecord
from registry.config import Settings
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.journal.queries import EntryView, entry
from registry.messages import Message
from registry.pdf.snapshots import (
    AcceptanceSnapshot,
    Condition,
    LocalText,
    Officer,
    Product,
    RefusalSnapshot,
    Requirement,
    Result,
)
from registry.vocabulary.queries import Labels, labels_known, terms

REMEDY = "legal-remedy"

_DECISION_MAKER: LocalText = {"vi": "Người quyết định", "en": "Decision maker"}
# Nearer to 0 or 1 than this no probability is told: none is ever certain.
_NEARLY = 0.0001


@dataclass(frozen=True, slots=True)
class Statement:
    """A document ready to be drawn: its page, plain data, their digest and the decision's time."""

    name: str
    template: str
    snapshot: Mapping[str, Any]
    digest: str
    instant: datetime

    def draw(self) -> bytes:
        """Return the document as PDF/A; the bytes follow from the snapshot alone."""
        # WeasyPrint takes a second to load: only who draws pays for it.
        from registry.pdf.renderer import render_pdf  # noqa: PLC0415

        return render_pdf(
            self.template,
            dict(self.snapshot),
            identifier=bytes.fromhex(self.digest)[:16],
            instant=self.instant,
        )


@dataclass(frozen=True, slots=True)
class _Moment:
    """The decision that a document tells of, and what everything was called then."""

    entry: EntryView
    labels: Labels
    zone: ZoneInfo

    @property
    def day(self) -> str:
        return self.on(self.entry.recorded_at)

    def on(self, instant: datetime) -> str:
        return instant.astimezone(self.zone).date().isoformat()

    def label(self, vocabulary: str, key: str) -> LocalText:
        return _local(self.labels.get((vocabulary, key), {"vi": key, "en": key}))


def report_statement(
    session: Session,
    actor: Actor,
    report_id: int,
    as_of: AsOf,
    settings: Settings,
) -> Statement:
    """Return the statement on a report whose decision was known at ``as_of``.

    ``NotFound`` for whoever may not read the report.
    """
    asked = report_facts(session, actor, report_id, as_of)
    moment = _moment(session, asked.decision.known_from, settings.zone)
    position = moment.entry.position
    facts = report_facts(session, actor, report_id, AsOf(as_of.at, position))
    report, decision = facts.report, facts.decision
    outcome = decision.decided_outcome
    snapshot = AcceptanceSnapshot(
        number=f"BC-{report.submitted_at.year}-{report.id:06d}",
        register=register_data(issuing_register(settings)),
        demonstration=report.demonstration,
        addressee=party_data(facts.laboratory),
        outcome=outcome,
        report=report_data(session, report, facts.laboratory, position),
        received_on=moment.on(report.submitted_at),
        product=_product(session, facts, position),
        requirement=_requirement(session, facts.edition, moment),
        status_on=decision.on.isoformat(),
        decided_on=moment.day,
        decided_by=_officer(session, decision.decided_by_user_id),
        conditions=[_condition(item, moment) for item in decision.conditions],
        results=_results(session, facts, moment),
        reasons=_reasons(outcome, decision.reasons, decision.conditions),
        appeal=_remedies(session, moment) if outcome == "refuse" else None,
        verify_url=None,
        journal={"position": position, "leaf_hash": moment.entry.leaf_hash},
    )
    return _statement(f"report-{report.id}.pdf", "statement.html", snapshot, moment)


def application_refusal(
    session: Session,
    actor: Actor,
    number: str,
    as_of: AsOf,
    settings: Settings,
) -> Statement:
    """Return the letter that refuses an application, with its reasons.

    ``NotFound`` for whoever may not read it, and for one that is not refused.
    """
    asked = application_file(session, actor, number, as_of).facts
    if asked.record.state != states.REFUSED:
        raise NotFound(Message("This application is not refused."))
    moment = _moment(session, asked.record.known_from, settings.zone)
    position = moment.entry.position
    file = application_file(session, actor, number, AsOf(as_of.at, position))
    application, record = file.facts.application, file.facts.record
    decided_by = _officer(session, record.decision_maker_id)
    if decided_by is None or not record.reasons:
        raise RuntimeError(f"{application.number} was refused without a person or reasons")
    snapshot = RefusalSnapshot(
        number=application.number,
        register=register_data(issuing_register(settings)),
        demonstration=application.demonstration,
        addressee=party_data(file.facts.applicant),
        product=product_data(record.product),
        requirement=_requirement(session, file.facts.edition, moment),
        method=moment.label("certification-method", record.method),
        submitted_on=_submitted(session, application).isoformat(),
        decided_on=moment.day,
        decided_by=decided_by,
        reasons=record.reasons,
        reports=[
            {
                "report": report_data(session, facts.report, facts.laboratory, position),
                "outcome": moment.label("report-state", facts.record.state),
            }
            for facts in file.reports
        ],
        appeal=_remedies(session, moment),
        journal={"position": position, "leaf_hash": moment.entry.leaf_hash},
    )
    return _statement(f"{application.number}.pdf", "refusal.html", snapshot, moment)


def _remedies(session: Session, moment: _Moment) -> LocalText | None:
    """Return what the addressee can do by the law in force on the day of the decision.

    The law is told as the register knows it now: it held that day, whenever it was recorded.
    """
    decided_on = moment.entry.recorded_at.astimezone(moment.zone).date()
    notices = [term.attributes["notice"] for term in terms(session, REMEDY, AsOf(decided_on))]
    if not notices:
        return None
    return {"vi": " ".join(n["vi"] for n in notices), "en": " ".join(n["en"] for n in notices)}


def _statement(
    name: str, template: str, snapshot: AcceptanceSnapshot | RefusalSnapshot, moment: _Moment
) -> Statement:
    data = cast(Mapping[str, Any], snapshot)
    return Statement(name, template, data, content_digest(data), moment.entry.recorded_at)


def _moment(session: Session, position: int, zone: ZoneInfo) -> _Moment:
    return _Moment(entry(session, position), labels_known(session, position), zone)


def _submitted(session: Session, application: Application) -> date:
    return session.scalars(
        select(ApplicationRecord.state_since)
        .where(ApplicationRecord.application_id == application.id)
        .order_by(ApplicationRecord.known_from)
        .limit(1)
    ).one()


def _product(session: Session, facts: ReportFacts, position: int) -> Product:
    """Return the product applied for; without an application, the item as the report has it."""
    if facts.application is not None:
        product = session.scalars(
            select(ApplicationRecord.product).where(
                ApplicationRecord.application_id == facts.application.id,
                known(ApplicationRecord, position),
            )
        ).one()
        return product_data(product)
    content = facts.report.content
    item = content["item"]["description"] or content["title"] or "–"
    return {"name": {"vi": item, "en": None}, "description": None, "models": [], "hs": []}


def _requirement(session: Session, edition: Edition, moment: _Moment) -> Requirement:
    record = session.scalars(
        select(EditionRecord).where(
            EditionRecord.edition_id == edition.id,
            known(EditionRecord, moment.entry.position),
        )
    ).one()
    return {
        "designation": edition.designation,
        "title": _local(record.titles),
        "kind": moment.label("document-kind", record.kind),
    }


def _officer(session: Session, user_id: int | None) -> Officer | None:
    if user_id is None:
        return None
    return {"name": session.get_one(User, user_id).name, "role": _DECISION_MAKER}


def _condition(item: Mapping[str, Any], moment: _Moment) -> Condition:
    bases = [moment.label("legal-basis", key) for key in item["legal_basis"]]
    return {
        "title": moment.label("acceptance-condition", item["key"]),
        "outcome": item["verdict"],
        "sentence": _local(item["sentences"]),
        "evidence": [evidence["label"].rstrip(": ") for evidence in item["evidence"]],
        "legal_basis": _joined(bases) if bases else None,
    }


def _reasons(
    outcome: str, written: str | None, conditions: Sequence[Mapping[str, Any]]
) -> list[LocalText]:
    """Return the officer's reasons, in the language they are in; else what was not met."""
    if written:
        return [{"vi": line, "en": None} for line in written.splitlines() if line.strip()]
    if outcome != "refuse":
        return []
    return [_local(item["sentences"]) for item in conditions if item["verdict"] == "not_met"]


def _results(session: Session, facts: ReportFacts, moment: _Moment) -> list[Result]:
    assessed = stated_results(session, facts.report, facts.decision.on)
    return [
        _result(one, content, moment)
        for one, content in zip(assessed, facts.report.content["results"], strict=True)
    ]


def _result(assessed: AssessedResult, content: Mapping[str, Any], moment: _Moment) -> Result:
    verdict, limits = assessed.verdict, assessed.result.limits
    guarded = verdict is not None and verdict.guard_band != 0

    def outcome(key: str | None) -> LocalText | None:
        return moment.label("statement-of-conformity", key) if key else None

    return {
        "characteristic": {"vi": content["characteristic"], "en": None},
        "method": content["method"],
        "unit": content["unit"] if content["unit"] != "1" else None,
        "value": content["value"] or "–",
        "expanded_uncertainty": content["expanded_uncertainty"],
        "coverage_factor": content["coverage_factor"],
        # In the unit of the value, which is the one that is printed.
        "lower": _decimal(limits.lower) if limits else None,
        "upper": _decimal(limits.upper) if limits else None,
        "decision_rule": moment.label("decision-rule", content["decision_rule"])
        if content["decision_rule"]
        else None,
        "statement": outcome(verdict.outcome.value if verdict else None),
        "laboratory_statement": outcome(content["statement"]),
        "acceptance_lower": _decimal(verdict.acceptance.lower) if verdict and guarded else None,
        "acceptance_upper": _decimal(verdict.acceptance.upper) if verdict and guarded else None,
        "conformance_probability": _percent(verdict.conformance_probability if verdict else None),
        "specific_risk": _percent(verdict.specific_risk if verdict else None),
    }


def _decimal(number: Any) -> str | None:
    return None if number is None else f"{number:f}"


def _percent(probability: float | None) -> str | None:
    if probability is None:
        return None
    if probability > 1 - _NEARLY:
        return f">\N{NO-BREAK SPACE}{100 * (1 - _NEARLY):.2f}\N{NO-BREAK SPACE}%"
    if probability < _NEARLY:
        return f"<\N{NO-BREAK SPACE}{100 * _NEARLY:.2f}\N{NO-BREAK SPACE}%"
    return f"{100 * probability:.2f}\N{NO-BREAK SPACE}%"


def _joined(texts: Sequence[LocalText]) -> LocalText:
    return {
        "vi": "; ".join(text["vi"] for text in texts if text["vi"]) or None,
        "en": "; ".join(text["en"] for text in texts if text["en"]) or None,
    }


def _local(texts: Mapping[str, str]) -> LocalText:
    return {"vi": texts.get("vi"), "en": texts.get("en")}
