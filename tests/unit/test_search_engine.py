"""The engine on a folder of its own: what is found, counted and sorted, and what writing does."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from whoosh.query.positional import Phrase
from whoosh.query.terms import Term

from registry.errors import Busy, Conflict
from registry.search.engine import SearchEngine, SearchRecord, SearchRequest, SearchResult
from registry.search.store import Store
from registry.search.whoosh_engine import open_engine

TODAY = date(2026, 6, 1)

RECORDS = (
    SearchRecord(
        "edition:1",
        "QCVN 135:2024/BTTTT",
        titles={"vi": "Camera giám sát sử dụng giao thức Internet", "en": "Internet cameras"},
        facets={"domain": ("security",), "body": ("BTTTT",)},
        timelines={"status": ((date(2024, 12, 31), "not yet"), (date(2026, 1, 1), "in force"))},
        year=2024,
        prior=1.0,
    ),
    SearchRecord(
        "edition:2",
        "TCVN 13902:2023",
        titles={"vi": "Trí tuệ nhân tạo - Khái niệm", "en": "Artificial intelligence concepts"},
        text="21/2023/TT-BKHCN",
        facets={"domain": ("ai", "data"), "body": ("BKHCN",), "adopts": ("ISO/IEC 22989:2022",)},
        timelines={"status": ((None, "in force"),)},
        year=2023,
        prior=1.0,
    ),
    SearchRecord(
        "edition:3",
        "ISO/IEC 22989:2022",
        titles={"en": "Artificial intelligence terminology", "ja": "人工知能の用語"},
        facets={"domain": ("ai",), "body": ("ISO", "IEC"), "ics": ("35", "35.020")},
        timelines={"status": ((date(2022, 7, 1), "in force"), (date(2025, 1, 1), "withdrawn"))},
        year=2022,
        prior=0.4,
    ),
    SearchRecord("edition:4", "TCVN 9250", titles={"vi": "Giảm sát thương khi đo"}, prior=0.9),
)


def ask(engine: SearchEngine, text: str = "", **options: Any) -> SearchResult:
    asked: dict[str, Any] = {"filters": {}, "facets": (), "at": TODAY}
    return engine.search(SearchRequest(text, **(asked | options)))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    engine = open_engine(tmp_path_factory.mktemp("search"))
    engine.rebuild(RECORDS, 40)
    return engine


@pytest.fixture
def writable(tmp_path: Path) -> SearchEngine:
    engine = open_engine(tmp_path)
    engine.rebuild(RECORDS, 40)
    return engine


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("camera giám sát", ("edition:1",)),
        ("CAMERA giam sat", ("edition:1",)),
        ("giám sát", ("edition:1", "edition:4")),
        ("giảm sát", ("edition:4", "edition:1")),
        ("camera", ("edition:1",)),
        ("artificial concept", ("edition:2",)),
        ("artificial -concepts", ("edition:3",)),
        ('"trí tuệ"', ("edition:2",)),
        ('"tuệ trí"', ()),
        ("13902", ("edition:2",)),
        ("tcvn13902", ("edition:2",)),
        ("22989", ("edition:3",)),
        ("21/2023", ("edition:2",)),
        ("用語", ("edition:3",)),
        ("知", ("edition:3",)),
        ("ics:35", ("edition:3",)),
        ('adopts:"ISO/IEC 22989"', ("edition:2",)),
        ("adopts:ISO/IEC adopts:22989", ()),
        ("status:withdrawn", ("edition:3",)),
        ("year:2023..2024 -body:BTTTT", ("edition:2",)),
    ],
)
def test_what_is_found(engine: SearchEngine, text: str, subjects: tuple[str, ...]) -> None:
    result = ask(engine, text)
    assert (result.subjects, result.total) == (subjects, len(subjects))
    assert not result.relaxed


def test_nothing_known_finds_nothing_and_says_what(engine: SearchEngine) -> None:
    assert ask(engine, "qqqq of").subjects == ()
    assert ask(engine, "qqqq of").ignored == ("qqqq",)


def test_unknown_word_beside_known_ones_is_ignored_and_named(engine: SearchEngine) -> None:
    result = ask(engine, "qqqq camera")
    assert (result.subjects, result.ignored, result.relaxed) == (("edition:1",), ("qqqq",), True)


def test_a_facet_that_no_record_has_is_a_facet_all_the_same(engine: SearchEngine) -> None:
    result = ask(engine, "ministry:bca", facets=("ministry",))
    assert (result.total, result.ignored, result.corrected) == (0, (), None)


@pytest.mark.parametrize(
    ("text", "total"), [("tcvn 99999", 0), ("tcvn 13902:2099", 1), ("TCVN 99999-2023", 0)]
)
def test_number_that_nothing_has_is_not_ignored(
    engine: SearchEngine, text: str, total: int
) -> None:
    result = ask(engine, text)
    assert result.total == total
    assert len(result.ignored) == 1


def test_words_that_never_meet_find_those_with_most_of_them(engine: SearchEngine) -> None:
    result = ask(engine, "camera artificial terminology")
    assert (result.subjects, result.relaxed) == (("edition:3",), True)


def test_common_words_are_not_required(engine: SearchEngine) -> None:
    assert ask(engine, "concepts for and of artificial intelligence").subjects == ("edition:2",)


def test_empty_query_lists_everything_by_prior_and_year(engine: SearchEngine) -> None:
    result = ask(engine)
    assert result.subjects == ("edition:1", "edition:2", "edition:4", "edition:3")
    assert (result.total, result.position) == (4, 40)


@pytest.mark.parametrize(
    ("sort", "subjects"),
    [
        ("newest", ("edition:1", "edition:2", "edition:3", "edition:4")),
        ("designation", ("edition:3", "edition:1", "edition:4", "edition:2")),
    ],
)
def test_sorting(engine: SearchEngine, sort: str, subjects: tuple[str, ...]) -> None:
    assert ask(engine, sort=sort).subjects == subjects


@pytest.mark.parametrize("sort", ["relevance", "newest", "designation"])
@pytest.mark.parametrize("text", ["", "tcvn", "giám sát artificial"])
def test_pages_continue_each_other(engine: SearchEngine, text: str, sort: str) -> None:
    whole = ask(engine, text, sort=sort).subjects
    pages = [ask(engine, text, sort=sort, limit=1, offset=i).subjects for i in range(len(whole))]
    assert [subject for page in pages for subject in page] == list(whole)
    assert ask(engine, text, sort=sort, limit=0).subjects == ()
    assert ask(engine, text, sort=sort, offset=1_000).subjects == ()


def test_facets_are_counted_for_what_is_found(engine: SearchEngine) -> None:
    result = ask(engine, facets=("domain", "body", "status", "year", "nonsense"))
    assert {key: list(counts.items()) for key, counts in result.facets.items()} == {
        "domain": [("ai", 2), ("data", 1), ("security", 1)],
        "body": [("BKHCN", 1), ("BTTTT", 1), ("IEC", 1), ("ISO", 1)],
        "status": [("in force", 2), ("withdrawn", 1)],
        "year": [("2022", 1), ("2023", 1), ("2024", 1)],
        "nonsense": {},
    } | {"nonsense": []}


def test_counts_of_a_facet_ignore_its_own_filter_only(engine: SearchEngine) -> None:
    filters = {"domain": frozenset({"ai"}), "body": frozenset({"BKHCN", "BTTTT"})}
    result = ask(engine, filters=filters, facets=("domain", "body"))
    assert result.subjects == ("edition:2",)
    assert result.facets["domain"] == {"ai": 1, "data": 1, "security": 1}
    assert result.facets["body"] == {"BKHCN": 1, "IEC": 1, "ISO": 1}


def test_filters_of_no_values_or_unknown_keys(engine: SearchEngine) -> None:
    assert ask(engine, filters={"domain": frozenset()}).total == 4
    assert ask(engine, filters={"domain": frozenset({"unheard-of"})}).total == 0
    assert ask(engine, filters={"unheard-of": frozenset({"ai"})}).total == 0


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2022, 6, 30), {"in force": 1}),
        (date(2022, 7, 1), {"in force": 2}),
        (date(2024, 12, 31), {"in force": 2, "not yet": 1}),
        (date(2026, 1, 1), {"in force": 2, "withdrawn": 1}),
        (date.max, {"in force": 2, "withdrawn": 1}),
        (date.min, {"in force": 1}),
    ],
)
def test_status_is_that_of_the_day_asked(
    engine: SearchEngine, day: date, counts: dict[str, int]
) -> None:
    assert ask(engine, at=day, facets=("status",)).facets["status"] == counts
    for value, number in counts.items():
        assert ask(engine, at=day, filters={"status": frozenset({value})}).total == number


def test_title_in_the_language_preferred_comes_first_among_equals(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.rebuild(
        [
            SearchRecord("edition:1", "A 1", titles={"fr": "Protection radio"}),
            SearchRecord("edition:2", "A 2", titles={"en": "Radio protection"}),
        ],
        1,
    )
    assert ask(engine, "radio", prefer_language="en").subjects[0] == "edition:2"
    assert ask(engine, "radio", prefer_language="fr").subjects[0] == "edition:1"
    assert ask(engine, "radio", prefer_language="xx").total == 2


@pytest.mark.parametrize(
    "text",
    [
        "😀 \u202eabc\u202c",
        "\x00",
        "\ud800",
        "camera " * 1_500,
        "a" * 10_000,
        'AND "OR NOT',
        "-",
        "*?~^",
    ],
)
def test_odd_input_is_answered(engine: SearchEngine, text: str) -> None:
    assert ask(engine, text, facets=("domain",)).position == 40


def test_folder_without_an_index_is_empty_at_position_0(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "new")
    assert engine.position() == 0
    assert ask(engine, "x", facets=("a",)) == SearchResult((), 0, {"a": {}}, 0)


def test_apply_adds_replaces_and_deletes_in_one_commit(writable: SearchEngine) -> None:
    renamed = SearchRecord("edition:1", "QCVN 135:2024/BTTTT", titles={"en": "Doorbells"})
    added = SearchRecord("edition:9", "TCVN 1:2026", titles={"en": "Novelty"})
    writable.apply([added, added, renamed], ["edition:2", "edition:1", "edition:404"], 41)
    assert writable.position() == 41
    assert ask(writable).total == 4
    assert ask(writable, "camera").total == 0
    assert ask(writable, "13902").total == 0
    assert ask(writable, "doorbells novelty").relaxed
    writable.apply([added, renamed], ["edition:2"], 41)
    assert ask(writable).total == 4


def test_apply_starts_an_index(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.apply(RECORDS[:1], (), 3)
    assert (engine.position(), ask(engine, "camera").total) == (3, 1)


def test_apply_does_not_go_back(writable: SearchEngine) -> None:
    with pytest.raises(ValueError, match="ahead of 39"):
        writable.apply((), (), 39)


def test_many_small_commits_stay_few_segments_and_equal_one_big(tmp_path: Path) -> None:
    records = [
        SearchRecord(
            f"edition:{n}",
            f"TCVN {n}:2020",
            titles={"vi": f"Thông tin {n % 7} an toàn"},
            facets={"rest": (str(n % 5), str(n % 3))},
            timelines={"state": ((date(2020, 1, 1 + n % 28), "on"),)},
            prior=n / 1_000,
        )
        for n in range(300)
    ]
    small = open_engine(tmp_path / "small")
    for position, start in enumerate(range(0, 300, 5), start=1):
        # Batches overlap, so that replaced records have to disappear.
        replaced = records[max(0, start - 20) : start + 5]
        small.apply(replaced, [f"edition:{start - 25}", f"edition:{start - 23}"], position)
    gone = {f"edition:{start - lag}" for start in range(0, 300, 5) for lag in (23, 25)}
    big = open_engine(tmp_path / "big")
    big.rebuild([record for record in records if record.subject not in gone], 1)
    for text in ("", "an toan", '"thong tin 3"', "tcvn 12"):
        options: dict[str, Any] = {
            "facets": ("rest", "state"),
            "limit": 400,
            "at": date(2020, 1, 9),
        }
        ours, theirs = ask(small, text, **options), ask(big, text, **options)
        assert sorted(ours.subjects) == sorted(theirs.subjects)
        assert ours.facets == theirs.facets
    build = Store(tmp_path / "small").current()
    assert build is not None
    assert len(list(build.glob("*.pst"))) <= 4
    assert len(list(build.glob("*.npz"))) == len(list(build.glob("*.pst")))


def test_readers_see_a_commit_and_a_rebuild_of_another_engine(tmp_path: Path) -> None:
    writer, reader = open_engine(tmp_path), open_engine(tmp_path)
    totals = []
    for number in (1, 2, 3):
        if number == 2:
            writer.apply(RECORDS[:number], (), number)
        else:
            writer.rebuild(RECORDS[:number], number)
        totals.append((reader.position(), ask(reader).total))
    assert totals == [(1, 1), (2, 2), (3, 3)]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [
        Path(str(Store(tmp_path).current())).name
    ]


def test_writer_elsewhere_makes_busy_and_leaves_reading(
    tmp_path: Path, writable: SearchEngine
) -> None:
    with Store(tmp_path).writing():
        with pytest.raises(Busy):
            writable.apply((), (), 41)
        with pytest.raises(Busy):
            writable.rebuild((), 41)
        assert ask(writable, "camera").total == 1
    writable.apply((), (), 41)


def test_whoosh_lock_held_makes_busy(tmp_path: Path, writable: SearchEngine) -> None:
    store = Store(tmp_path)
    build = store.current()
    assert build is not None
    holder: Any = store.open(build).writer()
    with pytest.raises(Busy):
        writable.apply((), (), 41)
    holder.cancel()
    writable.apply((), (), 41)


def failing(after: int) -> Iterator[SearchRecord]:
    yield from RECORDS[:after]
    raise RuntimeError("The source of records failed.")


@pytest.mark.parametrize("after", [0, 3])
def test_failure_while_writing_keeps_the_old_index(writable: SearchEngine, after: int) -> None:
    with pytest.raises(RuntimeError):
        writable.rebuild(failing(after), 50)
    with pytest.raises(ValueError, match="reserved"):
        writable.apply([SearchRecord("edition:1", "A", facets={"year": ("1",)})], (), 50)
    assert (writable.position(), ask(writable).total) == (40, 4)
    writable.apply((), (), 50)


def test_rebuild_refuses_one_subject_twice(writable: SearchEngine) -> None:
    with pytest.raises(ValueError, match="edition:1 occurs twice"):
        writable.rebuild([RECORDS[0], RECORDS[0]], 50)


def test_damaged_index_is_empty_until_rebuilt(tmp_path: Path, writable: SearchEngine) -> None:
    build = Store(tmp_path).current()
    assert build is not None
    for path in (*build.glob("*.trm"), *build.glob("*.npz")):
        path.write_bytes(b"nonsense")
    engine = open_engine(tmp_path)
    assert engine.position() == 0
    assert ask(engine).total == 0
    with pytest.raises(Conflict):
        engine.apply(RECORDS, (), 41)
    engine.rebuild(RECORDS, 41)
    assert (engine.position(), ask(engine).total) == (41, 4)


def test_lost_columns_are_made_anew(tmp_path: Path, writable: SearchEngine) -> None:
    build = Store(tmp_path).current()
    assert build is not None
    [path] = build.glob("*.npz")
    for content in (None, b"nonsense"):
        path.unlink() if content is None else path.write_bytes(content)
        assert ask(open_engine(tmp_path), "camera", facets=("domain",)).facets["domain"]


DIE = """
import os, sys
from pathlib import Path
from registry.search.engine import SearchRecord
from registry.search.whoosh_engine import open_engine

def dying():
    yield SearchRecord("edition:1", "A 1")
    os._exit(9)

if sys.argv[2] != "record":
    from whoosh.index import TOC
    TOC.write = lambda *a: os._exit(9)
engine = open_engine(Path(sys.argv[1]))
records = dying() if sys.argv[2] == "record" else [SearchRecord("edition:1", "A 1")]
engine.apply(records, ["edition:2"], 50) if sys.argv[3] == "apply" else engine.rebuild(records, 50)
"""


@pytest.mark.parametrize("step", ["record", "commit"])
@pytest.mark.parametrize("way", ["apply", "rebuild"])
def test_process_killed_while_writing_leaves_the_old_index(
    tmp_path: Path, writable: SearchEngine, step: str, way: str
) -> None:
    run = [sys.executable, "-c", textwrap.dedent(DIE), str(tmp_path), step, way]
    assert subprocess.run(run, check=False, env=os.environ).returncode == 9
    engine = open_engine(tmp_path)
    assert (engine.position(), ask(engine, "13902").total) == (40, 1)
    engine.apply((), ["edition:2"], 50)
    assert (engine.position(), ask(engine, "13902").total) == (50, 0)
    engine.rebuild(RECORDS, 51)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


READ = """
import sys, time
from datetime import date
from pathlib import Path
from registry.search.engine import SearchRequest
from registry.search.whoosh_engine import open_engine

engine = open_engine(Path(sys.argv[1]))
last = int(sys.argv[2])
deadline = time.monotonic() + 30
position = 0
while position < last and time.monotonic() < deadline:
    result = engine.search(SearchRequest("news", {}, ("number",), date(2026, 1, 1), limit=500))
    assert result.position >= position, "the index went back"
    position = result.position
    # The index at position n holds exactly n records: content and position agree.
    assert result.total == len(set(result.subjects)) == position, (result.total, position)
    assert sum(result.facets["number"].values()) == position
assert position == last, position
"""


def test_two_readers_beside_one_writer_always_see_whole_commits(tmp_path: Path) -> None:
    last = 16
    run = [sys.executable, "-c", textwrap.dedent(READ), str(tmp_path), str(last)]
    readers = [subprocess.Popen(run, env=os.environ, stderr=subprocess.PIPE) for _ in range(2)]
    engine = open_engine(tmp_path)
    records = [
        SearchRecord(f"edition:{n}", f"A {n}", titles={"en": "News"}, facets={"number": (str(n),)})
        for n in range(last)
    ]
    for before, now in pairwise(range(last + 1)):
        if now % 8 == 0:
            engine.rebuild(records[:now], now)
        else:
            engine.apply(records[before:now], (), now)
    for reader in readers:
        _, errors = reader.communicate(timeout=60)
        assert reader.returncode == 0, errors.decode()


def test_threads_share_an_engine_beside_a_writer(tmp_path: Path) -> None:
    engine, writer = open_engine(tmp_path), open_engine(tmp_path)
    last = 12

    def follow(_: int) -> None:
        while (result := ask(engine, "news", facets=("number",))).position < last:
            assert result.total == result.position == sum(result.facets["number"].values())

    with ThreadPoolExecutor(4) as pool:
        followers = [pool.submit(follow, number) for number in range(4)]
        for n in range(1, last + 1):
            record = SearchRecord(
                f"edition:{n}", f"A {n}", titles={"en": "News"}, facets={"number": (str(n),)}
            )
            writer.apply([record], (), n)
        for follower in followers:
            follower.result(timeout=30)


def test_record_of_any_size_and_content_is_indexed(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    odd = "\x00 \ud800 \u202e 😀 "
    engine.rebuild(
        [
            SearchRecord("edition:1", "A 1" * 100_000, titles={"en": "camera " * 700_000}),
            SearchRecord("edition:2", odd, (odd,), {"en": odd, "": ""}, odd, {odd: (odd,)}),
            SearchRecord("edition:3", "", year=-5, prior=float("inf")),
        ],
        1,
    )
    assert ask(engine, facets=(odd,)).facets == {odd: {odd: 1}}
    assert ask(engine, "camera").subjects == ("edition:1",)


def test_whoosh_itself_can_search_the_index(tmp_path: Path, writable: SearchEngine) -> None:
    store = Store(tmp_path)
    build = store.current()
    assert build is not None
    searcher: Any = store.open(build).searcher()
    with searcher:
        assert len(searcher.search(Term("title", "giam"))) == 2
        assert len(searcher.search(Phrase("title", ["camera", "giam", "sat"]))) == 1
        assert len(searcher.search(Phrase("title", ["sat", "giam"]))) == 0
