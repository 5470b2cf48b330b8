"""Import of the programme of work in bulk: one row says what is planned.

A row whose designation is planned already, or whose Vietnamese title is where it has no
designation, changes that entry when it says something else, and needs a source then: it
is the reason that the journal gives. What such a row leaves blank stays as it is.
"""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from registry.actor import Actor
from registry.catalog.designation import parse
from registry.catalog.importing.facts import FactImport, Progress, check, loaded, take
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import ImportReport, Written
from registry.catalog.models import PlannedEntryRecord
from registry.catalog.programme_schemas import NewPlannedEntrySchema
from registry.catalog.queries.programme import programme
from registry.catalog.services.programme import FIELDS, check_plan, plan_entry, replan_entry
from registry.catalog.states import DROPPED, PUBLISHED
from registry.errors import Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

_LANGUAGES = ("vi", "en")


class _Candidate(NamedTuple):
    """What a row plans: of which entry, and whether nothing of that name is planned yet."""

    name: Hashable
    said: str
    new: bool
    data: Mapping[str, Any]

    @property
    def key(self) -> Hashable:
        """Of which entry what is said."""
        return self.name, self.said


def import_programme(
    units: UnitOfWorkFactory,
    actor: Actor,
    rows: Iterable[Row],
    *,
    whole: bool = False,
    written: Written | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import ``rows``; see ``registry.catalog.importing.facts.take``."""
    actor.require("programme:keep")
    return take(_Programme(written), units, actor, rows, whole=whole, progress=progress)


def check_programme(
    units: UnitOfWorkFactory, rows: Iterable[Row], *, progress: Progress | None = None
) -> ImportReport:
    """Return what ``import_programme`` would do; nothing is written."""
    return check(_Programme(), units, rows, progress=progress)


def to_plan(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as ``NewPlannedEntrySchema`` takes it, from JSON Lines or a spreadsheet.

    ``title_vi`` and ``title_en`` become titles by language.
    """
    # Why the row was refused before; see ``registry.catalog.importing.problems``.
    command = {name: value for name, value in content.items() if name != "reason"}
    titles = {
        language: command.pop(f"title_{language}")
        for language in _LANGUAGES
        if f"title_{language}" in command
    }
    if titles:
        command.setdefault("titles", titles)
    return command


class _Programme(FactImport[_Candidate]):
    """An import of planned entries under way."""

    def __init__(self, written: Written | None = None) -> None:
        super().__init__(written)
        self._schema = NewPlannedEntrySchema()
        self._planned: dict[Hashable, PlannedEntryRecord] = {}
        self._rows: dict[Hashable, tuple[int, str]] = {}

    def begin(self, uow: UnitOfWork) -> None:
        """Read what is planned and not finished."""
        self._planned = {
            _name(entry.record.designation, entry.record.titles): entry.record
            for entry in programme(uow.session, AsOf(uow.today))
            if entry.standing.state not in (PUBLISHED, DROPPED)
        }

    def content(self, row: Row) -> Mapping[str, Any]:
        """Return a row by the names of ``NewPlannedEntrySchema``."""
        return to_plan(row.content or {})

    def candidate(self, uow: UnitOfWork, row: Row) -> _Candidate:
        """Return what a row plans; ``Invalid`` names its fields that cannot be taken."""
        data = loaded(self._schema, row, to_plan)
        name = _name(data.get("designation"), data["titles"])
        stands = self._planned.get(name)
        if stands is not None:
            data = _completed(stands, data)
        check_plan(uow, data)
        said = _said(data)
        number, before = self._rows.setdefault(name, (row.number, said))
        if before != said:
            message = Message("Row {number} plans the same entry otherwise.", number=number)
            raise Invalid.one("designation" if data.get("designation") else "titles.vi", message)
        changed = stands is not None and said != _said(_plan(stands))
        if changed and not (row.content or {}).get("source"):
            raise Invalid.one("source", Message("Say on what the change of the plan rests."))
        return _Candidate(name, said, stands is None, data)

    def said(self, uow: UnitOfWork, candidates: Sequence[_Candidate]) -> set[Hashable]:
        """Return the keys of those that are planned so already."""
        self.begin(uow)
        planned = {name: _said(_plan(record)) for name, record in self._planned.items()}
        return {one.key for one in candidates if planned.get(one.name) == one.said}

    def record(self, uow: UnitOfWork, candidates: Sequence[_Candidate]) -> None:
        """Plan what is new and change what is planned otherwise."""
        for one in candidates:
            stands = self._planned.get(one.name)
            if stands is None:
                plan_entry(uow, one.data)
            else:
                changed = {**one.data, "reason": one.data["source"]}
                replan_entry(uow, stands.planned_entry_id, changed)


def _plan(record: PlannedEntryRecord) -> dict[str, Any]:
    return {field: getattr(record, field) for field in FIELDS}


def _said(data: Mapping[str, Any]) -> str:
    return json.dumps({field: data.get(field) for field in FIELDS}, sort_keys=True)


def _completed(stands: PlannedEntryRecord, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says, and for what it leaves blank what stands."""
    whole = {field: data.get(field) or getattr(stands, field) for field in FIELDS}
    return {**data, **whole, "titles": {**stands.titles, **data["titles"]}}


def _name(designation: str | None, titles: Mapping[str, str]) -> Hashable:
    """Return by what two rows mean the same entry."""
    if designation:
        return parse(designation).key
    return (titles.get("vi") or next(iter(titles.values()))).casefold()
