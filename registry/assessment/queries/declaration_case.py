"""Gathers what the rules look at when a declaration of conformity is judged."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import Application, Body, Report, ReportRecord
from registry.assessment.queries.certificates import find_certificate
from registry.assessment.queries.report_facts import HOME_COUNTRY
from registry.assessment.rules.declaration import (
    CertificateBasis,
    ClaimedEdition,
    DeclarationCase,
    ResultBasis,
)
from registry.catalog.models import Edition
from registry.catalog.queries.editions import edition_facts, obligations_of
from registry.errors import Invalid
from registry.history import AsOf, known
from registry.messages import Message
from registry.vocabulary.queries import terms


def gather_case(
    session: Session,
    organisation_id: int,
    editions: Sequence[Edition],
    data: Mapping[str, Any],
    as_of: AsOf,
    *,
    zone: ZoneInfo,
) -> DeclarationCase:
    """Return the case of a declaration, data as ``DeclarationSchema`` loads it.

    Raises ``Invalid`` naming "regulations", "certificate" or "reports.<i>" for what the
    register does not hold.
    """
    return DeclarationCase(
        on=as_of.at,
        basis=data["basis"],
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
        editions=_editions(session, editions, as_of, zone),
        models=frozenset(data["product"]["models"]),
        certificate=_certificate(session, organisation_id, data["certificate"], as_of),
        results=_results(session, organisation_id, data["reports"], as_of),
    )


def _editions(
    session: Session, editions: Sequence[Edition], as_of: AsOf, zone: ZoneInfo
) -> tuple[ClaimedEdition, ...]:
    facts = edition_facts(session, editions, as_of, zone, drafts=False)
    if len(facts) < len(editions):
        raise Invalid.one("regulations", Message("This edition is not published."))
    mandatory = {
        term.key
        for term in terms(session, "document-kind", as_of)
        if term.attributes.get("mandatory")
    }
    return tuple(
        ClaimedEdition(
            id=item.edition.id,
            designation=item.edition.designation,
            mandatory=item.record.kind in mandatory,
            status=item.status.status,
            bases=frozenset(
                obligation.declaration
                for obligation in obligations_of(session, item.edition.id, as_of)
                if obligation.declaration
            ),
        )
        for item in facts
    )


def _certificate(
    session: Session, organisation_id: int, number: str | None, as_of: AsOf
) -> CertificateBasis | None:
    if number is None:
        return None
    found = find_certificate(session, number, as_of).found
    if found is None:
        raise Invalid.one("certificate", Message("There is no certificate of this number."))
    certificate = found.certificate
    return CertificateBasis(
        id=certificate.id,
        number=certificate.number,
        own=certificate.organisation_id == organisation_id,
        edition_ids=frozenset({certificate.edition_id}),
        status=found.status.key,
        valid_until=found.said.valid_until,
        models=frozenset(found.said.snapshot["product"]["models"]),
    )


def _results(
    session: Session, organisation_id: int, numbers: Sequence[str], as_of: AsOf
) -> tuple[ResultBasis, ...]:
    rows = session.execute(
        select(Report, ReportRecord.state, OrganisationRecord.country)
        .join(ReportRecord, ReportRecord.report_id == Report.id)
        .join(Application, Application.id == Report.application_id)
        .join(Body, Body.id == Report.body_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            Report.number.in_(numbers),
            Application.organisation_id == organisation_id,
            known(ReportRecord, as_of.position),
            known(OrganisationRecord, as_of.position),
        )
        .order_by(Report.id)
    ).all()
    held = {report.number for report, _, _ in rows}
    missing = {
        f"reports.{index}": [
            Message("The register holds no report of this number for your applications.")
        ]
        for index, number in enumerate(numbers)
        if number not in held
    }
    if missing:
        raise Invalid(missing)
    return tuple(
        ResultBasis(
            id=report.id,
            number=report.number,
            foreign=country != HOME_COUNTRY,
            edition_id=report.edition_id,
            state=state,
        )
        for report, state, country in rows
    )
