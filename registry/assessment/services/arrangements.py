"""Records recognition arrangements, what they cover and whom they list."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.assessment.models import (
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
)
from registry.assessment.queries.references import (
    arrangement_at,
    body_named,
    read_designation,
)
from registry.assessment.services.checks import overlap
from registry.errors import Invalid
from registry.history import known
from registry.messages import Message
from registry.slugs import ascii_slug, free_slug
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.checks import require_term


def record_arrangement(uow: UnitOfWork, data: Mapping[str, Any]) -> Arrangement:
    """Record an arrangement; data as ``ArrangementSchema`` loads it."""
    uow.actor.require("arrangement:record")
    require_term(uow, "arrangement-kind", data["kind"], "kind")
    require_term(uow, "arrangement-phase", data["phase"], "phase")
    parties = [
        _party(uow, party, f"parties.{number}") for number, party in enumerate(data["parties"])
    ]
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
        titles=data["titles"],
        kind=data["kind"],
        phase=data["phase"],
        parties=parties,
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
        predecessor_id=predecessor.id if predecessor else None,
        transition_until=data["transition_until"],
        article=data["article"],
        source=data["source"],
    )
    uow.add(record, position=position)
    uow.session.flush()
    return arrangement


def add_arrangement_scope(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any]
) -> list[ArrangementScope]:
    """Add lines to what an arrangement covers; data as ``ArrangementScopeSchema`` loads it."""
    uow.actor.require("arrangement:record")
    arrangement = arrangement_at(uow.session, slug)
    lines = []
    for number, item in enumerate(data["lines"]):
        require_term(uow, "result-type", item["result_type"], f"lines.{number}.result_type")
        regulation = item["regulation"]
        lines.append(
            ArrangementScope(
                arrangement_id=arrangement.id,
                document_key=read_designation(regulation, f"lines.{number}.regulation").document_key
                if regulation
                else None,
                **{name: value for name, value in item.items() if name != "regulation"},
            )
        )
    position = uow.record("arrangement.add-scope", f"arrangement:{arrangement.id}", data)
    uow.add(*lines, position=position)
    uow.session.flush()
    return lines


def list_body(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> ArrangementListing:
    """List a body under an arrangement; data as ``ListingSchema`` loads it."""
    uow.actor.require("arrangement:record")
    arrangement = arrangement_at(uow.session, slug)
    body = body_named(uow.session, data["body"], "body")
    standard = read_designation(data["standard"], "standard").printed if data["standard"] else None
    period = (data["valid_from"], data["valid_until"])
    for other in uow.session.scalars(
        select(ArrangementListing).where(
            ArrangementListing.arrangement_id == arrangement.id,
            ArrangementListing.body_id == body.id,
            known(ArrangementListing),
        )
    ):
        if other.standard == standard and overlap(period, (other.valid_from, other.valid_until)):
            raise Invalid.one("body", Message("The body is listed in that period already."))
    position = uow.record(
        "arrangement.list-body",
        f"arrangement:{arrangement.id}",
        {**data, "standard": standard},
    )
    listing = ArrangementListing(
        arrangement_id=arrangement.id,
        body_id=body.id,
        standard=standard,
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
    )
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
    if slug is None:
        return None
    predecessor = uow.session.scalar(select(Arrangement).where(Arrangement.slug == slug))
    if predecessor is None:
        raise Invalid.one("predecessor", Message("There is no arrangement at this address."))
    return predecessor
