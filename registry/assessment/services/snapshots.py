"""Freezes what a certificate says, as plain data that the PDF page reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord, User
from registry.assessment.models import (
    Accreditation,
    AccreditationRecord,
    Application,
    ApplicationRecord,
    Body,
    Report,
)
from registry.assessment.states import IN_FORCE, NOT_YET_IN_FORCE
from registry.catalog.models import Edition, EditionRecord
from registry.config import Settings
from registry.history import covers, known
from registry.pdf.snapshots import (
    CertificateSnapshot,
    Holder,
    LocalText,
    Method,
    Officer,
    Product,
    ReportReference,
    Requirement,
)
from registry.pdf.snapshots import Register as RegisterData
from registry.unit_of_work import Receipt, UnitOfWork
from registry.vocabulary.models import Term

_CONDITIONS_OF_USE: tuple[LocalText, ...] = (
    {
        "vi": "Giấy chứng nhận chỉ áp dụng cho sản phẩm đúng như mẫu đã được đánh giá.",
        "en": "The certificate applies only to products identical to those assessed.",
    },
    {
        "vi": "Tổ chức được cấp phải báo cho cơ quan cấp mọi thay đổi ảnh hưởng đến sự phù hợp.",
        "en": "The holder informs the issuing authority of every change that affects conformity.",
    },
)


_DECISION_MAKER: LocalText = {"vi": "Người quyết định", "en": "Decision maker"}


@dataclass(frozen=True, slots=True)
class IssuingRegister:
    """The register as its certificates name it: number prefix, address, name and authority."""

    number_prefix: str
    base_url: str
    name: LocalText
    authority: LocalText


def issuing_register(settings: Settings) -> IssuingRegister:
    """Return the register that these settings describe."""
    return IssuingRegister(
        number_prefix=settings.number_prefix,
        base_url=settings.base_url,
        name={
            "vi": "Sổ đăng bạ tiêu chuẩn quốc gia",
            "en": "National Standards Registry",
        },
        authority={"vi": "Cơ quan tiêu chuẩn quốc gia", "en": "National standards body"},
    )


def certificate_snapshot(
    uow: UnitOfWork,
    register: IssuingRegister,
    *,
    number: str,
    application: Application,
    record: ApplicationRecord,
    reports: Sequence[Report],
    valid_from: date,
    valid_until: date,
    decision: Receipt,
    replaces: str | None = None,
) -> CertificateSnapshot:
    """Return everything that the certificate will say; ``decision`` is the entry it rests on."""
    status = IN_FORCE if valid_from <= uow.today else NOT_YET_IN_FORCE
    return CertificateSnapshot(
        number=number,
        register=register_data(register),
        demonstration=application.demonstration,
        holder=holder_data(uow, application.organisation_id),
        product=product_data(record.product),
        requirements=[requirement_data(uow, application.edition_id)],
        method=_method(uow, record.method),
        scope=None,
        reports=[_report(uow, report) for report in reports],
        # The page names the reports; their results ride along in the credential.
        results=[],
        valid_from=valid_from.isoformat(),
        valid_until=valid_until.isoformat(),
        decided_on=uow.today.isoformat(),
        decision_maker=_officer(uow, record.decision_maker_id, _DECISION_MAKER),
        reviewer=_officer(uow, record.reviewer_id, {"vi": "Người thẩm xét", "en": "Reviewer"}),
        conditions_of_use=list(_CONDITIONS_OF_USE),
        verify_url=f"{register.base_url}/verify/{number}",
        status_as_printed={
            "label": term_label(uow, "certificate-status", status),
            "on": uow.today.isoformat(),
        },
        journal={"position": decision.position, "leaf_hash": decision.leaf_hash},
        replaces=replaces,
    )


def next_snapshot(
    uow: UnitOfWork,
    former: CertificateSnapshot,
    *,
    version: int,
    kind: str,
    day: date,
    valid_from: date,
    valid_until: date,
    status: str,
    decision: Receipt,
) -> CertificateSnapshot:
    """Return what a later version says: ``former`` with what this decision changed in it."""
    return {
        **former,
        "valid_from": valid_from.isoformat(),
        "valid_until": valid_until.isoformat(),
        "decided_on": uow.today.isoformat(),
        "decision_maker": _officer(uow, uow.actor.user_id, _DECISION_MAKER),
        "reviewer": None,
        "status_as_printed": {
            "label": term_label(uow, "certificate-status", status),
            "on": uow.today.isoformat(),
        },
        "journal": {"position": decision.position, "leaf_hash": decision.leaf_hash},
        "version": {
            "number": version,
            "replaces": version - 1,
            "replaces_decided_on": former["decided_on"],
            "kind": term_label(uow, "certificate-event", kind),
            "effective_on": day.isoformat(),
        },
    }


def register_data(register: IssuingRegister) -> RegisterData:
    """Return the register that speaks in a document."""
    return {
        "name": register.name,
        "authority": register.authority,
        "base_url": register.base_url,
        "state_heading": None,
    }


def holder_data(uow: UnitOfWork, organisation_id: int) -> Holder:
    """Return an organisation as the party that a document is issued to."""
    return party_data(organisation_record(uow, organisation_id))


def party_data(record: OrganisationRecord) -> Holder:
    """Return an organisation, as ``record`` says of it, as a party of a document."""
    return {
        "name": printed_name(record),
        "names": _local(record.names),
        "address": record.address,
        "country": {
            "vi": Locale("vi").territories.get(record.country),
            "en": Locale("en").territories.get(record.country),
        },
        "identifier": record.identifier,
    }


def product_data(product: Mapping[str, Any]) -> Product:
    """Return a product as a document prints it."""
    description = product["description"]
    return {
        "name": _local(product["name"]),
        "description": {"vi": description, "en": None} if description else None,
        "models": list(product["models"]),
        "hs": [_printed_hs(code) for code in product["hs"]],
    }


def _printed_hs(digits: str) -> str:
    """Return "85258910" as it is printed, "8525.89.10"."""
    return ".".join(filter(None, (digits[:4], digits[4:6], digits[6:])))


def requirement_data(uow: UnitOfWork, edition_id: int) -> Requirement:
    """Return an edition as a document names it."""
    edition, record = uow.session.execute(
        select(Edition, EditionRecord)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(Edition.id == edition_id, known(EditionRecord))
    ).one()
    return {
        "designation": edition.designation,
        "title": _local(record.titles),
        "kind": term_label(uow, "document-kind", record.kind),
    }


def _method(uow: UnitOfWork, key: str) -> Method:
    term = _term(uow, "certification-method", key)
    return {
        "key": key,
        "label": term_label(uow, "certification-method", key),
        "clause": term.attributes.get("clause") if term else None,
    }


def _report(uow: UnitOfWork, report: Report) -> ReportReference:
    body = uow.session.get_one(Body, report.body_id)
    laboratory = organisation_record(uow, body.organisation_id)
    return report_data(uow.session, report, laboratory)


def report_data(
    session: Session, report: Report, laboratory: OrganisationRecord, position: int | None = None
) -> ReportReference:
    """Return a report as a document names it; accreditations as known at ``position``."""
    accreditations = session.scalars(
        select(AccreditationRecord)
        .join(Accreditation, Accreditation.id == AccreditationRecord.accreditation_id)
        .where(Accreditation.body_id == report.body_id, known(AccreditationRecord, position))
        .order_by(AccreditationRecord.id)
    )
    held = [
        record.number
        for record in accreditations
        if covers(record.valid_from, record.valid_until, report.issued_on)
    ]
    return {
        "number": report.number,
        "laboratory": printed_name(laboratory),
        "laboratory_names": _local(laboratory.names),
        "accreditation": ", ".join(held) or None,
        "issued": report.issued_on.isoformat(),
    }


def _officer(uow: UnitOfWork, user_id: int | None, role: LocalText) -> Officer:
    return {"name": uow.session.get_one(User, user_id).name, "role": role}


def organisation_record(uow: UnitOfWork, organisation_id: int) -> OrganisationRecord:
    """Return what is known now of an organisation."""
    return uow.session.scalars(
        select(OrganisationRecord).where(
            OrganisationRecord.organisation_id == organisation_id, known(OrganisationRecord)
        )
    ).one()


def printed_name(record: OrganisationRecord) -> str:
    """Return the name that an organisation has on documents."""
    return record.names.get("vi") or next(iter(record.names.values()))


def term_label(uow: UnitOfWork, vocabulary: str, key: str) -> LocalText:
    """Return a term's labels in the languages of documents."""
    term = _term(uow, vocabulary, key)
    return _local(term.labels) if term else {"vi": key, "en": key}


def _term(uow: UnitOfWork, vocabulary: str, key: str) -> Term | None:
    return uow.session.scalars(
        select(Term)
        .where(Term.vocabulary == vocabulary, Term.key == key, known(Term))
        .order_by(Term.valid_from.desc())
    ).first()


def _local(texts: dict[str, str]) -> LocalText:
    return {"vi": texts.get("vi"), "en": texts.get("en")}
