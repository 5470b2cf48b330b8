"""Harmonized stage codes: each code is a draft, published or withdrawn, never two of them."""

import json
from pathlib import Path

import pytest

from registry.catalog.stages import is_draft, is_published, is_withdrawn
from registry.vocabulary.services import DATA_FOLDER

TERMS = json.loads((Path(DATA_FOLDER) / "stage.json").read_text(encoding="utf-8"))["terms"]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: str(term["key"]))
def test_code_of_the_vocabulary_is_in_its_phase(term: dict[str, dict[str, str]]) -> None:
    code = str(term["key"])
    phases = {"draft": is_draft(code), "published": is_published(code)}
    phases["withdrawn"] = is_withdrawn(code)
    assert [phase for phase, holds in phases.items() if holds] == [term["attributes"]["phase"]]


@pytest.mark.parametrize("code", ["50.99", "60.00", "60", "40.20", "00"])
def test_text_before_publication_is_a_draft(code: str) -> None:
    assert is_draft(code)


@pytest.mark.parametrize("code", ["60.60", "90.20", "90.92", "90.93", "95.20", "95.92"])
def test_edition_under_review_is_still_published(code: str) -> None:
    assert is_published(code)


@pytest.mark.parametrize("code", [None, "", "PUBLISHED", "6060", "61.60", "60.6", "60.60 ", "-1"])
def test_what_is_no_code_answers_no_question(code: str | None) -> None:
    assert [is_draft(code), is_published(code), is_withdrawn(code)] == [False] * 3
