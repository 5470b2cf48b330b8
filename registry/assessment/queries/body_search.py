"""Finds bodies by what they are competent for, where they are and what they are called.

Words are looked for without regard to case and diacritics, which no database index
does. So the distinct values of a column are compared here, and the rows are then found
by the values that match.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Accreditation,
    AccreditationRecord,
    Body,
    BodyAddress,
    BodyIdentifier,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.bodies import BodySummary
from registry.assessment.queries.competence import accreditation_in_force, for_method, valid_on
from registry.assessment.queries.references import full_designation
from registry.history import AsOf, known
from registry.search.analysis import fold, normalise

# How many values one statement names.
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class BodySearch:
    """What is asked of bodies; a blank field asks nothing.

    ``method`` is a designation in any spelling; what is asked of product,
    characteristic and method must be true of one scope line. ``standard`` is that of
    the accreditation ("17025"). ``text`` are words of any of these, of names and of
    numbers. ``place`` are words of an address.
    """

    text: str = ""
    kind: str = ""
    country: str = ""
    place: str = ""
    method: str = ""
    product: str = ""
    characteristic: str = ""
    standard: str = ""

    @property
    def of_scope(self) -> bool:
        """Whether the accreditation or its scope lines are asked about."""
        return bool(self.method or self.product or self.characteristic or self.standard)


def search_bodies(session: Session, as_of: AsOf, search: BodySearch) -> list[BodySummary]:
    """Return the bodies registered on the day that the search fits, by slug.

    Accreditations count on the days they are in force. ``Invalid`` on "method" when it
    cannot be read.
    """
    query = registered_on(as_of)
    if search.country:
        query = query.where(OrganisationRecord.country == search.country)
    found = [BodySummary(*row) for row in session.execute(query.order_by(Body.slug))]
    if search.kind:
        # Kinds are a list in one column, which the two databases search differently.
        found = [summary for summary in found if search.kind in summary.record.kinds]
    if search.of_scope:
        competent = _competent(session, as_of, search)
        found = [summary for summary in found if summary.body.id in competent]
    if search.place:
        places = _places(session, as_of)
        found = [s for s in found if _has_words(_place_of(s, places), search.place)]
    for word in _plain(search.text).split():
        known_by = _known_by(session, as_of, word)
        found = [s for s in found if s.body.id in known_by or word in _names(s)]
    return found


def registered_on(as_of: AsOf) -> Select[Body, BodyRecord, OrganisationRecord]:
    """Select the bodies in the register on the day, with their organisations."""
    return (
        select(Body, BodyRecord, OrganisationRecord)
        .join(BodyRecord, BodyRecord.body_id == Body.id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            known(BodyRecord, as_of.position),
            valid_on(BodyRecord, as_of.at),
            known(OrganisationRecord, as_of.position),
        )
    )


def _competent(session: Session, as_of: AsOf, search: BodySearch) -> set[int]:
    """Return the ids of the bodies of which one scope line in force fits."""
    conditions: list[ColumnElement[bool]] = [*_in_force(as_of)]
    line_asked = search.method or search.product or search.characteristic
    if search.method:
        conditions.append(for_method(full_designation(session, search.method, "method")))
    for column, words in (
        (ScopeLine.product, search.product),
        (ScopeLine.characteristic, search.characteristic),
        (AccreditationRecord.standard, search.standard),
    ):
        if words:
            conditions.append(_any_of(column, _matching(session, column, words)))
    query = _accredited()
    if line_asked:
        query = query.join(
            ScopeLine, ScopeLine.accreditation_id == AccreditationRecord.accreditation_id
        ).where(known(ScopeLine, as_of.position), valid_on(ScopeLine, as_of.at))
    return set(session.scalars(query.where(*conditions)))


def _known_by(session: Session, as_of: AsOf, word: str) -> set[int]:
    """Return the ids of the bodies known by ``word``: of a scope, a number, an identifier."""
    numbers = _matching(session, AccreditationRecord.number, word)
    found = set(
        session.scalars(
            _accredited().where(
                _any_of(AccreditationRecord.number, numbers),
                known(AccreditationRecord, as_of.position),
            )
        )
    )
    found |= set(
        session.scalars(
            select(BodyIdentifier.body_id).where(
                _any_of(BodyIdentifier.value, _matching(session, BodyIdentifier.value, word)),
                known(BodyIdentifier, as_of.position),
                valid_on(BodyIdentifier, as_of.at),
            )
        )
    )
    lines = (
        _accredited()
        .join(ScopeLine, ScopeLine.accreditation_id == AccreditationRecord.accreditation_id)
        .where(
            or_(
                *(
                    _any_of(column, _matching(session, column, word))
                    for column in (ScopeLine.product, ScopeLine.characteristic, ScopeLine.method)
                )
            ),
            known(AccreditationRecord, as_of.position),
            known(ScopeLine, as_of.position),
            valid_on(ScopeLine, as_of.at),
        )
    )
    return found | set(session.scalars(lines))


def _accredited() -> Select[int]:
    return (
        select(Accreditation.body_id)
        .join(AccreditationRecord, AccreditationRecord.accreditation_id == Accreditation.id)
        .distinct()
    )


def _in_force(as_of: AsOf) -> Iterator[ColumnElement[bool]]:
    yield known(AccreditationRecord, as_of.position)
    yield valid_on(AccreditationRecord, as_of.at)
    yield accreditation_in_force(as_of.at, as_of.position)


def _matching(session: Session, column: InstrumentedAttribute[str], words: str) -> list[str]:
    """Return the values of ``column`` that hold every one of ``words``."""
    return [
        value for value in session.scalars(select(column).distinct()) if _has_words(value, words)
    ]


def _any_of(column: InstrumentedAttribute[str], values: Sequence[str]) -> ColumnElement[bool]:
    chunks = [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]
    return or_(column.in_([]), *(column.in_(chunk) for chunk in chunks))


def _places(session: Session, as_of: AsOf) -> dict[int, list[str]]:
    places: dict[int, list[str]] = {}
    for address in session.scalars(
        select(BodyAddress).where(
            known(BodyAddress, as_of.position), valid_on(BodyAddress, as_of.at)
        )
    ):
        said = places.setdefault(address.body_id, [])
        said += filter(None, (address.address, address.province))
    return places


def _place_of(summary: BodySummary, places: dict[int, list[str]]) -> str:
    return " ".join([summary.organisation.address or "", *places.get(summary.body.id, ())])


def _names(summary: BodySummary) -> str:
    return _plain(" ".join(summary.organisation.names.values()))


def _has_words(text: str, words: str) -> bool:
    plain = _plain(text)
    return all(word in plain for word in _plain(words).split())


def _plain(text: str) -> str:
    return fold(normalise(text))
