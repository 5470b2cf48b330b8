"""Adoption drift as a resource."""

from typing import Any

from flask import Response
from marshmallow import fields

from registry.api.answers import page, page_parameters, tagged
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of
from registry.catalog.drift import STATES, selected, share_by_year, share_of
from registry.catalog.presenters.drift import (
    present_adoption,
    present_domains,
    present_ministries,
    present_share,
    present_sources,
)
from registry.catalog.queries.catalogues import followed_catalogues
from registry.catalog.queries.drift import adoptions
from registry.vocabulary.queries import all_labels, terms
from registry.web.edge import asked_as_of, parts, reading

blueprint = Resource("Drift", "Whether what national editions adopt is still current")


class AdoptedEditionSchema(AnswerSchema):
    """The adopted edition; without slug the register does not hold it."""

    designation = fields.String()
    slug = fields.String(allow_none=True)
    catalogue = fields.String(
        allow_none=True, metadata={"description": "Key of the followed catalogue that holds it."}
    )


class NewerEditionSchema(AnswerSchema):
    """An edition that took another's place."""

    designation = fields.String()
    slug = fields.String()
    issued = fields.String(allow_none=True)


class AdoptionAnswerSchema(AnswerSchema):
    """A national edition beside what became of the edition that it adopts."""

    slug = fields.String()
    designation = fields.String()
    domains = fields.List(fields.String())
    ministry = fields.String(
        metadata={"description": "Who leads the national edition, else who issued it."}
    )
    degree = fields.String(allow_none=True)
    adopted = fields.Nested(AdoptedEditionSchema)
    state = fields.String(metadata={"enum": list(STATES)})
    since = fields.Date(
        allow_none=True, metadata={"description": "First day of the state, if it is known."}
    )
    replaced_by = fields.List(fields.Nested(NewerEditionSchema))


class ShareAnswerSchema(AnswerSchema):
    """How many adoptions stand where; outdated are replaced or withdrawn."""

    current = fields.Integer()
    outdated = fields.Integer()
    not_known = fields.Integer()
    total = fields.Integer()
    percent = fields.Integer(
        allow_none=True, metadata={"description": "Of a hundred adoptions, how many are current."}
    )


class DomainShareSchema(ShareAnswerSchema):
    """The share of one domain."""

    key = fields.String()


class MinistryShareSchema(DomainShareSchema):
    """The share of one ministry; its name by language, or as its source gives it."""

    name = fields.Raw()


class YearShareSchema(ShareAnswerSchema):
    """The share at the end of a year; of the last year on the day asked."""

    year = fields.Integer()


class DriftSourceSchema(AnswerSchema):
    """A catalogue that adopted editions are known from; without key the built-in list."""

    key = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    refreshed_on = fields.Date(allow_none=True)
    data_of = fields.String(allow_none=True)


class DriftSummarySchema(AnswerSchema):
    """The share still current of all adoptions, by domain, by ministry and by year."""

    at = fields.Date()
    share = fields.Nested(ShareAnswerSchema)
    domains = fields.List(fields.Nested(DomainShareSchema))
    ministries = fields.List(fields.Nested(MinistryShareSchema))
    years = fields.List(fields.Nested(YearShareSchema))
    sources = fields.List(fields.Nested(DriftSourceSchema))


@blueprint.question(
    "/drift",
    page_of(AdoptionAnswerSchema),
    query=[
        *AS_OF,
        *PAGING,
        query("domain", "Only adoptions of this domain, by its key."),
        query("ministry", "Only adoptions of this ministry, by its key."),
        query("state", "Only adoptions whose adopted edition stands so.", enum=STATES),
    ],
)
def list_adoptions() -> Response:
    """List adoptions by designation, each with what became of the adopted edition."""
    key, limit = page_parameters(int)
    start = key[0] if key else 0
    with reading() as session:
        as_of = asked_as_of(session)
        found = selected(
            adoptions(session, as_of, parts().settings.zone),
            as_of.at,
            domain=text("domain"),
            ministry=text("ministry"),
            state=text("state"),
        )
    rows = list(enumerate(found[start : start + limit + 1], start=start + 1))
    return page(rows, limit, lambda row: present_adoption(*row[1]), lambda row: (row[0],))


@blueprint.question("/drift/summary", DriftSummarySchema, query=AS_OF)
def summary() -> Response:
    """Count adoptions by what became of the adopted edition: by domain, ministry and year."""
    zone = parts().settings.zone
    with reading() as session:
        as_of = asked_as_of(session)
        everything = adoptions(session, as_of, zone)
        found = selected(everything, as_of.at)
        body: dict[str, Any] = {
            "at": as_of.at,
            "share": present_share(share_of(drift for _, drift in found)),
            "domains": present_domains(
                found, [term.key for term in terms(session, "domain", as_of)]
            ),
            "ministries": present_ministries(found, all_labels(session)),
            "years": [
                {"year": item.year, **present_share(item.share)}
                for item in share_by_year(everything, as_of.at)
            ],
            "sources": present_sources(found, followed_catalogues(session, as_of), zone),
        }
    return tagged(body)
