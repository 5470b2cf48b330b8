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
from registry.catalog.models import Edition, Obligation
from registry.catalog.queries.obligations import page_of_obligations
from registry.catalog.schemas import (
    ObligationCorrectionSchema,
    ObligationEndSchema,
    ObligationRetractionSchema,
    ObligationSchema,
)
from registry.catalog.services import obligations as service
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
    return present_obligation(service.record_obligation(uow, slug, data), slug)


@blueprint.command(
    "/obligations/<int:obligation_id>/correct",
    RecordedObligationSchema,
    body=ObligationCorrectionSchema,
    permission="obligation:record",
    versioned=True,
)
def correct(
    uow: UnitOfWork, obligation_id: int, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Say what an obligation should have said; the corrected one has an id of its own."""
    return _answer(uow, service.correct_obligation(uow, obligation_id, data, expected))


@blueprint.command(
    "/obligations/<int:obligation_id>/end",
    RecordedObligationSchema,
    body=ObligationEndSchema,
    permission="obligation:record",
    versioned=True,
)
def end(
    uow: UnitOfWork, obligation_id: int, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """End an obligation with a day; what is said from now on has an id of its own."""
    return _answer(uow, service.end_obligation(uow, obligation_id, data, expected))


@blueprint.command(
    "/obligations/<int:obligation_id>/retract",
    RecordedObligationSchema,
    body=ObligationRetractionSchema,
    permission="obligation:record",
    versioned=True,
)
def retract(
    uow: UnitOfWork, obligation_id: int, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Take back an obligation that was recorded in error; the answer is what it said."""
    return _answer(uow, service.retract_obligation(uow, obligation_id, data, expected))


def _answer(uow: UnitOfWork, obligation: Obligation) -> Mapping[str, Any]:
    edition = uow.session.get_one(Edition, obligation.edition_id)
    return present_obligation(obligation, edition.slug)
