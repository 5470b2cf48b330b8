"""Questions to the vocabularies."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.history import AsOf, covers, known
from registry.vocabulary.models import Term

Labels = Mapping[tuple[str, str], Mapping[str, str]]

# By database: the version of the terms and the labels read at that version.
_kept: WeakKeyDictionary[Any, tuple[tuple[Any, ...], Labels]] = WeakKeyDictionary()


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
    version = session.execute(select(func.max(Term.known_from), func.max(Term.known_until))).one()
    kept = _kept.get(engine)
    if kept is None or kept[0] != tuple(version):
        kept = (tuple(version), _read_labels(session))
        _kept[engine] = kept
    return kept[1]


def _read_labels(session: Session) -> Labels:
    rows = session.execute(
        select(Term.vocabulary, Term.key, Term.labels)
        .where(known(Term))
        .order_by(Term.valid_from.nulls_first(), Term.id)
    )
    return {(vocabulary, key): labels for vocabulary, key, labels in rows}
