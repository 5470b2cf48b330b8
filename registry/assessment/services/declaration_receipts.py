"""The receipt of a registered declaration: frozen data, and the PDF file made from it."""

from sqlalchemy import select

from registry.actor import system_actor
from registry.assessment.models import (
    Declaration,
    DeclarationEdition,
    DeclarationFile,
    DeclarationRegistration,
)
from registry.assessment.services.snapshots import (
    IssuingRegister,
    holder_data,
    product_data,
    register_data,
    requirement_data,
    term_label,
)
from registry.errors import NotFound
from registry.journal.models import JournalEntry
from registry.messages import Message
from registry.pdf.snapshots import DeclarationSnapshot
from registry.storage import FileStore
from registry.unit_of_work import Receipt, UnitOfWork, UnitOfWorkFactory


def declaration_snapshot(
    uow: UnitOfWork, register: IssuingRegister, declaration: Declaration, entry: Receipt
) -> DeclarationSnapshot:
    """Return what the receipt will say; ``entry`` is the registration in the journal."""
    content = declaration.content
    other = content["other_certificate"]
    evidence = [content["certificate"]] if content["certificate"] else []
    if other:
        evidence.append(f"{other['number']} ({other['body']}, {other['issued_on']})")
    editions = uow.session.scalars(
        select(DeclarationEdition.edition_id)
        .where(DeclarationEdition.declaration_id == declaration.id)
        .order_by(DeclarationEdition.edition_id)
    )
    until = declaration.valid_until
    return DeclarationSnapshot(
        number=declaration.number,
        register=register_data(register),
        demonstration=declaration.demonstration,
        declarer=holder_data(uow, declaration.organisation_id),
        product=product_data(content["product"]),
        requirements=[requirement_data(uow, edition_id) for edition_id in editions],
        basis=term_label(uow, "declaration-basis", declaration.basis),
        evidence=[*evidence, *content["reports"]],
        documents=content["documents"],
        signatory=content["signatory"],
        place=content["place"],
        issued_on=content["issued_on"],
        valid_from=declaration.valid_from.isoformat(),
        valid_until=until.isoformat() if until else None,
        submitted_on=declaration.submitted_at.astimezone(uow.clock.zone).date().isoformat(),
        registered_on=uow.today.isoformat(),
        digest=declaration.digest,
        verify_url=f"{register.base_url}/declarations/{declaration.number}",
        journal={"position": entry.position, "leaf_hash": entry.leaf_hash},
    )


def render_receipt(units: UnitOfWorkFactory, files: FileStore, declaration_id: int) -> str:
    """Return the SHA-256 of the receipt's stored PDF, making the file when it is missing.

    The bytes follow from the frozen data alone, so two who render at once store the same.
    """
    with units.reading() as session:
        registration = session.get(DeclarationRegistration, declaration_id)
        if registration is None:
            raise NotFound(Message("There is no declaration of this number."))
        stored = session.get(DeclarationFile, declaration_id)
        if stored is not None and files.has(stored.sha256):
            return stored.sha256
        registered_at = session.scalars(
            select(JournalEntry.recorded_at).where(
                JournalEntry.position == registration.registered_position
            )
        ).one()
    # WeasyPrint takes a second to load: only who draws pays for it.
    from registry.pdf.renderer import render_pdf  # noqa: PLC0415

    content = render_pdf(
        "declaration.html",
        registration.snapshot,
        identifier=bytes.fromhex(registration.digest)[:16],
        instant=registered_at,
    )
    sha256 = files.put(content)
    with units(system_actor("renderer")) as uow:
        uow.session.merge(
            DeclarationFile(
                declaration_id=declaration_id,
                sha256=sha256,
                size=len(content),
                rendered_at=uow.now,
            )
        )
    return sha256
