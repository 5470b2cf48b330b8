"""Which foreign results arrangements let the register accept for a regulation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, Date, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from registry.assessment.models import Arrangement, ArrangementRecord, ArrangementScope
from registry.catalog.hs_codes import hs_digits, related
from registry.history import AsOf, known
from registry.vocabulary.queries import terms

_INWARD = ("inward", "both")


@dataclass(frozen=True, slots=True)
class AcceptedResult:
    """A type of result that an arrangement covers for the regulation.

    ``begins`` is the first day when that is still to come, else ``None``. ``certain``
    is false where the arrangement covers only products in words of its own, or a
    phase that the register does not know.
    """

    arrangement: Arrangement
    record: ArrangementRecord
    line: ArrangementScope
    begins: date | None
    certain: bool


def accepted_results(
    session: Session, asked: Mapping[int, tuple[str, Collection[str]]], as_of: AsOf
) -> dict[int, Sequence[AcceptedResult]]:
    """Return, by the ids of ``asked``, what arrangements cover from abroad, in force or to come.

    ``asked`` maps an id to the key of a regulation document and the HS codes (digits)
    that the product may have. Arrangements among accreditors open no path for results
    by themselves and are left out, and so is what their phase does not cover.
    """
    rows = session.execute(
        _INWARD_LINES[as_of.position is None],
        {
            "keys": sorted({key for key, _ in asked.values()}),
            "day": as_of.at,
            "position": as_of.position,
        },
    ).all()
    found: dict[int, list[AcceptedResult]] = {id_: [] for id_ in asked}
    if not rows:
        return dict(found)
    kinds = {term.key: term.attributes for term in terms(session, "arrangement-kind", as_of)}
    phases = {term.key: term.attributes for term in terms(session, "arrangement-phase", as_of)}
    for arrangement, record, line in rows:
        kind = kinds.get(record.kind, {})
        if kind.get("path") is None:
            continue
        types = _types_of_phase(kind, phases, record.phase)
        if types is not None and line.result_type not in types:
            continue
        begins = max(filter(None, (record.valid_from, line.valid_from)), default=None)
        for id_, (document_key, codes) in asked.items():
            if line.document_key not in (None, document_key):
                continue
            certain = _covers(line, codes)
            if certain is not None:
                found[id_].append(
                    AcceptedResult(
                        arrangement,
                        record,
                        line,
                        begins if begins and begins > as_of.at else None,
                        certain and not (kind.get("phases") and types is None),
                    )
                )
    return dict(found)


def _types_of_phase(
    kind: Mapping[str, object], phases: Mapping[str, Mapping[str, object]], phase: str | None
) -> Collection[str] | None:
    """Return the result types that a phase covers; None where no phase limits them."""
    if not kind.get("phases") or phase is None:
        return None
    types = phases.get(phase, {}).get("result_types")
    return [str(type_) for type_ in types] if isinstance(types, list) else None


def _covers(line: ArrangementScope, codes: Collection[str]) -> bool | None:
    """Whether the line covers products of ``codes``: True, None if not, False if it may."""
    if line.hs_codes:
        theirs = [hs_digits(code) for code in line.hs_codes]
        if not codes:
            return False
        if not any(related(our, their) for our in codes for their in theirs):
            return None
        return any(our.startswith(their) for our in codes for their in theirs)
    return not line.product


_DAY: BindParameter[date] = bindparam("day", type_=Date)


def _select_inward(
    position: BindParameter[int] | None,
) -> Select[Arrangement, ArrangementRecord, ArrangementScope]:
    """Select what covers results from abroad and has not ended on the day."""
    return (
        select(Arrangement, ArrangementRecord, ArrangementScope)
        .join(ArrangementRecord, ArrangementRecord.arrangement_id == Arrangement.id)
        .join(ArrangementScope, ArrangementScope.arrangement_id == Arrangement.id)
        .where(
            known(ArrangementRecord, position),
            known(ArrangementScope, position),
            ArrangementScope.direction.in_(_INWARD),
            or_(
                ArrangementScope.document_key.is_(None),
                ArrangementScope.document_key.in_(bindparam("keys", expanding=True)),
            ),
            or_(ArrangementRecord.valid_until.is_(None), ArrangementRecord.valid_until >= _DAY),
            or_(ArrangementScope.valid_until.is_(None), ArrangementScope.valid_until >= _DAY),
        )
        .order_by(Arrangement.slug, ArrangementScope.id)
    )


# Made once, by whether it asks for what is known now.
_INWARD_LINES = {
    True: _select_inward(None),
    False: _select_inward(bindparam("position", type_=Integer)),
}
