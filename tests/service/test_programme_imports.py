"""The programme of work from spreadsheets: planned once, changed with a reason, never doubled."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry.catalog.importing import jobs
from registry.catalog.importing.problems import read_problems
from registry.catalog.importing.states import ALL, FINISHED
from registry.catalog.importing.uploads import layout_of, store_upload
from registry.catalog.queries.programme import ProgrammeEntry, programme
from registry.catalog.spreadsheets.columns import PROGRAMME
from registry.cli import main
from registry.container import Registry
from registry.errors import Denied
from registry.history import AsOf
from tests.service.test_spreadsheet_imports import Desk
from tests.support.spreadsheets import workbook

HEADINGS = ("TT", "Tên dự án", "Số hiệu dự kiến", "Lĩnh vực", "Bộ chủ trì", "Đơn vị thực hiện",
            "Thời hạn hoàn thành", "Quyết định")  # fmt: skip
FIRST = (1, "Đánh giá tác động", "TCVN 14500 : 2027", "AI", "Bộ KH&CN", "JTC 1/SC 42",
         "11/2027", "Quyết định 1/QĐ-BKHCN")  # fmt: skip
SECOND = (2, "Từ vựng chuỗi khối", None, "blockchain", None, None, "20/12/2027", None)


@pytest.fixture
def desk(empty_registry: Registry) -> Desk:
    """Return an editor and an approver."""
    return Desk(empty_registry)


def uploaded(desk: Desk, *rows: tuple[Any, ...]) -> int:
    content = workbook([HEADINGS, *rows])
    stored = store_upload(desk.registry.files, "kế hoạch.xlsx", content, PROGRAMME)
    with desk.registry.units(desk.editor) as uow:
        number = jobs.open_import(uow, stored, national=False).id
    layout = layout_of(desk.facts(number).job.layout)
    assert layout is not None
    desk.layout(number, layout)
    desk.work(number)
    return number


def taken(desk: Desk, *rows: tuple[Any, ...]) -> int:
    number = uploaded(desk, *rows)
    desk.submit(number, ALL)
    desk.work(number)
    return number


def planned(desk: Desk) -> list[ProgrammeEntry]:
    with desk.registry.units.reading() as session:
        return programme(session, AsOf(desk.registry.clock.today()))


def problems(desk: Desk, number: int) -> list[tuple[int, str]]:
    found = read_problems(desk.registry.files, desk.facts(number).job.problems)
    return [(problem.row, problem.path) for problem in found]


def test_a_ministrys_plan_is_understood_and_taken_without_a_second_person(desk: Desk) -> None:
    number = taken(desk, FIRST, SECOND)
    assert (desk.facts(number).state, desk.counts(number)) == (FINISHED, (2, 0, 0, 0))
    first, second = planned(desk)
    assert first.record.titles == {"vi": "Đánh giá tác động"}
    assert (first.record.designation, first.record.domain) == (
        "TCVN 14500:2027", "artificial-intelligence",
    )  # fmt: skip
    assert (first.record.ministry, first.record.unit) == ("bkhcn", "JTC 1/SC 42")
    assert (first.record.due, second.record.due) == ("2027-11", "2027-12-20")


def test_the_same_plan_again_says_nothing_new(desk: Desk) -> None:
    taken(desk, FIRST, SECOND)
    assert desk.counts(uploaded(desk, FIRST, SECOND, SECOND)) == (0, 0, 3, 0)


def test_a_changed_row_changes_its_entry_and_says_on_what_it_rests(desk: Desk) -> None:
    taken(desk, FIRST, SECOND)
    later = (*FIRST[:6], "06/2028", "Quyết định 2/QĐ-BKHCN")
    assert desk.counts(taken(desk, later)) == (0, 1, 0, 0)
    changed = {entry.record.designation: entry.record for entry in planned(desk)}
    assert len(changed) == 2
    assert changed["TCVN 14500:2027"].due == "2028-06"
    # What a row leaves blank stays as it was.
    assert changed["TCVN 14500:2027"].unit == "JTC 1/SC 42"
    without = (*SECOND[:6], "06/2028", None)
    assert problems(desk, uploaded(desk, without)) == [(2, "source")]


def test_bad_rows_are_named_by_their_columns(desk: Desk) -> None:
    year_only = (*SECOND[:6], "2027", None)
    unknown = (3, "Bản đồ", None, "bản đồ học", None, None, "11/2027", None)
    otherwise = (*FIRST[:6], "12/2027", None)
    number = uploaded(desk, year_only, unknown, FIRST, otherwise)
    assert problems(desk, number) == [(2, "due"), (3, "domain"), (5, "designation")]


def test_only_who_keeps_the_programme_may_import_it(desk: Desk) -> None:
    stored = store_upload(
        desk.registry.files, "kế hoạch.xlsx", workbook([HEADINGS, FIRST]), PROGRAMME
    )
    with pytest.raises(Denied), desk.registry.units(desk.approver) as uow:
        jobs.open_import(uow, stored, national=False)


def test_the_command_checks_first_and_takes_a_workbook(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook([HEADINGS, FIRST]))
    arguments = ["import-programme", str(path)]
    assert "1 new" in CliRunner().invoke(main, [*arguments, "--check"], obj=desk.registry).output
    assert planned(desk) == []
    assert "1 new" in CliRunner().invoke(main, arguments, obj=desk.registry).output
    assert len(planned(desk)) == 1
