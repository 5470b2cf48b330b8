"""Finds things by the public name a person typed: slugs, numbers, designations."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import Organisation
from registry.assessment.models import Application, Arrangement, Body, Certificate
from registry.catalog.designation import Designation, parse
from registry.catalog.models import Document, Edition
from registry.errors import Invalid, NotFound
from registry.messages import Message


def is_dated(designation: Designation) -> bool:
    """Whether a reference names one edition rather than the document over all editions."""
    return designation.year is not None or bool(designation.version)


def read_designation(text: str, field: str) -> Designation:
    """Parse ``text``; what is wrong with it is filed under ``field``."""
    try:
        return parse(text)
    except Invalid as error:
        raise Invalid({field: error.fields.get("designation", [error.message])}) from None


def edition_named(session: Session, text: str, field: str) -> Edition:
    """Return the edition of that slug or designation; ``Invalid`` on ``field`` otherwise."""
    edition = session.scalar(select(Edition).where(Edition.slug == text))
    if edition is None:
        key = read_designation(text, field).key
        edition = session.scalar(select(Edition).where(Edition.key == key))
    if edition is None:
        raise Invalid.one(field, Message("“{text}” is not in the register.", text=text[:200]))
    return edition


def document_named(session: Session, text: str, field: str) -> Document:
    """Return the document of that slug or of that designation, dated or not."""
    document = session.scalar(select(Document).where(Document.slug == text))
    if document is None:
        key = read_designation(text, field).document_key
        document = session.scalar(select(Document).where(Document.key == key))
    if document is None:
        raise Invalid.one(field, Message("“{text}” is not in the register.", text=text[:200]))
    return document


def organisation_named(session: Session, slug: str, field: str) -> Organisation:
    """Return the organisation of that slug; ``Invalid`` on ``field`` otherwise."""
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise Invalid.one(field, Message("The register knows no organisation of this name."))
    return organisation


def body_named(session: Session, slug: str, field: str) -> Body:
    """Return the body of that slug; ``Invalid`` on ``field`` otherwise."""
    body = session.scalar(select(Body).where(Body.slug == slug))
    if body is None:
        raise Invalid.one(field, Message("The register knows no body of this name."))
    return body


def body_at(session: Session, slug: str) -> Body:
    """Return the body at that address; ``NotFound`` otherwise."""
    body = session.scalar(select(Body).where(Body.slug == slug))
    if body is None:
        raise NotFound(Message("There is no body at this address."))
    return body


def arrangement_at(session: Session, slug: str) -> Arrangement:
    """Return the arrangement at that address; ``NotFound`` otherwise."""
    arrangement = session.scalar(select(Arrangement).where(Arrangement.slug == slug))
    if arrangement is None:
        raise NotFound(Message("There is no arrangement at this address."))
    return arrangement


def application_at(session: Session, number: str) -> Application:
    """Return the application of that number; ``NotFound`` otherwise."""
    application = session.scalar(select(Application).where(Application.number == number))
    if application is None:
        raise NotFound(Message("There is no application of this number."))
    return application


def certificate_at(session: Session, number: str) -> Certificate:
    """Return the certificate of that number, in canonical form; ``NotFound`` otherwise."""
    certificate = session.scalar(select(Certificate).where(Certificate.number == number))
    if certificate is None:
        raise NotFound(Message("There is no certificate of this number."))
    return certificate
