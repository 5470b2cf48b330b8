"""Properties of search: any text is answered, and diacritics do not change what is found."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.search import analysis
from registry.search.engine import SearchEngine, SearchRecord, SearchRequest
from registry.search.query_language import parse
from registry.search.whoosh_engine import open_engine

SYLLABLES = (
    "an toàn thông tin đô thị thông minh giám sát giảm sắt hệ thống chữ ký số dữ liệu".split()
)
TEXTS = st.text(max_size=80)
SYNTAX = st.text(alphabet='"-: .year ics52 0đạ水้\x00\u202e😀', max_size=40)


@pytest.fixture(scope="module")
def engine() -> Iterator[SearchEngine]:
    with TemporaryDirectory() as folder:
        engine = open_engine(Path(folder))
        engine.rebuild(
            (
                SearchRecord(
                    f"edition:{number}",
                    f"TCVN {number}:2020",
                    titles={"vi": " ".join(SYLLABLES[number : number + 5])},
                    facets={"ics": (f"35.0{number}",)},
                )
                for number in range(len(SYLLABLES))
            ),
            1,
        )
        yield engine


def found(engine: SearchEngine, text: str) -> set[str]:
    result = engine.search(SearchRequest(text, {}, ("ics",), date(2026, 1, 1), limit=100))
    assert result.total == len(result.subjects)
    return set(result.subjects)


@settings(max_examples=60, deadline=None)
@given(typed=TEXTS | SYNTAX)
@example(typed='\ud800 \'" -"')
@example(typed='ics: -ics:"" year:.. year:0000..')
def test_any_text_is_answered(engine: SearchEngine, typed: str) -> None:
    assert found(engine, typed) is not None


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4), phrase=st.booleans())
def test_diacritics_case_and_normal_form_do_not_change_what_is_found(
    engine: SearchEngine, words: list[str], phrase: bool
) -> None:
    typed = " ".join(words)
    if phrase:
        typed = f'"{typed}"'
    spellings = (
        analysis.fold(typed),
        typed.upper(),
        unicodedata.normalize("NFD", typed),
        unicodedata.normalize("NFKD", typed).title(),
    )
    assert {frozenset(found(engine, spelling)) for spelling in spellings} == {
        frozenset(found(engine, typed))
    }


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3))
def test_what_is_found_holds_every_word(engine: SearchEngine, words: list[str]) -> None:
    result = engine.search(SearchRequest(" ".join(words), {}, (), date(2026, 1, 1), limit=100))
    wanted = {analysis.fold(word) for word in words}
    for subject in result.subjects:
        number = int(subject.partition(":")[2])
        title = {analysis.fold(word) for word in SYLLABLES[number : number + 5]}
        assert result.relaxed or wanted <= title


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_folding_is_stable_and_words_are_never_empty(text: str) -> None:
    folded = analysis.fold(analysis.normalise(text))
    assert analysis.fold(folded) == folded
    words = list(analysis.words(text))
    assert all(word.folded and word.exact != word.folded for word in words)
    assert [word.position for word in words] == sorted({word.position for word in words})
    terms, count = analysis.index_words([text])
    assert all(positions == sorted(positions) for positions in terms.values())
    # What is typed as it is printed is found: all its words are indexed, but for a single
    # character of a script without spaces, which is found as the beginning of pairs.
    assert all(any(term.startswith(word.folded) for term in terms) for word in words)
    assert count >= len(words)


@settings(max_examples=100, deadline=None)
@given(text=TEXTS | SYNTAX)
def test_parsing_loses_no_word(text: str) -> None:
    query = parse(text, frozenset({"year", "ics"}))
    if any(map(str.isalnum, text)) and not (query.wanted or query.unwanted):
        assert query.ignored or not list(
            analysis.words(text.replace("year", "").replace("ics", ""))
        )
