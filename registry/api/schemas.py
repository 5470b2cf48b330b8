"""Shapes that every resource answers with. They describe; presenters make the answers."""

from functools import cache
from typing import Any, ClassVar

from marshmallow import Schema, fields


class AnswerSchema(Schema):
    """Base of answers: each field is always there unless named in ``sometimes``."""

    sometimes: ClassVar[frozenset[str]] = frozenset()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Tell the API document which fields a reader can count on."""
        field_obj.required = field_name not in self.sometimes


class ReceiptSchema(AnswerSchema):
    """Proof that a change was recorded: the journal entry that it is."""

    subject = fields.String(metadata={"description": "What was changed, like report:12."})
    position = fields.Integer(metadata={"description": "Position in the journal."})
    recorded_at = fields.DateTime()
    leaf_hash = fields.String(metadata={"description": "RFC 9162 leaf hash of the entry, hex."})
    content_hash = fields.String(
        metadata={"description": "SHA-256 of the canonical JSON (RFC 8785) of what was submitted."}
    )

    proof = fields.String(
        metadata={"description": "Where the proof is that the entry is in the journal."}
    )

    sometimes = frozenset({"subject", "content_hash", "proof"})


class ChangeableSchema(AnswerSchema):
    """Base of answers about what can be changed; a change answers with its receipt."""

    version = fields.Integer(
        metadata={"description": "Journal position of the newest fact; the ETag starts with it."}
    )
    receipt = fields.Nested(ReceiptSchema)

    sometimes = frozenset({"receipt"})


class FieldProblemSchema(AnswerSchema):
    """What is wrong with one field of the input."""

    field = fields.String(metadata={"description": "Dotted path, like results.0.unit."})
    pointer = fields.String(metadata={"description": "The same as a JSON pointer (RFC 6901)."})
    detail = fields.String()


class ProblemSchema(AnswerSchema):
    """A problem document (RFC 9457)."""

    type = fields.String(metadata={"format": "uri"})
    title = fields.String()
    status = fields.Integer()
    instance = fields.String()
    detail = fields.String()
    errors = fields.List(fields.Nested(FieldProblemSchema))

    sometimes = frozenset({"detail", "errors"})


def texts(**kwargs: Any) -> fields.Dict:
    """A text by language code."""
    return fields.Dict(keys=fields.String(), values=fields.String(), **kwargs)


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """Return the shape of a page of ``item``; the Link header names the next page."""
    name = item.__name__.removesuffix("Schema")
    return AnswerSchema.from_dict({"items": fields.List(fields.Nested(item))}, name=f"{name}Page")
