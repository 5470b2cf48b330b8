"""A followed catalogue in the shape of ISO Open Data, and national editions that adopt from it."""

from pathlib import Path

from registry.actor import system_actor
from registry.catalog.importing.refresh import RefreshReport, refresh_catalogue
from registry.catalog.schemas import CatalogueSchema
from registry.catalog.services.catalogues import follow_catalogue
from registry.container import Registry
from registry.schema_fields import load
from tests.support.catalogue import imported, row

FOLDER = Path(__file__).parents[1] / "data"
IN_2021 = FOLDER / "iso_open_data_2021.jsonl"
IN_2024 = FOLDER / "iso_open_data_2024.jsonl"

ISO = {
    "key": "iso",
    "name": "ISO Open Data",
    "publisher": "ISO",
    "address": "https://www.iso.org/open-data.html",
}

_ADOPTIONS = (
    ("TCVN ISO/IEC 27001:2019", "2019", "information-security", "ISO/IEC 27001:2013"),
    ("TCVN ISO/IEC 27002:2020", "2020", "information-security", "ISO/IEC 27002:2013"),
    ("TCVN ISO 37106:2018", "2018", "smart-cities", "ISO 37106:2018"),
    ("TCVN 13902:2023", "2023", "artificial-intelligence", "ISO/IEC 22989:2022"),
)


def adopted(registry: Registry) -> None:
    """Let the national list adopt four editions of ISO."""
    imported(
        registry,
        [
            row(
                designation,
                issued=issued,
                domains=[domain],
                relations=[{"type": "adopts", "degree": "IDT", "target": target}],
            )
            for designation, issued, domain, target in _ADOPTIONS
        ],
    )


def followed(registry: Registry) -> None:
    """Register the catalogue."""
    with registry.units(system_actor("test")) as uow:
        follow_catalogue(uow, load(CatalogueSchema(), ISO))


def refreshed(registry: Registry, path: Path, data_of: str | None = None) -> RefreshReport:
    """Refresh the catalogue from ``path``."""
    return refresh_catalogue(
        registry.units,
        system_actor("test"),
        "iso",
        path,
        zone=registry.settings.zone,
        data_of=data_of,
    )
