"""Is a report accepted, and do its statements hold? Asked of the register for any day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import Report, ReportRecord
from registry.assessment.queries.gathering import Holdings, Once
from registry.assessment.queries.report_facts import decision_rules, obligation_fact, report_fact
from registry.assessment.rules.acceptance import Acceptance, evaluate
from registry.assessment.rules.decision import Agreement, Verdict, assess, statement_agrees
from registry.assessment.rules.facts import Facts, ObligationFact, ReportFact, ResultFact
from registry.assessment.rules.sentences import as_data
from registry.assessment.rules.terms import Terms
from registry.catalog.models import Edition
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.vocabulary.queries import terms

_Fact = TypeVar("_Fact")


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


class Gatherer:
    """Gathers the facts about reports, for as many reports as are asked, on one session.

    Terms and arrangements are read once; bodies, accreditations, designations, editions
    and products once for each that is met. It answers from what the register held when
    it first read a thing, so it should not outlive its session.
    """

    def __init__(self, session: Session, as_of: AsOf, zone: ZoneInfo) -> None:
        self.as_of = as_of
        self._held = Holdings(session, as_of.position, zone)

    def prepare(self, reports: Iterable[Report]) -> None:
        """Read what ``reports`` need in a few statements for all, instead of some for each."""
        self._held.hold(reports)

    def facts(self, report: Report) -> GatheredFacts:
        """Return what the register knew at ``as_of.position`` that may matter for ``report``."""
        read = self.report(report)
        bodies = sorted(
            int(reference.removeprefix("body:"))
            for reference in {read.body, *(result.body for result in read.results)}
            if reference is not None
        )
        offered = self._held.offered[report.edition_id]
        documents = {result.method.document for result in read.results if result.method}
        self._held.periods.hold({offered.document_key, *documents})
        return GatheredFacts(
            report=read,
            obligation=obligation_fact(
                offered.edition_id,
                offered.designation,
                offered.document_key,
                self._held.periods[offered.document_key],
                self._held.product(report),
            ),
            facts=Facts(
                bodies=_joined(self._held.bodies, bodies),
                accreditations=_joined(self._held.accreditations, bodies),
                designations=_joined(self._held.designations, bodies),
                arrangements=self._held.arrangements,
                method_editions=tuple(
                    fact
                    for document in sorted(documents)
                    for fact in self._held.method_editions[document]
                ),
            ),
            terms=self._held.terms,
        )

    def report(self, report: Report) -> ReportFact:
        """Return a report as the rules read it."""
        slugs = {item["provider"] for item in report.content["results"] if item["provider"]}
        return report_fact(
            report,
            self._held.offered[report.edition_id].designation,
            rules=self._held.rules,
            providers={slug: self._held.providers[slug] for slug in slugs},
            replacement=self._held.replacements[report.id],
        )


def gather_facts(session: Session, report: Report, as_of: AsOf, zone: ZoneInfo) -> GatheredFacts:
    """Return what the register knew at ``as_of.position`` that may matter for ``report``."""
    return Gatherer(session, as_of, zone).facts(report)


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


def stated_results(session: Session, report: Report, on: date) -> Sequence[AssessedResult]:
    """Return every result of a report under the decision rules in force on the day ``on``."""
    rules = decision_rules(terms(session, "decision-rule", AsOf(on)))
    designation = session.scalars(
        select(Edition.designation).where(Edition.id == report.edition_id)
    ).one()
    return assessed_results(report_fact(report, designation, rules=rules, providers={}))


def assessed_results(report: ReportFact) -> Sequence[AssessedResult]:
    """Return every result of a report beside the verdict recomputed from its numbers."""
    return [_assessed(result) for result in report.results]


def _joined(held: Once[int, tuple[_Fact, ...]], bodies: Iterable[int]) -> tuple[_Fact, ...]:
    return tuple(fact for body in bodies for fact in held[body])


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
