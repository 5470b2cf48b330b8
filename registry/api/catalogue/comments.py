"""Public comment on drafts, as commands and questions on editions."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from registry.api.answers import tagged
from registry.api.catalogue.editions import editions, whole_edition
from registry.api.catalogue.presenting import EditionAnswerSchema
from registry.api.parameters import AS_OF
from registry.api.schemas import AnswerSchema, ReceiptSchema
from registry.catalog.comment_schemas import (
    OUTCOMES,
    TYPES,
    CommentAnswerSchema,
    CommentExtensionSchema,
    CommentPeriodSchema,
    CommentSchema,
)
from registry.catalog.models import Edition
from registry.catalog.queries.comments import Commented, consultation
from registry.catalog.services import comments as service
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, reading

Data = Mapping[str, Any]

__all__ = ["editions"]


class ObservationAnswerSchema(AnswerSchema):
    """The editors' answer to a comment."""

    on = fields.Date()
    outcome = fields.String(metadata={"enum": list(OUTCOMES)})
    observation = fields.String()


class CommentOnEditionSchema(AnswerSchema):
    """A comment in the fields of the ISO commenting template."""

    number = fields.Integer()
    on = fields.Date()
    source = fields.String(allow_none=True)
    line = fields.String(allow_none=True)
    clause = fields.String()
    paragraph = fields.String(allow_none=True)
    type = fields.String(metadata={"enum": list(TYPES)})
    comment = fields.String()
    proposed_change = fields.String(allow_none=True)
    answer = fields.Nested(ObservationAnswerSchema, allow_none=True)
    version = fields.Integer(metadata={"description": "Journal position that recorded it."})


class RecordedCommentSchema(CommentOnEditionSchema):
    """A comment just recorded or answered."""

    receipt = fields.Nested(ReceiptSchema)


class ConsultationAnswerSchema(AnswerSchema):
    """The comment period of an edition and the comments made by the day asked."""

    edition = fields.String(metadata={"description": "Slug of the edition."})
    first_day = fields.Date()
    last_day = fields.Date()
    open = fields.Boolean()
    days_left = fields.Integer(metadata={"description": "The day asked and the last included."})
    items = fields.List(fields.Nested(CommentOnEditionSchema))


@editions.question("/editions/<slug>/comments", ConsultationAnswerSchema, query=AS_OF)
def comments(slug: str) -> Response:
    """Show the comments on a draft with their answers."""
    with reading() as session:
        found = consultation(session, slug, asked_as_of(session))
    return tagged(
        {
            "edition": found.edition.slug,
            "first_day": found.period.first_day,
            "last_day": found.period.last_day,
            "open": found.open,
            "days_left": found.days_left,
            "items": [present_comment(said) for said in found.comments],
        }
    )


@editions.command(
    "/editions/<slug>/comments",
    RecordedCommentSchema,
    body=CommentSchema,
    permission="comment:make",
    status=201,
)
def comment(uow: UnitOfWork, slug: str, data: Data) -> Data:
    """Comment on a draft that is open for comment."""
    return present_comment(Commented(service.make_comment(uow, slug, data), None))


@editions.command(
    "/editions/<slug>/comments/<int:comment_number>/answer",
    RecordedCommentSchema,
    body=CommentAnswerSchema,
    permission="comment:answer",
)
def answer(uow: UnitOfWork, slug: str, comment_number: int, data: Data) -> Data:
    """Answer a comment; an earlier answer stays known."""
    service.answer_comment(uow, slug, comment_number, data)
    found = consultation(uow.session, slug, AsOf(uow.today))
    return next(present_comment(c) for c in found.comments if c.comment.number == comment_number)


@editions.command(
    "/editions/<slug>/open-comment",
    EditionAnswerSchema,
    body=CommentPeriodSchema,
    permission="edition:open-comment",
    versioned=True,
)
def open_comment(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Put a draft to public comment."""
    return _answer(uow, service.open_comment(uow, slug, data, expected))


@editions.command(
    "/editions/<slug>/extend-comment",
    EditionAnswerSchema,
    body=CommentExtensionSchema,
    permission="edition:open-comment",
    versioned=True,
)
def extend_comment(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Let the comment period end later."""
    return _answer(uow, service.extend_comment(uow, slug, data, expected))


@editions.command(
    "/editions/<slug>/close-comment",
    EditionAnswerSchema,
    permission="edition:open-comment",
    versioned=True,
)
def close_comment(uow: UnitOfWork, slug: str, expected: int | None) -> Data:
    """Take a draft back for revision once its comment period is over."""
    return _answer(uow, service.close_comment(uow, slug, expected))


def present_comment(said: Commented) -> dict[str, Any]:
    """Return a comment as JSON."""
    return {
        "number": said.comment.number,
        "on": said.comment.on,
        **{name: getattr(said.comment, name) for name in service.FIELDS},
        "answer": {
            "on": said.answer.on,
            "outcome": said.answer.outcome,
            "observation": said.answer.observation,
        }
        if said.answer
        else None,
        "version": said.comment.known_from,
    }


def _answer(uow: UnitOfWork, edition: Edition) -> Data:
    uow.session.flush()
    return whole_edition(uow.session, edition.slug, AsOf(uow.today), drafts=True)
