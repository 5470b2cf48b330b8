"""Obligations: which regulation edition applies to which products."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from registry.catalog.hs_codes import LONGEST, parents, read_hs
from registry.catalog.models import Edition, Obligation, ObligationCode, ObligationWord
from registry.db import ask
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
        matching = select(ObligationCode.obligation_id).where(_related_to(1))
        statement = statement.where(Obligation.id.in_(matching))
    asked = _asked([read_hs(hs)]) if hs else {}
    return [(obligation, edition) for obligation, edition in session.execute(statement, asked)]


def ids_of_codes(
    session: Session, codes: Collection[str], as_of: AsOf, *, limit: int
) -> Sequence[int]:
    """Return up to ``limit`` obligations known then for HS ``codes`` (digits), their parts
    and what they are part of."""
    if not codes:
        return []
    asked = _asked(codes) | {"position": as_of.position, "limit": limit}
    statement = _select_of_codes(len(codes), as_of.position is None)
    return ask(session, statement, asked).scalars().all()


def ids_of_words(
    session: Session, words: Sequence[str], as_of: AsOf, *, limit: int
) -> Sequence[int]:
    """Return up to ``limit`` obligations known then whose products hold every one of ``words``.

    Words are as ``registry.catalog.product_words`` gives them.
    """
    if not words:
        return []
    counted = ask(session, _WORD_COUNTS, {"words": list(words)})
    counts: dict[str, int] = {row[0]: row[1] for row in counted}
    if counts.keys() != set(words):
        return []
    # The rarest word leaves the fewest rows in which to look for the others.
    named = {f"word_{n}": word for n, word in enumerate(sorted(counts, key=lambda w: counts[w]))}
    asked: dict[str, object] = {**named, "position": as_of.position, "limit": limit}
    statement = _select_of_words(len(named), as_of.position is None)
    return ask(session, statement, asked).scalars().all()


def ids_of_editions(
    session: Session, edition_ids: Collection[int], as_of: AsOf, *, limit: int
) -> Sequence[int]:
    """Return up to ``limit`` obligations known then of the editions."""
    if not edition_ids:
        return []
    asked = {"ids": list(edition_ids), "position": as_of.position, "limit": limit}
    return ask(session, _OF_EDITIONS[as_of.position is None], asked).scalars().all()


def by_obligation_ids(session: Session, ids: Collection[int]) -> Sequence[Obligation]:
    """Return the obligations of ``ids`` in the order in which they begin."""
    return session.scalars(_OF_IDS, {"ids": list(ids)}).all() if ids else []


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


def _first_known(statement: Select[int], position: BindParameter[int] | None) -> Select[int]:
    """Ask for the first ids of obligations known at ``position``, as many as are wanted."""
    (column,) = statement.selected_columns
    return (
        statement.where(known(Obligation, position))
        .order_by(column)
        .limit(bindparam("limit", type_=Integer))
    )


def _position(now: bool) -> BindParameter[int] | None:
    return None if now else bindparam("position", type_=Integer)


# Made once for each number of words and of codes, for the same reason as those above.
@lru_cache(maxsize=64)
def _select_of_words(number: int, now: bool) -> Select[int]:
    """Ask for the obligations that hold each of the words word_0, word_1 …"""
    statement = (
        select(ObligationWord.obligation_id)
        .join(Obligation, Obligation.id == ObligationWord.obligation_id)
        .where(ObligationWord.word == bindparam("word_0"))
    )
    for n in range(1, number):
        also = aliased(ObligationWord)
        statement = statement.where(
            select(also.word)
            .where(
                also.obligation_id == ObligationWord.obligation_id,
                also.word == bindparam(f"word_{n}"),
            )
            .exists()
        )
    return _first_known(statement, _position(now))


@lru_cache(maxsize=256)
def _select_of_codes(number: int, now: bool) -> Select[int]:
    """Ask for the obligations with codes related to those of ``_asked``."""
    matching = select(ObligationCode.obligation_id).where(_related_to(number))
    return _first_known(select(Obligation.id).where(Obligation.id.in_(matching)), _position(now))


def _related_to(number: int) -> ColumnElement[bool]:
    """Whether a code is one of so many codes, part of one, or has one as its part.

    Parts are asked for as a range, which an index answers on every database.
    """
    parts = (
        and_(
            ObligationCode.digits > bindparam(f"code_{n}"),
            ObligationCode.digits < bindparam(f"end_{n}"),
        )
        for n in range(number)
    )
    return or_(ObligationCode.digits.in_(bindparam("wider", expanding=True)), *parts)


def _asked(codes: Collection[str]) -> dict[str, object]:
    """Return the parameters of ``_related_to`` for ``codes`` (digits)."""
    named = sorted(codes)
    asked: dict[str, object] = {"wider": sorted({p for code in codes for p in parents(code)})}
    asked |= {f"code_{n}": code for n, code in enumerate(named)}
    return asked | {f"end_{n}": _following(code) for n, code in enumerate(named)}


def _following(code: str) -> str:
    """Return what comes after every code that ``code`` is a part of; digits alone sort alike
    in every collation."""
    following = str(int(code) + 1).zfill(len(code))
    return following if len(following) == len(code) else "9" * (LONGEST + 1)


_WORD_COUNTS = (
    select(ObligationWord.word, func.count())
    .where(ObligationWord.word.in_(bindparam("words", expanding=True)))
    .group_by(ObligationWord.word)
)
_OF_EDITIONS = {
    now: _first_known(
        select(Obligation.id).where(Obligation.edition_id.in_(bindparam("ids", expanding=True))),
        _position(now),
    )
    for now in (True, False)
}
