"""Records recognition arrangements, what they cover and whom they list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
    ArrangementSuccession,
    Body,
)
from registry.assessment.queries.arrangements import arrangement_facts
from registry.assessment.queries.references import (
    arrangement_at,
    arrangement_named,
    body_named,
    document_named,
    read_designation,
)
from registry.assessment.queries.successions import predecessors_of
from registry.assessment.services.amendments import said_of
from registry.assessment.services.cascade import after_arrangement_corrected
from registry.assessment.services.checks import overlap, refuse_own_matter
from registry.errors import Invalid
from registry.history import AsOf, known
from registry.messages import Message
from registry.slugs import ascii_slug, free_slug
from registry.unit_of_work import UnitOfWork, check_position
from registry.vocabulary.checks import require_term

# What an arrangement says besides its parties and its place in a succession.
TEXT = ("titles", "kind", "phase", "valid_from", "valid_until", "article", "source")


def record_arrangement(uow: UnitOfWork, data: Mapping[str, Any]) -> Arrangement:
    """Record an arrangement; data as ``ArrangementSchema`` loads it."""
    uow.actor.require("arrangement:record")
    text = _text(uow, data)
    predecessor = _predecessor(uow, data)
    base = ascii_slug(data["titles"], "arrangement")
    taken = set(
        uow.session.scalars(
            select(Arrangement.slug).where(Arrangement.slug.startswith(base, autoescape=True))
        )
    )
    arrangement = Arrangement(slug=free_slug(base, taken), demonstration=data["demonstration"])
    uow.session.add(arrangement)
    uow.session.flush()
    position = uow.record(
        "arrangement.record", f"arrangement:{arrangement.id}", {**data, "slug": arrangement.slug}
    )
    record = ArrangementRecord(
        arrangement_id=arrangement.id,
        predecessor_id=predecessor.id if predecessor else None,
        transition_until=data["transition_until"],
        **text,
    )
    uow.add(record, position=position)
    uow.session.flush()
    return arrangement


def correct_arrangement(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], *, expected: int | None = None
) -> ArrangementRecord:
    """Say of an arrangement what is true of it, or end it: the record before stays known.

    Data as ``ArrangementCorrectionSchema`` loads it. An earlier last day opens a task for
    each thing that rests on a listing after it; a later one closes these tasks.
    """
    uow.actor.require("arrangement:record")
    facts = arrangement_facts(uow.session, slug, AsOf(uow.today))
    check_position(facts.version, expected)
    revised = facts.record.revised(**_text(uow, data))
    if said_of(revised) == said_of(facts.record):
        raise Invalid.one("reason", Message("The register says this already."))
    position = uow.record("arrangement.correct", f"arrangement:{facts.arrangement.id}", data)
    before = facts.record.valid_until
    uow.replace(facts.record, revised, position)
    uow.session.flush()
    after_arrangement_corrected(uow, revised, before, data["reason"])
    return revised


def _text(uow: UnitOfWork, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of what an arrangement says but for its place in a succession."""
    require_term(uow, "arrangement-kind", data["kind"], "kind")
    require_term(uow, "arrangement-phase", data["phase"], "phase")
    parties = [
        _party(uow, party, f"parties.{number}") for number, party in enumerate(data["parties"])
    ]
    return {"parties": parties, **{name: data[name] for name in TEXT}}


def add_predecessor(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> ArrangementSuccession:
    """Record a further predecessor; data as ``ArrangementSuccessionSchema`` loads it.

    ``Invalid`` on ``predecessor`` for itself, for one it continues already, and for one
    that continues it.
    """
    uow.actor.require("arrangement:record")
    arrangement = arrangement_at(uow.session, slug)
    predecessor = arrangement_named(uow.session, data["predecessor"], "predecessor")
    if predecessor.id in predecessors_of(uow.session, arrangement.id):
        raise Invalid.one("predecessor", Message("The register says this already."))
    if arrangement.id in {predecessor.id, *predecessors_of(uow.session, predecessor.id)}:
        raise Invalid.one("predecessor", Message("An arrangement cannot continue itself."))
    position = uow.record("arrangement.add-predecessor", f"arrangement:{arrangement.id}", data)
    succession = ArrangementSuccession(
        arrangement_id=arrangement.id,
        predecessor_id=predecessor.id,
        transition_until=data["transition_until"],
        source=data["source"],
    )
    uow.add(succession, position=position)
    uow.session.flush()
    return succession


def add_arrangement_scope(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any]
) -> list[ArrangementScope]:
    """Add lines to what an arrangement covers; data as ``ArrangementScopeSchema`` loads it.

    A regulation that the register does not hold is refused: a line for it would cover
    nothing, and nobody would notice.
    """
    uow.actor.require("arrangement:record")
    arrangement = arrangement_at(uow.session, slug)
    values = []
    for number, item in enumerate(data["lines"]):
        path = f"lines.{number}."
        require_term(uow, "result-type", item["result_type"], f"{path}result_type")
        values.append(arrangement_scope_values(uow.session, item, path))
    return write_arrangement_scope(uow, arrangement.id, values)


def arrangement_scope_values(
    session: Session, item: Mapping[str, Any], path: str = ""
) -> dict[str, Any]:
    """Return the columns of one scope line; data as ``ArrangementScopeLineSchema`` loads it."""
    regulation = item["regulation"]
    return {
        "document_key": document_named(session, regulation, f"{path}regulation").key
        if regulation
        else None,
        **{name: value for name, value in item.items() if name != "regulation"},
    }


def write_arrangement_scope(
    uow: UnitOfWork, arrangement_id: int, values: Sequence[Mapping[str, Any]]
) -> list[ArrangementScope]:
    """Write lines as ``arrangement_scope_values`` returns them, with one journal entry."""
    position = uow.record(
        "arrangement.add-scope", f"arrangement:{arrangement_id}", {"lines": list(values)}
    )
    lines = [ArrangementScope(arrangement_id=arrangement_id, **line) for line in values]
    uow.add(*lines, position=position)
    uow.session.flush()
    return lines


def list_body(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> ArrangementListing:
    """List a body under an arrangement; data as ``ListingSchema`` loads it."""
    uow.actor.require("arrangement:record")
    arrangement = arrangement_at(uow.session, slug)
    values = listing_values(uow.session, data)
    refuse_own_matter(uow, uow.session.get_one(Body, values["body_id"]).organisation_id)
    refuse_overlap(values, listings_of(uow.session, arrangement.id, values["body_id"]))
    return write_listing(uow, arrangement.id, values, data["body"])


def listing_values(session: Session, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a listing; data as ``ListingSchema`` loads it."""
    standard = data["standard"]
    return {
        "body_id": body_named(session, data["body"], "body").id,
        "standard": read_designation(standard, "standard").printed if standard else None,
        "valid_from": data["valid_from"],
        "valid_until": data["valid_until"],
    }


def listings_of(
    session: Session, arrangement_id: int, body_id: int | None = None
) -> list[dict[str, Any]]:
    """Return the columns of the listings under an arrangement, those of one body if named."""
    query = select(ArrangementListing).where(
        ArrangementListing.arrangement_id == arrangement_id, known(ArrangementListing)
    )
    if body_id is not None:
        query = query.where(ArrangementListing.body_id == body_id)
    return [
        {
            "body_id": listing.body_id,
            "standard": listing.standard,
            "valid_from": listing.valid_from,
            "valid_until": listing.valid_until,
        }
        for listing in session.scalars(query)
    ]


def refuse_overlap(values: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> None:
    """Raise ``Invalid`` on ``body`` when one of ``others`` lists it in that period already."""
    period = (values["valid_from"], values["valid_until"])
    for other in others:
        if (other["body_id"], other["standard"]) == (
            values["body_id"],
            values["standard"],
        ) and overlap(period, (other["valid_from"], other["valid_until"])):
            raise Invalid.one("body", Message("The body is listed in that period already."))


def write_listing(
    uow: UnitOfWork, arrangement_id: int, values: Mapping[str, Any], body_slug: str
) -> ArrangementListing:
    """Write a listing as ``listing_values`` returns it."""
    said = {name: value for name, value in values.items() if name != "body_id"}
    position = uow.record(
        "arrangement.list-body", f"arrangement:{arrangement_id}", {"body": body_slug, **said}
    )
    listing = ArrangementListing(arrangement_id=arrangement_id, **values)
    uow.add(listing, position=position)
    uow.session.flush()
    return listing


def _party(uow: UnitOfWork, party: Mapping[str, Any], field: str) -> dict[str, Any]:
    if party["economy"]:
        return {"economy": party["economy"]}
    body = body_named(uow.session, party["body"], f"{field}.body")
    return {"body_id": body.id}


def _predecessor(uow: UnitOfWork, data: Mapping[str, Any]) -> Arrangement | None:
    slug = data["predecessor"]
    return arrangement_named(uow.session, slug, "predecessor") if slug else None
