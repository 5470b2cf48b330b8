"""Certificate numbers that tell a mistyped number from an unknown one.

A number reads ``VN-2026-000123-67``: register prefix, year, serial number and two
check characters after ISO 7064 MOD 97-10, the system of IBAN and LEI. That system
is chosen over those with a single character because MOD 37,36 lets some
transpositions of neighbours through and MOD 37-2 needs an asterisk; with MOD 97-10
every single substitution and every transposition of neighbours is caught, and the
check characters are digits that no letter can be mistaken for.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from stdnum.iso7064 import mod_97_10

from registry.errors import Invalid
from registry.messages import Message

_SHAPE = re.compile(r"([A-Z]{2,8})(20[0-9]{2})([0-9]{6,9})([0-9]{2})")
_PREFIX = re.compile(r"[A-Z]{2,8}")
# Long enough for a number spaced out sign by sign; anything longer is some other text.
_LONGEST_INPUT = 100
# A text counts as a mistyped number when it is about as long and mostly digits.
_COMPACT_LENGTHS = range(12, 28)
_SEPARATORS = frozenset("./_\\|−")
_DIGIT_FOR_LOOK_ALIKE = str.maketrans("OIL", "011")


class NumberReading(StrEnum):
    """What a typed text turned out to be."""

    WELL_FORMED = "well_formed"
    MISTYPED = "mistyped"
    NOT_A_NUMBER = "not_a_number"


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """The parts of a well-formed number; ``str`` gives its printed form."""

    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        """Return prefix, year, serial and check characters, joined by hyphens."""
        return _printed(self.prefix, self.year, self.serial)


# Lists print each number several times, some hundreds in turn.
@lru_cache(maxsize=2_048)
def _printed(prefix: str, year: int, serial: int) -> str:
    body = f"{prefix}-{year:04}-{serial:06}"
    return f"{body}-{mod_97_10.calc_check_digits(body.replace('-', ''))}"


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """How a text was read.

    ``number`` is set only when it is well-formed. ``suggestion`` is the number that
    was probably meant when letters stand where digits belong; never looked up
    without the reader's consent.
    """

    reading: NumberReading
    number: CertificateNumber | None = None
    suggestion: CertificateNumber | None = None


def make(prefix: str, year: int, serial: int) -> CertificateNumber:
    """Make a number from a prefix of 2 to 8 letters A–Z, a year 2000–2099 and a serial from 1.

    Raises Invalid naming ``prefix``, ``year`` or ``serial``.
    """
    problems: dict[str, list[str]] = {}
    if not _PREFIX.fullmatch(prefix):
        problems["prefix"] = [Message("The prefix is 2 to 8 capital letters A to Z.")]
    if not 2000 <= year <= 2099:
        problems["year"] = [Message("The year lies between 2000 and 2099.")]
    if not 1 <= serial <= 999_999_999:
        problems["serial"] = [Message("The serial number lies between 1 and 999999999.")]
    if problems:
        raise Invalid(problems)
    return CertificateNumber(prefix, year, serial)


def parse(text: str) -> ParsedNumber:
    """Read a number typed in any case, spacing and kind of hyphen or digit; never raises."""
    compact = _compact(text) if len(text) <= _LONGEST_INPUT else ""
    number = _read(compact)
    if number is not None:
        return ParsedNumber(NumberReading.WELL_FORMED, number)
    if not _resembles_a_number(compact):
        return ParsedNumber(NumberReading.NOT_A_NUMBER)
    return ParsedNumber(NumberReading.MISTYPED, suggestion=_suggestion(compact))


def _compact(text: str) -> str:
    """Drop separators, take compatibility forms and foreign digits as plain ones."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        str(unicodedata.decimal(character, character))
        for character in plain
        if character not in _SEPARATORS
        and unicodedata.category(character) not in ("Pd", "Zs", "Zl", "Zp", "Cf", "Cc")
    )


def _read(compact: str) -> CertificateNumber | None:
    match = _SHAPE.fullmatch(compact)
    if match is None or not mod_97_10.is_valid(compact):
        return None
    number = CertificateNumber(match[1], int(match[2]), int(match[3]))
    # One number has one spelling: serials are never padded beyond six digits.
    plain = number.serial > 0 and match[3] == f"{number.serial:06}"
    # ISO 7064 takes some check characters that it never gives, as 00 for 97.
    return number if plain and str(number)[-2:] == match[4] else None


def _resembles_a_number(compact: str) -> bool:
    digits = sum(character.isdigit() for character in compact)
    return (
        len(compact) in _COMPACT_LENGTHS
        and compact.isascii()
        and compact.isalnum()
        and digits * 2 >= len(compact)
    )


def _suggestion(compact: str) -> CertificateNumber | None:
    """The one number that results from reading look-alike letters as digits, if its check holds."""
    candidates = {
        number
        for letters in range(2, 9)
        if (number := _read(compact[:letters] + compact[letters:].translate(_DIGIT_FOR_LOOK_ALIKE)))
    }
    return candidates.pop() if len(candidates) == 1 else None
