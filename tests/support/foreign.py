"""Short lists of foreign results: real facts, and lists made from them."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from registry.actor import system_actor
from registry.assessment.foreign.importing import import_foreign
from registry.assessment.foreign.writing import ForeignReport
from registry.container import Registry

DATA = Path(__file__).parents[1] / "data"


def excerpt(form: str) -> list[dict[str, Any]]:
    """Return the rows of the excerpt of a scheme's public list."""
    lines = (DATA / f"{form}_excerpt.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def packed(rows: list[dict[str, Any]]) -> io.BytesIO:
    """Return rows as a file of JSON Lines."""
    return io.BytesIO("".join(json.dumps(row) + "\n" for row in rows).encode())


def take_in(
    registry: Registry,
    form: str,
    rows: list[dict[str, Any]] | None = None,
    read_on: date | None = None,
) -> ForeignReport:
    """Import the excerpt, or ``rows`` in its place."""
    stream = packed(excerpt(form) if rows is None else rows)
    return import_foreign(registry.units, system_actor("test"), stream, form, read_on=read_on)
