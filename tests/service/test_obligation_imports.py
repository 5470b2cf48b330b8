"""Obligations from spreadsheets: read, checked, approved by a second person, taken once."""

from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from registry.catalog.importing import jobs
from registry.catalog.importing.problems import bad_rows_file, read_problems
from registry.catalog.importing.states import ALL, CHECKED, FINISHED, GOOD, WAITING
from registry.catalog.importing.uploads import layout_of, store_upload
from registry.catalog.models import Obligation
from registry.catalog.spreadsheets.columns import OBLIGATIONS
from registry.catalog.spreadsheets.layouts import Layout, layout_for
from registry.catalog.spreadsheets.rows import read_tables
from registry.cli import main
from registry.container import Registry
from registry.history import known
from tests.service.test_spreadsheet_imports import Desk
from tests.support.catalogue import imported, row
from tests.support.spreadsheets import delimited, workbook

HEADINGS = (
    "TT", "Quy chuẩn kỹ thuật", "Tên sản phẩm, hàng hóa", "Mã số HS", "Phương thức đánh giá",
    "Áp dụng từ ngày", "Đến hết ngày", "Văn bản căn cứ",
)  # fmt: skip
SOUND = (1, "QCVN 1 : 2024/BTTTT", "Điện thoại", "8517.13; 8517.14", "Phương thức 5",
         "01/01/2026", None, "Thông tư 1/2024/TT-BTTTT")  # fmt: skip
OTHER = (2, "QCVN 1:2024/BTTTT", "Máy nhắn tin", 8517.6, 1, "01/07/2026", "31/12/2027", None)
BAD = (3, "QCVN 9:2030/BTTTT", "Máy lạ", "84x", 9, "13/31/2026", None, None)


@pytest.fixture
def desk(empty_registry: Registry) -> Desk:
    """Return an editor and an approver, and one technical regulation."""
    imported(empty_registry, [row("QCVN 1:2024/BTTTT", kind="QCVN", publisher="btttt")])
    return Desk(empty_registry)


def uploaded(desk: Desk, content: bytes) -> int:
    stored = store_upload(desk.registry.files, "nghĩa vụ.xlsx", content, OBLIGATIONS)
    with desk.registry.units(desk.editor) as uow:
        number = jobs.open_import(uow, stored, national=True).id
    layout = layout_of(desk.facts(number).job.layout)
    assert layout is not None
    desk.layout(number, layout)
    desk.work(number)
    return number


def stated(desk: Desk) -> list[dict[str, Any]]:
    with desk.registry.units.reading() as session:
        rows = session.scalars(select(Obligation).where(known(Obligation)).order_by(Obligation.id))
        return [
            {
                "product": o.product,
                "hs": list(o.hs_codes),
                "method": o.method,
                "from": o.valid_from and o.valid_from.isoformat(),
                "until": o.valid_until and o.valid_until.isoformat(),
                "source": o.source,
            }
            for o in rows
        ]


def test_the_columns_of_a_ministrys_list_are_understood() -> None:
    merged: list[list[Any]] = [["DANH MỤC SẢN PHẨM, HÀNG HÓA"], list(HEADINGS), list(SOUND)]
    layout = layout_for(read_tables(workbook(merged)), OBLIGATIONS)
    assert layout == Layout(
        "Danh mục", 2, 1,
        ("", "edition", "product.vi", "hs_codes", "method", "valid_from", "valid_until", "source"),
        {}, OBLIGATIONS,
    )  # fmt: skip


def test_obligations_are_imported_by_two_persons_and_only_once(desk: Desk) -> None:
    content = workbook([HEADINGS, SOUND, OTHER])
    number = uploaded(desk, content)
    assert (desk.facts(number).state, desk.counts(number)) == (CHECKED, (2, 0, 0, 0))
    assert stated(desk) == []
    desk.submit(number, ALL)
    assert desk.facts(number).state == WAITING
    desk.approve(number)
    assert (desk.facts(number).state, desk.counts(number)) == (FINISHED, (2, 0, 0, 0))
    assert stated(desk) == [
        {"product": {"vi": "Điện thoại"}, "hs": ["8517.13", "8517.14"], "method": "5",
         "from": "2026-01-01", "until": None, "source": "Thông tư 1/2024/TT-BTTTT"},
        {"product": {"vi": "Máy nhắn tin"}, "hs": ["8517.60"], "method": "1",
         "from": "2026-07-01", "until": "2027-12-31", "source": None},
    ]  # fmt: skip
    again = uploaded(desk, content)
    assert again != number
    assert desk.counts(again) == (0, 0, 2, 0)


def test_every_bad_cell_is_named_and_the_rows_come_back(desk: Desk) -> None:
    number = uploaded(desk, workbook([HEADINGS, SOUND, BAD]))
    job = desk.facts(number).job
    assert desk.counts(number) == (1, 0, 0, 1)
    problems = list(read_problems(desk.registry.files, job.problems))
    assert [(p.row, p.place, p.value) for p in problems] == [
        (3, 3, "84x"), (3, 4, "9"), (3, 5, "13/31/2026"),
    ]  # fmt: skip
    back = b"".join(bad_rows_file(desk.registry.files, job, "Lý do", str, "vi"))
    (table,) = read_tables(back)
    assert table.rows[1].cells[1] == "QCVN 9:2030/BTTTT"
    assert "31/12/2024" in table.rows[1].cells[-1]
    desk.submit(number, GOOD)
    desk.approve(number)
    assert [o["hs"] for o in stated(desk)] == [["8517.13", "8517.14"]]


def test_an_edition_that_is_not_held_or_obliges_nobody_is_refused(desk: Desk) -> None:
    imported(desk.registry, [row("TCVN 7:2020")])
    standard = (1, "TCVN 7:2020", "Đèn", "9405", 5, "01/01/2026", None, None)
    absent = (2, "QCVN 99:2024/BTTTT", "Đèn", "9405", 5, "01/01/2026", None, None)
    number = uploaded(desk, workbook([HEADINGS, standard, absent]))
    problems = read_problems(desk.registry.files, desk.facts(number).job.problems)
    assert [(p.row, p.path) for p in problems] == [(2, "edition"), (3, "edition")]


def test_the_same_row_twice_in_a_file_is_said_once(desk: Desk) -> None:
    number = uploaded(desk, delimited([HEADINGS, SOUND, SOUND]))
    assert desk.counts(number) == (1, 0, 1, 0)


def test_the_command_takes_a_workbook_and_checks_first(desk: Desk, tmp_path: Any) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook([HEADINGS, SOUND, BAD]))
    run(desk, "import-obligations", "--check", str(path))
    assert stated(desk) == []
    assert "Nothing was imported" in run(desk, "import-obligations", "--all-or-nothing", str(path))
    assert stated(desk) == []
    assert "1 new" in run(desk, "import-obligations", str(path))
    assert len(stated(desk)) == 1


def run(desk: Desk, *arguments: str) -> str:
    return CliRunner().invoke(main, list(arguments), obj=desk.registry).output
