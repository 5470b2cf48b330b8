"""Files of scope lines and listings: what they would do, and what they did."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.assessment.models import (
    AccreditationRecord,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
    ScopeLine,
)
from registry.assessment.sheets.imports import (
    SheetCheck,
    check_sheet,
    finish_sheet,
    import_sheet,
    open_sheet,
)
from registry.assessment.sheets.kinds import KINDS
from registry.errors import BadTransition, Conflict, Denied, Invalid
from registry.history import known
from registry.journal.queries import head
from tests.support.assessment import World
from tests.support.spreadsheets import delimited, workbook

HEADINGS = ["Tên sản phẩm, vật liệu được thử", "Tên phép thử cụ thể", "Phương pháp thử", "Từ ngày"]
GOOD = [
    HEADINGS,
    ["Bộ định tuyến", "Mật khẩu mặc định", "QCVN 135:2024", "01/03/2025"],
    ["Bộ định tuyến", "Cập nhật", "ISO/IEC 27402:2023", "1/3/2025"],
]
BAD = [
    *GOOD,
    ["", "Thiếu sản phẩm", "ISO/IEC 27402:2023", "1/3/2025"],
    ["Camera", "Ngày sai", "ISO/IEC 27402:2023", "31/02/2025"],
    ["Camera", "Trước khi được công nhận", "ISO/IEC 27402:2023", "01/01/2020"],
]


def accreditation(world: World) -> int:
    with world.registry.units.reading() as session:
        found = session.scalar(
            select(AccreditationRecord.accreditation_id).where(
                AccreditationRecord.number == "DEMO-LAB 001"
            )
        )
    assert found is not None
    return found


def checked(world: World, content: bytes, kind: str = "scope", of: int | None = None) -> SheetCheck:
    with world.registry.units.reading() as session:
        return check_sheet(session, KINDS[kind], of or accreditation(world), content)


def imported(
    world: World,
    content: bytes,
    choice: str = "all",
    kind: str = "scope",
    of: int | None = None,
) -> SheetCheck:
    with world.registry.units(world.actor("officer")) as uow:
        return import_sheet(uow, KINDS[kind], of or accreditation(world), content, choice)


def count(world: World, model: Any) -> int:
    with world.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(known(model))) or 0


def position(world: World) -> int:
    with world.registry.units.reading() as session:
        return head(session)


def mutual(world: World) -> int:
    with world.registry.units.reading() as session:
        found = session.scalar(
            select(ArrangementRecord.arrangement_id).where(
                ArrangementRecord.kind == "mutual_government"
            )
        )
    assert found is not None
    return found


@pytest.mark.parametrize("content", [workbook(GOOD), delimited(GOOD, ";")])
def test_a_scope_is_imported_with_headings_as_accreditors_print_them(
    world: World, content: bytes
) -> None:
    before = count(world, ScopeLine)
    check = checked(world, content)
    assert check.counts == {"rows": 2, "new": 2, "unchanged": 0, "bad": 0}
    assert count(world, ScopeLine) == before
    imported(world, content)
    assert count(world, ScopeLine) == before + 2
    with world.registry.units.reading() as session:
        line = session.scalar(
            select(ScopeLine).where(ScopeLine.characteristic == "Mật khẩu mặc định")
        )
    assert line is not None
    assert (line.activity, line.method) == ("testing", "QCVN 135:2024/BTTTT")
    assert line.valid_from.isoformat() == "2025-03-01"


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    imported(world, workbook(GOOD))
    before = position(world)
    again = imported(world, workbook(GOOD))
    assert again.counts == {"rows": 2, "new": 0, "unchanged": 2, "bad": 0}
    assert position(world) == before


def test_a_row_that_stands_twice_in_the_file_counts_once(world: World) -> None:
    assert checked(world, workbook([*GOOD, GOOD[1]])).counts["unchanged"] == 1


def test_every_bad_row_is_named_with_column_value_and_reason(world: World) -> None:
    check = checked(world, workbook(BAD))
    assert [(cell.row, cell.path, cell.value) for cell in check.bad_cells] == [
        (4, "product", ""),
        (5, "valid_from", "31/02/2025"),
        (6, "valid_from", "01/01/2020"),
    ]
    assert "day/month/year" in check.bad[5][0].reason
    assert check.counts == {"rows": 5, "new": 2, "unchanged": 0, "bad": 3}


def test_all_rows_or_none_and_good_rows_only(world: World) -> None:
    before, journal = count(world, ScopeLine), position(world)
    with pytest.raises(Invalid) as refused:
        imported(world, workbook(BAD), "all")
    assert list(refused.value.fields) == ["choice"]
    assert (count(world, ScopeLine), position(world)) == (before, journal)
    imported(world, workbook(BAD), "good")
    assert count(world, ScopeLine) == before + 2
    assert position(world) == journal + 1


def test_a_file_of_bad_rows_only_is_nothing_to_import(world: World) -> None:
    with pytest.raises(Conflict):
        imported(world, workbook([HEADINGS, BAD[3]]), "good")


def test_a_file_without_the_columns_that_matter_says_which_are_missing(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        checked(world, delimited([["Tên", "Nguồn"], ["a", "b"]]))
    assert "Phương pháp" in str(refused.value.fields["file"])


def test_only_officers_import(world: World) -> None:
    with world.registry.units(world.actor("laboratory")) as uow, pytest.raises(Denied):
        import_sheet(uow, KINDS["scope"], accreditation(world), workbook(GOOD), "all")


def test_a_kept_file_is_imported_once(world: World) -> None:
    of = (KINDS["scope"], accreditation(world))
    files = world.registry.files
    with world.registry.units(world.actor("officer")) as uow:
        number = open_sheet(uow, files, of, "pham-vi.xlsx", workbook(GOOD)).id
    with world.registry.units(world.actor("officer")) as uow:
        assert finish_sheet(uow, files, number, "all").counts["new"] == 2
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(BadTransition):
        finish_sheet(uow, files, number, "all")


def test_an_arrangement_takes_scope_lines_as_json(world: World) -> None:
    lines = [
        {"regulation": "QCVN 135", "result_type": "test_report", "hs_codes": ["8525.89", "8525"]},
        {"regulation": "QCVN 999:2030/BTTTT", "result_type": "test_report"},
        {"regulation": "QCVN 135", "result_type": "guess"},
    ]
    for content in (json.dumps(lines), json.dumps({"lines": lines})):
        check = checked(world, content.encode(), "arrangement-scope", mutual(world))
        assert [(cell.row, cell.path) for cell in check.bad_cells] == [
            (2, "regulation"),
            (3, "result_type"),
        ]
    imported(world, json.dumps(lines).encode(), "good", "arrangement-scope", mutual(world))
    with world.registry.units.reading() as session:
        line = session.scalar(select(ArrangementScope).order_by(ArrangementScope.id.desc()))
    assert line is not None
    assert (line.document_key, line.hs_codes) == ("qcvn 135 btttt", ["852589", "8525"])
    assert line.direction == "both"


def test_listings_are_imported_and_an_overlap_is_a_bad_row(world: World) -> None:
    rows = [
        ["Tổ chức", "Từ ngày", "Đến ngày"],
        ["demo-laboratory", "01/01/2026", ""],
        ["demo-laboratory", "01/06/2026", "31/12/2026"],
        ["nobody-here", "01/01/2026", ""],
    ]
    check = checked(world, delimited(rows), "listings", mutual(world))
    assert [(cell.row, cell.path, cell.value) for cell in check.bad_cells] == [
        (3, "body", "demo-laboratory"),
        (4, "body", "nobody-here"),
    ]
    before = count(world, ArrangementListing)
    imported(world, delimited(rows), "good", "listings", mutual(world))
    assert count(world, ArrangementListing) == before + 1
    assert checked(world, delimited(rows[:2]), "listings", mutual(world)).unchanged == 1
