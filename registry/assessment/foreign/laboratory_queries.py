"""Laboratories that lists of foreign schemes name: which there are, and what they tested."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.foreign.laboratories import known_laboratories, name_key
from registry.assessment.models import (
    Body,
    ForeignDecision,
    ForeignLaboratory,
    ForeignLaboratoryLink,
    ForeignResult,
    ForeignResultRecord,
    ForeignValidation,
)
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message


class LaboratoryFacts(NamedTuple):
    """A laboratory, how many certificates name it, and the body it is, if anybody said so.

    ``first`` and ``last`` are days of issue of its certificates as ISO dates.
    """

    laboratory: ForeignLaboratory
    results: int
    accepted: int
    first: object
    last: object
    body: Body | None
    body_names: dict[str, str] | None


def laboratories(
    session: Session, as_of: AsOf, *, slug: str | None = None, body: str | None = None
) -> list[LaboratoryFacts]:
    """Return laboratories with results, most first; those linked to a body when it is named."""
    position = as_of.position
    accepted = func.count().filter(ForeignDecision.outcome == "accept")
    number = func.count()
    statement = (
        select(
            ForeignLaboratory,
            number,
            accepted,
            func.min(ForeignResultRecord.issued_on),
            func.max(ForeignResultRecord.issued_on),
            Body,
            OrganisationRecord.names,
        )
        .join(ForeignValidation, ForeignValidation.laboratory_id == ForeignLaboratory.id)
        .join(
            ForeignDecision,
            ForeignDecision.foreign_result_id == ForeignValidation.foreign_result_id,
        )
        .join(
            ForeignResultRecord,
            ForeignResultRecord.foreign_result_id == ForeignValidation.foreign_result_id,
        )
        .outerjoin(
            ForeignLaboratoryLink,
            (ForeignLaboratoryLink.laboratory_id == ForeignLaboratory.id)
            & known(ForeignLaboratoryLink, position),
        )
        .outerjoin(Body, Body.id == ForeignLaboratoryLink.body_id)
        .outerjoin(
            OrganisationRecord,
            (OrganisationRecord.organisation_id == Body.organisation_id)
            & known(OrganisationRecord, position),
        )
        .where(
            known(ForeignValidation, position),
            known(ForeignDecision, position),
            known(ForeignResultRecord, position),
        )
        .group_by(ForeignLaboratory.id, Body.id, OrganisationRecord.id)
        .order_by(number.desc(), ForeignLaboratory.slug)
    )
    if slug is not None:
        statement = statement.where(ForeignLaboratory.slug == slug)
    if body is not None:
        statement = statement.where(Body.slug == body)
    return [LaboratoryFacts(*row) for row in session.execute(statement)]


def laboratory(session: Session, slug: str, as_of: AsOf) -> LaboratoryFacts:
    """Return one laboratory; ``NotFound`` when no result known then names it."""
    found = laboratories(session, as_of, slug=slug)
    if not found:
        raise NotFound(Message("There is no such laboratory."))
    return found[0]


def slugs_of(session: Session, names: Collection[str]) -> dict[str, str]:
    """Return the slugs of laboratories by the names that lists give."""
    ids = known_laboratories(session, {name_key(name) for name in names})
    slugs = dict(
        session.execute(
            select(ForeignLaboratory.id, ForeignLaboratory.slug).where(
                ForeignLaboratory.id.in_(ids.values())
            )
        ).all()
    )
    return {name: slugs[ids[name_key(name)]] for name in names if name_key(name) in ids}


def issued_by(session: Session, body: str, as_of: AsOf) -> int:
    """Return how many foreign results the register holds that a body issued."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ForeignResult)
            .join(Body, Body.id == ForeignResult.issuer_id)
            .join(ForeignDecision, ForeignDecision.foreign_result_id == ForeignResult.id)
            .where(Body.slug == body, known(ForeignDecision, as_of.position))
        )
        or 0
    )
