"""Certificate numbers: printed form, tolerant reading, and what is not one."""

import pytest

from registry.assessment.numbers import CertificateNumber, NumberReading, make, parse
from registry.errors import Invalid

NUMBER = make("VN", 2026, 123)
PRINTED = "VN-2026-000123-58"


def test_printed_form() -> None:
    assert str(NUMBER) == PRINTED


def test_check_characters_follow_iso_7064_mod_97_10() -> None:
    # Letters count as 10 to 35 and the whole number leaves the remainder 1.
    digits = "".join(str(int(character, 36)) for character in PRINTED.replace("-", ""))
    assert int(digits) % 97 == 1


@pytest.mark.parametrize(
    "typed",
    [
        "VN-2026-000123-58",
        "vn 2026 000123 58",
        "VN202600012358",
        " v n 2 0 2 6 - 0 0 0 1 2 3 - 5 8\n",
        "VN–2026—000123−58",
        "VN/2026/000123/58",
        "ＶＮ－２０２６－０００１２３－５８",
        "VN-٢٠٢٦-٠٠٠١٢٣-٥٨",
        "VN-2026-\u200b000123-58",
        "VN\u00ad-2026-000123-58\u00a0",
    ],
)
def test_typed_any_way(typed: str) -> None:
    parsed = parse(typed)
    assert (parsed.reading, parsed.number) == (NumberReading.WELL_FORMED, NUMBER)


@pytest.mark.parametrize(
    "typed", ["VN-2026-000124-58", "VN-2026-000132-58", "VN-2026-000123-5", "VM-2026-000123-58"]
)
def test_mistyped_is_told_apart(typed: str) -> None:
    parsed = parse(typed)
    assert (parsed.reading, parsed.number, parsed.suggestion) == (
        NumberReading.MISTYPED,
        None,
        None,
    )


@pytest.mark.parametrize("typed", ["VN-2O26-OOO123-58", "vn-2026-000i23-58", "VN 2026 000l23 58"])
def test_look_alikes_are_suggested_not_assumed(typed: str) -> None:
    parsed = parse(typed)
    assert (parsed.reading, parsed.number, parsed.suggestion) == (
        NumberReading.MISTYPED,
        None,
        NUMBER,
    )


@pytest.mark.parametrize(
    "typed", ["", "camera", "QCVN 135:2024/BTTTT", "58", "\x00", "🙂" * 20, "9" * 5_000_000]
)
def test_other_text_is_not_a_number(typed: str) -> None:
    assert parse(typed).reading is NumberReading.NOT_A_NUMBER


def test_serial_has_one_spelling() -> None:
    padded = CertificateNumber("VN", 2026, 1_234_567)
    assert parse(str(padded)).number == padded
    spaced_out = str(padded).replace("1234567", "01234567")
    assert parse(spaced_out).reading is NumberReading.MISTYPED


@pytest.mark.parametrize(
    ("prefix", "year", "serial", "field"),
    [
        ("vn", 2026, 1, "prefix"),
        ("V", 2026, 1, "prefix"),
        ("VIỆT", 2026, 1, "prefix"),
        ("VN\n", 2026, 1, "prefix"),
        ("VN", 1999, 1, "year"),
        ("VN", 2100, 1, "year"),
        ("VN", 2026, 0, "serial"),
        ("VN", 2026, 1_000_000_000, "serial"),
    ],
)
def test_parts_out_of_range_are_named(prefix: str, year: int, serial: int, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        make(prefix, year, serial)
    assert list(raised.value.fields) == [field]
