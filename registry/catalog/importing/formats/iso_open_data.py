"""ISO Open Data: the metadata of its deliverables that ISO publishes as JSON Lines.

``id``, ``deliverableType``, ``supplementType``, ``reference``, ``publicationDate``, ``edition``,
``icsCode``, ``ownerCommittee``, ``currentStage`` (6060 for 60.60), ``replaces`` and
``replacedBy`` (lists of ids), ``languages``, ``title`` and ``scope`` {lang}, ``pages`` {lang}.
"""

from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from registry.catalog.importing.formats.lines import Row
from registry.catalog.importing.formats.supplements import by_target, supplement_of

SOURCE = "ISO Open Data"

_TYPES = {
    "DATA": "data",
    "GUIDE": "guide",
    "IS": "international-standard",
    "ISP": "international-standardized-profile",
    "IWA": "international-workshop-agreement",
    "PAS": "publicly-available-specification",
    "R": "recommendation",
    "TR": "technical-report",
    "TS": "technical-specification",
    "TTA": "technology-trends-assessment",
}
_SUPPLEMENTS = {"COR": "corrects"}
# Elements whose content is not read out to anybody.
_NO_WORDS = ("script", "style")
_LINKS = (("replaces", "supersedes"), ("replacedBy", "superseded-by"))


def is_iso_open_data(content: Mapping[str, Any]) -> bool:
    """Whether a row has the shape of ISO Open Data."""
    return "reference" in content and "deliverableType" in content


def references(rows: Iterable[Row]) -> dict[str, str]:
    """Return the reference that each id of the file stands for."""
    return {
        str(row.content["id"]): row.content["reference"]
        for row in rows
        if row.content and "id" in row.content and isinstance(row.content.get("reference"), str)
    }


def with_references(rows: Iterable[Row], names: Mapping[str, str]) -> Iterator[Row]:
    """Yield ``rows`` with references in place of the ids of other rows.

    An id that ``names`` does not hold names nothing here and is left out.
    """
    for row in rows:
        if row.content is None:
            yield row
            continue
        resolved = {
            link: [names[str(id_)] for id_ in _listed(row.content.get(link)) if str(id_) in names]
            for link, _ in _LINKS
        }
        yield row._replace(content={**row.content, **resolved})


def to_command(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row, its links resolved, as ``ImportedEditionSchema`` takes it."""
    reference = str(row["reference"])
    command: dict[str, Any] = {
        "designation": reference,
        "kind": "international",
        "publisher": reference.split(" ", maxsplit=1)[0],
        "titles": _texts(row.get("title")) or {"en": reference},
        "scope": _texts(row.get("scope")),
        "stage": _stage(row.get("currentStage")),
        "issued": row.get("publicationDate"),
        "ics": list(_listed(row.get("icsCode"))),
        "languages": list(_listed(row.get("languages"))),
        "committee": list(_listed(row.get("ownerCommittee"))),
        "doctype": _TYPES.get(str(row.get("deliverableType")), row.get("deliverableType")),
        "relations": list(_relations(row, reference)),
        "source": SOURCE,
        "source_id": str(row["id"]) if "id" in row else None,
        "url": f"https://www.iso.org/standard/{row['id']}.html" if "id" in row else None,
    }
    return {name: value for name, value in command.items() if value not in (None, [], {})}


def _relations(row: Mapping[str, Any], reference: str) -> Iterator[dict[str, Any]]:
    if row.get("supplementType") and supplement_of(reference):
        base = reference.rpartition("/")[0]
        kind = _SUPPLEMENTS.get(str(row["supplementType"]), "amends")
        yield {"type": kind, "target": base, "source_says": "supplementType"}
    for link, kind in _LINKS:
        for target in _listed(row.get(link)):
            yield {"type": by_target(kind, target), "target": target, "source_says": link}


def _stage(value: Any) -> str | None:
    """Return a stage of four digits, 6060, as the code 60.60; anything else as it stands."""
    if value is None:
        return None
    digits = f"{value:04d}" if isinstance(value, int) else str(value)
    return f"{digits[:2]}.{digits[2:]}" if len(digits) == 4 and digits.isdigit() else digits


def _listed(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _texts(value: Any) -> Any:
    """Return texts by language without their mark-up; what is none is left to the schema."""
    if not isinstance(value, Mapping):
        return value
    return {
        language: _plain(text) if isinstance(text, str) else text
        for language, text in value.items()
        if text
    }


def _plain(text: str) -> str:
    """Return the words of an HTML text, a line for each paragraph or list item."""
    if "<" not in text and "&" not in text:
        return text
    reader = _Words()
    reader.feed(text)
    reader.close()
    lines = ("".join(reader.pieces)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


class _Words(HTMLParser):
    """Collects the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unread = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a line where the text does."""
        if tag in ("p", "li", "br", "div"):
            self.pieces.append("\n")
        self._unread = tag in _NO_WORDS

    def handle_endtag(self, tag: str) -> None:
        """Read on after what holds no words."""
        self._unread = False

    def handle_data(self, data: str) -> None:
        """Take the text up; its own line breaks mean nothing in HTML."""
        if not self._unread:
            self.pieces.append(data.replace("\n", " "))
