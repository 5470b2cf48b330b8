"""Domains and vocabularies as resources."""

from typing import Any

from flask import Response
from marshmallow import fields

from registry.api.answers import listed
from registry.api.parameters import AS_OF
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of, texts
from registry.catalog.presenters.common import counted
from registry.catalog.queries.editions import in_domain
from registry.errors import NotFound
from registry.messages import Message
from registry.vocabulary.models import Term
from registry.vocabulary.queries import terms
from registry.web.edge import asked_as_of, parts, reading

blueprint = Resource("Domains", "The domains of the list, and the vocabularies of the register")


class TermAnswerSchema(AnswerSchema):
    """What a key of a vocabulary means on the day asked."""

    key = fields.String()
    labels = texts()
    attributes = fields.Dict()
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    source = fields.String(allow_none=True)


class CountsAnswerSchema(AnswerSchema):
    """How many editions of a domain stand where."""

    in_force = fields.Integer()
    planned = fields.Integer()
    unknown = fields.Integer()  # type: ignore[assignment]
    ended = fields.Integer()
    total = fields.Integer()


class DomainAnswerSchema(TermAnswerSchema):
    """A domain: its lead ministries and plan are among the attributes."""

    counts = fields.Nested(CountsAnswerSchema)


@blueprint.question("/domains", page_of(DomainAnswerSchema), query=AS_OF)
def list_domains() -> Response:
    """List the domains with lead ministries, plan and counts by status."""
    with reading() as session:
        as_of = asked_as_of(session)
        zone = parts().settings.zone
        items = [
            {**present_term(term), "counts": counted(in_domain(session, term.key, as_of, zone))}
            for term in terms(session, "domain", as_of)
        ]
    return listed(items)


@blueprint.question("/vocabularies/<slug>", page_of(TermAnswerSchema), query=AS_OF)
def list_terms(slug: str) -> Response:
    """List the terms of a vocabulary, like certification-method, in their own order."""
    with reading() as session:
        found = terms(session, slug, asked_as_of(session))
    if not found:
        raise NotFound(Message("The register had no vocabulary of this name then."))
    return listed([present_term(term) for term in found])


def present_term(term: Term) -> dict[str, Any]:
    """Return a term as JSON."""
    return {
        "key": term.key,
        "labels": term.labels,
        "attributes": term.attributes,
        "valid_from": term.valid_from,
        "valid_until": term.valid_until,
        "source": term.source,
    }
