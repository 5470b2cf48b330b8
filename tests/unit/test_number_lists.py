"""Lists of certificate numbers: pasted, or in a column of a spreadsheet."""

import io

import pytest
from openpyxl import Workbook

from registry.assessment.number_lists import MOST_NUMBERS, numbers_of_file, pasted_numbers
from registry.assessment.numbers import make
from registry.errors import Invalid

FIRST, SECOND = str(make("VN", 2026, 1)), str(make("VN", 2026, 2))


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n{SECOND}",
        f"  {FIRST} , {SECOND};\r\n\r\n",
        f"{FIRST}\t{SECOND}",
    ],
)
def test_a_pasted_list_may_be_separated_in_any_usual_way(text: str) -> None:
    assert pasted_numbers(text) == [FIRST, SECOND]


def test_spaces_inside_a_number_stay() -> None:
    assert pasted_numbers("VN 2026 000001 36\nhello") == ["VN 2026 000001 36", "hello"]


@pytest.mark.parametrize("text", ["", " \n ,;\t"])
def test_a_blank_list_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        pasted_numbers(text)
    assert set(refused.value.fields) == {"numbers"}


def test_too_long_a_list_is_refused_with_its_length() -> None:
    assert len(pasted_numbers("\n".join([FIRST] * MOST_NUMBERS))) == MOST_NUMBERS
    with pytest.raises(Invalid) as refused:
        pasted_numbers("\n".join([FIRST] * (MOST_NUMBERS + 1)))
    assert "10,001" in str(refused.value.fields["numbers"][0])


def test_the_column_of_a_spreadsheet_is_found_and_its_heading_left_out() -> None:
    content = workbook(
        ["Hãng", "Số giấy chứng nhận", "Ghi chú"],
        ["A", FIRST, None],
        ["B", SECOND.replace("-", " "), "x"],
        ["C", None, "y"],
        ["D", "chưa có", ""],
    )
    assert numbers_of_file(content) == [FIRST, SECOND.replace("-", " "), "chưa có"]


def test_a_csv_file_without_heading_is_read_from_its_first_row() -> None:
    assert numbers_of_file(f"{FIRST};A\n{SECOND};B\n".encode()) == [FIRST, SECOND]


@pytest.mark.parametrize("content", [b"a,b\nc,d\n", workbook(["name"], ["x"])])
def test_a_file_without_numbers_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        numbers_of_file(content)
    assert set(refused.value.fields) == {"file"}


def test_a_file_of_too_many_numbers_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        numbers_of_file("\n".join([FIRST] * (MOST_NUMBERS + 1)).encode())
    assert "10,001" in str(refused.value.fields["file"][0])
