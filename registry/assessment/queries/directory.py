"""What lists show beside the facts: bodies by words, counts, names and addresses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import Organisation, OrganisationRecord, User
from registry.assessment import states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    Body,
)
from registry.assessment.queries.bodies import BodySummary
from registry.assessment.queries.body_search import BodySearch, search_bodies
from registry.assessment.queries.references import application_at
from registry.catalog.models import Document, Edition
from registry.errors import NotFound
from registry.history import AsOf, covers, known
from registry.messages import Message


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue entry as other pages link to it."""

    designation: str
    slug: str


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """What a laboratory may know of an application: what is to be tested, against what."""

    number: str
    product: Mapping[str, str]
    regulation: Entry
    demonstration: bool


def find_bodies(session: Session, as_of: AsOf) -> list[BodySummary]:
    """Return all bodies registered on the day, by slug."""
    return search_bodies(session, as_of, BodySearch())


def entries_by_key(session: Session, keys: Collection[str]) -> dict[str, Entry]:
    """Return editions and documents by their keys; those the register lacks are left out."""
    return {
        key: Entry(designation, slug)
        for model in (Document, Edition)
        for key, designation, slug in session.execute(
            select(model.key, model.designation, model.slug).where(model.key.in_(keys))
        )
    }


def listed_counts(session: Session, as_of: AsOf) -> dict[int, int]:
    """Return how many bodies each arrangement, by id, lists on the day."""
    counts: dict[int, set[int]] = {}
    for listing in session.scalars(
        select(ArrangementListing).where(known(ArrangementListing, as_of.position))
    ):
        if covers(listing.valid_from, listing.valid_until, as_of.at):
            counts.setdefault(listing.arrangement_id, set()).add(listing.body_id)
    return {key: len(ids) for key, ids in counts.items()}


def arrangement_titles(
    session: Session, ids: Collection[int], as_of: AsOf
) -> dict[int, dict[str, str]]:
    """Return the titles of arrangements by id."""
    rows = session.execute(
        select(Arrangement.id, ArrangementRecord.titles)
        .join(ArrangementRecord, ArrangementRecord.arrangement_id == Arrangement.id)
        .where(Arrangement.id.in_(ids), known(ArrangementRecord, as_of.position))
    )
    return dict(rows.all())


def body_names(session: Session, as_of: AsOf) -> dict[int, dict[str, str]]:
    """Return the names of the organisations behind bodies, by body id."""
    rows = session.execute(
        select(Body.id, OrganisationRecord.names)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(known(OrganisationRecord, as_of.position))
    )
    return dict(rows.all())


def user_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of persons by account id."""
    wanted = [user_id for user_id in ids if user_id is not None]
    rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return dict(rows.all())


def unregistered_organisations(session: Session) -> dict[str, dict[str, str]]:
    """Return the names of organisations, by slug, that are not registered as bodies."""
    rows = session.execute(
        select(Organisation.slug, OrganisationRecord.names)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Organisation.id)
        .outerjoin(Body, Body.organisation_id == Organisation.id)
        .where(Body.id.is_(None), known(OrganisationRecord))
    )
    return dict(rows.all())


def open_application(session: Session, number: str) -> OpenApplication:
    """Return what is to be tested for an application that takes results.

    ``NotFound`` also for one that no longer does: whoever only guesses numbers
    learns nothing more from a closed application than from none.
    """
    application = application_at(session, number)
    row = session.execute(
        select(ApplicationRecord, Edition)
        .join(Application, Application.id == ApplicationRecord.application_id)
        .join(Edition, Edition.id == Application.edition_id)
        .where(
            Application.id == application.id,
            ApplicationRecord.state.in_(states.OPEN_FOR_REPORTS),
            known(ApplicationRecord),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(Message("There is no application of this number."))
    record, edition = row
    return OpenApplication(
        number=application.number,
        product=record.product["name"],
        regulation=Entry(edition.designation, edition.slug),
        demonstration=application.demonstration,
    )
