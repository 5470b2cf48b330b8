"""Designations are found in any spelling that people use."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.builtin import DATA_FOLDER
from registry.catalog.designation import parse, search_forms
from registry.search.engine import SearchEngine, SearchRecord, SearchRequest
from registry.search.whoosh_engine import open_engine

TODAY = date(2026, 11, 20)


def designations() -> list[str]:
    lines = (DATA_FOLDER / "national.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["designation"] for line in lines]


EVERY = designations()
HOW_OFTEN = st.sampled_from(["", " ", "  "])
CASES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str.upper, str.lower, str])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """An index of the national list, by designation alone."""
    folder: Path = tmp_path_factory.mktemp("designations")
    built = open_engine(folder)
    records = [SearchRecord(printed, printed, search_forms(parse(printed))) for printed in EVERY]
    built.rebuild(records, 1)
    return built


def found(engine: SearchEngine, text: str) -> tuple[str, ...]:
    result = engine.search(SearchRequest(text, {}, (), TODAY, limit=len(EVERY)))
    return () if result.relaxed else result.subjects


@st.composite
def respelt(draw: st.DrawFn) -> tuple[str, str]:
    """Return a designation of the list, and another spelling of it."""
    printed = draw(st.sampled_from(EVERY))
    spaced = re.sub(r"([:/])", lambda m: f"{draw(HOW_OFTEN)}{m[1]}{draw(HOW_OFTEN)}", printed)
    return printed, draw(CASES)(f" {spaced} ")


@given(respelt())
def test_another_spelling_is_the_same_edition(spelling: tuple[str, str]) -> None:
    printed, typed = spelling
    assert parse(typed).key == parse(printed).key


@given(respelt())
def test_another_spelling_finds_the_edition_first(
    engine: SearchEngine, spelling: tuple[str, str]
) -> None:
    printed, typed = spelling
    assert found(engine, typed)[:1] == (printed,)


@given(st.sampled_from(EVERY), CASES)
def test_a_designation_without_its_year_finds_every_edition(
    engine: SearchEngine, printed: str, case: Callable[[str], str]
) -> None:
    parsed = parse(printed)
    undated = parsed.printed.partition(":")[0]
    assert printed in found(engine, case(undated))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("qcvn 135", "QCVN 135:2024/BTTTT"),
        ("QCVN135:2024", "QCVN 135:2024/BTTTT"),
        ("qcvn 135: 2024/btttt", "QCVN 135:2024/BTTTT"),
        ("TCVN ISO/IEC 27002", "TCVN ISO/IEC 27002:2020"),
        ("tcvn iso iec 27002", "TCVN ISO/IEC 27002:2020"),
        ("27002", "TCVN ISO/IEC 27002:2020"),
    ],
)
def test_what_people_type(engine: SearchEngine, typed: str, expected: str) -> None:
    assert expected in found(engine, typed)[:2]


@given(st.text(max_size=60))
def test_nothing_that_is_typed_is_an_error(engine: SearchEngine, text: str) -> None:
    found(engine, text)
