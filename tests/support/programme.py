"""Entries of the programme of work to plan and ask for."""

from datetime import date
from typing import Any

from registry.actor import Actor
from registry.catalog.programme_schemas import NewPlannedEntrySchema, ProgressSchema
from registry.catalog.queries.programme import ProgrammeEntry, programme
from registry.catalog.services.programme import advance_entry, plan_entry
from registry.container import Registry
from registry.history import AsOf
from registry.schema_fields import load


def planned_data(**changes: Any) -> dict[str, Any]:
    """Return a sound plan with ``changes``, as a JSON body has it."""
    return {
        "titles": {"vi": "Đèn đường thông minh", "en": "Smart street lamps"},
        "domain": "smart-cities",
        "ministry": "bxd",
        "unit": "Vụ Khoa học công nghệ",
        "due": "2026-10",
        "planned_on": "2026-01-15",
        **changes,
    }


def planned(registry: Registry, editor: Actor, **changes: Any) -> int:
    """Let ``editor`` plan an entry; return its number."""
    with registry.units(editor) as uow:
        return plan_entry(uow, load(NewPlannedEntrySchema(), planned_data(**changes))).id


def advanced(registry: Registry, editor: Actor, entry_id: int, action: str, **more: Any) -> None:
    """Let ``editor`` record a step."""
    with registry.units(editor) as uow:
        advance_entry(uow, entry_id, load(ProgressSchema(), {"action": action, **more}))


def standing(
    registry: Registry, at: str | None = None, position: int | None = None
) -> list[ProgrammeEntry]:
    """Return the programme as it stood."""
    day = date.fromisoformat(at) if at else registry.clock.today()
    with registry.units.reading() as session:
        return programme(session, AsOf(day, position))
