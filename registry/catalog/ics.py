"""The International Classification for Standards: field, group, sub-group.

A nomenclature kept by ISO, bundled with its English titles; codes that are in
use but not in it are shown as they are.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "ics.tsv"


@cache
def titles() -> Mapping[str, str]:
    """Return the English title of every code, in the order of the classification."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["title"] for row in csv.DictReader(file, delimiter="\t")}


def ancestors(code: str) -> list[str]:
    """Return the codes that ``code`` belongs to, the field first and ``code`` last."""
    parts = code.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def children(code: str | None) -> list[str]:
    """Return the codes one level below ``code``, or the fields."""
    depth = 0 if code is None else code.count(".") + 1
    start = "" if code is None else f"{code}."
    return [c for c in titles() if c.startswith(start) and c.count(".") == depth]
