"""Obligations: which regulation edition applies to which products."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from registry.catalog.hs_codes import parents, read_hs
from registry.catalog.models import Edition, Obligation, ObligationCode, ObligationWord
from registry.history import AsOf, known
from registry.journal.queries import head


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much the register says: obligations, the regulations they stand in, HS chapters."""

    obligations: int
    editions: int
    chapters: int


# Made once: making a statement takes longer than the database takes to answer it.
_OF_IDS = (
    select(Obligation)
    .where(Obligation.id.in_(bindparam("ids", expanding=True)))
    .order_by(Obligation.valid_from, Obligation.id)
)
_CODES = select(ObligationCode.obligation_id, ObligationCode.digits).where(
    ObligationCode.obligation_id.in_(bindparam("ids", expanding=True))
)


def page_of_obligations(
    session: Session, as_of: AsOf, *, after: int, limit: int, hs: str | None = None
) -> Sequence[tuple[Obligation, Edition]]:
    """Return obligations known then with an id above ``after``, each with its regulation.

    ``hs`` (2 to 8 digits, any punctuation) asks for those whose codes it is a part
    of or that are a part of it: a heading's obligations hold for its subheadings.
    """
    statement = (
        select(Obligation, Edition)
        .join(Edition, Edition.id == Obligation.edition_id)
        .where(Obligation.id > after, known(Obligation, as_of.position))
        .order_by(Obligation.id)
        .limit(limit)
    )
    if hs:
        matching = select(ObligationCode.obligation_id).where(_related_to([read_hs(hs)]))
        statement = statement.where(Obligation.id.in_(matching))
    return [(obligation, edition) for obligation, edition in session.execute(statement)]


def ids_of_codes(
    session: Session, codes: Collection[str], as_of: AsOf, *, limit: int
) -> Sequence[int]:
    """Return up to ``limit`` obligations known then for HS ``codes`` (digits), their parts
    and what they are part of."""
    if not codes:
        return []
    matching = select(ObligationCode.obligation_id).where(_related_to(codes))
    statement = select(Obligation.id).where(Obligation.id.in_(matching))
    return _ids(session, statement, as_of, limit)


def ids_of_words(
    session: Session, words: Sequence[str], as_of: AsOf, *, limit: int
) -> Sequence[int]:
    """Return up to ``limit`` obligations known then whose products hold every one of ``words``.

    Words are as ``registry.catalog.product_words`` gives them.
    """
    if not words:
        return []
    counts = dict(
        session.execute(
            select(ObligationWord.word, func.count())
            .where(ObligationWord.word.in_(words))
            .group_by(ObligationWord.word)
        ).all()
    )
    if counts.keys() != set(words):
        return []
    # The rarest word leaves the fewest rows in which to look for the others.
    rarest, *others = sorted(counts, key=lambda word: counts[word])
    statement = (
        select(ObligationWord.obligation_id)
        .join(Obligation, Obligation.id == ObligationWord.obligation_id)
        .where(ObligationWord.word == rarest)
    )
    for word in others:
        also = aliased(ObligationWord)
        statement = statement.where(
            select(also.word)
            .where(also.obligation_id == ObligationWord.obligation_id, also.word == word)
            .exists()
        )
    return _ids(session, statement, as_of, limit)


def ids_of_editions(
    session: Session, edition_ids: Collection[int], as_of: AsOf, *, limit: int
) -> Sequence[int]:
    """Return up to ``limit`` obligations known then of the editions."""
    if not edition_ids:
        return []
    return _ids(
        session, select(Obligation.id).where(Obligation.edition_id.in_(edition_ids)), as_of, limit
    )


def by_obligation_ids(session: Session, ids: Collection[int]) -> Sequence[Obligation]:
    """Return the obligations of ``ids`` in the order in which they begin."""
    return session.scalars(_OF_IDS, {"ids": list(ids)}).all() if ids else []


def codes_of(session: Session, ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """Return the HS codes (digits) of each obligation."""
    found: dict[int, list[str]] = {}
    for id_, digits in session.execute(_CODES, {"ids": list(ids)}) if ids else ():
        found.setdefault(id_, []).append(digits)
    return found


def stated_obligation(session: Session, obligation_id: int) -> Obligation | None:
    """Return the obligation of that id, if the register says it now."""
    return session.scalar(
        select(Obligation).where(Obligation.id == obligation_id, known(Obligation))
    )


def coverage(session: Session, as_of: AsOf) -> Coverage:
    """Return how much the register said then of what applies to which products.

    Every miss tells it: what is said now is counted again only after a change.
    """
    if as_of.position is not None:
        return _count(session, as_of.position)
    engine, version = session.get_bind(), head(session)
    kept = _kept.get(engine)
    if kept is None or kept[0] != version:
        kept = (version, _count(session, None))
        _kept[engine] = kept
    return kept[1]


# By database: the journal's head and what was counted there.
_kept: WeakKeyDictionary[Any, tuple[int, Coverage]] = WeakKeyDictionary()


def _count(session: Session, position: int | None) -> Coverage:
    stated = known(Obligation, position)
    obligations, editions = session.execute(
        select(func.count(), func.count(func.distinct(Obligation.edition_id))).where(stated)
    ).one()
    chapters = session.scalar(
        select(func.count(func.distinct(func.substr(ObligationCode.digits, 1, 2))))
        .join(Obligation, Obligation.id == ObligationCode.obligation_id)
        .where(stated)
    )
    return Coverage(obligations, editions, chapters or 0)


def _ids(session: Session, statement: Select[int], as_of: AsOf, limit: int) -> Sequence[int]:
    (column,) = statement.selected_columns
    return session.scalars(
        statement.where(known(Obligation, as_of.position)).order_by(column).limit(limit)
    ).all()


def _related_to(codes: Collection[str]) -> ColumnElement[bool]:
    """Whether a code is one of ``codes``, part of one, or has one as its part.

    Parts are asked for as a range, which an index answers on every database.
    """
    wider = {parent for code in codes for parent in parents(code)}
    return or_(
        ObligationCode.digits.in_(sorted(wider)), *(_part_of(code) for code in sorted(codes))
    )


def _part_of(code: str) -> ColumnElement[bool]:
    following = str(int(code) + 1).zfill(len(code))
    if len(following) > len(code):
        return ObligationCode.digits > code
    return and_(ObligationCode.digits > code, ObligationCode.digits < following)
