"""Reads XML without trusting it, and knows a digital calibration certificate when it sees one.

The certificate is PTB's schema, https://ptb.de/dcc: administrativeData/coreData holds its
unique identifier and dates, administrativeData/calibrationLaboratory the laboratory.
"""

from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from registry.errors import Invalid
from registry.messages import Message

MOST_ELEMENTS = 1_000_000
_LONGEST = 300

_DCC = "{https://ptb.de/dcc}"
_LABORATORY = f"{_DCC}administrativeData/{_DCC}calibrationLaboratory/{_DCC}contact"
_CORE = f"{_DCC}administrativeData/{_DCC}coreData/{_DCC}"
_SAID = {
    f"{_CORE}uniqueIdentifier": "identifier",
    f"{_CORE}beginPerformanceDate": "performed_on",
    f"{_CORE}endPerformanceDate": "performed_until",
    f"{_CORE}issueDate": "issued_on",
    f"{_LABORATORY}/{_DCC}name/{_DCC}content": "laboratory",
}
_ROOT = f"{_DCC}digitalCalibrationCertificate"
# Pages and pictures that a browser runs scripts in.
_ACTIVE = ("{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}")
_ACTIVE_NAMES = {"svg", "html", "script"}


def inspect_xml(path: Path) -> dict[str, Any]:
    """Return what a digital calibration certificate says of itself, else nothing.

    Raises ``Invalid`` on "file" for XML that is not well formed, declares a document
    type or entities, or is a page or picture with scripts.
    """
    facts: dict[str, Any] = {}
    above: list[str] = []
    root = None
    try:
        with path.open("rb") as file:
            for count, (event, element) in enumerate(
                iterparse(file, events=("start", "end"), forbid_dtd=True)
            ):
                if count > 2 * MOST_ELEMENTS:
                    raise _refused(Message("The file has too many elements."))
                if event == "start":
                    _refuse_active(element.tag)
                    root = root or element.tag
                    above.append(element.tag)
                    continue
                if root == _ROOT and (name := _SAID.get("/".join(above[1:]))) and element.text:
                    facts.setdefault(name, " ".join(element.text.split())[:_LONGEST])
                above.pop()
                element.clear()
    except DefusedXmlException:
        raise _refused(
            Message("The file declares a document type or entities and is refused.")
        ) from None
    except (ParseError, ValueError, LookupError):
        raise _refused(Message("This is not well-formed XML.")) from None
    return {"dcc": facts} if facts else {}


def _refuse_active(tag: str) -> None:
    if tag.startswith(_ACTIVE) or tag.lower() in _ACTIVE_NAMES:
        raise _refused(
            Message("This is a page or a drawing that can hold scripts; send it as PDF or PNG.")
        )


def _refused(reason: str) -> Invalid:
    return Invalid.one("file", reason)
