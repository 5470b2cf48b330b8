"""Answers to lists of numbers, for page, file and API: each row says all that matters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from registry.assessment import states
from registry.assessment.presenters.certificates import since
from registry.assessment.presenters.common import local_text
from registry.assessment.queries.certificates import CertificateCheck, Finding

COLUMNS = (
    "typed",
    "number",
    "answer",
    "since",
    "reason",
    "holder",
    "product",
    "requirements",
    "valid_from",
    "valid_until",
    "suggestion",
)

# What may have to be acted on stands first on the page.
ANSWERS = (
    Finding.NOT_A_NUMBER.value,
    Finding.MISTYPED.value,
    Finding.UNKNOWN.value,
    "withdrawn",
    "replaced",
    states.SUSPENDED,
    states.EXPIRED,
    states.NOT_YET_IN_FORCE,
    states.IN_FORCE,
)


def present_check(typed: str, check: CertificateCheck) -> dict[str, Any]:
    """Return one answer: ``answer`` is the status of a certificate found, else the finding."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {
        "typed": typed,
        "number": check.number,
        "answer": check.finding.value,
        "suggestion": check.suggestion,
    }
    facts = check.found
    if facts is None:
        return row
    snapshot = facts.said.snapshot
    return row | {
        "answer": facts.status.key,
        "since": since(facts),
        "reason": facts.status.reason,
        "holder": snapshot["holder"]["name"],
        "product": local_text(snapshot["product"]["name"]),
        "requirements": [item["designation"] for item in snapshot["requirements"]],
        "valid_from": facts.said.valid_from,
        "valid_until": facts.said.valid_until,
    }


def tally(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many rows have each answer, in the order of ``ANSWERS``; none with zero."""
    counts = Counter(row["answer"] for row in rows)
    return {answer: counts[answer] for answer in ANSWERS if counts[answer]}


def by_urgency(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows with what is not in force first, else in the order given."""
    places = {answer: place for place, answer in enumerate(ANSWERS)}
    return sorted(rows, key=lambda row: places[row["answer"]])


def file_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """Yield the answers as rows of ``COLUMNS``, in the order given."""
    for row in rows:
        product = row["product"]
        flat = {
            **row,
            "product": " / ".join(product.values()) if isinstance(product, Mapping) else product,
            "requirements": ", ".join(row["requirements"] or ()),
        }
        yield [flat[name] for name in COLUMNS]
