"""Tells a laboratory at once that a unit is none, or that a limit cannot be compared."""

from collections.abc import Mapping
from typing import Any

from registry.assessment.units import Incommensurable, UnknownUnit, conversion, unit_code
from registry.errors import Invalid
from registry.messages import Message


def check_units(result: Mapping[str, Any]) -> None:
    """Raise ``Invalid`` naming "unit" or "limit_unit" of a stored result."""
    problems = {}
    for field in ("unit", "limit_unit"):
        if result[field]:
            try:
                unit_code(result[field])
            except UnknownUnit as unknown:
                problems[field] = [_unknown(result[field], unknown.suggestions)]
    unit, limit_unit = result["unit"], result["limit_unit"]
    if not problems and unit and limit_unit:
        try:
            conversion(limit_unit, unit)
        except Incommensurable:
            problems["limit_unit"] = [
                Message(
                    "A limit in “{limit_unit}” cannot be compared with a value in “{unit}”.",
                    limit_unit=limit_unit,
                    unit=unit,
                )
            ]
    if problems:
        raise Invalid(problems)


def _unknown(text: str, suggestions: tuple[str, ...]) -> Message:
    if suggestions:
        return Message(
            "“{unit}” is no unit of UCUM or UN/ECE Recommendation 20 known here."
            " Did you mean {suggestions}?",
            unit=text,
            suggestions=", ".join(suggestions),
        )
    return Message("“{unit}” is no unit of UCUM or UN/ECE Recommendation 20 known here.", unit=text)
