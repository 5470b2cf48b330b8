"""Units of measurement: codes, laboratories' spellings, and exact conversion.

A unit is kept as the report gives it. To compare, it is read as a UCUM code (case-sensitive
form): from a UN/ECE Recommendation 20 common code or from a spelling that can mean one unit
only, by the table ``data/units.json``; else it has to be a UCUM code itself. The units
library is slow to load, so it is asked only for what the table does not settle.

Logarithmic and arbitrary units (dB, dBm, Np, pH, [iU]) are compared with themselves only.
"""

import difflib
import json
import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_DATA = "registry.assessment"

# Digits of a converted limit: more than any report gives, fewer than the rules refuse.
_DIGITS = 50

# Factors of units are powers of ten and small ratios (1/60, 5/18, 0.0254): with denominators
# up to this the exact one is found behind its floating-point neighbour.
_LARGEST_DENOMINATOR = 100_000
_CLOSE = Fraction(1, 10**13)

_SYMBOLS = str.maketrans(
    {"µ": "u", "μ": "u", "²": "2", "³": "3", "·": ".", "⋅": ".", "×": ".", "–": "-", "−": "-"}
)
_REC20_SHAPE = re.compile(r"[A-Z][0-9]{2}|[0-9]{1,2}[A-Z]?")
_OWN_SCALE = re.compile(r"(?:^|[./(])[a-z]{0,2}(?:B|Np)(?=$|[\[{./)])|\[(?:pH|iU|arb'U|CFU)\]")
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_DATA_AMOUNT = re.compile(r"(?:^|[./(])(?:[kMGTP]|[KMGT]i)?(?:bit|By)(?=$|[./)\d])")
_ANGLE = re.compile(r"(?:^|[./(])(?:[mu]?rad|deg|''?|gon|sr)(?=$|[./)\d])")

# Temperatures have zeros of their own: kelvin = number · factor + shift.
_TEMPERATURES = {
    "K": (Fraction(1), Fraction(0)),
    "mK": (Fraction(1, 1000), Fraction(0)),
    "Cel": (Fraction(1), Fraction("273.15")),
    "[degF]": (Fraction(5, 9), Fraction("459.67") * Fraction(5, 9)),
}


class UnknownUnit(ValueError):
    """A text that names no unit; ``suggestions`` are the closest that do."""

    def __init__(self, text: str, suggestions: tuple[str, ...]) -> None:
        super().__init__(text)
        self.suggestions = suggestions


class Incommensurable(ValueError):
    """Two units whose quantities cannot be compared."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """From numbers of one unit to numbers of another: number · ``factor`` + ``shift``."""

    factor: Fraction
    shift: Fraction

    def __call__(self, number: Decimal) -> Decimal:
        """Convert exactly where decimals can, else to 50 digits."""
        result = Fraction(number) * self.factor + self.shift
        with localcontext() as context:
            context.prec = _DIGITS
            return Decimal(result.numerator) / Decimal(result.denominator)


@cache
def _table() -> dict[str, Any]:
    path = resources.files(_DATA) / "data" / "units.json"
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    table["known"] = {*table["rec20"].values(), *table["spellings"].values(), *table["ucum"]}
    return table


@lru_cache(maxsize=4096)
def unit_code(text: str) -> str:
    """Return the UCUM code that ``text`` stands for; ``UnknownUnit`` where it names none.

    A Recommendation 20 code counts before a UCUM code of the same letters ("P1" is per cent).
    """
    table = _table()
    text = " ".join(text.split())
    for spelling in (text, _plain(text)):
        for known in (table["rec20"], table["spellings"]):
            if spelling in known:
                return str(known[spelling])
        if spelling in table["known"]:
            return spelling
    plain = _plain(text)
    if not plain or _REC20_SHAPE.fullmatch(plain) or not _is_ucum(plain):
        raise UnknownUnit(text, _suggestions(text))
    return plain


@lru_cache(maxsize=4096)
def conversion(source: str, target: str) -> Conversion | None:
    """Return how numbers in ``source`` become numbers in ``target``; None where they stay.

    Both are texts as reports give them. ``UnknownUnit`` and ``Incommensurable`` are raised.
    """
    one, other = unit_code(source), unit_code(target)
    if one == other:
        return None
    if one in _TEMPERATURES and other in _TEMPERATURES:
        (factor, shift), (their_factor, their_shift) = _TEMPERATURES[one], _TEMPERATURES[other]
        return Conversion(factor / their_factor, (shift - their_shift) / their_factor)
    if _nature(one) != _nature(other) or "own" in _nature(one):
        raise Incommensurable(source, target)
    (factor, dimension), (their_factor, their_dimension) = _measure(one), _measure(other)
    if dimension != their_dimension:
        raise Incommensurable(source, target)
    return Conversion(factor / their_factor, Fraction(0))


def _plain(text: str) -> str:
    """Return ``text`` with typographic symbols in the letters of UCUM."""
    text = re.sub(r"[ΩΩ]", "Ohm", text).translate(_SYMBOLS)
    return re.sub(r"\^(-?\d)", r"\1", text).replace("*", ".") if "10*" not in text else text


def _nature(code: str) -> frozenset[str]:
    """Return what forbids a comparison although the dimensions agree.

    UCUM counts data, angles and numbers alike as dimensionless; nobody compares them.
    """
    bare = _ANNOTATION.sub("", code)
    found = set()
    if _OWN_SCALE.search(code):
        found |= {"own", code}
    if _DATA_AMOUNT.search(bare):
        found.add("data")
    if _ANGLE.search(bare):
        found.add("angle")
    return frozenset(found)


@cache
def _library() -> Any:
    # Half a second to load: only units that the table does not settle need it.
    from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]  # noqa: PLC0415

    return PintUcumRegistry()


@lru_cache(maxsize=4096)
def _is_ucum(code: str) -> bool:
    try:
        _library().from_ucum(code)
    except Exception:
        # The grammar, its visitor and the registry of units each raise errors of their own.
        return False
    return True


@lru_cache(maxsize=4096)
def _measure(code: str) -> tuple[Fraction, frozenset[tuple[str, int]]]:
    """Return the factor to SI base units, and the dimension as powers of base units."""
    base = _library().from_ucum(_ANNOTATION.sub("", code) or "1").to_base_units()
    powers = {(str(name), power) for name, power in base.unit_items()}
    return _exact(float(base.magnitude)), frozenset(powers)


def _exact(number: float) -> Fraction:
    """Return the ratio meant by a factor that was computed in floating point."""
    mantissa, exponent = f"{number:.15e}".split("e")
    scaled = Fraction(mantissa)
    ratio = scaled.limit_denominator(_LARGEST_DENOMINATOR)
    if abs(ratio - scaled) > _CLOSE * scaled:
        ratio = scaled
    return ratio * Fraction(10) ** int(exponent)


def _suggestions(text: str) -> tuple[str, ...]:
    """Return up to three known units that look like ``text``, whatever its case."""
    table = _table()
    known = sorted({*table["known"], *table["spellings"]})
    folded: dict[str, list[str]] = {}
    for name in known:
        folded.setdefault(_plain(name).casefold(), []).append(name)
    close = difflib.get_close_matches(_plain(text).casefold(), folded, n=3, cutoff=0.5)
    codes = [table["spellings"].get(name, name) for match in close for name in folded[match]]
    return tuple(dict.fromkeys(codes))[:3]
