"""Documents and editions: questions. Changing them is in ``publishing``."""

from typing import Any

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import page, page_parameters, representation
from registry.api.catalogue.presenting import (
    EditionAnswerSchema,
    EditionSummarySchema,
    present_edition,
    present_obligation,
    present_relation,
)
from registry.api.parameters import AS_OF, PAGING, flag, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of
from registry.catalog.models import Document, Edition
from registry.catalog.queries.editions import (
    editions_of,
    find_slug,
    obligations_of,
    one_edition,
    page_of_editions,
    parts_ended,
    relations_of,
)
from registry.errors import NotFound
from registry.history import AsOf
from registry.web.edge import asked_as_of, current_actor, parts, reading

documents = Resource("Documents", "Normative documents, independent of year")
editions = Resource("Editions", "Dated editions: facts, status on a day, publishing")


class DocumentAnswerSchema(AnswerSchema):
    """A document with its editions."""

    slug = fields.String()
    designation = fields.String()
    editions = fields.List(fields.Nested(EditionSummarySchema))


@documents.question("/documents/<slug>", DocumentAnswerSchema, query=AS_OF)
def one_document(slug: str) -> Response:
    """Show a document with its editions, the newest first."""
    with reading() as session:
        found = find_slug(session, slug)
        if isinstance(found, Edition):
            found = session.get_one(Document, found.document_id)
        as_of = asked_as_of(session)
        facts = editions_of(session, found.id, as_of, parts().settings.zone, drafts=False)
    if not facts:
        raise NotFound("The register said nothing of this document then.")
    body = {
        "slug": found.slug,
        "designation": found.designation,
        "editions": [present_edition(f) for f in facts],
    }
    return representation(body, max(f.record.known_from for f in facts))


@editions.question(
    "/editions",
    page_of(EditionSummarySchema),
    query=[
        *AS_OF,
        *PAGING,
        query("domain", "Only editions of this domain, by its key."),
        query("kind", "Only editions of this kind, like QCVN."),
        query("national", "Of the register's own list, or not.", enum=["true", "false"]),
    ],
)
def list_editions() -> Response:
    """List editions in the order in which the register took them up."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = page_of_editions(
            session,
            asked_as_of(session),
            parts().settings.zone,
            after=key[0] if key else 0,
            limit=limit + 1,
            kind=text("kind"),
            national=flag("national"),
            domain=text("domain"),
        )
    return page(rows, limit, present_edition, lambda f: (f.edition.id,))


@editions.question("/editions/<slug>", EditionAnswerSchema, query=AS_OF)
def one(slug: str) -> Response:
    """Show one edition with its relations and obligations."""
    with reading() as session:
        drafts = current_actor().may("edition:read-drafts")
        body = whole_edition(session, slug, asked_as_of(session), drafts=drafts)
    return representation(body, body["version"])


def whole_edition(session: Session, slug: str, as_of: AsOf, *, drafts: bool) -> dict[str, Any]:
    """Return an edition as JSON with its relations and obligations."""
    edition = find_slug(session, slug)
    if not isinstance(edition, Edition):
        raise NotFound("There is no edition at this address.")
    zone = parts().settings.zone
    facts = one_edition(session, edition, as_of, zone, drafts=drafts)
    obligations = obligations_of(session, edition.id, as_of)
    return {
        **present_edition(facts),
        "parts_ended": [
            {name: getattr(ended, name) for name in ("id", "part", "first_day", "reason", "source")}
            for ended in parts_ended(session, edition.id, as_of)
        ],
        "relations": [present_relation(r) for r in relations_of(session, edition, as_of, zone)],
        "obligations": [present_obligation(o, edition.slug) for o in obligations],
    }
