"""Vocabularies: dated data that is journalled when it changes and never lost."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registry.actor import system_actor
from registry.container import Registry
from registry.history import AsOf
from registry.journal.queries import entries, head
from registry.vocabulary.queries import all_labels, terms
from registry.vocabulary.services import DATA_FOLDER, load_vocabularies

TODAY = date(2026, 11, 20)


def write(folder: Path, *items: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    content = {"vocabulary": "colour", "source": "a list of colours", "terms": list(items)}
    (folder / "colour.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def load(registry: Registry, folder: Path) -> int:
    with registry.units(system_actor("test")) as uow:
        return load_vocabularies(uow, folder)


def keys(registry: Registry, at: date, position: int | None = None) -> list[str]:
    with registry.units.reading() as session:
        return [term.key for term in terms(session, "colour", AsOf(at, position))]


def test_the_six_domains_name_who_leads_them_and_by_when(empty_registry: Registry) -> None:
    with empty_registry.units.reading() as session:
        found = terms(session, "domain", AsOf(TODAY))
        bodies = {term.key for term in terms(session, "issuing-body", AsOf(TODAY))}
    assert len(found) == 6
    for term in found:
        assert term.labels.keys() >= {"vi", "en"}
        assert term.attributes["lead_ministries"]
        assert set(term.attributes["lead_ministries"]) <= bodies
        assert date.fromisoformat(term.attributes["plan"]["deadline"]).year >= 2025


@pytest.mark.parametrize("path", sorted(DATA_FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_term_is_named_in_both_languages(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["vocabulary"] == path.stem
    identities = [(item["key"], item.get("valid_from")) for item in content["terms"]]
    assert len(identities) == len(set(identities))
    for item in content["terms"]:
        assert item["labels"].keys() >= {"vi", "en"}, item["key"]


def test_loading_again_changes_nothing(empty_registry: Registry) -> None:
    with empty_registry.units.reading() as session:
        before = head(session)
    assert load(empty_registry, DATA_FOLDER) == 0
    with empty_registry.units.reading() as session:
        assert head(session) == before


def test_a_changed_term_is_journalled_and_its_old_meaning_stays(
    empty_registry: Registry, tmp_path: Path
) -> None:
    red, blue = {"key": "red", "labels": {"en": "red"}}, {"key": "blue", "labels": {"en": "blue"}}
    assert load(empty_registry, write(tmp_path / "v", red, blue)) == 2
    with empty_registry.units.reading() as session:
        before = head(session)
    scarlet = {"key": "red", "labels": {"en": "scarlet"}}
    assert load(empty_registry, write(tmp_path / "v", scarlet, blue)) == 1
    with empty_registry.units.reading() as session:
        assert all_labels(session)["colour", "red"] == {"en": "scarlet"}
        then = terms(session, "colour", AsOf(TODAY, before))
        assert [term.labels["en"] for term in then] == ["red", "blue"]
        latest = entries(session, limit=1)[0]
    assert (latest.action, latest.subject) == ("term.record", "term:colour/red")
    assert latest.data["term"]["labels"] == {"en": "scarlet"}


def test_a_term_that_a_file_no_longer_carries_stays(
    empty_registry: Registry, tmp_path: Path
) -> None:
    red, blue = {"key": "red", "labels": {"en": "red"}}, {"key": "blue", "labels": {"en": "blue"}}
    load(empty_registry, write(tmp_path / "v", red, blue))
    assert load(empty_registry, write(tmp_path / "v", red)) == 0
    assert keys(empty_registry, TODAY) == ["red", "blue"]


def test_terms_are_valid_on_their_days_and_labels_outlive_them(
    empty_registry: Registry, tmp_path: Path
) -> None:
    early = {"key": "red", "labels": {"en": "madder"}, "valid_until": "2025-12-31"}
    late = {"key": "red", "labels": {"en": "red"}, "valid_from": "2026-01-01"}
    gone = {"key": "teal", "labels": {"en": "teal"}, "valid_until": "2025-12-31"}
    load(empty_registry, write(tmp_path / "v", early, late, gone))
    with empty_registry.units.reading() as session:
        before = [t.labels["en"] for t in terms(session, "colour", AsOf(date(2025, 12, 31)))]
        after = [t.labels["en"] for t in terms(session, "colour", AsOf(date(2026, 1, 1)))]
        labels = all_labels(session)
    assert (before, after) == (["madder", "teal"], ["red"])
    assert labels["colour", "red"] == {"en": "red"}
    assert labels["colour", "teal"] == {"en": "teal"}
