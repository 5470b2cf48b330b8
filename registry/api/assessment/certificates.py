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
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of
from registry.assessment.queries.certificates import (
    CertificateFacts,
    certificates,
    find_certificate,
    find_version,
)
from registry.assessment.queries.references import edition_named, organisation_named
from registry.assessment.queries.versions import replacing_number
from registry.assessment.schemas import (
    RenewalSchema,
    ReplacementSchema,
    ScopeReductionSchema,
    StatusChangeSchema,
)
from registry.assessment.services import certificates as service
from registry.assessment.services import versions
from registry.assessment.services.documents import signed_pdf
from registry.assessment.services.replacement import open_replacement
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


class VersionAnswerSchema(AnswerSchema):
    """A version of a certificate; the first one is what was issued."""

    number = fields.Integer()
    kind = fields.String(metadata={"description": "Event that began it."})
    effective_on = fields.Date()
    valid_from = fields.Date()
    valid_until = fields.Date()
    reason = fields.String(allow_none=True)
    digest = fields.String()
    position = fields.Integer()
    pdf = fields.String()


class CertificateAnswerSchema(CertificateSummarySchema):
    """A certificate as a whole; ``snapshot`` is what it says on the day asked."""

    events = fields.List(fields.Nested(EventAnswerSchema))
    snapshot = fields.Dict()
    certificate_version = fields.Integer(
        metadata={"description": "Which version of the number holds on the day asked."}
    )
    versions = fields.List(fields.Nested(VersionAnswerSchema))
    replaces = fields.String(allow_none=True)
    replaced_by = fields.String(allow_none=True)
    digest = fields.String(metadata={"description": "SHA-256 of the snapshot's canonical JSON."})
    pdf = fields.String(metadata={"description": "Where its file is."})


class ReplacementAnswerSchema(ChangeableSchema):
    """The application opened for a replacement; ``version`` is the certificate's."""

    application = fields.String()
    href = fields.String()
    replaces = fields.String()


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
        as_of = asked_as_of(session)
        facts = _found(session, number, as_of)
        body = present_certificate(session, facts, as_of)
    return representation(body, facts.version)


@blueprint.question(
    "/certificates/<number>/pdf",
    None,
    produces=PDF,
    query=[query("version", "The number of a version; by default the one that holds today.")],
)
def show_file(number: str) -> Response:
    """Give the certificate's PDF file, made now if it is not there yet."""
    with reading() as session:
        certificate, version = find_version(session, number, text("version"), parts().clock.today())
    digest = signed_pdf(parts(), certificate.id, version)
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


@blueprint.command(
    "/certificates/<number>/renew",
    CertificateAnswerSchema,
    body=RenewalSchema,
    permission="certificate:issue",
    versioned=True,
)
def renew(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Renew a certificate's validity: a new version under the same number."""
    versions.renew_certificate(uow, number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/certificates/<number>/reduce-scope",
    CertificateAnswerSchema,
    body=ScopeReductionSchema,
    permission=PERMISSION,
    versioned=True,
)
def reduce_scope(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Take models or requirements out from a day on: a new version under the same number."""
    versions.reduce_scope(uow, number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/certificates/<number>/replace",
    ReplacementAnswerSchema,
    body=ReplacementSchema,
    permission=PERMISSION,
    versioned=True,
    status=201,
)
def replace(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Open the application whose grant replaces this certificate by another number."""
    application = open_replacement(uow, number, data, expected=expected)
    return {
        "application": application.number,
        "href": url_for("Applications.show_application", number=application.number),
        "replaces": number,
        "version": _found(uow.session, number, AsOf(uow.today)).version,
    }


def _answer(uow: UnitOfWork, number: str) -> dict[str, Any]:
    as_of = AsOf(uow.today)
    return present_certificate(uow.session, _found(uow.session, number, as_of), as_of)


def _found(session: Session, number: str, as_of: AsOf) -> CertificateFacts:
    found = find_certificate(session, number, as_of).found
    if found is None:
        raise NotFound(Message("There is no certificate of this number."))
    return found


def _holder(session: Session, slug: str | None) -> int | None:
    return None if slug is None else organisation_named(session, slug, "holder").id


def _edition(session: Session, name: str | None) -> int | None:
    return None if name is None else edition_named(session, name, "regulation").id


def present_certificate(session: Session, facts: CertificateFacts, as_of: AsOf) -> dict[str, Any]:
    """Return a certificate as a whole, with its status on the day asked."""
    certificate, said = facts.certificate, facts.said
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
        "certificate_version": said.number,
        "versions": [
            {
                "number": version.number,
                "kind": version.kind,
                "effective_on": version.effective_on,
                "valid_from": version.valid_from,
                "valid_until": version.valid_until,
                "reason": version.reason,
                "digest": version.digest,
                "position": version.issued_position,
                "pdf": url_for(
                    "Certificates.show_file", number=certificate.number, version=version.number
                ),
            }
            for version in facts.versions
        ],
        "replaces": said.snapshot["replaces"],
        "replaced_by": replacing_number(session, certificate.id, as_of),
        "snapshot": said.snapshot,
        "digest": said.digest,
        "pdf": url_for("Certificates.show_file", number=certificate.number),
    }


def _present_summary(facts: CertificateFacts) -> dict[str, Any]:
    certificate, snapshot = facts.certificate, facts.said.snapshot
    return {
        "number": certificate.number,
        "href": url_for("Certificates.show_certificate", number=certificate.number),
        "status": facts.status.key,
        "status_since": facts.status.since,
        "status_reason": facts.status.reason,
        "valid_from": facts.said.valid_from,
        "valid_until": facts.said.valid_until,
        "holder": snapshot["holder"]["name"],
        "product": snapshot["product"],
        "requirements": [item["designation"] for item in snapshot["requirements"]],
        "demonstration": certificate.demonstration,
        "version": facts.version,
    }
