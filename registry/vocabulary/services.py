"""Loads vocabularies from data files; journals only what changed."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from registry.history import known
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.models import Term

DATA_FOLDER = Path(__file__).parent / "data"


def load_vocabularies(uow: UnitOfWork, folder: Path = DATA_FOLDER) -> int:
    """Bring every vocabulary of ``folder`` into the register; return the number of changes.

    A term that a file no longer carries stays: it meant something once.
    """
    present = {
        (term.vocabulary, term.key, term.valid_from): term
        for term in uow.session.scalars(select(Term).where(known(Term)))
    }
    changes = 0
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for sequence, item in enumerate(content["terms"]):
            term = _make_term(content, sequence, item)
            old = present.get((term.vocabulary, term.key, term.valid_from))
            if old is not None and _says(old) == _says(term):
                continue
            changes += 1
            position = uow.record(
                "term.record", f"term:{term.vocabulary}/{term.key}", {"term": _says(term)}
            )
            if old is not None:
                uow.close(old, position)
            uow.add(term, position=position)
    return changes


def _make_term(content: Mapping[str, Any], sequence: int, item: Mapping[str, Any]) -> Term:
    return Term(
        vocabulary=content["vocabulary"],
        key=item["key"],
        sequence=sequence,
        labels=item["labels"],
        attributes=item.get("attributes") or {},
        valid_from=_date(item.get("valid_from")),
        valid_until=_date(item.get("valid_until")),
        source=item.get("source") or content.get("source"),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _says(term: Term) -> dict[str, Any]:
    return {
        "vocabulary": term.vocabulary,
        "key": term.key,
        "sequence": term.sequence,
        "labels": term.labels,
        "attributes": term.attributes,
        "valid_from": term.valid_from.isoformat() if term.valid_from else None,
        "valid_until": term.valid_until.isoformat() if term.valid_until else None,
        "source": term.source,
    }
