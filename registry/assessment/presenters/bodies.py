"""Bodies (contexts of templates/public/bodies.html and body.html)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.assessment.models import AccreditationEvent, ScopeLine
from registry.assessment.presenters.common import (
    Reader,
    country_names,
    present_events,
)
from registry.assessment.queries.bodies import AccreditationFacts, BodyFacts, BodySummary
from registry.assessment.queries.directory import Entry
from registry.assessment.status import status_on
from registry.history import AsOf, covers

Entries = Mapping[str, Entry]


def present_row(
    summary: BodySummary, accreditations: Sequence[AccreditationFacts]
) -> dict[str, Any]:
    """Return one row of the list of bodies."""
    return {
        "slug": summary.body.slug,
        "name": summary.organisation.names,
        "demonstration": summary.body.demonstration,
        "kinds": summary.record.kinds,
        "country": country_names(summary.organisation.country),
        "place": summary.organisation.address,
        "accreditations": [
            {
                "number": facts.record.number,
                "standard": facts.record.standard,
                "status_key": facts.status.key,
                "valid_until": facts.record.valid_until,
            }
            for facts in accreditations
        ],
    }


def method_keys(facts: BodyFacts) -> set[str]:
    """Return the keys of all documents that the scopes name."""
    return {line.method_key for item in facts.accreditations for line in item.scope_lines}


def present_body(facts: BodyFacts, as_of: AsOf, entries: Entries, reader: Reader) -> dict[str, Any]:
    """Return the page's context without its links."""
    organisation = facts.summary.organisation
    return {
        "body": {
            "slug": facts.summary.body.slug,
            "name": organisation.names,
            "demonstration": facts.summary.body.demonstration,
            "kinds": facts.summary.record.kinds,
            "country": country_names(organisation.country),
            "address": organisation.address,
            "identifiers": _identifiers(facts, reader),
            "addresses": [
                {
                    "id": address.id,
                    "kind": _capital(reader.label("address-kind", address.kind)),
                    "words": ", ".join(filter(None, (address.address, address.province))),
                    "country": country_names(address.country),
                }
                for address in facts.addresses
            ],
            "website": organisation.website,
            "registered_until": facts.summary.record.valid_until,
            "registered": covers(
                facts.summary.record.valid_from, facts.summary.record.valid_until, as_of.at
            ),
            "ended_because": facts.ended_because,
        },
        "accreditations": [_accreditation(item, entries, reader) for item in facts.accreditations],
        "designations": [
            {
                "id": designation.id,
                "requirement": {"designation": document.designation, "slug": document.slug},
                "activity": reader.label("activity", designation.activity),
                "ministry": reader.texts("issuing-body", designation.ministry),
                "instrument": designation.instrument,
                "status_key": status_on(designation, (), as_of.at).key,
                "valid_from": designation.valid_from,
                "valid_until": designation.valid_until,
            }
            for designation, document in facts.designations
        ],
        "listings": [
            {
                "arrangement": {"title": record.titles, "slug": arrangement.slug},
                "status_key": status_on(listing, (), as_of.at).key,
                "listed_from": listing.valid_from,
                "listed_until": listing.valid_until,
            }
            for listing, arrangement, record in facts.listings
        ],
    }


def present_contacts(facts: BodyFacts, reader: Reader) -> list[dict[str, Any]]:
    """Return whom officers ask at the body; only for those who may read contacts.

    The organisation's own contact comes first; it has no line of its own to end.
    """
    organisation = facts.summary.organisation
    own = (organisation.contact_name, organisation.contact_email, organisation.contact_phone)
    general = reader.label("contact-purpose", "general")
    return [
        *([_contact(None, general, *own)] if any(own) else []),
        *(
            _contact(
                line.id,
                reader.label("contact-purpose", line.purpose),
                line.name,
                line.email,
                line.phone,
            )
            for line in facts.contacts
        ),
    ]


def _contact(
    id_: int | None, purpose: str, name: str | None, email: str | None, phone: str | None
) -> dict[str, Any]:
    return {"id": id_, "purpose": purpose, "name": name, "email": email, "phone": phone}


def _identifiers(facts: BodyFacts, reader: Reader) -> list[dict[str, Any]]:
    organisation = facts.summary.organisation
    own = (
        [
            {
                "id": None,
                "scheme": reader.label("identifier-scheme", organisation.identifier_scheme or ""),
                "value": organisation.identifier,
            }
        ]
        if organisation.identifier
        else []
    )
    return own + [
        {
            "id": line.id,
            "scheme": reader.label("identifier-scheme", line.scheme),
            "value": line.value,
        }
        for line in facts.identifiers
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _accreditation(facts: AccreditationFacts, entries: Entries, reader: Reader) -> dict[str, Any]:
    record = facts.record
    return {
        "id": record.accreditation_id,
        "version": facts.version,
        "number": record.number,
        "accreditor": {
            "name": facts.accreditor.organisation.names,
            "slug": facts.accreditor.body.slug,
        },
        "standard": record.standard,
        "status_key": facts.status.key,
        "since": facts.status.since,
        "valid_from": record.valid_from,
        "valid_until": record.valid_until,
        "events": present_events(_with_grant(facts), "accreditation-event", reader),
        "has_events": bool(facts.events),
        "scope_lines": [_scope_line(line, entries, reader) for line in facts.scope_lines],
    }


def _with_grant(facts: AccreditationFacts) -> Iterable[AccreditationEvent]:
    """The grant is the record itself; a reader looks for it among the events."""
    record = facts.record
    grant = AccreditationEvent(
        kind="granted",
        effective_on=record.valid_from,
        reason=record.source,
        known_from=record.known_from,
    )
    return [grant, *facts.events]


def _scope_line(line: ScopeLine, entries: Entries, reader: Reader) -> dict[str, Any]:
    entry = entries.get(line.method_key)
    return {
        "id": line.id,
        "activity": reader.texts("activity", line.activity),
        "product": line.product,
        # A line without a characteristic covers whatever the method determines.
        "characteristic": line.characteristic or None,
        "method": {
            "designation": line.method,
            "slug": entry.slug if entry else None,
            "dated": line.method_dated,
        },
        "range": line.range,
        "uncertainty": line.uncertainty,
        "valid_from": line.valid_from,
        "valid_until": line.valid_until,
    }
