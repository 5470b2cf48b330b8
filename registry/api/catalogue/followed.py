"""Followed catalogues as a resource."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields

from registry.api.answers import listed, representation
from registry.api.parameters import AS_OF
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of
from registry.catalog.presenters.catalogues import present_catalogue
from registry.catalog.queries.catalogues import (
    CatalogueFacts,
    followed_catalogues,
    one_catalogue,
)
from registry.catalog.schemas import CatalogueDescriptionSchema, CatalogueSchema
from registry.catalog.services import catalogues as service
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, parts, reading

Data = Mapping[str, Any]

blueprint = Resource("Catalogues", "Catalogues of others that the register follows")


class RefreshAnswerSchema(AnswerSchema):
    """A refresh and what it changed in the register."""

    recorded_at = fields.DateTime()
    position = fields.Integer(metadata={"description": "Its journal position."})
    data_of = fields.String(
        allow_none=True, metadata={"description": "When the data were published, if known."}
    )
    rows = fields.Integer()
    new = fields.Integer()
    changed = fields.Integer()
    withdrawn = fields.Integer(
        metadata={"description": "Editions that had not ended here before and had afterwards."}
    )
    adopted = fields.List(
        fields.String(), metadata={"description": "Those of them that national editions adopt."}
    )
    unlisted = fields.Integer(
        metadata={"description": "Editions held that the catalogue no longer lists."}
    )


class CatalogueAnswerSchema(ChangeableSchema):
    """A followed catalogue: whose it is, what it holds, when it was refreshed."""

    key = fields.String()
    href = fields.String()
    name = fields.String()
    publisher = fields.String()
    address = fields.String(allow_none=True)
    licence = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    editions = fields.Integer()
    refreshed_on = fields.Date(allow_none=True)
    refreshes = fields.List(fields.Nested(RefreshAnswerSchema))


@blueprint.question("/catalogues", page_of(CatalogueAnswerSchema), query=AS_OF)
def list_catalogues() -> Response:
    """List the followed catalogues by name, their refreshes with the latest first."""
    with reading() as session:
        items = [_present(f) for f in followed_catalogues(session, asked_as_of(session))]
    return listed(items)


@blueprint.question("/catalogues/<slug>", CatalogueAnswerSchema, query=AS_OF)
def one(slug: str) -> Response:
    """Show one followed catalogue."""
    with reading() as session:
        body = _present(one_catalogue(session, slug, asked_as_of(session)))
    return representation(body, body["version"])


@blueprint.command(
    "/catalogues",
    CatalogueAnswerSchema,
    body=CatalogueSchema,
    permission="catalogue:follow",
    status=201,
)
def follow(uow: UnitOfWork, data: Data) -> Data:
    """Register a catalogue to follow."""
    return _answer(uow, service.follow_catalogue(uow, data).key)


@blueprint.command(
    "/catalogues/<slug>",
    CatalogueAnswerSchema,
    body=CatalogueDescriptionSchema,
    permission="catalogue:follow",
    method="PUT",
)
def describe(uow: UnitOfWork, slug: str, data: Data) -> Data:
    """Say anew whose a followed catalogue is."""
    return _answer(uow, service.describe_catalogue(uow, slug, data).key)


def _present(facts: CatalogueFacts) -> dict[str, Any]:
    return {
        **present_catalogue(facts, parts().settings.zone),
        "href": url_for("Catalogues.one", slug=facts.key),
        "version": facts.record.known_from,
    }


def _answer(uow: UnitOfWork, key: str) -> Data:
    uow.session.flush()
    return _present(one_catalogue(uow.session, key, AsOf(uow.today)))
