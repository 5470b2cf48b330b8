"""What depends on an accreditation, a listing or a body's standing from a day on.

The list is computed from the facts, for any day and as known at any position; nothing
is changed by asking. Each kind of thing has one function, in a table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from registry.assessment import states
from registry.assessment.models import (
    AcceptanceDecision,
    Accreditation,
    Application,
    ApplicationRecord,
    Body,
    Certificate,
    Declaration,
    DeclarationEvent,
    ForeignReliance,
    ForeignResult,
    ForeignResultRecord,
    Report,
    ReportRecord,
    ScopeLine,
)
from registry.assessment.queries.acceptance_facts import method_reference
from registry.assessment.queries.certificates import facts_of
from registry.assessment.rules.case import same
from registry.assessment.status import status_on
from registry.catalog.models import Document, Edition
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message

REPORT = "report"
ACCEPTANCE = "acceptance"
CERTIFICATE = "certificate"
APPLICATION = "application"
DECLARATION = "declaration"
FOREIGN_RESULT = "foreign-result"

PENDING = frozenset({states.SUBMITTED, states.EVALUATION, states.REVIEW})
_CARRIES = frozenset({states.ACCEPTED, states.REFERRED})
OVER = frozenset({"withdrawn", "replaced"})


@dataclass(frozen=True, slots=True)
class Loss:
    """What no longer holds from the day ``since`` on.

    ``lines`` are the scope lines touched; None touches whatever the body did.
    ``regulations`` are keys of documents that its results were offered for; None is any.
    """

    body_id: int
    since: date
    lines: Sequence[ScopeLine] | None = None
    regulations: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Dependent:
    """A thing that rests on what was lost; ``on`` is the first day that is touched.

    ``rests_on`` names the things in between, as their parties call them.
    """

    kind: str
    subject: str
    label: str
    state: str
    on: date
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TouchedReport:
    """A report with results that the loss touches."""

    report: Report
    state: str
    on: date


@dataclass(frozen=True, slots=True)
class Touched:
    """A loss with the reports that it touches, which most kinds of dependents rest on."""

    loss: Loss
    reports: Sequence[TouchedReport]


def dependents(session: Session, loss: Loss, as_of: AsOf) -> list[Dependent]:
    """Return what depends on the loss, by kind, each kind in the order of its numbers."""
    touched = Touched(loss, touched_reports(session, loss, as_of.position))
    return [found for list_kind in KINDS.values() for found in list_kind(session, touched, as_of)]


def loss_of_accreditation(
    session: Session,
    accreditation_id: int,
    since: date,
    as_of: AsOf,
    line_ids: Iterable[int] | None = None,
) -> Loss:
    """Return what the loss of an accreditation, or of the lines named, means.

    Raises ``NotFound`` for no such accreditation. Lines that ended before count no more.
    """
    accreditation = session.get(Accreditation, accreditation_id)
    if accreditation is None:
        raise NotFound(Message("There is no such accreditation."))
    query = select(ScopeLine).where(
        ScopeLine.accreditation_id == accreditation_id,
        known(ScopeLine, as_of.position),
        or_(ScopeLine.valid_until.is_(None), ScopeLine.valid_until >= since),
    )
    if line_ids is not None:
        query = query.where(ScopeLine.id.in_(list(line_ids)))
    return Loss(accreditation.body_id, since, session.scalars(query).all())


def touched_reports(session: Session, loss: Loss, position: int | None) -> list[TouchedReport]:
    """Return the accepted or referred reports with a result on or after the day of the loss.

    A report is issued after its tests, so earlier ones are not even read.
    """
    body = session.get_one(Body, loss.body_id)
    # Another body's report may hold results of this one (ISO/IEC 17025, 7.8.2.1 p).
    provided = cast(Report.content, Text).contains(f'"provider": "{body.slug}"', autoescape=True)
    query = (
        select(Report, ReportRecord.state)
        .join(ReportRecord, ReportRecord.report_id == Report.id)
        .where(
            Report.issued_on >= loss.since,
            or_(Report.body_id == body.id, provided),
            ReportRecord.state.in_(_CARRIES),
            known(ReportRecord, position),
        )
        .order_by(Report.id)
    )
    if loss.regulations is not None:
        query = (
            query.join(Edition, Edition.id == Report.edition_id)
            .join(Document, Document.id == Edition.document_id)
            .where(Document.key.in_(loss.regulations))
        )
    found = []
    for report, state in session.execute(query):
        days = [
            last
            for result in report.content["results"]
            if (last := _last_day(result)) is not None
            and last >= loss.since
            and _performed_by(result, report, body)
            and _in_lines(result, loss.lines)
        ]
        if days:
            found.append(TouchedReport(report, state, min(days)))
    return found


def _performed_by(result: Mapping[str, Any], report: Report, body: Body) -> bool:
    provider = result.get("provider")
    return report.body_id == body.id if provider is None else provider == body.slug


def _last_day(result: Mapping[str, Any]) -> date | None:
    text = result.get("performed_until") or result.get("performed_on")
    return date.fromisoformat(text) if text else None


def _in_lines(result: Mapping[str, Any], lines: Sequence[ScopeLine] | None) -> bool:
    """Whether a line may be what the result rested on; in doubt an officer looks."""
    if lines is None:
        return True
    if not result["method"]:
        return bool(lines)
    method = method_reference(result["method"])
    for line in lines:
        if line.characteristic and not same(line.characteristic, result["characteristic"]):
            continue
        if not line.method_dated:
            if same(line.method_key, method.document):
                return True
        elif method.edition is None:
            if same(method_reference(line.method).document, method.document):
                return True
        elif same(line.method_key, method.edition):
            return True
    return False


def _reports(_session: Session, found: Touched, _as_of: AsOf) -> Iterable[Dependent]:
    for touched in found.reports:
        report = touched.report
        subject = f"report:{report.id}"
        yield Dependent(REPORT, subject, report.number, touched.state, touched.on)


def _acceptances(session: Session, found: Touched, as_of: AsOf) -> Iterable[Dependent]:
    days = {touched.report.id: touched for touched in found.reports}
    for decision in session.scalars(
        select(AcceptanceDecision)
        .where(
            AcceptanceDecision.report_id.in_(days),
            AcceptanceDecision.decided_outcome == "accept",
            known(AcceptanceDecision, as_of.position),
        )
        .order_by(AcceptanceDecision.report_id)
    ):
        touched = days[decision.report_id]
        number = touched.report.number
        subject = f"report:{decision.report_id}"
        yield Dependent(ACCEPTANCE, subject, number, "accepted", touched.on, (number,))


def _applications(session: Session, found: Touched, as_of: AsOf) -> Iterable[Dependent]:
    by_application = _by_application(found.reports)
    for application, state in session.execute(
        select(Application, ApplicationRecord.state)
        .join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
        .where(
            Application.id.in_(by_application),
            ApplicationRecord.state.in_(PENDING),
            known(ApplicationRecord, as_of.position),
        )
        .order_by(Application.id)
    ):
        under = by_application[application.id]
        yield Dependent(
            APPLICATION,
            f"application:{application.id}",
            application.number,
            state,
            min(touched.on for touched in under),
            tuple(touched.report.number for touched in under),
        )


def _certificates(session: Session, found: Touched, as_of: AsOf) -> Iterable[Dependent]:
    for certificate, under in _resting(session, found.reports, as_of):
        state = facts_of(session, [certificate], as_of)[0].status.key
        if state not in OVER:
            yield Dependent(
                CERTIFICATE,
                f"certificate:{certificate.id}",
                certificate.number,
                state,
                min(touched.on for touched in under),
                tuple(touched.report.number for touched in under),
            )


def _declarations(session: Session, found: Touched, as_of: AsOf) -> Iterable[Dependent]:
    resting = {
        certificate.number: under for certificate, under in _resting(session, found.reports, as_of)
    }
    for declaration in session.scalars(
        select(Declaration)
        .where(Declaration.certificate_number.in_(resting))
        .order_by(Declaration.id)
    ):
        events = session.scalars(
            select(DeclarationEvent)
            .where(
                DeclarationEvent.declaration_id == declaration.id,
                known(DeclarationEvent, as_of.position),
            )
            .order_by(DeclarationEvent.id)
        ).all()
        if not events:
            # It is not in the public register (yet), so nobody relies on it.
            continue
        state = status_on(declaration, events, as_of.at).key
        if state not in OVER:
            under = resting[declaration.certificate_number or ""]
            yield Dependent(
                DECLARATION,
                f"declaration:{declaration.id}",
                declaration.number,
                state,
                min(touched.on for touched in under),
                (declaration.certificate_number or "",),
            )


def _foreign_results(session: Session, found: Touched, as_of: AsOf) -> Iterable[Dependent]:
    """Yield what the body issued itself since, where something here relies on it."""
    if found.loss.lines is not None:
        # A foreign scheme certifies by its own rules, not by a line of an accreditation.
        return
    rows = session.execute(
        select(ForeignResult, ForeignResultRecord.issued_on, ForeignReliance.subject)
        .join(ForeignResultRecord, ForeignResultRecord.foreign_result_id == ForeignResult.id)
        .join(ForeignReliance, ForeignReliance.foreign_result_id == ForeignResult.id)
        .where(
            ForeignResult.issuer_id == found.loss.body_id,
            ForeignResultRecord.issued_on >= found.loss.since,
            known(ForeignResultRecord, as_of.position),
            known(ForeignReliance, as_of.position),
        )
        .order_by(ForeignResult.id)
    )
    relying: dict[int, list[str]] = {}
    results: dict[int, tuple[ForeignResult, date]] = {}
    for result, issued_on, subject in rows:
        results[result.id] = (result, issued_on or found.loss.since)
        relying.setdefault(result.id, []).append(subject)
    for id_, (result, issued_on) in results.items():
        yield Dependent(
            FOREIGN_RESULT,
            f"foreign-result:{id_}",
            f"{result.scheme} {result.number}",
            "relied-on",
            issued_on,
            tuple(relying[id_]),
        )


def _resting(
    session: Session, reports: Sequence[TouchedReport], as_of: AsOf
) -> list[tuple[Certificate, list[TouchedReport]]]:
    """Return certificates with the reports under them that the loss touches."""
    by_application = _by_application(reports)
    query = (
        select(Certificate)
        .where(Certificate.application_id.in_(by_application))
        .order_by(Certificate.id)
    )
    if as_of.position is not None:
        query = query.where(Certificate.issued_position <= as_of.position)
    return [(found, by_application[found.application_id]) for found in session.scalars(query)]


def _by_application(reports: Sequence[TouchedReport]) -> dict[int, list[TouchedReport]]:
    found: dict[int, list[TouchedReport]] = {}
    for touched in reports:
        if touched.report.application_id is not None:
            found.setdefault(touched.report.application_id, []).append(touched)
    return found


KINDS: Mapping[str, Callable[[Session, Touched, AsOf], Iterable[Dependent]]] = {
    REPORT: _reports,
    ACCEPTANCE: _acceptances,
    CERTIFICATE: _certificates,
    APPLICATION: _applications,
    DECLARATION: _declarations,
    FOREIGN_RESULT: _foreign_results,
}
