"""What a credential says of a certificate, beside what the register says of it."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

# As much as an application may say: a genuine file must never seem to say something else.
_LONGEST = 500
_MOST = 1_000


class VersionLike(Protocol):
    """One version of a certificate as far as it is compared: its days and frozen snapshot."""

    @property
    def number(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date: ...
    @property
    def snapshot(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing said in a file: ``in_file`` and ``in_register`` are lists of texts.

    ``in_register`` is None when the register is not asked or has no such certificate.
    """

    name: str
    in_file: tuple[str, ...]
    in_register: tuple[str, ...] | None = None
    differs: bool = False


def said_in(claims: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what the claims of a credential say, made fit to be shown; whoever wrote them."""
    subject = _mapping(claims.get("credentialSubject"))
    assessments = [_mapping(one) for one in _sequence(subject.get("conformityAssessment"))]
    models = [
        _mapping(_mapping(one).get("product")).get("modelNumber")
        for assessment in assessments
        for one in _sequence(assessment.get("assessedProduct"))
    ]
    criteria = [
        _mapping(one).get("name")
        for assessment in assessments
        for one in _sequence(assessment.get("assessmentCriteria"))
    ]
    return {
        "number": _texts([_mapping(subject.get("registerEntry")).get("certificateNumber")]),
        "holder": _texts([_mapping(subject.get("issuedToParty")).get("name")]),
        "product": _texts([subject.get("description")]),
        "models": _texts(models),
        "scope": _texts([claims.get("description")]),
        "requirements": _texts(criteria),
        "valid_from": _texts([_day(claims.get("validFrom"))]),
        "valid_until": _texts([_day(claims.get("validUntil"))]),
    }


def stated(claims: Mapping[str, Any] | None) -> list[Stated]:
    """Return what a file's credential says, where there is nothing to compare it with."""
    return [Stated(name, texts) for name, texts in said_in(claims or {}).items() if texts]


def compare(claims: Mapping[str, Any] | None, number: str, version: VersionLike) -> list[Stated]:
    """Return what a file's credential says beside a version of the certificate it names."""
    said = said_in(claims or {})
    rows = []
    for name, (registered, accepted) in _registered(number, version).items():
        if not said[name] and not registered:
            continue
        differs = bool(claims) and _differ(said[name], registered, accepted)
        if name == "scope" and not said[name] and _version(claims) == version.number:
            # The first credentials of reduced certificates did not say the scope.
            differs = False
        rows.append(Stated(name, said[name], registered, differs))
    return rows


def _version(claims: Mapping[str, Any] | None) -> object:
    entry = _mapping(_mapping((claims or {}).get("credentialSubject")).get("registerEntry"))
    return entry.get("certificateVersion")


def _registered(
    number: str, version: VersionLike
) -> dict[str, tuple[tuple[str, ...], frozenset[str]]]:
    """Return by name what the register says, and each way in which a credential may say it."""
    snapshot = version.snapshot
    product = snapshot["product"]
    names = _texts(product["name"].values())
    scope = _texts((snapshot["scope"] or {}).values())
    # A credential names the regulation that its results were measured against.
    designations = _texts(item["designation"] for item in snapshot["requirements"])
    return {
        "number": ((number,), frozenset()),
        "holder": (_texts([snapshot["holder"]["name"]]), frozenset()),
        "product": (names, frozenset(names)),
        "models": (_texts(product["models"]), frozenset()),
        "scope": (scope, frozenset(scope)),
        "requirements": (designations, frozenset(designations)),
        "valid_from": ((version.valid_from.isoformat(),), frozenset()),
        "valid_until": ((version.valid_until.isoformat(),), frozenset()),
    }


def _differ(texts: Sequence[str], registered: Sequence[str], accepted: frozenset[str]) -> bool:
    if accepted:
        return not texts or not set(texts) <= accepted
    return sorted(texts) != sorted(registered)


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    found = [shown(value) for value in values if isinstance(value, str)]
    return tuple(dict.fromkeys(text for text in found if text))[:_MOST]


def shown(text: str) -> str:
    """Return a stranger's text on one line, cut, without characters that mislead a reader."""
    kept = "".join(
        " " if unicodedata.category(letter) in ("Zl", "Zp", "Cc") else letter
        for letter in text[: 4 * _LONGEST]
        if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(kept.split())[:_LONGEST]


def _day(value: object) -> str | None:
    """Return the day of an instant, as it is in the register's own time zone."""
    return value[:10] if isinstance(value, str) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []
