"""Lists of foreign schemes sent by programs, and the laboratories that they name."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from marshmallow import fields

from registry.api.answers import as_json, json_response, tagged
from registry.api.parameters import AS_OF, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ReceiptSchema, texts
from registry.assessment.foreign.formats import FORMATS
from registry.assessment.foreign.jobs import (
    DONE,
    REFUSED,
    WAITING,
    foreign_import,
    open_foreign_import,
)
from registry.assessment.foreign.laboratories import link_laboratory
from registry.assessment.foreign.laboratory_queries import laboratories, laboratory
from registry.assessment.models import ForeignImport
from registry.assessment.presenters.foreign import present_import, present_laboratory
from registry.assessment.schemas.foreign import ForeignListSchema, LaboratoryLinkSchema
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, change, parts, reading
from registry.web.i18n import translate

blueprint = Resource(
    "Foreign lists", "Lists of foreign schemes on their way in, and the laboratories they name"
)

_COUNT = fields.Integer()


class BadRowSchema(AnswerSchema):
    """A row that could not be taken."""

    line = fields.Integer()
    field = fields.String()
    reason = fields.String()


class ForeignImportSchema(AnswerSchema):
    """A list on its way in: how far it is, and what it did so far."""

    id = fields.Integer()
    href = fields.String()
    scheme = fields.String()
    read_on = fields.Date()
    state = fields.String(metadata={"enum": [WAITING, DONE, REFUSED]})
    problem = fields.String(allow_none=True, metadata={"description": "Why it was refused."})
    uploaded_at = fields.DateTime()
    finished_at = fields.DateTime(allow_none=True)
    rows_done = fields.Integer()
    counts = fields.Dict(keys=fields.String(), values=_COUNT)
    outcomes = fields.Dict(keys=fields.String(), values=_COUNT)
    lapsed = fields.Integer(
        metadata={"description": "Certificates that are no longer active, or no longer listed."}
    )
    bad = fields.List(fields.Nested(BadRowSchema))


class LaboratoryBodySchema(AnswerSchema):
    """The registered body that a laboratory is."""

    slug = fields.String()
    names = texts()


class LaboratorySchema(AnswerSchema):
    """A laboratory as lists name it; its country is not known unless it is linked to a body."""

    slug = fields.String()
    href = fields.String()
    name = fields.String()
    results = fields.Integer()
    accepted = fields.Integer()
    first = fields.Date(allow_none=True)
    last = fields.Date(allow_none=True)
    body = fields.Nested(LaboratoryBodySchema, allow_none=True)
    receipt = fields.Nested(ReceiptSchema)

    sometimes = frozenset({"receipt"})


class LaboratoriesSchema(AnswerSchema):
    """Every laboratory that the certificates name, most certificates first."""

    items = fields.List(fields.Nested(LaboratorySchema))


@blueprint.upload(
    "/foreign-results/imports",
    ForeignImportSchema,
    media=("application/jsonl", "application/gzip", "application/octet-stream"),
    query=(
        query("format", "The list's format.", enum=sorted(FORMATS)),
        query("read_on", "The day on which the list stood like this; today.", format="date"),
    ),
    permission="foreign-result:import",
)
def take_in() -> Response:
    """Send a list (JSON Lines, packed or not) to be taken in; the answer says where to ask.

    The same list again is the same import and changes nothing.
    """
    asked = load(
        ForeignListSchema(),
        {name: value for name in ("format", "read_on") if (value := text(name))},
    )
    with change() as uow:
        job = open_foreign_import(uow, parts().files, request.stream, "-", asked)
        body = _present(job)
    response = json_response(as_json(body), 202)
    response.headers["Location"] = body["href"]
    return response


@blueprint.question(
    "/foreign-results/imports/<int:import_id>",
    ForeignImportSchema,
    permission="foreign-result:import",
)
def show_import(import_id: int) -> Response:
    """Show how far a list is taken in, and what came of it."""
    with reading() as session:
        return tagged(_present(foreign_import(session, import_id)))


@blueprint.question("/foreign-laboratories", LaboratoriesSchema, query=AS_OF)
def list_laboratories() -> Response:
    """List the laboratories that foreign certificates name."""
    with reading() as session:
        rows = laboratories(session, asked_as_of(session))
    return tagged({"items": [_present_laboratory(present_laboratory(row)) for row in rows]})


@blueprint.question("/foreign-laboratories/<slug>", LaboratorySchema, query=AS_OF)
def show_laboratory(slug: str) -> Response:
    """Show a laboratory; its results are at /foreign-results with its slug as laboratory."""
    with reading() as session:
        row = laboratory(session, slug, asked_as_of(session))
    return tagged(_present_laboratory(present_laboratory(row)))


@blueprint.command(
    "/foreign-laboratories/<slug>/body",
    LaboratorySchema,
    body=LaboratoryLinkSchema,
    permission="foreign-result:import",
)
def link(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record which registered body a laboratory is."""
    link_laboratory(uow, slug, data["body"])
    found = laboratory(uow.session, slug, asked_as_of(uow.session))
    return _present_laboratory(present_laboratory(found))


def _present(job: ForeignImport) -> dict[str, Any]:
    item = present_import(job)
    href = url_for("Foreign lists.show_import", import_id=item["id"])
    return {
        **{name: item[name] for name in ForeignImportSchema().fields if name in item},
        "problem": item["problem"] and translate(item["problem"]),
        "bad": [{**row, "reason": translate(row["reason"])} for row in item["bad"]],
        "href": href,
    }


def _present_laboratory(item: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: item[name] for name in LaboratorySchema().fields if name in item}
    return {**shown, "href": url_for("Foreign lists.show_laboratory", slug=item["slug"])}
