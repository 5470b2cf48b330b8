"""What typed queries are read as."""

import pytest

from registry.search.query_language import MAX_WORDS, HasValue, InYears, Query, Words, parse

KEYS = frozenset({"year", "ics", "adopts", "body"})


def read(text: str) -> Query:
    return parse(text, KEYS)


def folded(clause: object) -> tuple[str, ...]:
    assert isinstance(clause, Words)
    return tuple(word.folded for word in clause.words)


def test_words_are_wanted_in_any_order() -> None:
    query = read("camera giám-sát")
    assert [folded(clause) for clause in query.wanted] == [("camera",), ("giam", "sat")]
    assert not any(isinstance(c, Words) and c.adjacent for c in query.wanted)


@pytest.mark.parametrize("typed", ['"hệ thống" an', "“hệ thống” an", "«hệ thống» an"])
def test_quotes_of_any_kind_make_a_phrase(typed: str) -> None:
    phrase, word = read(typed).wanted
    assert isinstance(phrase, Words)
    assert phrase.adjacent
    assert folded(phrase) == ("he", "thong")
    assert folded(word) == ("an",)


def test_minus_before_a_word_or_phrase_excludes_it() -> None:
    query = read('security -draft -"part 1"')
    assert [folded(clause) for clause in query.wanted] == [("security",)]
    assert [folded(clause) for clause in query.unwanted] == [("draft",), ("part", "1")]


def test_hyphen_within_a_word_excludes_nothing() -> None:
    query = read("27002-1 e-government")
    assert query.unwanted == ()
    assert [folded(c) for c in query.wanted] == [("27002", "1"), ("e", "government")]


def test_prefixes_name_facets_of_the_index() -> None:
    query = read('ics:35.030 adopts:"ISO/IEC 27001" -body:ETSI')
    assert query.wanted == (
        HasValue("ics", ("35", "030")),
        HasValue("adopts", ("iso", "iec", "27001")),
    )
    assert query.unwanted == (HasValue("body", ("etsi",)),)


@pytest.mark.parametrize("typed", ["27002:2022", "ISO:27002", "tcvn:x"])
def test_colon_after_anything_else_separates_words(typed: str) -> None:
    assert folded(read(typed).wanted[0]) == tuple(typed.lower().split(":"))


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("year:2020..2025", InYears(2020, 2025)),
        ("year:2020..", InYears(2020, 9999)),
        ("year:..2020", InYears(0, 2020)),
        ("YEAR:2020", InYears(2020, 2020)),
    ],
)
def test_years(typed: str, years: InYears) -> None:
    assert read(typed).wanted == (years,)


@pytest.mark.parametrize("typed", ["year:abc", "year:20", "year:20202021", "year:2020...2021"])
def test_years_that_are_none_are_ignored_and_named(typed: str) -> None:
    assert read(typed) == Query(ignored=(typed,))


@pytest.mark.parametrize(
    "typed", ["", " ", "-", '"', '""', "- -", "::", ":", '-"', "-:", "😀", "\x00"]
)
def test_nothing_is_no_query(typed: str) -> None:
    assert read(typed) == Query()


def test_unbalanced_quote_is_loose_punctuation() -> None:
    assert [folded(clause) for clause in read('camera "giám sát').wanted] == [
        ("camera",),
        ("giam",),
        ("sat",),
    ]


def test_endless_query_is_cut_and_says_so() -> None:
    many = read(" ".join(f"w{number}" for number in range(100)))
    assert len(many.wanted) == MAX_WORDS
    assert many.ignored == (f"w{MAX_WORDS}",)
    long = read("a" * 10_000)
    assert len(long.wanted) == 1
    assert long.ignored == ("…",)
