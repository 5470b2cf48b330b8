"""Finds or makes the identity of an edition and of its document."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.designation import Designation, parse
from registry.catalog.models import Document, Edition
from registry.slugs import free_slug
from registry.unit_of_work import UnitOfWork

# Stands in no slug of a designation: one that ends in it was numbered.
SLUG_MARK = "~"


def find_edition(uow: UnitOfWork, designation: str) -> Edition | None:
    """Return the edition of that designation in any spelling."""
    return uow.session.scalar(select(Edition).where(Edition.key == parse(designation).key))


def make_edition(uow: UnitOfWork, designation: str, *, national: bool) -> Edition:
    """Return a new edition under its document, which is made when it is the first."""
    parsed = parse(designation)
    document = _document(uow, parsed)
    edition = Edition(
        document_id=document.id,
        key=parsed.key,
        slug=_free_slug(uow, Edition, parsed.edition_slug),
        designation=parsed.printed,
        national=national,
    )
    uow.session.add(edition)
    uow.session.flush()
    return edition


def _document(uow: UnitOfWork, parsed: Designation) -> Document:
    document = uow.session.scalar(select(Document).where(Document.key == parsed.document_key))
    if document is None:
        document = Document(
            key=parsed.document_key,
            slug=_free_slug(uow, Document, parsed.slug),
            designation=document_designation(parsed),
        )
        uow.session.add(document)
        uow.session.flush()
    return document


def document_designation(parsed: Designation) -> str:
    """Return how a document is named without the year of an edition."""
    if parsed.year is None:
        return parsed.printed
    head, _, tail = parsed.printed.partition(str(parsed.year))
    suffix = tail if tail.startswith("/") and tail[1:] == parsed.suffix else ""
    return head.rstrip(" :-(") + suffix


def taken_slugs(session: Session, model: type[Document] | type[Edition], slug: str) -> set[str]:
    """Return which of ``slug`` and its numbered forms identities have."""
    numbered = model.slug.startswith(f"{slug}{SLUG_MARK}", autoescape=True)
    return set(session.scalars(select(model.slug).where((model.slug == slug) | numbered)))


def _free_slug(uow: UnitOfWork, model: type[Document] | type[Edition], slug: str) -> str:
    return free_slug(slug, taken_slugs(uow.session, model, slug), SLUG_MARK)
