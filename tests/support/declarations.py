"""Declarations of conformity to try things on: the demonstration's business declares."""

from typing import Any

from registry.assessment.models import Declaration
from registry.assessment.schemas import DeclarationSchema
from registry.assessment.services.declarations import submit_declaration
from registry.assessment.services.snapshots import issuing_register
from registry.schema_fields import load
from tests.support.assessment import APPLICATION, World


def declaration_data(world: World, **changes: Any) -> dict[str, Any]:
    """Return a sound declaration by own assessment, with ``changes``."""
    return {
        "regulations": [APPLICATION["regulation"]],
        "product": {"name": {"vi": "Camera cổng"}, "models": ["C-1"], "hs": ["8525.89.10"]},
        "basis": "self-assessment",
        "signatory": {"name": "Nguyễn Văn An", "function": "Giám đốc"},
        "place": "Hà Nội",
        "issued_on": world.day(0),
        "valid_from": world.day(0),
        "valid_until": world.day(300),
        **changes,
    }


def declare(world: World, **changes: Any) -> Declaration:
    """Let the business submit a declaration."""
    with world.registry.units(world.actor("business")) as uow:
        return submit_declaration(
            uow,
            load(DeclarationSchema(), declaration_data(world, **changes)),
            issuing_register(world.registry.settings),
        )


def declare_on_certificate(world: World, **changes: Any) -> Declaration:
    """Let the business declare on a certificate issued for it here; registered at once."""
    certificate = world.certificate()
    return declare(
        world, basis="designated-certification", certificate=certificate.number, **changes
    )
