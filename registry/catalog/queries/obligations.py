"""Obligations: which regulation edition applies to which products."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.catalog.hs_codes import hs_digits
from registry.catalog.models import Edition, Obligation, ObligationCode
from registry.errors import Invalid
from registry.history import AsOf, known


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
        digits = hs_digits(hs)
        if not 2 <= len(digits) <= 8:
            raise Invalid.one("hs", "Write an HS code of 2 to 8 digits, like 8525.81.")
        parents = [digits[:length] for length in range(2, len(digits) + 1)]
        matching = select(ObligationCode.obligation_id).where(
            or_(ObligationCode.digits.in_(parents), ObligationCode.digits.startswith(digits))
        )
        statement = statement.where(Obligation.id.in_(matching))
    return [(obligation, edition) for obligation, edition in session.execute(statement)]
