"""Foreign results: taking in two lists of certificates with a decision on each.

The lists are given, or made up to the size of the real ones.
"""

import gzip
import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.process import environment, registry_command
from bench.report import heading, table
from registry.actor import system_actor
from registry.assessment.foreign.formats import read_list
from registry.assessment.foreign.importing import import_foreign
from registry.assessment.foreign.writing import ForeignReport
from registry.config import load_settings
from registry.container import Registry, open_registry

CMVP, CC = 5_231, 1_114
_COUNTRIES = ("FR", "US", "NL", "DE", "CA", "ES", "JP", "SE", "IT", "KR")


def run(folder: Path, cmvp: Path | None = None, cc: Path | None = None) -> None:
    """Take in both lists, and the first again, beside reading the rows alone."""
    data_dir = folder / "foreign"
    registry_command(data_dir, ["init"])
    registry = open_registry(load_settings(environment(data_dir)))
    lists = {
        "cmvp": cmvp or _write(folder / "cmvp.jsonl.gz", _modules()),
        "cc": cc or _write(folder / "cc.jsonl.gz", _products()),
    }
    heading("Foreign results with decisions, " + ("lists given" if cmvp else "lists made up"))
    rows: list[tuple[Any, ...]] = []
    for form, path in lists.items():
        rows.append((f"{form}: rows read and checked alone", *_only_read(path, form)))
        rows.append((f"{form}: taken in and judged", *_taken_in(registry, path, form)))
    rows.append(("cmvp: the same list again", *_taken_in(registry, lists["cmvp"], "cmvp")))
    table(("", "rows", "s", "accepted", "refused", "referred"), rows)
    registry.engine.dispose()


def _only_read(path: Path, form: str) -> tuple[Any, ...]:
    started = time.perf_counter()
    with path.open("rb") as stream:
        count = sum(1 for _ in read_list(stream, form))
    return (count, time.perf_counter() - started, "", "", "")


def _taken_in(registry: Registry, path: Path, form: str) -> tuple[Any, ...]:
    started = time.perf_counter()
    with path.open("rb") as stream:
        report: ForeignReport = import_foreign(registry.units, system_actor("bench"), stream, form)
    seconds = time.perf_counter() - started
    outcomes = [report.outcomes[key] for key in ("accept", "refuse", "refer")]
    return (report.counts["rows"], seconds, *outcomes)


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
    return path


def _modules() -> Iterator[dict[str, Any]]:
    chance = random.Random(140)
    for number in range(CMVP):
        first = date(1996, 1, 1) + timedelta(days=number * 2)
        updates = [first + timedelta(days=400 * n) for n in range(chance.choice((1, 1, 2, 3)))]
        active = number > CMVP * 4 // 5
        yield {
            "certificate": str(number + 1),
            "standard": f"FIPS 140-{1 + (number > 300) + (number > 4_700)}",
            "status": "Active" if active else chance.choice(("Historical",) * 180 + ("Revoked",)),
            "product": f"Module {number}",
            "vendor": f"Vendor {number % 700}",
            "vendor_country": chance.choice(("USA", "Canada", "Germany")),
            "type": chance.choice(("Software", "Hardware")),
            "overall_level": chance.choice((1, 1, 2, 3)),
            "validated": [day.isoformat() for day in updates],
            "sunset": (first + timedelta(days=1_826)).isoformat() if active else None,
            "history": [
                {"date": day.isoformat(), "type": "Update", "lab": f"Laboratory {number % 30}"}
                for day in updates
            ],
            "url": f"https://scheme.example/certificate/{number}",
        }


def _products() -> Iterator[dict[str, Any]]:
    chance = random.Random(15408)
    for number in range(CC):
        yield {
            "id": f"cc-{number}",
            "scheme": "Common Criteria",
            "scheme_country": chance.choice(_COUNTRIES),
            "level": chance.choice(("EAL2", "EAL4+", "EAL5+,ALC_DVS.2,AVA_VAN.5")),
            "lab": None,
            "date": (date(2021, 1, 1) + timedelta(days=number)).isoformat(),
            "status": "Active",
            "product": f"Product {number}",
            "vendor": f"Vendor {number % 90}",
            "category": "Smart cards",
            "url": f"https://scheme.example/product/{number}",
        }
