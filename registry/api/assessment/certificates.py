"""Certificates: their status on a day, and what befell them."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import page, page_parameters, representation
from registry.api.assessment.accreditations import EventAnswerSchema
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import ChangeableSchema, page_of
from registry.assessment.queries.certificates import (
    CertificateFacts,
    certificates,
    find_certificate,
)
from registry.assessment.queries.references import edition_named, organisation_named
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services import certificates as service
from registry.assessment.services.documents import signed_pdf
from registry.errors import NotFound
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, parts, reading

blueprint = Resource("Certificates", "Certificates of conformity, and checking them")

PDF = "application/pdf"
PERMISSION = "certificate:change-status"

Data = Mapping[str, Any]


class CertificateSummarySchema(ChangeableSchema):
    """A certificate with its status on the day asked."""

    number = fields.String()
    href = fields.String()
    status = fields.String()
    status_since = fields.Date(allow_none=True)
    status_reason = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date()
    holder = fields.String()
    product = fields.Dict(metadata={"description": "Name by language, models, HS codes."})
    requirements = fields.List(fields.String(), metadata={"description": "Designations."})
    demonstration = fields.Boolean()


class CertificateAnswerSchema(CertificateSummarySchema):
    """A certificate as a whole; ``snapshot`` is what was frozen when it was issued."""

    events = fields.List(fields.Nested(EventAnswerSchema))
    snapshot = fields.Dict()
    digest = fields.String(metadata={"description": "SHA-256 of the snapshot's canonical JSON."})
    pdf = fields.String(metadata={"description": "Where its file is."})


@blueprint.question(
    "/certificates",
    page_of(CertificateSummarySchema),
    query=[
        *AS_OF,
        *PAGING,
        query("holder", "Only certificates of this organisation, by its slug."),
        query("regulation", "Only certificates for this edition, by slug or designation."),
    ],
)
def list_certificates() -> Response:
    """List certificates with their status on the day asked, the newest first."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = certificates(
            session,
            asked_as_of(session),
            organisation_id=_holder(session, text("holder")),
            edition_id=_edition(session, text("regulation")),
            after=key[0] if key else None,
            limit=limit + 1,
        )
    return page(rows, limit, _present_summary, lambda row: (row.certificate.id,))


@blueprint.question("/certificates/<number>", CertificateAnswerSchema, query=AS_OF)
def show_certificate(number: str) -> Response:
    """Show a certificate with its status on the day asked and what befell it."""
    with reading() as session:
        facts = _found(session, number, asked_as_of(session))
    return representation(present_certificate(facts), facts.version)


@blueprint.question("/certificates/<number>/pdf", None, produces=PDF)
def show_file(number: str) -> Response:
    """Give the certificate's PDF file, made now if it is not there yet."""
    with reading() as session:
        certificate = _found(session, number, AsOf(parts().clock.today())).certificate
    digest = signed_pdf(parts(), certificate.id)
    response = Response(parts().files.get(digest), mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{certificate.number}.pdf"'
    response.set_etag(digest)
    response.make_conditional(request)
    return response


@blueprint.command(
    "/certificates/<number>/suspend",
    CertificateAnswerSchema,
    body=StatusChangeSchema,
    permission=PERMISSION,
    versioned=True,
)
def suspend(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Suspend a certificate from a day on."""
    service.suspend_certificate(uow, number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/certificates/<number>/reinstate",
    CertificateAnswerSchema,
    body=StatusChangeSchema,
    permission=PERMISSION,
    versioned=True,
)
def reinstate(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """End the suspension of a certificate from a day on."""
    service.reinstate_certificate(uow, number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/certificates/<number>/withdraw",
    CertificateAnswerSchema,
    body=StatusChangeSchema,
    permission=PERMISSION,
    versioned=True,
)
def withdraw(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Withdraw a certificate for good from a day on."""
    service.withdraw_certificate(uow, number, data, expected=expected)
    return _answer(uow, number)


def _answer(uow: UnitOfWork, number: str) -> dict[str, Any]:
    return present_certificate(_found(uow.session, number, AsOf(uow.today)))


def _found(session: Session, number: str, as_of: AsOf) -> CertificateFacts:
    found = find_certificate(session, number, as_of).found
    if found is None:
        raise NotFound(Message("There is no certificate of this number."))
    return found


def _holder(session: Session, slug: str | None) -> int | None:
    return None if slug is None else organisation_named(session, slug, "holder").id


def _edition(session: Session, name: str | None) -> int | None:
    return None if name is None else edition_named(session, name, "regulation").id


def present_certificate(facts: CertificateFacts) -> dict[str, Any]:
    """Return a certificate as a whole, with its status on the day asked."""
    certificate = facts.certificate
    return {
        **_present_summary(facts),
        "events": [
            {
                "kind": event.kind,
                "effective_on": event.effective_on,
                "reason": event.reason,
                "position": event.known_from,
            }
            for event in facts.events
        ],
        "snapshot": certificate.snapshot,
        "digest": certificate.digest,
        "pdf": url_for("Certificates.show_file", number=certificate.number),
    }


def _present_summary(facts: CertificateFacts) -> dict[str, Any]:
    certificate = facts.certificate
    snapshot = certificate.snapshot
    return {
        "number": certificate.number,
        "href": url_for("Certificates.show_certificate", number=certificate.number),
        "status": facts.status.key,
        "status_since": facts.status.since,
        "status_reason": facts.status.reason,
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "holder": snapshot["holder"]["name"],
        "product": snapshot["product"],
        "requirements": [item["designation"] for item in snapshot["requirements"]],
        "demonstration": certificate.demonstration,
        "version": facts.version,
    }
