"""The demonstration's declarations: one on its certificate, one that awaits an officer."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from registry.accounts.models import User
from registry.accounts.services.authentication import actor_for_user
from registry.assessment.models import Certificate, Declaration
from registry.assessment.schemas import DeclarationSchema
from registry.assessment.services.declarations import submit_declaration
from registry.assessment.services.snapshots import issuing_register
from registry.container import Registry
from registry.schema_fields import load

_SIGNATORY = {"name": "[Trình diễn] Nguyễn Văn An", "function": "Giám đốc / Director"}
_DAYS = 365


def declare_for_demonstration(registry: Registry, *, business: User, regulation: str) -> None:
    """Let the demonstration's business declare what it has not declared yet."""
    with registry.units.reading() as session:
        declared = set(
            session.scalars(
                select(Declaration.basis).where(
                    Declaration.organisation_id == business.organisation_id
                )
            )
        )
        certificate = session.scalars(
            select(Certificate)
            .where(Certificate.organisation_id == business.organisation_id)
            .order_by(Certificate.id)
            .limit(1)
        ).first()
        actor = actor_for_user(session, business.id, registry.clock.today())
    register = issuing_register(registry.settings)
    for data in _declarations(registry, certificate, regulation):
        if data["basis"] not in declared:
            with registry.units(actor) as uow:
                submit_declaration(uow, load(DeclarationSchema(), data), register)


def _declarations(
    registry: Registry, certificate: Certificate | None, regulation: str
) -> list[dict[str, Any]]:
    today = registry.clock.today()
    shared = {
        "regulations": [regulation],
        "signatory": _SIGNATORY,
        "place": "Hà Nội",
        "issued_on": today.isoformat(),
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=_DAYS)).isoformat(),
    }
    own = {
        **shared,
        "product": {
            "name": {
                "vi": "[Trình diễn] Camera giám sát Sao Mai, bản trong nhà",
                "en": "[Demonstration] Sao Mai surveillance camera, indoor",
            },
            "models": ["SM-50"],
            "hs": ["8525.89.10"],
        },
        "basis": "self-assessment",
    }
    if certificate is None:
        return [own]
    product = certificate.snapshot["product"]
    on_certificate = {
        **shared,
        "product": {
            "name": {key: text for key, text in product["name"].items() if text},
            "models": product["models"],
            "hs": product["hs"],
        },
        "basis": "designated-certification",
        "certificate": certificate.number,
    }
    return [on_certificate, own]
