"""Ends lines of the register from a day on, and retracts those recorded in error.

A line that came to its end keeps its past; one that never was true leaves the present
state of knowledge. Both stay readable as the register once stood.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select

from registry.assessment.models import (
    Accreditation,
    ArrangementListing,
    ArrangementScope,
    Body,
    BodyAddress,
    BodyContact,
    BodyDesignation,
    BodyIdentifier,
    ScopeLine,
)
from registry.assessment.services.cascade import after_line_ended, after_line_retracted
from registry.assessment.services.checks import refuse_own_matter
from registry.errors import Invalid, NotFound
from registry.history import Fact, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, check_version


@dataclass(frozen=True, slots=True)
class LineKind:
    """A kind of line: its table, who may amend it, what it is of, and its journal actions.

    What the journal says of a ``sealed`` kind is not public.
    """

    model: type[Any]
    permission: str
    subject: Callable[[Any], str]
    end: str
    retract: str
    sealed: bool = False


def _of_body(line: Any) -> str:
    return f"body:{line.body_id}"


def _of_accreditation(line: Any) -> str:
    return f"accreditation:{line.accreditation_id}"


def _of_arrangement(line: Any) -> str:
    return f"arrangement:{line.arrangement_id}"


def _detail(model: type[Fact], *, sealed: bool = False) -> LineKind:
    return LineKind(
        model, "body:register", _of_body, "body.end-detail", "body.retract-detail", sealed
    )


LINES: dict[str, LineKind] = {
    "scope-line": LineKind(
        ScopeLine,
        "accreditation:record",
        _of_accreditation,
        "accreditation.end-scope",
        "accreditation.retract-scope",
    ),
    "designation": LineKind(
        BodyDesignation,
        "designation:record",
        _of_body,
        "body.end-designation",
        "body.retract-designation",
    ),
    "identifier": _detail(BodyIdentifier),
    "address": _detail(BodyAddress),
    "contact": _detail(BodyContact, sealed=True),
    "arrangement-scope-line": LineKind(
        ArrangementScope,
        "arrangement:record",
        _of_arrangement,
        "arrangement.end-scope",
        "arrangement.retract-scope",
    ),
    "listing": LineKind(
        ArrangementListing,
        "arrangement:record",
        _of_arrangement,
        "arrangement.end-listing",
        "arrangement.retract-listing",
    ),
}


def end_line(
    uow: UnitOfWork,
    kind: str,
    line_id: int,
    data: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> Fact:
    """Let a line hold until a last day; data as ``LineEndSchema`` loads it.

    The day may also lie later than the one recorded before. ``Invalid`` on
    ``valid_until`` when it lies before the first day.
    """
    line_kind, line = _line(uow, kind, line_id, expected)
    if line.valid_from is not None and data["valid_until"] < line.valid_from:
        raise Invalid.one("valid_until", Message("The last day lies before the first day."))
    if data["valid_until"] == line.valid_until:
        raise Invalid.one("valid_until", Message("The register says this already."))
    revised: Fact = line.revised(valid_until=data["valid_until"])
    position = _journal(uow, line_kind, line_kind.end, line, data)
    uow.replace(line, revised, position)
    uow.session.flush()
    after_line_ended(uow, revised, data["valid_until"])
    return revised


def retract_line(
    uow: UnitOfWork,
    kind: str,
    line_id: int,
    data: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> None:
    """Take back a line that was recorded in error; data as ``RetractionSchema`` loads it.

    A task is opened for each thing that may rest on it: the line never held.
    """
    line_kind, line = _line(uow, kind, line_id, expected)
    position = _journal(uow, line_kind, line_kind.retract, line, data)
    # What may rest on the line is read while it still stands.
    after_line_retracted(uow, line)
    uow.close(line, position)


def line_subject(uow: UnitOfWork, kind: str, line_id: int) -> str:
    """Return what a line is of ("body:5"), also of a line that no longer stands."""
    line_kind = LINES[kind]
    line = uow.session.get(line_kind.model, line_id)
    if line is None:
        raise NotFound(Message("There is no such line."))
    return line_kind.subject(line)


def said_of(line: Fact) -> dict[str, Any]:
    """Return what a line says, for the journal: its columns but for recorded time."""
    columns = inspect(type(line)).column_attrs
    return {
        column.key: getattr(line, column.key)
        for column in columns
        if column.key not in ("id", "known_from", "known_until")
    }


def _line(uow: UnitOfWork, kind: str, line_id: int, expected: int | None) -> tuple[LineKind, Any]:
    line_kind = LINES[kind]
    uow.actor.require(line_kind.permission)
    line = uow.session.scalar(
        select(line_kind.model).where(line_kind.model.id == line_id, known(line_kind.model))
    )
    if line is None:
        raise NotFound(Message("There is no such line, or it was replaced since."))
    check_version(line, expected)
    refuse_own_matter(uow, *_party(uow, line))
    return line_kind, line


def _party(uow: UnitOfWork, line: Any) -> list[int]:
    """Return the organisation of the body that a line is about; none for an arrangement's own."""
    body_id = getattr(line, "body_id", None)
    if isinstance(line, ScopeLine):
        body_id = uow.session.get_one(Accreditation, line.accreditation_id).body_id
    return [] if body_id is None else [uow.session.get_one(Body, body_id).organisation_id]


def _journal(
    uow: UnitOfWork, kind: LineKind, action: str, line: Any, data: Mapping[str, Any]
) -> int:
    says = said_of(line)
    if kind.sealed:
        return uow.record(action, kind.subject(line), {"line": line.id}, {"says": says, **data})
    return uow.record(action, kind.subject(line), {"line": line.id, "says": says, **data})
