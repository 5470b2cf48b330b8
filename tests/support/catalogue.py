"""Editions to draft, publish, import and ask for."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from registry.actor import Actor, system_actor
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import ImportReport, import_rows
from registry.catalog.models import Edition
from registry.catalog.queries.editions import EditionFacts, find_slug, one_edition
from registry.catalog.schemas import EditionSchema
from registry.catalog.services.editions import approve_edition, draft_edition, submit_draft
from registry.container import Registry
from registry.history import AsOf
from registry.schema_fields import load

DESIGNATION = "TCVN 99001:2026"
SLUG = "tcvn-99001:2026"


def edition_data(**changes: Any) -> dict[str, Any]:
    """Return a sound edition with ``changes``, as a JSON body has it."""
    return {
        "designation": DESIGNATION,
        "kind": "TCVN",
        "titles": {"vi": "Đèn đường thông minh", "en": "Smart street lamps"},
        "publisher": "bkhcn",
        "source": "https://example.org/tcvn-99001",
        "issued": "2026-11-01",
        "effective_from": "2026-11-15",
        "domains": ["smart-cities"],
        **changes,
    }


def loaded(**changes: Any) -> dict[str, Any]:
    """Return a sound edition with ``changes``, loaded."""
    return load(EditionSchema(), edition_data(**changes))


def drafted(registry: Registry, editor: Actor, **changes: Any) -> Edition:
    """Let ``editor`` draft an edition."""
    with registry.units(editor) as uow:
        return draft_edition(uow, loaded(**changes))


def proposed(registry: Registry, editor: Actor, **changes: Any) -> Edition:
    """Let ``editor`` draft and propose an edition."""
    edition = drafted(registry, editor, **changes)
    with registry.units(editor) as uow:
        return submit_draft(uow, edition.slug)


def published(registry: Registry, editor: Actor, approver: Actor, **changes: Any) -> Edition:
    """Let two persons publish an edition."""
    edition = proposed(registry, editor, **changes)
    with registry.units(approver) as uow:
        return approve_edition(uow, edition.slug)


def facts(
    registry: Registry,
    slug: str,
    at: date | None = None,
    position: int | None = None,
    *,
    drafts: bool = False,
) -> EditionFacts:
    """Return what the register says of the edition at ``slug``."""
    as_of = AsOf(at or registry.clock.today(), position)
    with registry.units.reading() as session:
        edition = find_slug(session, slug)
        assert isinstance(edition, Edition)
        return one_edition(session, edition, as_of, registry.settings.zone, drafts=drafts)


def imported(
    registry: Registry, rows: Iterable[Mapping[str, Any]], *, national: bool = True
) -> ImportReport:
    """Import ``rows`` as the registry itself."""
    numbered = (Row(number, row) for number, row in enumerate(rows, start=1))
    return import_rows(registry.units, system_actor("test"), numbered, national=national)


def row(designation: Any, **changes: Any) -> dict[str, Any]:
    """Return a row of the registry's own format."""
    return {
        "designation": designation,
        "kind": "TCVN",
        "publisher": "bkhcn",
        "titles": {"vi": f"Tên của {designation}"},
        "source": "https://example.org/list",
        **changes,
    }


def write_lines(path: Path, lines: Iterable[Any]) -> Path:
    """Write a JSON Lines file; what is text or bytes already is written as it stands."""
    with path.open("wb") as file:
        for line in lines:
            text = line if isinstance(line, (str, bytes)) else json.dumps(line, ensure_ascii=False)
            file.write((text.encode() if isinstance(text, str) else text) + b"\n")
    return path
