"""Obligations as editors enter, correct, end and import them, and as the finder answers."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registry.actor import Actor, system_actor
from registry.assessment.queries.requirements import Requirements, requirements
from registry.catalog.hs_codes import split_codes
from registry.catalog.importing.formats import read_rows
from registry.catalog.importing.obligations import import_obligations, to_obligation
from registry.catalog.importing.service import ImportReport
from registry.catalog.models import Edition
from registry.catalog.product_question import read_question
from registry.catalog.queries.editions import find_slug, obligations_of
from registry.catalog.schemas import (
    ObligationCorrectionSchema,
    ObligationEndSchema,
    ObligationRetractionSchema,
    ObligationSchema,
)
from registry.catalog.services import obligations as service
from registry.container import Registry
from registry.errors import Conflict, Denied, Invalid, NotFound, Stale
from registry.followers.search import follow
from registry.history import AsOf
from registry.journal.queries import entries, head
from registry.schema_fields import load
from tests.conftest import ActorMaker
from tests.support.assessment import World
from tests.support.catalogue import imported, write_lines

SLUG = "qcvn-135:2024-btttt"
CAMERAS = "QCVN 135:2024/BTTTT"
BEGINS = date(2026, 1, 1)

ROW: dict[str, Any] = {
    "edition": CAMERAS,
    "product_vi": "Bộ định tuyến không dây",
    "product_en": "Wireless routers",
    "hs": "8517.62.51; 8517.62.59",
    "method": "5",
    "declaration": "designated-certification",
    "valid_from": "2026-07-01",
    "source": "https://example.org/list",
}

EDITION: dict[str, Any] = {
    "designation": CAMERAS,
    "kind": "QCVN",
    "publisher": "btttt",
    "titles": {"vi": "Camera giám sát"},
    "source": "https://example.org",
}


def asked(
    registry: Registry,
    hs: str = "",
    words: str = "",
    at: date = date(2026, 3, 1),
    position: int | None = None,
) -> Requirements:
    with registry.units.reading() as session:
        return requirements(
            session,
            registry.search,
            read_question(hs, words),
            AsOf(at, position),
            registry.settings.zone,
        )


def answered(answer: Requirements) -> dict[str, str]:
    """Return how each regulation found stands."""
    return {r.rule.facts.edition.designation: r.rule.stands.key for r in answer.found}


@pytest.fixture
def editor(acting: ActorMaker) -> Actor:
    return acting("editor")


def recorded(registry: Registry, editor: Actor, **changes: Any) -> int:
    data: dict[str, Any] = {
        "product": {"vi": "Máy tính bảng", "en": "Tablets"},
        "hs_codes": ["8471.30.90"],
        "method": "5",
        "valid_from": "2026-02-01",
        **changes,
    }
    with registry.units(editor) as uow:
        return service.record_obligation(uow, SLUG, load(ObligationSchema(), data)).id


def stated(registry: Registry, position: int | None = None) -> list[Mapping[str, str]]:
    with registry.units.reading() as session:
        edition = find_slug(session, SLUG)
        assert isinstance(edition, Edition)
        return [o.product for o in obligations_of(session, edition.id, AsOf(BEGINS, position))]


class TestFinder:
    @pytest.mark.parametrize("hs", ["8525.81", "852581", "85 25 81 10", "8525", "85", "HS 8525-89"])
    def test_camera_regulation_is_found_by_code_parent_and_child(
        self, registry: Registry, hs: str
    ) -> None:
        assert answered(asked(registry, hs))[CAMERAS] == "applies"

    @pytest.mark.parametrize(
        "words", ["camera giám sát", "camera giam sat", "surveillance CAMERAS"]
    )
    def test_words_of_the_product_find_it_with_and_without_diacritics(
        self, registry: Registry, words: str
    ) -> None:
        (first, *_) = asked(registry, words=words).found
        assert first.rule.facts.edition.designation == CAMERAS
        assert first.rule.way == "product"

    def test_words_of_the_harmonized_system_find_it(self, registry: Registry) -> None:
        (found,) = asked(registry, words="television").found
        assert (found.rule.facts.edition.designation, found.rule.way) == (CAMERAS, "hs-words")

    def test_day_decides_whether_it_applies(self, registry: Registry) -> None:
        (before,) = asked(registry, "8525.81", at=date(2025, 12, 31)).found
        (after,) = asked(registry, "8525.81", at=BEGINS).found
        assert (before.rule.stands.key, before.rule.stands.since) == ("later", BEGINS)
        assert (after.rule.stands.key, after.rule.stands.since) == ("applies", BEGINS)

    def test_both_editions_are_shown_while_they_coexist(self, registry: Registry) -> None:
        follow(registry)
        both = {"QCVN 65:2013/BTTTT", "QCVN 65:2021/BTTTT"}
        answer = asked(registry, words="thiết bị truy nhập vô tuyến 5 GHz", at=date(2023, 5, 1))
        found = {r.rule.facts.edition.designation: r.rule for r in answer.found}
        assert both <= found.keys()
        for designation in both:
            (window,) = found[designation].windows
            assert window.until == date(2023, 6, 30)
            assert {designation, window.other.edition.designation} == both

    def test_older_edition_is_over_after_the_window(self, registry: Registry) -> None:
        follow(registry)
        answer = asked(registry, words="QCVN 65:2013", at=date(2023, 7, 1))
        older = next(r.rule for r in answer.found if "2013" in r.rule.facts.edition.designation)
        assert older.stands.key == "no-longer"
        assert [f.edition.designation for f in older.replaced_by] == ["QCVN 65:2021/BTTTT"]

    def test_miss_tells_how_much_there_was_to_find(self, registry: Registry) -> None:
        answer = asked(registry, "0101.21")
        assert answer.found == []
        assert answer.coverage is not None
        assert answer.coverage.obligations >= 1

    def test_nothing_asked_finds_nothing(self, registry: Registry) -> None:
        assert asked(registry).found == []

    def test_what_was_not_known_then_is_not_found_then(
        self, registry: Registry, editor: Actor
    ) -> None:
        with registry.units.reading() as session:
            before = head(session)
        recorded(registry, editor)
        assert answered(asked(registry, "8471.30")) == {CAMERAS: "applies"}
        assert answered(asked(registry, "8471.30", position=before)) == {}

    def test_laboratories_and_recognised_results_are_told(self, world: World) -> None:
        (found,) = asked(world.registry, "8525.81").found
        home, abroad = found.bodies
        assert (home.designated_for, home.accreditations) == (["testing"], ["DEMO-LAB 001"])
        assert (abroad.country, abroad.accreditations) == ("KR", ["DEMO-KR 017"])
        (result,) = found.accepted
        assert (result.line.result_type, result.certain, result.begins) == (
            "test_report",
            True,
            None,
        )

    def test_bodies_and_arrangements_of_another_day_are_not_told(self, world: World) -> None:
        (found,) = asked(world.registry, "8525.81", at=date(2024, 12, 31)).found
        assert found.bodies == []
        (result,) = found.accepted
        assert result.begins == date(2025, 1, 1)


class TestEditing:
    def test_recorded_obligation_is_journalled_with_its_regulation(
        self, registry: Registry, editor: Actor
    ) -> None:
        recorded(registry, editor)
        with registry.units.reading() as session:
            (entry,) = entries(session, limit=1)
        assert entry.action == "edition.obligation"
        assert entry.data["hs_codes"] == ["8471.30.90"]

    def test_same_is_not_said_twice(self, registry: Registry, editor: Actor) -> None:
        recorded(registry, editor)
        with pytest.raises(Conflict):
            recorded(registry, editor)

    @pytest.mark.parametrize(("field", "key"), [("method", "9"), ("declaration", "none")])
    def test_unknown_terms_are_refused_by_field(
        self, registry: Registry, editor: Actor, field: str, key: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            recorded(registry, editor, **{field: key})
        assert list(refused.value.fields) == [field]

    def test_correction_takes_the_place_and_history_stays(
        self, registry: Registry, editor: Actor
    ) -> None:
        id_ = recorded(registry, editor)
        with registry.units.reading() as session:
            before = head(session)
        corrected = {"product": {"vi": "Máy tính xách tay"}, "reason": "Sai sản phẩm"}
        with registry.units(editor) as uow:
            data = load(ObligationCorrectionSchema(), corrected)
            assert service.correct_obligation(uow, id_, data).id != id_
        assert {"vi": "Máy tính xách tay"} in stated(registry)
        assert {"vi": "Máy tính bảng", "en": "Tablets"} not in stated(registry)
        assert {"vi": "Máy tính bảng", "en": "Tablets"} in stated(registry, before)
        assert answered(asked(registry, "8471.30")) == {}

    def test_ended_obligation_holds_until_its_last_day(
        self, registry: Registry, editor: Actor
    ) -> None:
        id_ = recorded(registry, editor)
        ending = {"valid_until": "2026-03-31", "reason": "Thay bằng danh mục mới"}
        with registry.units(editor) as uow:
            service.end_obligation(uow, id_, load(ObligationEndSchema(), ending))
        assert answered(asked(registry, "8471", at=date(2026, 3, 31))) == {CAMERAS: "applies"}
        assert answered(asked(registry, "8471", at=date(2026, 4, 1))) == {CAMERAS: "no-longer"}

    def test_obligation_cannot_end_before_it_begins(
        self, registry: Registry, editor: Actor
    ) -> None:
        id_ = recorded(registry, editor)
        ending = load(ObligationEndSchema(), {"valid_until": "2026-01-31", "reason": "Nhầm"})
        with pytest.raises(Invalid), registry.units(editor) as uow:
            service.end_obligation(uow, id_, ending)

    def test_what_is_taken_back_is_gone_and_cannot_be_changed(
        self, registry: Registry, editor: Actor
    ) -> None:
        id_ = recorded(registry, editor)
        reason = load(ObligationRetractionSchema(), {"reason": "Ghi nhầm quy chuẩn"})
        with registry.units(editor) as uow:
            service.retract_obligation(uow, id_, reason)
        assert answered(asked(registry, "8471")) == {}
        with pytest.raises(NotFound), registry.units(editor) as uow:
            service.retract_obligation(uow, id_, reason)

    def test_version_that_is_no_longer_the_latest_is_refused(
        self, registry: Registry, editor: Actor
    ) -> None:
        id_ = recorded(registry, editor)
        reason = load(ObligationRetractionSchema(), {"reason": "Nhầm"})
        with pytest.raises(Stale), registry.units(editor) as uow:
            service.retract_obligation(uow, id_, reason, expected=1)

    def test_business_cannot_record(self, registry: Registry, acting: ActorMaker) -> None:
        with pytest.raises(Denied):
            recorded(registry, acting("business"))


class TestImport:
    def test_rows_of_a_spreadsheet_become_commands(self) -> None:
        command = to_obligation({"QCVN": CAMERAS, "Product": "Camera", "HS_code": 85258110})
        assert command == {
            "edition": CAMERAS,
            "product": {"vi": "Camera"},
            "hs_codes": ["85258110"],
        }
        assert split_codes(" 8525.81;8525.82 ,\n8525.89|") == ["8525.81", "8525.82", "8525.89"]

    def test_second_import_changes_nothing(self, registry: Registry, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "list.jsonl", [ROW, ROW])
        assert [
            (r.new, r.unchanged, r.bad) for r in (take(registry, path), take(registry, path))
        ] == [
            (1, 1, 0),
            (0, 2, 0),
        ]
        assert answered(asked(registry, "8517.62", at=date(2026, 7, 1))) == {CAMERAS: "applies"}

    def test_bad_rows_are_named_and_good_ones_taken(
        self, registry: Registry, tmp_path: Path
    ) -> None:
        bad = [
            ROW | {"edition": "QCVN 9999:2030/BTTTT"},
            ROW | {"edition": "TCVN 13902:2023"},
            ROW | {"hs": "85ab"},
            ROW | {"method": "9"},
            ROW | {"valid_until": "2026-01-01"},
            "no json",
        ]
        report = take(registry, write_lines(tmp_path / "list.jsonl", [*bad, ROW]))
        assert (report.new, report.bad) == (1, 6)
        assert [(row.number, row.column) for row in report.bad_rows] == [
            (1, "edition"),
            (2, "edition"),
            (3, "hs_codes.0"),
            (4, "method"),
            (5, "valid_until"),
            (6, ""),
        ]

    def test_what_an_editor_said_stays_when_the_edition_is_imported_anew(
        self, registry: Registry, editor: Actor
    ) -> None:
        recorded(registry, editor)
        imported(registry, [EDITION])
        assert stated(registry) == [{"vi": "Máy tính bảng", "en": "Tablets"}]

    def test_import_does_not_say_again_what_an_editor_took_back(
        self, registry: Registry, editor: Actor
    ) -> None:
        both = [{"product": {"vi": "Camera cổng"}}, {"product": {"vi": "Camera cửa"}}]
        imported(registry, [EDITION | {"obligations": both}])
        with registry.units.reading() as session:
            edition = find_slug(session, SLUG)
            (first, _) = obligations_of(session, edition.id, AsOf(BEGINS))
        with registry.units(editor) as uow:
            service.retract_obligation(uow, first.id, {"reason": "Không phải camera mạng"})
        imported(registry, [EDITION | {"obligations": both, "note": "Đã đọc lại"}])
        assert stated(registry) == [{"vi": "Camera cửa"}]


def take(registry: Registry, path: Path) -> ImportReport:
    return import_obligations(registry.units, system_actor("test"), read_rows(path))
