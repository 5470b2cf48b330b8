"""Obligations: which regulation applies to which products."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from registry.api.answers import page, page_parameters
from registry.api.catalogue.presenting import ObligationAnswerSchema, present_obligation
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import ReceiptSchema, page_of
from registry.catalog.queries.obligations import page_of_obligations
from registry.catalog.schemas import ObligationSchema
from registry.catalog.services.obligations import record_obligation
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, reading

blueprint = Resource("Obligations", "Which regulation applies to which products")


class RecordedObligationSchema(ObligationAnswerSchema):
    """An obligation just recorded."""

    receipt = fields.Nested(ReceiptSchema)


@blueprint.question(
    "/obligations",
    page_of(ObligationAnswerSchema),
    query=[*AS_OF, *PAGING, query("hs", "Those of this HS code, its parents and its children.")],
)
def list_obligations() -> Response:
    """List obligations in the order in which they were recorded."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = page_of_obligations(
            session,
            asked_as_of(session),
            after=key[0] if key else 0,
            limit=limit + 1,
            hs=text("hs"),
        )
    return page(
        rows, limit, lambda row: present_obligation(row[0], row[1].slug), lambda row: (row[0].id,)
    )


@blueprint.command(
    "/editions/<slug>/obligations",
    RecordedObligationSchema,
    body=ObligationSchema,
    permission="obligation:record",
    status=201,
)
def add_obligation(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record that a regulation edition applies to products."""
    return present_obligation(record_obligation(uow, slug, data), slug)
