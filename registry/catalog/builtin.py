"""The list that comes with the registry: national entries and the editions they follow."""

from pathlib import Path

from registry.actor import system_actor
from registry.catalog.importing.service import ImportReport, import_file
from registry.unit_of_work import UnitOfWorkFactory
from registry.vocabulary.services import load_vocabularies

DATA_FOLDER = Path(__file__).parent / "data"


def load_builtin_list(units: UnitOfWorkFactory) -> tuple[int, list[ImportReport]]:
    """Load vocabularies, the national list and what it follows; a second run changes nothing.

    An edition that somebody else changed or imported since stays as they left it.

    Returns the number of terms that changed and the report of each file.
    """
    actor = system_actor("builtin-list")
    with units(actor) as uow:
        terms = load_vocabularies(uow)
    reports = [
        import_file(units, actor, DATA_FOLDER / name, national=national, own_only=True)
        for name, national in (("national.jsonl", True), ("followed.jsonl", False))
    ]
    return terms, reports
