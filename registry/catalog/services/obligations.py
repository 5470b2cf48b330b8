"""Records to which products a regulation applies."""

from collections.abc import Mapping
from typing import Any

from registry.catalog.hs_codes import hs_digits
from registry.catalog.models import Obligation, ObligationCode
from registry.catalog.services.facts import current_record, edition_by_slug
from registry.errors import Invalid
from registry.unit_of_work import UnitOfWork

_MANDATORY_KINDS = ("QCVN", "QCĐP")


def record_obligation(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Obligation:
    """Record that the regulation edition at ``slug`` applies to products."""
    uow.actor.require("obligation:record")
    edition = edition_by_slug(uow, slug)
    if current_record(uow, edition).kind not in _MANDATORY_KINDS:
        raise Invalid.one("edition", "Only a technical regulation obliges; this is a standard.")
    position = uow.record("edition.obligation", f"edition:{edition.id}", data)
    obligation = Obligation(
        edition_id=edition.id, **{name: value for name, value in data.items() if name != "edition"}
    )
    uow.add(obligation, position=position)
    uow.session.flush()
    digits = dict.fromkeys(hs_digits(code) for code in data["hs_codes"])
    uow.session.add_all(ObligationCode(obligation_id=obligation.id, digits=code) for code in digits)
    return obligation
