"""What the register holds already and need not ask its applicants again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.actor import Actor
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    Certificate,
    Declaration,
    Report,
    ReportRecord,
)
from registry.assessment.queries.reports import ReportFacts, reports_by_id
from registry.assessment.states import ACCEPTED
from registry.catalog.models import Edition
from registry.history import AsOf, known

MOST = 30


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product named in an application or declaration before; ``number`` is that one's."""

    number: str
    product: Mapping[str, Any]
    regulation: str
    method: str | None


def own_organisation(session: Session, actor: Actor) -> OrganisationRecord | None:
    """Return what the register knows of the actor's organisation."""
    if actor.organisation_id is None:
        return None
    return session.scalar(
        select(OrganisationRecord).where(
            OrganisationRecord.organisation_id == actor.organisation_id, known(OrganisationRecord)
        )
    )


def known_products(session: Session, actor: Actor) -> list[KnownProduct]:
    """Return the products of the organisation's applications and declarations, newest first."""
    if actor.organisation_id is None:
        return []
    applied = session.execute(
        select(Application.number, ApplicationRecord, Edition.designation)
        .join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
        .join(Edition, Edition.id == Application.edition_id)
        .where(Application.organisation_id == actor.organisation_id, known(ApplicationRecord))
        .order_by(Application.id.desc())
        .limit(MOST)
    )
    declared = session.scalars(
        select(Declaration)
        .where(Declaration.organisation_id == actor.organisation_id)
        .order_by(Declaration.id.desc())
        .limit(MOST)
    )
    found = [
        KnownProduct(number, record.product, designation, record.method)
        for number, record, designation in applied
    ] + [
        KnownProduct(item.number, item.content["product"], item.content["regulations"][0], None)
        for item in declared
    ]
    named: dict[str, KnownProduct] = {}
    for item in found:
        named.setdefault(repr(item.product), item)
    return list(named.values())[:MOST]


def reusable_product(session: Session, actor: Actor, number: str) -> dict[str, Any]:
    """Return the fields of a form that an earlier matter of the organisation fills in.

    ``number`` is that of a certificate, an application or a declaration of its own;
    nothing for any other.
    """
    certificate = session.scalar(
        select(Certificate).where(
            Certificate.number == number, Certificate.organisation_id == actor.organisation_id
        )
    )
    if certificate is not None:
        application = session.get_one(Application, certificate.application_id)
        fields = reusable_product(session, actor, application.number)
        return {
            **fields,
            "basis": "designated-certification",
            "certificate": certificate.number,
            "valid_until": certificate.valid_until,
        }
    for item in known_products(session, actor):
        if item.number == number:
            return product_fields(item)
    return {}


def product_fields(known_product: KnownProduct) -> dict[str, Any]:
    """Return a product as the fields of a form."""
    product = known_product.product
    return {
        "regulation": known_product.regulation,
        "regulations": known_product.regulation,
        "method": known_product.method or "",
        "product.name.vi": product["name"].get("vi", ""),
        "product.name.en": product["name"].get("en", ""),
        "product.models": "\n".join(product["models"]),
        "product.hs": ", ".join(product["hs"]),
        "product.description": product["description"] or "",
    }


def usable_reports(
    session: Session, actor: Actor, edition_id: int, as_of: AsOf
) -> list[ReportFacts]:
    """Return the reports accepted for this edition for applications of the organisation."""
    if actor.organisation_id is None:
        return []
    ids = session.scalars(
        select(Report.id)
        .join(ReportRecord, ReportRecord.report_id == Report.id)
        .join(Application, Application.id == Report.application_id)
        .where(
            Application.organisation_id == actor.organisation_id,
            Report.edition_id == edition_id,
            ReportRecord.state == ACCEPTED,
            known(ReportRecord, as_of.position),
        )
        .order_by(Report.id.desc())
        .limit(MOST)
    ).all()
    return reports_by_id(session, ids, as_of)
