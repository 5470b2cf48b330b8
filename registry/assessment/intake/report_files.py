"""Reports sent in one file: each becomes a draft with its bad cells, then all or some are sent."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.intake.columns import COLUMNS
from registry.assessment.intake.drafts import check_draft, submit_draft
from registry.assessment.intake.sheets import Place, ReadReport, read_reports
from registry.assessment.models import ReportDraft
from registry.assessment.services.report_drafts import drafts_of_batch, start_draft
from registry.catalog.spreadsheets.rows import known_terms
from registry.errors import Invalid, RegistryError
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

ALL = "all"
GOOD = "good"
DRAFTS = "drafts"
CHOICES = (ALL, GOOD, DRAFTS)

# Says a message in the reader's language.
Say = Callable[[str], str]

_HEADINGS = {column.path: column for column in COLUMNS}
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """A report of a file: its draft, and the report that it became or what keeps it back."""

    draft: ReportDraft
    report_id: int | None
    problems: Mapping[str, list[str]]


def keep_file(
    uow: UnitOfWork, name: str, content: bytes, *, language: str, say: Say, zone: ZoneInfo
) -> str:
    """Make a draft of each report in a CSV or XLSX file; return the key of the whole.

    Cells that are not understood are kept with the draft: sheet, row, column, value and
    reason in ``language``. Raises ``Invalid`` on "file" as ``read_reports``.
    """
    uow.actor.require("report:submit")
    batch = secrets.token_urlsafe(16)
    for read in read_reports(content, known_terms(uow.session)):
        draft = start_draft(uow, read.content, batch=batch)
        problems = check_draft(uow.session, uow.actor, draft, uow.today, zone).problems
        draft.origin = {
            "file": name,
            "row": read.row,
            "cells": _bad_cells(read, problems, language, say),
        }
    return batch


def outcomes(
    session: Session, units: UnitOfWorkFactory, actor: Actor, batch: str, zone: ZoneInfo
) -> list[Outcome]:
    """Return where each report of a file stands today."""
    today = units.clock.today()
    return [
        Outcome(draft, draft.report_id, _problems(session, actor, draft, today, zone))
        for draft in drafts_of_batch(session, actor, batch)
    ]


def submit_batch(
    units: UnitOfWorkFactory, actor: Actor, batch: str, choice: str, zone: ZoneInfo
) -> int:
    """Submit the reports of a file that are not submitted yet; return how many were.

    With "all" none is submitted unless every one can be, and all are in one unit of work:
    ``Invalid`` names the numbers of the others. With "good" each stands for itself.
    """
    if choice not in (ALL, GOOD):
        raise Invalid.one("choice", Message("Choose one of: {keys}.", keys=f"{ALL}, {GOOD}"))
    with units.reading() as session:
        found = outcomes(session, units, actor, batch, zone)
    waiting = [one for one in found if one.report_id is None]
    bad = [one for one in waiting if one.problems]
    if choice == ALL:
        if bad:
            raise Invalid.one(
                "choice",
                Message("{count} reports cannot be submitted as they are.", count=len(bad)),
            )
        with units(actor) as uow:
            for one in waiting:
                submit_draft(uow, one.draft.id)
        return len(waiting)
    return sum(_submitted(units, actor, one.draft.id) for one in waiting if not one.problems)


def _submitted(units: UnitOfWorkFactory, actor: Actor, draft_id: int) -> bool:
    try:
        with units(actor) as uow:
            submit_draft(uow, draft_id)
    except RegistryError:
        # What changed since it was looked at is told when the file is looked at again.
        return False
    return True


def _problems(
    session: Session, actor: Actor, draft: ReportDraft, today: date, zone: ZoneInfo
) -> Mapping[str, list[str]]:
    if draft.report_id is not None:
        return {}
    problems = dict(check_draft(session, actor, draft, today, zone).problems)
    if draft.version == 1:
        # A cell that was not understood counts until somebody looked at the draft.
        for cell in draft.origin.get("cells", []):
            problems.setdefault(cell["field"], [cell["reason"]])
    return problems


def _bad_cells(
    read: ReadReport, problems: Mapping[str, Sequence[str]], language: str, say: Say
) -> list[dict[str, Any]]:
    """Return every bad cell; what is missing is named by the row where it should stand."""
    reasons = {path: [reason] for path, reason in read.faults.items()}
    for path, texts in problems.items():
        reasons.setdefault(path, list(texts))
    cells = []
    for path, texts in reasons.items():
        place = read.places.get(path) or _missing(read, path)
        column = _HEADINGS.get(place.column)
        cells.append(
            {
                "field": path.partition("@")[0],
                "sheet": place.sheet,
                "row": place.row,
                "column": column.heading(language) if column else place.column,
                "value": place.value[:_LONGEST_VALUE],
                "reason": " ".join(map(say, texts)),
            }
        )
    return sorted(cells, key=lambda cell: (cell["row"], cell["column"]))


def _missing(read: ReadReport, path: str) -> Place:
    name, _, rest = path.partition(".")
    number, _, column = rest.partition(".")
    row = read.row
    if name == "results" and number.isdigit():
        start = f"results.{number}."
        row = next((p.row for key, p in read.places.items() if key.startswith(start)), row)
        return Place(read.sheet, row, f"results.{column}", "")
    if (place := read.places.get(name)) is not None:
        # One of several values of a cell.
        return place
    return Place(read.sheet, row, path, "")
