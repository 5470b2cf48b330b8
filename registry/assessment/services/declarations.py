"""Receives declarations of conformity, registers or refuses them (ISO/IEC 17050-1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from registry.accounts.models import Organisation
from registry.assessment import numbers, states
from registry.assessment.models import (
    Declaration,
    DeclarationDocument,
    DeclarationEdition,
    DeclarationEvent,
    DeclarationRecord,
    DeclarationRegistration,
)
from registry.assessment.queries.declaration_case import gather_case
from registry.assessment.queries.references import declaration_at, edition_named
from registry.assessment.rules.declaration import Outcome, Verdict, judge_declaration
from registry.assessment.services.attachments import complete_upload, owned_upload
from registry.assessment.services.checks import person, refuse_own_matter
from registry.assessment.services.declaration_findings import findings_as_data
from registry.assessment.services.declaration_receipts import declaration_snapshot
from registry.assessment.services.snapshots import IssuingRegister
from registry.canonical import content_digest
from registry.catalog.models import Edition
from registry.errors import Denied, Invalid, NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version, plain
from registry.vocabulary.checks import require_term

# Declarations are numbered apart from certificates: VNCB-2026-000001-xx (công bố).
SERIES = "CB"
_LONGEST_PREFIX = 8


def submit_declaration(
    uow: UnitOfWork, data: Mapping[str, Any], register: IssuingRegister
) -> Declaration:
    """Submit a declaration of the actor's own organisation, as ``DeclarationSchema`` loads it.

    Registered at once where the register itself shows the basis; else an officer looks
    at it. Supporting documents that the organisation uploaded become part of it; of
    others only the hash is kept. Raises ``Invalid`` naming what the register does not hold.
    """
    uow.actor.require("declaration:submit")
    if uow.actor.organisation_id is None:
        raise Denied(Message("A declaration is made by an organisation; yours is not known."))
    organisation = uow.session.get_one(Organisation, uow.actor.organisation_id)
    files = _uploaded(uow, [document["sha256"] for document in data["documents"]])
    require_term(uow, "declaration-basis", data["basis"], "basis")
    editions = _editions(uow, data["regulations"])
    case = gather_case(
        uow.session, organisation.id, editions, data, AsOf(uow.today), zone=uow.clock.zone
    )
    judgement = judge_declaration(case)
    content = plain({**data, "certificate": case.certificate.number if case.certificate else None})
    year, serial = uow.today.year, _next_serial(uow)
    prefix = register.number_prefix[: _LONGEST_PREFIX - len(SERIES)] + SERIES
    declaration = Declaration(
        number=str(numbers.make(prefix, year, serial)),
        year=year,
        serial=serial,
        organisation_id=organisation.id,
        basis=data["basis"],
        certificate_number=content["certificate"],
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
        content=content,
        digest=content_digest(content),
        submitted_by_user_id=person(uow),
        submitted_at=uow.now,
        demonstration=organisation.demonstration,
    )
    uow.session.add(declaration)
    uow.session.flush()
    uow.session.add_all(
        DeclarationEdition(declaration_id=declaration.id, edition_id=edition.id)
        for edition in editions
    )
    uow.session.add_all(
        DeclarationDocument(declaration_id=declaration.id, **file) for file in files
    )
    at_once = judgement.outcome is Outcome.REGISTER
    state = states.REGISTERED if at_once else states.SUBMITTED
    position = uow.record(
        "declaration.submit",
        f"declaration:{declaration.id}",
        {
            "state": state,
            "digest": declaration.digest,
            "conditions": {finding.key: finding.verdict for finding in judgement.findings},
        },
        sealed={
            "number": declaration.number,
            "organisation": f"organisation:{organisation.id}",
            "content": content,
            "files": files,
        },
    )
    uow.add(
        DeclarationRecord(
            declaration_id=declaration.id,
            state=state,
            state_since=uow.today,
            findings=findings_as_data(uow, judgement),
        ),
        position=position,
    )
    if at_once:
        entered = uow.record(
            "declaration.register", f"declaration:{declaration.id}", _public(declaration)
        )
        _enter(uow, declaration, register, entered)
    uow.session.flush()
    return declaration


def decide_declaration(
    uow: UnitOfWork,
    number: str,
    data: Mapping[str, Any],
    register: IssuingRegister,
    *,
    expected: int | None = None,
) -> Declaration:
    """Register or refuse a declaration; data as ``DeclarationDecisionSchema`` loads it.

    A refusal, and a registration although a condition is not met, need reasons. Nobody
    decides for their own organisation, or on what they submitted themselves.
    """
    uow.actor.require("declaration:decide")
    declaration, record = load_declaration(uow, number, expected)
    refuse_own_matter(uow, declaration.organisation_id)
    if person(uow) == declaration.submitted_by_user_id:
        raise Denied(Message("Whoever submitted a declaration cannot decide on it."))
    action, reasons = data["decision"], data["reasons"]
    against = any(finding["verdict"] == Verdict.NOT_MET for finding in record.findings)
    if not reasons and (action == "refuse" or against):
        raise Invalid.one("reasons", Message("Give the reasons for this decision in writing."))
    changed = perform(
        uow,
        states.DECLARATION,
        action,
        declaration.id,
        record,
        changes={
            "state_since": uow.today,
            "reasons": reasons,
            "decided_by_user_id": person(uow),
        },
        data=_public(declaration) if action == "register" else None,
        sealed={"reasons": reasons} if reasons else None,
    )
    if action == "register":
        _enter(uow, declaration, register, changed.known_from)
        uow.session.flush()
    return declaration


def take_back_declaration(
    uow: UnitOfWork, number: str, *, expected: int | None = None
) -> Declaration:
    """Take the own declaration back before it is decided."""
    uow.actor.require("declaration:submit")
    declaration, record = load_declaration(uow, number, expected)
    if uow.actor.organisation_id != declaration.organisation_id:
        raise NotFound(Message("There is no declaration of this number."))
    perform(
        uow,
        states.DECLARATION,
        "take-back",
        declaration.id,
        record,
        changes={"state_since": uow.today},
    )
    return declaration


def load_declaration(
    uow: UnitOfWork, number: str, expected: int | None = None
) -> tuple[Declaration, DeclarationRecord]:
    """Return a declaration and where it stands now; ``Stale`` if not the version expected."""
    declaration = declaration_at(uow.session, number)
    record = uow.session.scalars(
        select(DeclarationRecord).where(
            DeclarationRecord.declaration_id == declaration.id, known(DeclarationRecord)
        )
    ).one()
    check_version(record, expected)
    return declaration, record


def _enter(
    uow: UnitOfWork, declaration: Declaration, register: IssuingRegister, position: int
) -> None:
    """Enter a declaration in the public register: its first event, and what its receipt says."""
    snapshot = declaration_snapshot(uow, register, declaration, uow.receipts[-1])
    uow.session.add(
        DeclarationRegistration(
            declaration_id=declaration.id,
            snapshot=dict(snapshot),
            digest=content_digest(snapshot),
            registered_position=position,
        )
    )
    uow.add(
        DeclarationEvent(
            declaration_id=declaration.id,
            kind=states.REGISTERED,
            effective_on=uow.today,
            decided_by_user_id=uow.actor.user_id if uow.actor.may("declaration:decide") else None,
        ),
        position=position,
    )


def _public(declaration: Declaration) -> dict[str, Any]:
    """Return what everybody may know of a declaration once it is registered."""
    return {
        "number": declaration.number,
        "declarer": f"organisation:{declaration.organisation_id}",
        "basis": declaration.basis,
        "certificate": declaration.certificate_number,
        "valid_from": declaration.valid_from,
        "valid_until": declaration.valid_until,
        "digest": declaration.digest,
    }


def _editions(uow: UnitOfWork, names: Sequence[str]) -> list[Edition]:
    found = [
        edition_named(uow.session, name, f"regulations.{index}") for index, name in enumerate(names)
    ]
    return list({edition.id: edition for edition in found}.values())


def _uploaded(uow: UnitOfWork, hashes: Sequence[str]) -> list[dict[str, Any]]:
    """Return those of the documents that the actor's organisation uploaded as files."""
    found = [
        complete_upload(uow.session, owned_upload(uow.actor), sha256)
        for sha256 in dict.fromkeys(hashes)
    ]
    return [
        {
            "sha256": upload.sha256,
            "size": upload.size,
            "media_type": upload.media_type,
            "name": upload.name,
        }
        for upload in found
        if upload is not None
    ]


def _next_serial(uow: UnitOfWork) -> int:
    last = uow.session.scalar(
        select(func.max(Declaration.serial)).where(Declaration.year == uow.today.year)
    )
    return 1 + (last or 0)
