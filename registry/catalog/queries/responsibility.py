"""What one ministry or other issuing body answers for."""

from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.catalog.models import Edition, EditionRecord
from registry.catalog.queries.editions import EditionFacts, edition_facts
from registry.history import AsOf, known


def editions_of_body(session: Session, key: str, as_of: AsOf, zone: ZoneInfo) -> list[EditionFacts]:
    """Return the register's own editions that ``key`` issued or leads, by designation."""
    rows = session.scalars(
        select(Edition)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(
            Edition.national.is_(True),
            known(EditionRecord, as_of.position),
            or_(EditionRecord.publisher == key, EditionRecord.lead_ministry == key),
        )
        .order_by(Edition.key)
    ).all()
    return edition_facts(session, rows, as_of, zone, drafts=False)
