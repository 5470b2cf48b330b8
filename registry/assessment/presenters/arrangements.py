"""Recognition arrangements (contexts of templates/public/arrangements.html, arrangement.html)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from registry.assessment.models import Arrangement, ArrangementRecord, ArrangementScope
from registry.assessment.presenters.common import (
    Reader,
    Text,
    country_names,
    printed_hs,
    source_link,
)
from registry.assessment.queries.arrangements import ArrangementFacts
from registry.assessment.queries.directory import Entry
from registry.assessment.status import status_on
from registry.history import AsOf
from registry.journal.queries import EntryView

Names = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around an arrangement.

    ``titles`` are those of the arrangements of ``related_ids``, ``entries`` the
    regulations of ``document_keys``, ``history`` its journal entries; ``zone`` is
    where their days begin.
    """

    titles: Names
    entries: Mapping[str, Entry]
    zone: ZoneInfo
    history: Sequence[EntryView] = ()


def present_row(
    facts: ArrangementFacts, as_of: AsOf, names: Names, listed: Mapping[int, int]
) -> dict[str, Any]:
    """Return one row of the list; ``names`` of bodies and ``listed`` counts by id."""
    record = facts.record
    return {
        "slug": facts.arrangement.slug,
        "title": record.titles,
        "demonstration": facts.arrangement.demonstration,
        "kind": record.kind,
        "phase": record.phase,
        "parties": _parties(record, names),
        "status_key": status_on(record, (), as_of.at).key,
        "valid_from": record.valid_from,
        "valid_until": record.valid_until,
        "listed_bodies": listed.get(facts.arrangement.id, 0),
    }


def related_ids(facts: ArrangementFacts) -> set[int]:
    """Return the ids of the arrangements that this one follows or is followed by."""
    before = [predecessor.arrangement for predecessor in facts.predecessors]
    return {arrangement.id for arrangement in (*before, *facts.successors)}


def document_keys(facts: ArrangementFacts) -> set[str]:
    """Return the keys of the regulations that the scope names."""
    return {line.document_key for line in facts.scope_lines if line.document_key}


def present_arrangement(
    facts: ArrangementFacts, as_of: AsOf, surroundings: Surroundings, reader: Reader
) -> dict[str, Any]:
    """Return the page's context without its links."""
    titles, entries = surroundings.titles, surroundings.entries
    record = facts.record
    names = {key: organisation.names for key, (_, organisation) in facts.party_bodies.items()}
    return {
        "arrangement": {
            "slug": facts.arrangement.slug,
            "title": record.titles,
            "demonstration": facts.arrangement.demonstration,
            "kind": record.kind,
            "phase": record.phase,
            "parties": [{"name": name, "role": None} for name in _parties(record, names)],
            "legal_basis": record.article,
            "source": source_link(record.source),
            "status_key": status_on(record, (), as_of.at).key,
            "valid_from": record.valid_from,
            "valid_until": record.valid_until,
            "transition_until": record.transition_until,
            "predecessors": [
                {
                    **_link(before.arrangement, titles),
                    "transition_until": before.succession.transition_until,
                    "source": source_link(before.succession.source)
                    if before.succession.source
                    else None,
                }
                for before in facts.predecessors
            ],
            "successors": [_link(successor, titles) for successor in facts.successors],
            "note": None,
        },
        "scope_lines": [_scope_line(line, entries, as_of.at) for line in facts.scope_lines],
        "listed": [
            {
                "id": item.listing.id,
                "body": {"name": item.organisation.names, "slug": item.body.slug},
                "country": country_names(item.organisation.country),
                "status_key": status_on(item.listing, (), as_of.at).key,
                "listed_from": item.listing.valid_from,
                "listed_until": item.listing.valid_until,
                "standard": item.listing.standard,
            }
            for item in facts.listed
        ],
        "events": [
            {
                "on": entry.recorded_at.astimezone(surroundings.zone).date(),
                "label": reader.label("journal-action", entry.action),
                "note": None,
                "tone": "quiet",
                "position": entry.position,
                "recorded_at": entry.recorded_at,
            }
            for entry in surroundings.history
        ],
    }


def _parties(record: ArrangementRecord, names: Names) -> list[Text]:
    return [
        country_names(party["economy"])
        if party.get("economy")
        else names.get(party["body_id"], f"body:{party['body_id']}")
        for party in record.parties
    ]


def _link(arrangement: Arrangement, titles: Names) -> dict[str, Any]:
    return {"title": titles.get(arrangement.id, arrangement.slug), "slug": arrangement.slug}


def _line_status(line: ArrangementScope, day: date) -> str:
    """Return whether a line counts on the day; one without dates holds as long as the whole."""
    if line.valid_until is not None and day > line.valid_until:
        return "expired"
    if line.valid_from is not None and day < line.valid_from:
        return "not_yet_in_force"
    return "in_force"


def _scope_line(line: ArrangementScope, entries: Mapping[str, Entry], day: date) -> dict[str, Any]:
    key = line.document_key
    entry = entries.get(key) if key else None
    requirement: dict[str, str | None] | None = None
    if key:
        requirement = {
            "designation": entry.designation if entry else key,
            "slug": entry.slug if entry else None,
        }
    return {
        "id": line.id,
        "status_key": _line_status(line, day),
        "requirement": requirement,
        "product": line.product,
        "hs_codes": [printed_hs(code) for code in line.hs_codes],
        "result_type": line.result_type,
        "direction": line.direction,
        "valid_from": line.valid_from,
        "valid_until": line.valid_until,
    }
