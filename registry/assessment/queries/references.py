"""Finds things by the public name a person typed: slugs, numbers, designations."""

import re
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.accounts.models import Organisation
from registry.assessment.models import Application, Arrangement, Body, Certificate, Declaration
from registry.catalog.designation import Designation, parse
from registry.catalog.models import Document, Edition
from registry.errors import Invalid, NotFound
from registry.messages import Message

T = TypeVar("T")

# What the key of a national document has after its number: the letters of its issuer.
_ISSUER = re.compile(r" [^\W\d_]+")
_MOST_NAMED = 5


def is_dated(designation: Designation) -> bool:
    """Whether a reference names one edition rather than the document over all editions."""
    return designation.year is not None or bool(designation.version)


def read_designation(text: str, field: str) -> Designation:
    """Parse ``text``; what is wrong with it is filed under ``field``."""
    try:
        return parse(text)
    except Invalid as error:
        raise Invalid({field: error.fields.get("designation", [error.message])}) from None


def full_designation(session: Session, text: str, field: str) -> Designation:
    """Parse ``text``, and add the issuer's letters where they were left out.

    People write "QCVN 135:2024" for QCVN 135:2024/BTTTT. What the register holds under
    no issuer, or under none at all, is returned as it was written. Raises ``Invalid`` on
    ``field`` when several issuers have a document of this number.
    """
    designation = read_designation(text, field)
    key = designation.document_key
    if designation.suffix or _by(session, Document, Document.key, key) is not None:
        return designation
    issued = [
        document
        for document in session.scalars(
            select(Document)
            .where(Document.key.startswith(f"{key} ", autoescape=True))
            .order_by(Document.key)
        )
        if _ISSUER.fullmatch(document.key[len(key) :])
    ]
    if not issued:
        return designation
    if len(issued) > 1:
        names = ", ".join(document.designation for document in issued[:_MOST_NAMED])
        raise Invalid.one(
            field,
            Message("“{text}” may be any of: {names}.", text=text[:200], names=names),
        )
    full = parse(f"{designation.printed}/{parse(issued[0].designation).suffix}")
    return full if full.document_key == issued[0].key else designation


def edition_named(session: Session, text: str, field: str) -> Edition:
    """Return the edition of that slug or designation; ``Invalid`` on ``field`` otherwise."""
    edition = _by(session, Edition, Edition.slug, text)
    if edition is None:
        edition = _by(session, Edition, Edition.key, full_designation(session, text, field).key)
    return _given(edition, field, _unknown(text))


def document_named(session: Session, text: str, field: str) -> Document:
    """Return the document of that slug or of that designation, dated or not.

    The issuer's letters may be left out where only one issuer has such a number.
    """
    document = _by(session, Document, Document.slug, text)
    if document is None:
        key = full_designation(session, text, field).document_key
        document = _by(session, Document, Document.key, key)
    return _given(document, field, _unknown(text))


def organisation_named(session: Session, slug: str, field: str) -> Organisation:
    """Return the organisation of that slug; ``Invalid`` on ``field`` otherwise."""
    message = Message("The register knows no organisation of this name.")
    return _given(_by(session, Organisation, Organisation.slug, slug), field, message)


def body_named(session: Session, slug: str, field: str) -> Body:
    """Return the body of that slug; ``Invalid`` on ``field`` otherwise."""
    message = Message("The register knows no body of this name.")
    return _given(_by(session, Body, Body.slug, slug), field, message)


def arrangement_named(session: Session, slug: str, field: str) -> Arrangement:
    """Return the arrangement of that slug; ``Invalid`` on ``field`` otherwise."""
    message = Message("There is no arrangement at this address.")
    return _given(_by(session, Arrangement, Arrangement.slug, slug), field, message)


def body_at(session: Session, slug: str) -> Body:
    """Return the body at that address; ``NotFound`` otherwise."""
    return _found(_by(session, Body, Body.slug, slug), Message("There is no body at this address."))


def arrangement_at(session: Session, slug: str) -> Arrangement:
    """Return the arrangement at that address; ``NotFound`` otherwise."""
    message = Message("There is no arrangement at this address.")
    return _found(_by(session, Arrangement, Arrangement.slug, slug), message)


def application_at(session: Session, number: str) -> Application:
    """Return the application of that number; ``NotFound`` otherwise."""
    message = Message("There is no application of this number.")
    return _found(_by(session, Application, Application.number, number), message)


def certificate_at(session: Session, number: str) -> Certificate:
    """Return the certificate of that number, in canonical form; ``NotFound`` otherwise."""
    message = Message("There is no certificate of this number.")
    return _found(_by(session, Certificate, Certificate.number, number), message)


def _by(
    session: Session, model: type[T], column: InstrumentedAttribute[str], value: str
) -> T | None:
    """Return the row of ``model`` of which a unique column holds ``value``, if there is one."""
    found: T | None = session.scalar(_asking(column), {"value": value})
    return found


@cache
def _asking(column: InstrumentedAttribute[str]) -> Select[Any]:
    return select(column.class_).where(column == bindparam("value"))


def _given(thing: T | None, field: str, message: str) -> T:
    if thing is None:
        raise Invalid.one(field, message)
    return thing


def _found(thing: T | None, message: str) -> T:
    if thing is None:
        raise NotFound(message)
    return thing


def _unknown(text: str) -> Message:
    return Message("“{text}” is not in the register.", text=text[:200])


def declaration_at(session: Session, number: str) -> Declaration:
    """Return the declaration of that number, in canonical form; ``NotFound`` otherwise."""
    declaration = session.scalar(select(Declaration).where(Declaration.number == number))
    if declaration is None:
        raise NotFound(Message("There is no declaration of this number."))
    return declaration
