"""Units: codes, spellings, suggestions, exact conversion, what cannot be compared."""

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]

from registry.assessment.units import (
    Incommensurable,
    UnknownUnit,
    _table,
    conversion,
    unit_code,
)

READ = [
    ("MHz", "MHz"),
    ("MHZ", "MHz"),
    ("A86", "GHz"),
    ("HTZ", "Hz"),
    ("P1", "%"),
    ("%", "%"),
    ("1", "1"),
    ("C62", "1"),
    ("lần", "1"),
    ("°C", "Cel"),
    ("CEL", "Cel"),
    ("Ω", "Ohm"),
    ("kΩ", "kOhm"),
    ("µV/m", "uV/m"),
    ("μs", "us"),
    ("m/s²", "m/s2"),
    ("N·m", "N.m"),
    ("giây", "s"),
    ("Mbps", "Mbit/s"),
    ("dBm", "dB{mW}"),
    ("dBµV", "dB[uV]"),
    ("kg.m2/s2", "kg.m2/s2"),
    ("{r}/min", "{r}/min"),
    ("  kHz ", "kHz"),
]


@pytest.mark.parametrize(("text", "code"), READ)
def test_codes_and_spellings_are_read_as_ucum(text: str, code: str) -> None:
    assert unit_code(text) == code


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("mhz", "MHz"), ("celsius", None), ("Z99", None), ("sek", None), ("m//s", None), ("", None)],
)
def test_what_names_no_unit_is_refused_with_the_closest(text: str, suggestion: str | None) -> None:
    with pytest.raises(UnknownUnit) as error:
        unit_code(text)
    assert len(error.value.suggestions) <= 3
    if suggestion:
        assert suggestion in error.value.suggestions


@pytest.mark.parametrize(
    ("number", "source", "target", "expected"),
    [
        ("1000", "kHz", "MHz", "1"),
        ("0.5", "MHz", "kHz", "500"),
        ("90", "s", "min", "1.5"),
        ("36", "km/h", "m/s", "10"),
        ("25", "°C", "K", "298.15"),
        ("212", "°F", "°C", "100"),
        ("1", "inch", "mm", "25.4"),
        ("1", "kWh", "MJ", "3.6"),
        ("5", "%", "1", "0.05"),
        ("8", "bit", "By", "1"),
        ("1", "MBR", "PAL", "100"),
        ("1", "uV/m", "V/m", "0.000001"),
        ("2.5", "mol/L", "mmol/L", "2500"),
    ],
)
def test_numbers_are_converted_exactly(
    number: str, source: str, target: str, expected: str
) -> None:
    convert = conversion(source, target)
    assert convert is not None
    assert convert(Decimal(number)) == Decimal(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("V", "A"),
        ("dBm", "mW"),
        ("dBm", "dB"),
        ("dBm", "dBW"),
        ("pH", "1"),
        ("1", "rad"),
        ("bit", "1"),
        ("Hz", "Bq{decays}.m"),
        ("g", "mol"),
        ("Np", "dB"),
    ],
)
def test_quantities_of_different_kinds_are_not_compared(one: str, other: str) -> None:
    with pytest.raises(Incommensurable):
        conversion(one, other)


@pytest.mark.parametrize("unit", ["dBm", "pH", "%", "1", "Cel", "foo/bar"])
def test_a_unit_agrees_with_itself(unit: str) -> None:
    if "foo" in unit:
        with pytest.raises(UnknownUnit):
            conversion(unit, unit)
    else:
        assert conversion(unit, unit) is None


def test_every_code_of_the_table_is_ucum() -> None:
    registry = PintUcumRegistry()
    # The library has the grammar of pH but no unit for it.
    for code in sorted(_table()["known"] - {"[pH]"}):
        assert registry.from_ucum(code) is not None, code


@settings(max_examples=60, deadline=None)
@given(
    number=st.decimals(-(10**9), 10**9, places=6),
    pair=st.sampled_from([("kHz", "MHz"), ("Cel", "K"), ("s", "ms"), ("V", "uV"), ("m", "[in_i]")]),
)
def test_there_and_back_is_where_it_began(number: Decimal, pair: tuple[str, str]) -> None:
    there, back = conversion(*pair), conversion(*reversed(pair))
    assert there is not None
    assert back is not None
    assert abs(back(there(number)) - number) < Decimal("1e-30")


def test_common_units_are_known_without_the_slow_library() -> None:
    program = (
        "import sys; from registry.assessment.units import unit_code;"
        "[unit_code(u) for u in ('MHz', 'KHZ', 'µV/m', 'lần', 'dBm', '%')];"
        "assert 'pint' not in sys.modules and 'ucumvert' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
