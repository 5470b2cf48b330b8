"""The search index follows the journal: late, crashed, locked or set back, it catches up."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from registry.actor import Actor
from registry.catalog.services.obligations import record_obligation
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import Busy
from registry.followers.loop import follow_all
from registry.followers.search import follow, rebuild
from registry.journal.queries import head
from registry.search.engine import SearchEngine, SearchRequest, SearchResult
from registry.search.store import Store
from registry.search.whoosh_engine import open_engine
from tests.conftest import ActorMaker
from tests.support.catalogue import DESIGNATION, imported, published, row

FACETS = ("domain", "kind", "status", "body", "language", "ics")


@pytest.fixture
def editor(acting: ActorMaker) -> Actor:
    return acting("editor")


def end(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def ask(registry: Registry, text: str = "", **filters: str) -> SearchResult:
    wanted = {name: frozenset({value}) for name, value in filters.items()}
    return registry.search.search(
        SearchRequest(text, wanted, FACETS, registry.clock.today(), limit=500)
    )


def answers(registry: Registry) -> dict[str, Any]:
    """Return what the index says to every kind of question, whatever its inner order."""
    questions = ("", "camera", "an toàn", "27002", "135", "thông minh", "lamp", "ISO/IEC", "modem")
    said: dict[str, Any] = {"position": registry.search.position()}
    for question in questions:
        result = ask(registry, question)
        said[question] = (sorted(result.subjects), result.total, result.facets)
    for days in (-4_000, -1_000, 400):
        day = registry.clock.today() + timedelta(days=days)
        said[str(days)] = registry.search.search(SearchRequest("", {}, ("status",), day)).facets
    return said


def test_an_index_behind_catches_up(registry: Registry, editor: Actor, acting: ActorMaker) -> None:
    follow(registry)
    assert not follow(registry)
    edition = published(registry, editor, acting("approver"))
    assert ask(registry, DESIGNATION).relaxed or ask(registry, DESIGNATION).total == 0
    assert registry.search.position() < end(registry)
    assert follow(registry)
    assert registry.search.position() == end(registry)
    assert ask(registry, DESIGNATION).subjects == (f"edition:{edition.id}",)
    assert not follow(registry)


def test_entries_that_concern_no_edition_move_the_position_on(
    registry: Registry, editor: Actor
) -> None:
    follow(registry)
    with registry.units(editor) as uow:
        position = uow.record("note.add", "note:1", {})
    assert follow(registry)
    assert registry.search.position() == position


def test_an_index_that_is_missing_is_built(registry: Registry) -> None:
    expected = answers(registry)
    shutil.rmtree(registry.settings.index_dir)
    fresh = replace(registry, search=open_engine(registry.settings.index_dir))
    assert fresh.search.position() == 0
    assert ask(fresh).total == 0
    assert follow(fresh)
    assert answers(fresh) == expected


def test_an_index_that_cannot_be_read_is_built_anew(registry: Registry) -> None:
    expected = answers(registry)
    for path in registry.settings.index_dir.rglob("*"):
        if path.is_file() and path.name != "CURRENT" and "LOCK" not in path.name:
            path.write_bytes(b"damaged")
    damaged = replace(registry, search=open_engine(registry.settings.index_dir))
    assert damaged.search.position() == 0
    assert follow(damaged)
    assert answers(damaged) == expected


def test_an_index_ahead_of_a_database_that_was_set_back_is_built_anew(
    registry: Registry,
) -> None:
    registry.search.apply([], ["edition:1"], end(registry) + 100)
    assert follow(registry)
    assert registry.search.position() == end(registry)
    assert "edition:1" in ask(registry).subjects


@pytest.fixture
def locked(registry: Registry) -> Iterator[None]:
    """Somebody else writes the index."""
    with Store(registry.settings.index_dir).writing():
        yield


@pytest.mark.usefixtures("locked")
def test_a_locked_index_is_busy_and_searches_go_on(registry: Registry, editor: Actor) -> None:
    with registry.units(editor) as uow:
        uow.record("note.add", "note:1", {})
    before = registry.search.position()
    for step in (follow, rebuild, follow_all):
        with pytest.raises(Busy):
            step(registry)
    assert registry.search.position() == before
    assert ask(registry, "camera").total > 0


def test_what_was_locked_out_is_taken_up_later(
    registry: Registry, editor: Actor, acting: ActorMaker
) -> None:
    with Store(registry.settings.index_dir).writing():
        edition = published(registry, editor, acting("approver"))
        with pytest.raises(Busy):
            follow(registry)
    assert follow(registry)
    assert ask(registry, DESIGNATION).subjects == (f"edition:{edition.id}",)


class Crashing:
    """An engine whose process dies while it writes."""

    def __init__(self, engine: SearchEngine) -> None:
        self.engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def apply(self, records: Any, gone: Any, position: int) -> None:
        def dying() -> Any:
            yield from list(records)[:1]
            raise KeyboardInterrupt

        self.engine.apply(dying(), gone, position)


def test_a_crash_between_journal_and_index_loses_nothing(
    registry: Registry, editor: Actor, acting: ActorMaker
) -> None:
    before = registry.search.position()
    edition = published(registry, editor, acting("approver"))
    crashing = replace(registry, search=Crashing(registry.search))
    with pytest.raises(KeyboardInterrupt):
        follow(crashing)
    assert registry.search.position() == before
    restarted = replace(registry, search=open_engine(registry.settings.index_dir))
    assert follow(restarted)
    assert ask(restarted, DESIGNATION).subjects == (f"edition:{edition.id}",)


def test_following_and_rebuilding_give_the_same_index(
    registry: Registry, editor: Actor, acting: ActorMaker, clock: FixedClock
) -> None:
    steps: list[Callable[[], object]] = [
        lambda: published(
            registry,
            editor,
            acting("approver"),
            relations=[{"type": "supersedes", "target": "TCVN 13902:2023"}],
        ),
        lambda: imported(
            registry,
            [
                row(
                    "TCVN 99010:2000",
                    effective_from="2000-01-01",
                    relations=[{"type": "superseded-by", "target": "TCVN 99011:2010"}],
                )
            ],
        ),
        lambda: imported(registry, [row("TCVN 99011:2010", effective_from="2010-06-01")]),
        lambda: imported(registry, [row("TCVN 99011:2010", effective_from="2012-06-01")]),
        lambda: obliged(registry, editor),
        lambda: imported(
            registry, [row("TCVN 99010:2000", effective_from="2000-01-01", titles={"vi": "Modem"})]
        ),
    ]
    for step in steps:
        step()
        clock.instant += timedelta(hours=1)
        assert follow(registry)
        followed = answers(registry)
        rebuild(registry)
        assert answers(registry) == followed


def obliged(registry: Registry, editor: Actor) -> None:
    product = {"vi": "Modem quang", "en": "Lamp post modem"}
    with registry.units(editor) as uow:
        record_obligation(
            uow,
            "qcvn-135:2024-btttt",
            {"product": product, "hs_codes": ["8517.62"], "method": None},
        )


def test_an_obligation_is_found_by_its_product(registry: Registry, editor: Actor) -> None:
    assert ask(registry, "modem quang").relaxed or not ask(registry, "modem quang").total
    obliged(registry, editor)
    follow(registry)
    assert ask(registry, "modem quang").total == 1
