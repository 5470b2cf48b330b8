"""The entry page of an edition (context of templates/public/edition.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from registry.catalog import ics
from registry.catalog.hs_codes import hs_digits, printed_hs
from registry.catalog.models import EditionRecord, Obligation
from registry.catalog.notes import note_words
from registry.catalog.presenters.common import (
    Labels,
    Text,
    body_name,
    source_parts,
    titles_in_order,
    until,
)
from registry.catalog.presenters.family import draw_family
from registry.catalog.queries.editions import EditionFacts, RelationFacts
from registry.catalog.status import ENDED, PREPARATION, PUBLIC_COMMENT
from registry.history import AsOf, covers
from registry.journal.queries import EntryView
from registry.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything that was asked about one edition."""

    facts: EditionFacts
    siblings: Sequence[EditionFacts]
    relations: Sequence[RelationFacts]
    obligations: Sequence[Obligation]
    history: Sequence[EntryView]
    document: dict[str, str]
    chain: Sequence[EditionFacts]
    zone: ZoneInfo


def present_entry(
    entry: Entry, as_of: AsOf, labels: Labels, terms: Sequence[Term], language: str
) -> dict[str, Any]:
    """Return the page's context without its links."""
    facts = entry.facts
    record = facts.record
    mandatory = _mandatory_from(entry.obligations)
    return {
        "edition": {
            "slug": facts.edition.slug,
            "designation": facts.edition.designation,
            "other_spellings": [],
            "kind": record.kind,
            "external": not facts.edition.national,
            "demonstration": False,
            "document": entry.document,
            "titles": titles_in_order(record.titles, language),
            "publisher": record.publisher,
            "issuing_body": body_name(labels, record.publisher),
            "lead_ministry": body_name(labels, record.lead_ministry),
            "drafted_by": record.drafted_by,
            "instrument": _instrument(record, labels),
            "published_on": record.issued,
            "effective_from": record.effective_from,
            "effective_until": record.effective_until,
            "mandatory_from": mandatory,
            "stage": _stage(record, labels),
            "ics": [{"code": code, "label": ics.titles().get(code)} for code in record.ics],
            "domains": record.domains,
            "languages": record.languages,
            "pages": record.pages,
            "source": _source(record),
            "note": note_words(record.note),
        },
        "status": {
            "key": facts.status.status,
            "on": as_of.at,
            "since": facts.status.since,
            "until": until(facts.changes, facts.status),
            "mandatory_from": mandatory,
            "replaced_by": _replacement(entry.relations),
        },
        "editions": [_sibling(sibling, facts) for sibling in entry.siblings],
        "relations": _groups(entry.relations, terms),
        "drift": _drift(entry.relations, entry.chain),
        "obligations": [_obligation(o, as_of, labels) for o in entry.obligations],
        "history": [_event(event, labels, entry.zone) for event in entry.history],
        "family": draw_family(facts, entry.relations),
        "citation": _citation(facts),
        "asked_on": as_of.at,
    }


def _mandatory_from(obligations: Sequence[Obligation]) -> date | None:
    days = [o.valid_from for o in obligations if o.valid_from]
    return min(days) if days else None


def _instrument(record: EditionRecord, labels: Labels) -> dict[str, Any] | None:
    instrument = record.instrument
    if not instrument.get("number"):
        return None
    issued = instrument.get("date")
    return {
        "kind": instrument.get("kind") or "",
        "number": instrument["number"],
        "issued_on": date.fromisoformat(issued) if issued else None,
        "issuer": body_name(labels, instrument.get("issuer")),
    }


def _stage(record: EditionRecord, labels: Labels) -> dict[str, Any] | None:
    if record.stage is None:
        return None
    return {"code": record.stage, "label": labels.get(("stage", record.stage), "")}


def _source(record: EditionRecord) -> dict[str, Any]:
    link = record.source if record.source.startswith(("https://", "http://")) else record.url
    return {
        "href": link,
        "label": note_words(record.source),
        "evidence": note_words(record.evidence),
        "said_status": record.status_source,
    }


def _replacement(relations: Sequence[RelationFacts]) -> dict[str, str] | None:
    for item in relations:
        newer = (item.relation.type == "supersedes" and item.inward) or (
            item.relation.type == "superseded-by" and not item.inward
        )
        # A draft takes nobody's place before it is published.
        if newer and item.other and item.other.status.status not in (PREPARATION, PUBLIC_COMMENT):
            return {"designation": item.designation, "slug": item.other.edition.slug}
    return None


def _sibling(sibling: EditionFacts, current: EditionFacts) -> dict[str, Any]:
    return {
        "slug": sibling.edition.slug,
        "designation": sibling.edition.designation,
        "status_key": sibling.status.status,
        "effective_from": sibling.record.effective_from,
        "current": sibling.edition.id == current.edition.id,
    }


_INVERSE = {
    "superseded-by": "supersedes",
    "amended-by": "amends",
    "corrected-by": "corrects",
}


def _groups(relations: Sequence[RelationFacts], terms: Sequence[Term]) -> list[dict[str, Any]]:
    """Group relations by what they say, seen from this edition, without telling one twice."""
    order = {term.key: number for number, term in enumerate(terms)}
    groups: dict[tuple[str, bool], dict[str, dict[str, Any]]] = {}
    for item in relations:
        type_, inward = item.relation.type, item.inward
        if type_ in _INVERSE:
            type_, inward = _INVERSE[type_], not inward
        groups.setdefault((type_, inward), {}).setdefault(item.designation, _related(item))
    attributes = {term.key: term for term in terms}
    return [
        {
            "key": type_,
            "direction": "in" if inward else "out",
            "label": _relation_label(attributes.get(type_), type_, inward=inward),
            "items": list(items.values()),
        }
        for (type_, inward), items in sorted(
            groups.items(), key=lambda group: (order.get(group[0][0], 99), group[0][1])
        )
    ]


def _relation_label(term: Term | None, type_: str, *, inward: bool) -> Text:
    if term is None:
        return type_
    inverse = term.attributes.get("inverse_labels") or term.attributes.get("inverse") or {}
    return inverse if inward and isinstance(inverse, dict) and inverse else term.labels


def _related(item: RelationFacts) -> dict[str, Any]:
    other = item.other
    return {
        "designation": item.designation,
        "slug": other.edition.slug if other else None,
        "title": other.record.titles if other else None,
        "status_key": other.status.status if other else None,
        "degree": item.relation.degree,
        "note": None,
    }


def adopted_edition(relations: Sequence[RelationFacts]) -> RelationFacts | None:
    """Return the first adoption that an edition states."""
    return next((r for r in relations if r.relation.type == "adopts" and not r.inward), None)


def _drift(
    relations: Sequence[RelationFacts], chain: Sequence[EditionFacts]
) -> dict[str, Any] | None:
    """Tell whether the adopted edition is still current; "not known" is never "current"."""
    item = adopted_edition(relations)
    if item is None:
        return None
    other = item.other
    state = "not-known"
    if other is not None and other.status.status in ENDED:
        state = "replaced" if chain else "withdrawn"
    elif other is not None and other.status.status in ("in-force", "amended"):
        state = "current"
    return {
        "adopted": {
            "designation": item.designation,
            "slug": other.edition.slug if other else None,
        },
        "degree": item.relation.degree,
        "state": state,
        "since": other.status.since if other and other.status.status in ENDED else None,
        "chain": [
            {
                "designation": newer.edition.designation,
                "slug": newer.edition.slug,
                "published_on": newer.record.issued,
            }
            for newer in chain
        ],
    }


def _obligation(obligation: Obligation, as_of: AsOf, labels: Labels) -> dict[str, Any]:
    method = obligation.method
    declaration = obligation.declaration
    source = obligation.source
    return {
        "products": obligation.product or "",
        "hs_codes": [printed_hs(hs_digits(code)) for code in obligation.hs_codes],
        "method": labels.get(("certification-method", method), method) if method else None,
        "declaration": labels.get(("declaration-basis", declaration), declaration)
        if declaration
        else None,
        "valid_from": obligation.valid_from,
        "valid_until": obligation.valid_until,
        "applies": covers(obligation.valid_from, obligation.valid_until, as_of.at),
        "note": note_words(obligation.note),
        "source": {
            "label": source,
            "href": source if source.startswith(("https://", "http://")) else None,
            "parts": source_parts(source),
        }
        if source
        else None,
    }


def _event(entry: EntryView, labels: Labels, zone: ZoneInfo) -> dict[str, Any]:
    reason = entry.data.get("reason")
    return {
        "on": entry.recorded_at.astimezone(zone).date(),
        "label": labels.get(("journal-action", entry.action), entry.action),
        "note": reason,
        "tone": "quiet",
        "position": entry.position,
        "recorded_at": entry.recorded_at,
    }


def _citation(facts: EditionFacts) -> str:
    title = facts.record.titles.get("vi") or next(iter(facts.record.titles.values()), "")
    return f"{facts.edition.designation}, {title}"
