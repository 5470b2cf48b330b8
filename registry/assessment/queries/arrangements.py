"""Recognition arrangements with their scopes and listings, as of a day and a position."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
    Body,
)
from registry.assessment.queries.references import arrangement_at
from registry.assessment.queries.successions import Succession, successions
from registry.errors import NotFound
from registry.history import AsOf, covers, known
from registry.messages import Message


@dataclass(frozen=True, slots=True)
class ListedBody:
    """A body under an arrangement; ``current`` on the day asked."""

    listing: ArrangementListing
    body: Body
    organisation: OrganisationRecord
    current: bool


@dataclass(frozen=True, slots=True)
class Predecessor:
    """An arrangement that another continues, and what is said of the succession."""

    arrangement: Arrangement
    succession: Succession


@dataclass(frozen=True, slots=True)
class ArrangementFacts:
    """An arrangement; ``in_force`` on the day asked.

    ``party_bodies`` gives the bodies among its parties by id. ``predecessor`` is the one
    that its record names, ``predecessors`` are all; with ``successors`` they link the chain.
    """

    arrangement: Arrangement
    record: ArrangementRecord
    in_force: bool
    scope_lines: Sequence[ArrangementScope] = field(default_factory=list)
    listed: Sequence[ListedBody] = field(default_factory=list)
    party_bodies: dict[int, tuple[Body, OrganisationRecord]] = field(default_factory=dict)
    predecessor: Arrangement | None = None
    predecessors: Sequence[Predecessor] = field(default_factory=list)
    successors: Sequence[Arrangement] = field(default_factory=list)

    @property
    def version(self) -> int:
        """The journal position of the newest fact, for ``expected``."""
        return max(
            [
                self.record.known_from,
                *(line.known_from for line in self.scope_lines),
                *(listed.listing.known_from for listed in self.listed),
                *(before.succession.known_from for before in self.predecessors),
            ]
        )


def arrangements(
    session: Session, as_of: AsOf, *, after: str | None = None, limit: int = 50
) -> list[ArrangementFacts]:
    """Return up to ``limit`` arrangements by slug, without scope and listings."""
    query = (
        select(Arrangement, ArrangementRecord)
        .join(ArrangementRecord, ArrangementRecord.arrangement_id == Arrangement.id)
        .where(known(ArrangementRecord, as_of.position))
        .order_by(Arrangement.slug)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Arrangement.slug > after)
    return [
        ArrangementFacts(arrangement, record, _in_force(record, as_of))
        for arrangement, record in session.execute(query)
    ]


def arrangement_facts(session: Session, slug: str, as_of: AsOf) -> ArrangementFacts:
    """Return one arrangement as a whole; ``NotFound`` if it was not known then."""
    arrangement = arrangement_at(session, slug)
    record = session.scalar(
        select(ArrangementRecord).where(
            ArrangementRecord.arrangement_id == arrangement.id,
            known(ArrangementRecord, as_of.position),
        )
    )
    if record is None:
        raise NotFound(Message("The register said nothing of this arrangement then."))
    chains = successions(session, as_of.position)
    party_ids = [party["body_id"] for party in record.parties if party.get("body_id")]
    return ArrangementFacts(
        arrangement=arrangement,
        record=record,
        in_force=_in_force(record, as_of),
        scope_lines=session.scalars(
            select(ArrangementScope)
            .where(
                ArrangementScope.arrangement_id == arrangement.id,
                known(ArrangementScope, as_of.position),
            )
            .order_by(ArrangementScope.id)
        ).all(),
        listed=_listed(session, arrangement, as_of),
        party_bodies=_bodies(session, party_ids, as_of),
        predecessor=session.get(Arrangement, record.predecessor_id)
        if record.predecessor_id
        else None,
        predecessors=[
            Predecessor(session.get_one(Arrangement, chain.predecessor_id), chain)
            for chain in chains
            if chain.arrangement_id == arrangement.id
        ],
        successors=[
            session.get_one(Arrangement, chain.arrangement_id)
            for chain in chains
            if chain.predecessor_id == arrangement.id
        ],
    )


def _in_force(record: ArrangementRecord, as_of: AsOf) -> bool:
    return covers(record.valid_from, record.valid_until, as_of.at)


def _listed(session: Session, arrangement: Arrangement, as_of: AsOf) -> list[ListedBody]:
    rows = session.execute(
        select(ArrangementListing, Body, OrganisationRecord)
        .join(Body, Body.id == ArrangementListing.body_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            ArrangementListing.arrangement_id == arrangement.id,
            known(ArrangementListing, as_of.position),
            known(OrganisationRecord, as_of.position),
        )
        .order_by(Body.slug, ArrangementListing.valid_from)
    )
    return [
        ListedBody(
            listing, body, organisation, covers(listing.valid_from, listing.valid_until, as_of.at)
        )
        for listing, body, organisation in rows
    ]


def _bodies(
    session: Session, ids: Sequence[int], as_of: AsOf
) -> dict[int, tuple[Body, OrganisationRecord]]:
    rows = session.execute(
        select(Body, OrganisationRecord)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(Body.id.in_(ids), known(OrganisationRecord, as_of.position))
    )
    return {body.id: (body, organisation) for body, organisation in rows}
