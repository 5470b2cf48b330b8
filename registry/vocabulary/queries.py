"""Questions to the vocabularies."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.history import AsOf, covers, known
from registry.vocabulary.models import Term


def terms(session: Session, vocabulary: str, as_of: AsOf) -> Sequence[Term]:
    """Return the terms of ``vocabulary`` valid on the day asked, in their own order."""
    rows = session.scalars(
        select(Term)
        .where(Term.vocabulary == vocabulary, known(Term, as_of.position))
        .order_by(Term.sequence, Term.id)
    )
    return [term for term in rows if covers(term.valid_from, term.valid_until, as_of.at)]


def all_labels(session: Session) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Return the labels of every (vocabulary, key) as known now.

    Where a key had several meanings over time the latest is given: a label
    shows what a stored key means, also one that is no longer in use.
    """
    rows = session.scalars(select(Term).where(known(Term)).order_by(Term.valid_from, Term.id))
    return {(term.vocabulary, term.key): term.labels for term in rows}
