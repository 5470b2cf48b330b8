"""Lines of bodies, accreditations and arrangements: ended from a day on, or taken back."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from registry.api.parameters import MOST
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ReceiptSchema
from registry.assessment.schemas import LineEndSchema, RetractionSchema
from registry.assessment.services.amendments import LINES, end_line, line_subject, retract_line
from registry.unit_of_work import UnitOfWork

blueprint = Resource("Lines", "Ends single lines of a scope or list, and takes back mistaken ones")

# The address of each kind of line; its key is singular, the collection's name is not.
_PLURALS = {"address": "addresses"}


class LineAnswerSchema(AnswerSchema):
    """A line after it was ended, or that it was taken back."""

    kind = fields.String(metadata={"enum": list(LINES)})
    subject = fields.String(metadata={"description": "What it is a line of, like body:5."})
    id = fields.Integer(
        allow_none=True,
        metadata={"description": "Its number from now on; null when it was taken back."},
    )
    receipt = fields.Nested(ReceiptSchema)


def _declare(kind: str) -> None:
    one = f"/{_PLURALS.get(kind, kind + 's')}/<int(max={MOST}):line_id>"
    permission = LINES[kind].permission
    name = kind.replace("-", "_")

    def end(
        uow: UnitOfWork, line_id: int, data: Mapping[str, Any], expected: int | None
    ) -> Mapping[str, Any]:
        subject = line_subject(uow, kind, line_id)
        line = end_line(uow, kind, line_id, data, expected=expected)
        return {"kind": kind, "subject": subject, "id": line.id}

    def retract(
        uow: UnitOfWork, line_id: int, data: Mapping[str, Any], expected: int | None
    ) -> Mapping[str, Any]:
        subject = line_subject(uow, kind, line_id)
        retract_line(uow, kind, line_id, data, expected=expected)
        return {"kind": kind, "subject": subject, "id": None}

    end.__doc__ = f"Say until which day the {kind.replace('-', ' ')} holds."
    retract.__doc__ = f"Take back the {kind.replace('-', ' ')}, which was recorded in error."
    for work, step, body in ((end, "end", LineEndSchema), (retract, "retract", RetractionSchema)):
        work.__name__ = f"{step}_{name}"
        blueprint.command(
            f"{one}/{step}", LineAnswerSchema, body=body, permission=permission, versioned=True
        )(work)


for _kind in LINES:
    _declare(_kind)
