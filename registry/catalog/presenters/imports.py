"""Imports as their pages show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from registry.catalog.importing.jobs import ImportFacts
from registry.catalog.importing.problems import Problem, column_name
from registry.catalog.importing.states import (
    CHECKED,
    CHECKING,
    DONE,
    MAPPING,
    READING,
    RUNNING,
    UNREADABLE,
    WORKING,
)
from registry.catalog.importing.uploads import CATALOGUE, layout_of, rows_of
from registry.catalog.importing.working import MOST_ATTEMPTS
from registry.catalog.spreadsheets.layouts import Layout, headings
from registry.catalog.spreadsheets.rows import data_rows
from registry.catalog.spreadsheets.tables import Table

_SAMPLES = 3
_LONGEST_SAMPLE = 60

# The steps of an import and the states in which each is the present one.
_STEPS = (
    ("columns", (READING, MAPPING, UNREADABLE)),
    ("check", (CHECKING, CHECKED)),
    ("approval", ("waiting",)),
    ("import", ("approved", RUNNING)),
    ("result", (DONE, "finished")),
)


def present_import(facts: ImportFacts, uploader: str | None = None) -> dict[str, Any]:
    """Return an import with where it stands and how far the registry is with it.

    ``uploader`` is the name of who uploaded it, where that is a person.
    """
    job, record = facts
    # While a file is read nobody knows how many rows it has.
    done = min(job.rows_done, job.rows_total) if job.rows_total else job.rows_done
    return {
        "id": job.id,
        "filename": job.filename,
        "form": job.form,
        "national": job.national,
        "uploaded_at": job.uploaded_at,
        "uploaded_by": uploader or job.uploaded_by,
        "content_hash": job.content_hash,
        "state": facts.state,
        "phase": job.phase,
        "of": rows_of(job.layout),
        "working": job.phase in WORKING,
        "stopped": job.phase in WORKING and job.attempts >= MOST_ATTEMPTS,
        "counts": job.counts,
        "rows_total": job.rows_total,
        "rows_done": done,
        "adopted": job.written.get("adopted", []),
        "catalogue": job.layout.get("catalogue"),
        "positions": [tuple(pair) for pair in job.written.get("positions", ())],
        "choice": record.choice if record else job.choice,
        "reason": record.reason if record else None,
        "own_user_id": job.uploaded_by_user_id,
    }


def present_steps(facts: ImportFacts, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the steps of an import, those done, the present one and those ahead."""
    needed = [
        (key, states)
        for key, states in _STEPS
        if (key != "columns" or facts.job.form != "jsonl")
        and (key != "check" or rows_of(facts.job.layout) != CATALOGUE)
        and (key != "approval" or facts.job.national)
    ]
    current = next((n for n, (_, states) in enumerate(needed) if facts.state in states), 0)
    last = facts.state in ("finished", DONE)
    return [
        {
            "label": labels[key],
            "state": "done" if n < current or last else "current" if n == current else "ahead",
            "on": None,
            "by": None,
            "days": None,
        }
        for n, (key, _) in enumerate(needed)
    ]


def present_columns(table: Table, layout: Layout) -> list[dict[str, Any]]:
    """Return each column of the file: its letter, heading, first values and field."""
    samples: list[list[str]] = []
    for row in data_rows(table, layout):
        samples.append(list(row.cells))
        if len(samples) == _SAMPLES:
            break
    names = headings(table, layout)
    return [
        {
            "place": place,
            "letter": get_column_letter(place + 1),
            "heading": name,
            "path": layout.paths[place] if place < len(layout.paths) else "",
            "samples": [
                row[place][:_LONGEST_SAMPLE] for row in samples if place < len(row) and row[place]
            ],
        }
        for place, name in enumerate(names)
    ]


def present_problems(
    problems: Sequence[Problem], facts: ImportFacts, language: str
) -> list[dict[str, Any]]:
    """Return bad cells: row, column as the file has it, value and reason."""
    layout = layout_of(facts.job.layout)
    return [
        {
            "row": problem.row or None,
            "letter": get_column_letter(problem.place + 1) if problem.place is not None else "",
            "column": column_name(problem, layout, language),
            "value": problem.value,
            "reason": problem.reason,
        }
        for problem in problems
    ]
