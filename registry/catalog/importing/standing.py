"""What the register says already of editions that a file speaks of only in part.

A spreadsheet has columns for some facts. What it has no column for stays as it
stands, and a row that says what stands already changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.designation import parse
from registry.catalog.exporting import obligations_of, record_data, relations_of
from registry.catalog.models import Edition, EditionRecord
from registry.catalog.states import DRAFT, PROPOSED
from registry.errors import Invalid
from registry.history import known
from registry.messages import Message

_BY_PART = ("titles", "scope", "instrument")


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition as it stands, as a row of the registry's own format."""

    row: Mapping[str, Any]

    def completed(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``content`` with what it leaves out taken from what stands.

        Texts are taken by language, the instrument by its parts and relations by their
        type and target, so that a file with English titles alone leaves the Vietnamese
        ones, and a list of what replaces what leaves the adoptions.
        """
        whole = {**self.row, **content}
        for name in _BY_PART:
            if isinstance(content.get(name), Mapping):
                whole[name] = {**self.row.get(name, {}), **content[name]}
        if "relations" in content:
            whole["relations"] = _merged(self.row.get("relations", ()), content["relations"])
        # The spelling under which the register keeps an edition is its identity.
        whole["designation"] = self.row["designation"]
        return whole


def check_list(*, national: bool, state: str, asked_national: bool) -> None:
    """Raise ``Invalid`` for a row of one list that names an edition of the other, or a draft."""
    if state in (DRAFT, PROPOSED):
        raise Invalid.one(
            "designation",
            Message("This edition is in the publishing workflow and is changed only there."),
        )
    if national and not asked_national:
        raise Invalid.one(
            "designation", Message("This edition belongs to the register's own list.")
        )
    if asked_national and not national:
        raise Invalid.one("designation", Message("This edition belongs to a followed catalogue."))


def _merged(
    standing: Sequence[Mapping[str, Any]], given: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the relations that stand, those of the types given as given."""
    types = {relation["type"] for relation in given}
    same = {(relation["type"], _key(relation["target"])): relation for relation in standing}
    kept = [relation for relation in standing if relation["type"] not in types]
    return kept + [{**same.get((r["type"], _key(r["target"])), {}), **r} for r in given]


def _key(designation: str) -> str:
    try:
        return parse(designation).key
    except Invalid:
        return designation


def standing_rows(session: Session, keys: Sequence[str]) -> dict[str, Standing]:
    """Return the editions of ``keys`` that the register knows, by key."""
    rows = session.execute(
        select(Edition, EditionRecord)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(Edition.key.in_(keys), known(EditionRecord))
    ).all()
    ids = [edition.id for edition, _ in rows]
    relations = relations_of(session, ids)
    # What an editor said of the products is no part of the edition's own record.
    obligations = obligations_of(session, ids, with_edition=True)
    return {
        edition.key: Standing(
            record_data(
                edition, record, relations.get(edition.id, ()), obligations.get(edition.id, ())
            )
        )
        for edition, record in rows
    }
