"""Questions to the vocabularies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.history import AsOf, covers, known
from registry.vocabulary.models import Term


class TermRow(NamedTuple):
    """A term as the rules of a command want it."""

    vocabulary: str
    key: str
    labels: Mapping[str, str]
    attributes: Mapping[str, Any]
    valid_from: date | None
    valid_until: date | None


Labels = Mapping[tuple[str, str], Mapping[str, str]]

# By database: the version of the terms and the labels read at that version.
_kept: WeakKeyDictionary[Any, tuple[tuple[Any, ...], Labels]] = WeakKeyDictionary()


_kept_terms: WeakKeyDictionary[Any, tuple[tuple[Any, ...], Mapping[str, Sequence[TermRow]]]] = (
    WeakKeyDictionary()
)


def terms(session: Session, vocabulary: str, as_of: AsOf) -> Sequence[Term]:
    """Return the terms of ``vocabulary`` valid on the day asked, in their own order."""
    rows = session.scalars(
        select(Term)
        .where(Term.vocabulary == vocabulary, known(Term, as_of.position))
        .order_by(Term.sequence, Term.id)
    )
    return [term for term in rows if covers(term.valid_from, term.valid_until, as_of.at)]


def all_labels(session: Session) -> Labels:
    """Return the labels of every (vocabulary, key) as known now.

    Where a key had several meanings over time the latest is given: a label
    shows what a stored key means, also one that is no longer in use. Every page
    asks for them, so they are read again only after a term has changed.
    """
    engine = session.get_bind()
    version = _version(session)
    kept = _kept.get(engine)
    if kept is None or kept[0] != version:
        kept = (version, labels_known(session, None))
        _kept[engine] = kept
    return kept[1]


def terms_on(session: Session, day: date) -> Mapping[str, Sequence[TermRow]]:
    """Return the terms of every vocabulary valid on ``day`` as known now, in their own order.

    Read again only after a term has changed, for commands that look many up.
    """
    engine = session.get_bind()
    version = (day, *_version(session))
    kept = _kept_terms.get(engine)
    if kept is None or kept[0] != version:
        rows = session.execute(
            select(
                Term.vocabulary,
                Term.key,
                Term.labels,
                Term.attributes,
                Term.valid_from,
                Term.valid_until,
            )
            .where(known(Term))
            .order_by(Term.sequence, Term.id)
        )
        found: defaultdict[str, list[TermRow]] = defaultdict(list)
        for term in map(TermRow._make, rows):
            if covers(term.valid_from, term.valid_until, day):
                found[term.vocabulary].append(term)
        kept = (version, found)
        _kept_terms[engine] = kept
    return kept[1]


# Asked with every page and every report: made once, and answered by an index. A term ends
# only as another takes its place, so that the last one recorded tells of both.
_VERSION = select(func.max(Term.known_from))


def _version(session: Session) -> tuple[Any, ...]:
    return tuple(session.connection().execute(_VERSION).one())


def labels_known(session: Session, position: int | None) -> Labels:
    """Return the labels of every (vocabulary, key) as known at a position, None for now."""
    rows = session.execute(
        select(Term.vocabulary, Term.key, Term.labels)
        .where(known(Term, position))
        .order_by(Term.valid_from.nulls_first(), Term.id)
    )
    return {(vocabulary, key): labels for vocabulary, key, labels in rows}
