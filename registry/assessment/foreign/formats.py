"""Lists of foreign certificates, row by row: what a row says, or why it cannot be taken.

Formats, both JSON Lines: ``cmvp`` (NIST Cryptographic Module Validation Program) with
``certificate``, ``standard``, ``status``, ``validated``, ``sunset``, ``history``, ``product``,
``vendor`` …; ``cc`` (Common Criteria and EUCC) with ``id``, ``scheme``, ``scheme_country``,
``date``, ``status``, ``product``, ``vendor``, ``level``, ``lab`` ….
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from registry.canonical import content_digest
from registry.messages import Message

LONGEST_LINE = 1_000_000
_LONGEST_TEXT = 500
_STATUSES = {"active": "active", "historical": "historical", "revoked": "revoked"}
_FIPS = re.compile(r"FIPS 140-(\d)")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """A certificate as its list shows it; ``issuer`` is a key of the issuers known here.

    ``content`` holds {"standard": {"document", "edition", "label"}, "vendor",
    "vendor_country", "level", "kind", "url", "steps": [{"on", "kind", "laboratory"}]}.
    """

    line: int
    scheme: str
    number: str
    issuer: str
    status: str
    product: str | None
    issued_on: date | None
    valid_until: date | None
    content: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of what the list says but for the status."""
        return content_digest(
            {
                "product": self.product,
                "issued_on": self.issued_on and self.issued_on.isoformat(),
                "valid_until": self.valid_until and self.valid_until.isoformat(),
                **self.content,
            }
        )


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: where, which field, why, and of which certificate if it says."""

    line: int
    field: str
    reason: str
    number: str | None = None


class _Refused(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field)
        self.field = field
        self.reason = reason


def read_list(stream: IO[bytes], form: str) -> Iterator[ForeignRow | BadRow]:
    """Yield the rows of a list, plain or gzip; ``form`` is a key of ``FORMATS``."""
    if stream.read(2) == _GZIP:
        stream.seek(0)
        lines: IO[bytes] = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]
    else:
        stream.seek(0)
        lines = stream
    number = 0
    try:
        while line := lines.readline(LONGEST_LINE + 1):
            number += 1
            if line.strip():
                yield _row(form, number, line)
            if len(line) > LONGEST_LINE:
                return
    except (OSError, EOFError):
        yield BadRow(number + 1, "", Message("The compressed file is damaged from here on."))


def _row(form: str, number: int, line: bytes) -> ForeignRow | BadRow:
    if len(line) > LONGEST_LINE:
        return BadRow(number, "", Message("The line is too long."))
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return BadRow(number, "", Message("This is not JSON."))
    if not isinstance(data, dict):
        return BadRow(number, "", Message("This is not a JSON object."))
    try:
        return FORMATS[form](number, data)
    except _Refused as refused:
        named = data.get(_NUMBERS[form])
        certificate = " ".join(named.split()) if isinstance(named, str) else ""
        return BadRow(number, refused.field, refused.reason, certificate or None)


def _cmvp(line: int, data: dict[str, Any]) -> ForeignRow:
    standard = _text(data, "standard", required=True) or ""
    edition = _FIPS.fullmatch(standard)
    if edition is None:
        raise _Refused("standard", Message("This standard is not known in this list."))
    steps = [
        {
            "on": _day(step.get("date"), "history"),
            "kind": _words(step.get("type"), "history"),
            "laboratory": _words(step.get("lab"), "history"),
        }
        for step in _objects(data, "history")
    ]
    days = [day for text in _texts(data, "validated") if (day := _day(text, "validated"))]
    first = min(days, default=None)
    return ForeignRow(
        line=line,
        scheme="cmvp",
        number=_text(data, "certificate", required=True) or "",
        issuer="US-CMVP",
        status=_status(data),
        product=_text(data, "product"),
        issued_on=date.fromisoformat(first) if first else None,
        valid_until=_date(data, "sunset"),
        content={
            "standard": {"document": "FIPS 140", "edition": edition[1], "label": standard},
            "vendor": _text(data, "vendor"),
            "vendor_country": _text(data, "vendor_country"),
            "level": _level(data, "overall_level"),
            "kind": _text(data, "type"),
            "url": _link(data, "url"),
            "steps": steps,
        },
    )


def _cc(line: int, data: dict[str, Any]) -> ForeignRow:
    european = _text(data, "scheme", required=True) == "EUCC"
    issuer = "EU" if european else _text(data, "scheme_country")
    if issuer is None:
        raise _Refused("scheme_country", Message("The row does not say which scheme issued it."))
    issued_on = _date(data, "date")
    return ForeignRow(
        line=line,
        scheme="cc",
        number=_text(data, "id", required=True) or "",
        issuer=issuer,
        status=_status(data),
        product=_text(data, "product"),
        issued_on=issued_on,
        valid_until=_date(data, "valid_until"),
        content={
            "standard": {
                "document": "ISO/IEC 15408",
                "edition": None,
                "label": "Common Criteria (ISO/IEC 15408)",
            },
            "vendor": _text(data, "vendor"),
            "vendor_country": None,
            "level": _level(data, "level"),
            "kind": _text(data, "category"),
            "url": _link(data, "url"),
            "steps": [
                {
                    "on": issued_on and issued_on.isoformat(),
                    "kind": "Initial",
                    "laboratory": _text(data, "lab"),
                }
            ],
        },
    )


FORMATS: Mapping[str, Callable[[int, dict[str, Any]], ForeignRow]] = {"cmvp": _cmvp, "cc": _cc}
# The field that names the certificate.
_NUMBERS = {"cmvp": "certificate", "cc": "id"}


def _status(data: Mapping[str, Any]) -> str:
    status = _STATUSES.get((_text(data, "status", required=True) or "").casefold())
    if status is None:
        raise _Refused("status", Message("The status must be Active, Historical or Revoked."))
    return status


def _text(data: Mapping[str, Any], field: str, *, required: bool = False) -> str | None:
    text = _words(data.get(field), field)
    if required and text is None:
        raise _Refused(field, Message("This is missing."))
    return text


def _words(value: object, field: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Refused(field, Message("This must be text."))
    if "\x00" in value:
        raise _Refused(field, Message("This has characters that no text has."))
    return " ".join(value.split())[:_LONGEST_TEXT] or None


def _level(data: Mapping[str, Any], field: str) -> str | None:
    value = data.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _words(value, field)


def _link(data: Mapping[str, Any], field: str) -> str | None:
    link = _text(data, field)
    return link if link and link.startswith("https://") else None


def _objects(data: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    value = data.get(field) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _Refused(field, Message("This must be a list of objects."))
    return value


def _texts(data: Mapping[str, Any], field: str) -> list[Any]:
    value = data.get(field) or []
    if not isinstance(value, list):
        raise _Refused(field, Message("This must be a list of dates."))
    return value


def _date(data: Mapping[str, Any], field: str) -> date | None:
    text = _day(data.get(field), field)
    return date.fromisoformat(text) if text else None


def _day(value: object, field: str) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _Refused(field, Message("This is not a date like 2026-03-31.")) from None
