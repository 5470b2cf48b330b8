"""What the journal's subjects are: what people call them, whose they are, where they stand.

One function for each kind, in a table: tasks, notices and webhooks all ask here, so a
kind that is new to the register is added once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import Organisation
from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Application,
    ApplicationRecord,
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    Body,
    Certificate,
    Declaration,
    DeclarationEvent,
    DeclarationRecord,
    ForeignResult,
    Report,
    ReportRecord,
    ReportRequest,
    ReportRequestRecord,
)
from registry.assessment.queries.certificates import facts_of
from registry.assessment.status import status_on
from registry.history import AsOf, known


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """A thing of the register as others refer to it.

    ``name`` stands for it in an address (a slug, a number); ``organisations`` are the
    parties concerned; ``status`` is None for what has none.
    """

    kind: str
    id: int
    name: str
    label: str
    organisations: frozenset[int] = field(default_factory=frozenset)
    status: str | None = None


def describe(session: Session, subject: str, as_of: AsOf) -> SubjectFacts | None:
    """Return what the journal's ``subject`` ("certificate:3") is, as known at the position asked.

    None for kinds that are no party's, and for what is not there.
    """
    kind, _, number = subject.partition(":")
    reader = KINDS.get(kind)
    if reader is None or not number.isascii() or not number.isdigit():
        return None
    return reader(session, int(number), as_of)


def _certificate(session: Session, id_: int, as_of: AsOf) -> SubjectFacts | None:
    certificate = session.get(Certificate, id_)
    if certificate is None:
        return None
    return SubjectFacts(
        "certificate",
        id_,
        certificate.number,
        certificate.number,
        frozenset({certificate.organisation_id}),
        facts_of(session, [certificate], as_of)[0].status.key,
    )


def _declaration(session: Session, id_: int, as_of: AsOf) -> SubjectFacts | None:
    declaration = session.get(Declaration, id_)
    if declaration is None:
        return None
    position = as_of.position
    state = session.scalar(
        select(DeclarationRecord.state).where(
            DeclarationRecord.declaration_id == id_, known(DeclarationRecord, position)
        )
    )
    events = session.scalars(
        select(DeclarationEvent)
        .where(DeclarationEvent.declaration_id == id_, known(DeclarationEvent, position))
        .order_by(DeclarationEvent.id)
    ).all()
    return SubjectFacts(
        "declaration",
        id_,
        declaration.number,
        declaration.number,
        frozenset({declaration.organisation_id}),
        # Before its registration there is no status, only where it stands on its way.
        status_on(declaration, events, as_of.at).key if events else state,
    )


def _application(session: Session, id_: int, as_of: AsOf) -> SubjectFacts | None:
    application = session.get(Application, id_)
    if application is None:
        return None
    state = session.scalar(
        select(ApplicationRecord.state).where(
            ApplicationRecord.application_id == id_, known(ApplicationRecord, as_of.position)
        )
    )
    organisations = frozenset({application.organisation_id})
    return SubjectFacts(
        "application", id_, application.number, application.number, organisations, state
    )


def _report(session: Session, id_: int, as_of: AsOf) -> SubjectFacts | None:
    report = session.get(Report, id_)
    if report is None:
        return None
    organisations = {session.get_one(Body, report.body_id).organisation_id}
    if report.application_id is not None:
        application = session.get_one(Application, report.application_id)
        organisations.add(application.organisation_id)
    state = session.scalar(
        select(ReportRecord.state).where(
            ReportRecord.report_id == id_, known(ReportRecord, as_of.position)
        )
    )
    return SubjectFacts("report", id_, str(id_), report.number, frozenset(organisations), state)


def _report_request(session: Session, id_: int, as_of: AsOf) -> SubjectFacts | None:
    request = session.get(ReportRequest, id_)
    if request is None:
        return None
    state = session.scalar(
        select(ReportRequestRecord.state).where(
            ReportRequestRecord.request_id == id_, known(ReportRequestRecord, as_of.position)
        )
    )
    owner = session.get_one(Body, request.body_id).organisation_id
    return SubjectFacts("report-request", id_, str(id_), request.number, frozenset({owner}), state)


def _foreign_result(session: Session, id_: int, _as_of: AsOf) -> SubjectFacts | None:
    result = session.get(ForeignResult, id_)
    if result is None:
        return None
    owner = session.get_one(Body, result.issuer_id).organisation_id
    label = f"{result.scheme.upper()} {result.number}"
    return SubjectFacts("foreign-result", id_, str(id_), label, frozenset({owner}))


def _body(session: Session, id_: int, _as_of: AsOf) -> SubjectFacts | None:
    body = session.get(Body, id_)
    if body is None:
        return None
    return SubjectFacts("body", id_, body.slug, body.slug, frozenset({body.organisation_id}))


def _accreditation(session: Session, id_: int, as_of: AsOf) -> SubjectFacts | None:
    row = session.execute(
        select(AccreditationRecord, Body)
        .join(Accreditation, Accreditation.id == AccreditationRecord.accreditation_id)
        .join(Body, Body.id == Accreditation.body_id)
        .where(Accreditation.id == id_, known(AccreditationRecord, as_of.position))
    ).one_or_none()
    if row is None:
        return None
    record, body = row
    events = session.scalars(
        select(AccreditationEvent)
        .where(
            AccreditationEvent.accreditation_id == id_, known(AccreditationEvent, as_of.position)
        )
        .order_by(AccreditationEvent.id)
    ).all()
    return SubjectFacts(
        "accreditation",
        id_,
        body.slug,
        record.number,
        frozenset({body.organisation_id}),
        status_on(record, events, as_of.at).key,
    )


def _arrangement(session: Session, id_: int, as_of: AsOf) -> SubjectFacts | None:
    arrangement = session.get(Arrangement, id_)
    if arrangement is None:
        return None
    record = session.scalar(
        select(ArrangementRecord).where(
            ArrangementRecord.arrangement_id == id_, known(ArrangementRecord, as_of.position)
        )
    )
    listed = set(
        session.scalars(
            select(Body.organisation_id)
            .join(ArrangementListing, ArrangementListing.body_id == Body.id)
            .where(
                ArrangementListing.arrangement_id == id_, known(ArrangementListing, as_of.position)
            )
        )
    )
    parties = [
        party["body_id"] for party in (record.parties if record else ()) if "body_id" in party
    ]
    listed |= set(session.scalars(select(Body.organisation_id).where(Body.id.in_(parties))))
    return SubjectFacts("arrangement", id_, arrangement.slug, arrangement.slug, frozenset(listed))


def _organisation(session: Session, id_: int, _as_of: AsOf) -> SubjectFacts | None:
    organisation = session.get(Organisation, id_)
    if organisation is None:
        return None
    slug = organisation.slug
    return SubjectFacts("organisation", id_, slug, slug, frozenset({id_}))


KINDS: Mapping[str, Callable[[Session, int, AsOf], SubjectFacts | None]] = {
    "certificate": _certificate,
    "declaration": _declaration,
    "application": _application,
    "report": _report,
    "report-request": _report_request,
    "foreign-result": _foreign_result,
    "body": _body,
    "accreditation": _accreditation,
    "arrangement": _arrangement,
    "organisation": _organisation,
}


# Of kinds that come by the thousand, the parties are asked for many at once. Whose such a
# thing is never changes, so no day or position is asked.
_OWNERS: Mapping[str, Any] = {
    "certificate": select(Certificate.id, Certificate.organisation_id),
    "declaration": select(Declaration.id, Declaration.organisation_id),
    "application": select(Application.id, Application.organisation_id),
    "report": select(Report.id, Body.organisation_id, Application.organisation_id)
    .join(Body, Body.id == Report.body_id)
    .outerjoin(Application, Application.id == Report.application_id),
    "report-request": select(ReportRequest.id, Body.organisation_id).join(
        Body, Body.id == ReportRequest.body_id
    ),
}
_AT_ONCE = 500


def parties_of(
    session: Session, subjects: Iterable[tuple[str, AsOf]]
) -> dict[tuple[str, int | None], frozenset[int]]:
    """Return the organisations that the journal's subjects concern, by (subject, position)."""
    asked = list(subjects)
    by_kind: dict[str, set[int]] = {}
    for subject, _ in asked:
        kind, _, number = subject.partition(":")
        if kind in _OWNERS and number.isascii() and number.isdigit():
            by_kind.setdefault(kind, set()).add(int(number))
    owners: dict[str, frozenset[int]] = {}
    for kind, ids in by_kind.items():
        question = _OWNERS[kind]
        key = question.selected_columns[0]
        wanted = sorted(ids)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            for id_, *organisations in session.execute(question.where(key.in_(some))):
                owners[f"{kind}:{id_}"] = frozenset(organisations) - {None}
    found = {}
    for subject, as_of in asked:
        if subject.partition(":")[0] in _OWNERS:
            found[subject, as_of.position] = owners.get(subject, frozenset())
        else:
            facts = describe(session, subject, as_of)
            found[subject, as_of.position] = facts.organisations if facts else frozenset()
    return found
