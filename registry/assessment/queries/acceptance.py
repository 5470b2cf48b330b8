"""Is a report accepted, and do its statements hold? Asked of the register for any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import Report, ReportRecord
from registry.assessment.queries.acceptance_facts import (
    accreditation_facts,
    arrangement_facts,
    body_facts,
    designation_facts,
)
from registry.assessment.queries.edition_periods import edition_periods
from registry.assessment.queries.report_facts import (
    decision_rules,
    obligation_fact,
    report_fact,
)
from registry.assessment.rules.acceptance import Acceptance, evaluate
from registry.assessment.rules.decision import Agreement, Verdict, assess, statement_agrees
from registry.assessment.rules.facts import (
    Facts,
    MethodEditionFact,
    MethodReference,
    ObligationFact,
    ReportFact,
    ResultFact,
)
from registry.assessment.rules.sentences import as_data
from registry.assessment.rules.terms import TermLike, Terms
from registry.catalog.models import Document, Edition
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class GatheredFacts:
    """Everything the acceptance rules read about one report."""

    report: ReportFact
    obligation: ObligationFact
    facts: Facts
    terms: Terms


@dataclass(frozen=True, slots=True)
class AssessedResult:
    """A result beside what its own numbers say; None where they say nothing."""

    result: ResultFact
    verdict: Verdict | None
    agreement: Agreement | None

    @property
    def contradicted(self) -> bool:
        """Whether the laboratory's statement contradicts its own numbers."""
        return self.agreement is not None and self.agreement.agrees is False


def gather_facts(session: Session, report: Report, as_of: AsOf, zone: ZoneInfo) -> GatheredFacts:
    """Return what the register knew at ``as_of.position`` that may matter for ``report``."""
    position = as_of.position
    terms = _terms(session, position)
    read = report_fact(session, report, decision_rules(terms), position)
    bodies = {
        int(reference.removeprefix("body:"))
        for reference in (read.body, *(result.body for result in read.results))
        if reference is not None
    }
    regulation = session.scalars(
        select(Document.key)
        .join(Edition, Edition.document_id == Document.id)
        .where(Edition.id == report.edition_id)
    ).one()
    documents = {result.method.document for result in read.results if result.method}
    periods = edition_periods(session, documents | {regulation}, zone, position)
    return GatheredFacts(
        report=read,
        obligation=obligation_fact(session, report, periods, position),
        facts=Facts(
            bodies=body_facts(session, bodies, position),
            accreditations=accreditation_facts(session, bodies, position),
            designations=designation_facts(session, bodies, position),
            arrangements=arrangement_facts(session, position),
            method_editions=tuple(
                MethodEditionFact(
                    reference=f"edition:{period.edition_id}",
                    label=period.designation,
                    valid_from=period.first,
                    valid_until=period.last,
                    edition=MethodReference(
                        period.document_key, period.edition_key, period.designation
                    ),
                )
                for period in periods
                if period.certain and period.document_key in documents
            ),
        ),
        terms=Terms(terms),
    )


def judge(gathered: GatheredFacts, as_of: AsOf) -> Acceptance:
    """Return the rules' answer for the day asked."""
    return evaluate(gathered.report, gathered.obligation, as_of.at, gathered.facts, gathered.terms)


def explain(session: Session, report_id: int, as_of: AsOf, zone: ZoneInfo) -> dict[str, Any]:
    """Return the acceptance of a report on any day, as known at any position.

    Shape as ``registry.assessment.rules.sentences.as_data``. Raises ``NotFound``
    when the register did not hold the report then.
    """
    report = session.get(Report, report_id)
    if report is None or not _held(session, report, as_of.position):
        raise NotFound(Message("There is no such report."))
    gathered = gather_facts(session, report, as_of, zone)
    return as_data(judge(gathered, as_of), gathered.terms)


def assessed_results(report: ReportFact) -> Sequence[AssessedResult]:
    """Return every result of a report beside the verdict recomputed from its numbers."""
    return [_assessed(result) for result in report.results]


def _terms(session: Session, position: int | None) -> Sequence[TermLike]:
    """Return all terms known at ``position``, as rows: there are hundreds, and none is changed."""
    return session.execute(
        select(
            Term.vocabulary,
            Term.key,
            Term.labels,
            Term.attributes,
            Term.valid_from,
            Term.valid_until,
        )
        .where(known(Term, position))
        .order_by(Term.id)
    ).all()


def _assessed(result: ResultFact) -> AssessedResult:
    if result.measurement is None or result.limits is None or result.rule is None:
        return AssessedResult(result, None, None)
    verdict = assess(result.measurement, result.limits, result.rule)
    return AssessedResult(result, verdict, statement_agrees(result.statement, verdict))


def _held(session: Session, report: Report, position: int | None) -> bool:
    statement = select(ReportRecord.id).where(
        ReportRecord.report_id == report.id, known(ReportRecord, position)
    )
    return session.scalar(statement) is not None
