"""Declarations of conformity: the public register, and what befalls a declaration."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, url_for
from marshmallow import fields

from registry.accounts.permissions import SIGNED_IN
from registry.api.answers import page, page_parameters, representation
from registry.api.assessment.accreditations import EventAnswerSchema
from registry.api.assessment.listing import concerning
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.assessment import states
from registry.assessment.models import DeclarationDocument
from registry.assessment.queries.declarations import (
    DeclarationFacts,
    declaration_file,
    declarations,
    document_for,
    documents_of,
    registered_declaration,
    registered_declarations,
)
from registry.assessment.schemas import (
    DeclarationDecisionSchema,
    DeclarationSchema,
    StatusChangeSchema,
)
from registry.assessment.services import declarations as service
from registry.assessment.services.declaration_status import change_declaration
from registry.assessment.services.snapshots import issuing_register
from registry.history import AsOf
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWork
from registry.web.downloads import stranger_file
from registry.web.edge import asked_as_of, current_actor, parts, reading

blueprint = Resource("Declarations", "Supplier’s declarations of conformity (ISO/IEC 17050-1)")

PERMISSION = "declaration:change-status"
STATES = (states.SUBMITTED, states.REGISTERED, states.REFUSED, states.WITHDRAWN)

Data = Mapping[str, Any]


class FindingAnswerSchema(AnswerSchema):
    """One condition of registration, and whether it holds."""

    key = fields.String()
    verdict = fields.String(metadata={"enum": ["met", "not_met", "unknown", "not_applicable"]})
    sentences = texts()
    legal_basis = fields.List(fields.String())
    evidence = fields.List(fields.Dict())


class DeclarationSummarySchema(ChangeableSchema):
    """A declaration; ``status`` is that of the day asked, null until it is registered."""

    number = fields.String()
    href = fields.String()
    state = fields.String(metadata={"enum": list(STATES)})
    state_since = fields.Date()
    status = fields.String(allow_none=True)
    status_since = fields.Date(allow_none=True)
    status_reason = fields.String(allow_none=True)
    declarer = texts()
    product = fields.Dict(metadata={"description": "Name by language, models, HS codes."})
    regulations = fields.List(fields.String(), metadata={"description": "Designations."})
    basis = fields.String()
    certificate = fields.String(allow_none=True, metadata={"description": "Its number."})
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)
    demonstration = fields.Boolean()


DeclarationPageSchema = page_of(DeclarationSummarySchema)


class SupportingDocumentAnswerSchema(AnswerSchema):
    """A supporting document that was uploaded."""

    href = fields.String()
    name = fields.String()
    sha256 = fields.String()
    size = fields.Integer()
    media_type = fields.String(allow_none=True)


class DeclarationAnswerSchema(DeclarationSummarySchema):
    """A declaration as a whole.

    ``findings``, ``reasons`` and ``files`` are for its declarer and officers, and null in
    the public register.
    """

    content = fields.Dict(metadata={"description": "As it was submitted."})
    digest = fields.String(metadata={"description": "SHA-256 of the content's canonical JSON."})
    events = fields.List(fields.Nested(EventAnswerSchema))
    findings = fields.List(fields.Nested(FindingAnswerSchema), allow_none=True)
    reasons = fields.String(allow_none=True)
    files = fields.List(
        fields.Nested(SupportingDocumentAnswerSchema),
        allow_none=True,
        metadata={"description": "Supporting documents that came as files (see Uploads)."},
    )


@blueprint.question(
    "/declarations",
    DeclarationPageSchema,
    query=[
        *AS_OF,
        *PAGING,
        query("q", "A number, or words of declarer, product, model or regulation."),
    ],
)
def list_declarations() -> Response:
    """List registered declarations with their status on the day asked, the newest first."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = registered_declarations(
            session,
            asked_as_of(session),
            text=text("q") or "",
            after=key[0] if key else None,
            limit=limit + 1,
        )
    return page(rows, limit, _summary, lambda row: (row.declaration.id,))


@blueprint.question("/declarations/<number>", DeclarationAnswerSchema, query=AS_OF)
def show_declaration(number: str) -> Response:
    """Show a registered declaration with its status on the day asked."""
    with reading() as session:
        facts = registered_declaration(session, number, asked_as_of(session))
    return representation(_whole(facts, None), facts.version)


@blueprint.question(
    "/declaration-files",
    DeclarationPageSchema,
    query=[*AS_OF, *PAGING, query("state", "Only those in this state.", enum=STATES)],
    permission=SIGNED_IN,
)
def list_files() -> Response:
    """List the declarations that concern the actor, registered or not, the newest first."""
    return concerning(declarations, _summary, lambda row: row.declaration.id)


@blueprint.question(
    "/declaration-files/<number>", DeclarationAnswerSchema, query=AS_OF, permission=SIGNED_IN
)
def show_file(number: str) -> Response:
    """Show a declaration as its declarer and officers see it."""
    with reading() as session:
        facts = declaration_file(session, current_actor(), number, asked_as_of(session))
        held = documents_of(session, facts.declaration.id)
    return representation(_whole(facts, held), facts.version)


@blueprint.question(
    "/declaration-files/<number>/documents/<sha256>",
    None,
    query=AS_OF,
    permission=SIGNED_IN,
    produces="application/octet-stream",
)
def show_document(number: str, sha256: str) -> Response:
    """Give a supporting document to its declarer or to an officer."""
    with reading() as session:
        as_of = asked_as_of(session)
        found = document_for(session, current_actor(), number, sha256, as_of)
    path = FileStore(parts().settings.attachments_dir).path(found.sha256)
    # Programs save what they ask for: it has no type that anything could act on.
    return stranger_file(path, "application/octet-stream", found.name, found.sha256)


@blueprint.command(
    "/declarations",
    DeclarationAnswerSchema,
    body=DeclarationSchema,
    permission="declaration:submit",
    status=201,
)
def submit(uow: UnitOfWork, data: Data) -> Data:
    """Declare conformity for the actor's own organisation."""
    register = issuing_register(parts().settings)
    return _answer(uow, service.submit_declaration(uow, data, register).number)


@blueprint.command(
    "/declarations/<number>/decision",
    DeclarationAnswerSchema,
    body=DeclarationDecisionSchema,
    permission="declaration:decide",
    versioned=True,
)
def decide(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Register a declaration, or refuse it with reasons."""
    register = issuing_register(parts().settings)
    service.decide_declaration(uow, number, data, register, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/declarations/<number>/take-back",
    DeclarationAnswerSchema,
    permission="declaration:submit",
    versioned=True,
)
def take_back(uow: UnitOfWork, number: str, expected: int | None) -> Data:
    """Take the own declaration back before it is decided."""
    service.take_back_declaration(uow, number, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/declarations/<number>/suspend",
    DeclarationAnswerSchema,
    body=StatusChangeSchema,
    permission=PERMISSION,
    versioned=True,
)
def suspend(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Suspend a registered declaration from a day on."""
    change_declaration(uow, "suspend", number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/declarations/<number>/reinstate",
    DeclarationAnswerSchema,
    body=StatusChangeSchema,
    permission=PERMISSION,
    versioned=True,
)
def reinstate(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """End the suspension of a declaration from a day on."""
    change_declaration(uow, "reinstate", number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/declarations/<number>/withdraw",
    DeclarationAnswerSchema,
    body=StatusChangeSchema,
    permission=PERMISSION,
    versioned=True,
)
def withdraw(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Withdraw a registered declaration for good from a day on."""
    change_declaration(uow, "withdraw", number, data, expected=expected)
    return _answer(uow, number)


def _answer(uow: UnitOfWork, number: str) -> dict[str, Any]:
    uow.session.flush()
    facts = declaration_file(uow.session, uow.actor, number, AsOf(uow.today))
    return _whole(facts, documents_of(uow.session, facts.declaration.id))


def _whole(facts: DeclarationFacts, held: Sequence[DeclarationDocument] | None) -> dict[str, Any]:
    """Return a declaration; ``held`` are its files, None for the public."""
    parties = held is not None
    return {
        **_summary(facts),
        "content": facts.declaration.content,
        "digest": facts.declaration.digest,
        "events": [
            {
                "kind": event.kind,
                "effective_on": event.effective_on,
                "reason": event.reason,
                "position": event.known_from,
            }
            for event in facts.events
        ],
        "findings": facts.record.findings if parties else None,
        "reasons": facts.record.reasons if parties else None,
        "files": None if held is None else [_document(facts, one) for one in held],
    }


def _document(facts: DeclarationFacts, document: DeclarationDocument) -> dict[str, Any]:
    return {
        "href": url_for(
            "Declarations.show_document",
            number=facts.declaration.number,
            sha256=document.sha256,
        ),
        "name": document.name,
        "sha256": document.sha256,
        "size": document.size,
        "media_type": document.media_type,
    }


def _summary(facts: DeclarationFacts) -> dict[str, Any]:
    declaration, status = facts.declaration, facts.status
    endpoint = "Declarations.show_declaration" if status else "Declarations.show_file"
    return {
        "number": declaration.number,
        "href": url_for(endpoint, number=declaration.number),
        "state": facts.record.state,
        "state_since": facts.record.state_since,
        "status": status.key if status else None,
        "status_since": status.since if status else None,
        "status_reason": status.reason if status else None,
        "declarer": facts.declarer.names,
        "product": declaration.content["product"],
        "regulations": [edition.designation for edition in facts.editions],
        "basis": declaration.basis,
        "certificate": declaration.certificate_number,
        "valid_from": declaration.valid_from,
        "valid_until": declaration.valid_until,
        "demonstration": declaration.demonstration,
        "version": facts.version,
    }
