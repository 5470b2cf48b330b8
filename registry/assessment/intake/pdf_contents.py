"""Refuses a PDF file that would do something when opened, or that carries programs.

What is looked for is in ISO 32000-2: actions (12.6.4) that start programs or run
scripts, embedded files (7.11.4), encryption (7.6).
"""

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from registry.errors import Invalid
from registry.messages import Message

MOST_OBJECTS = 100_000

# Action types of ISO 32000-2, table 201, that reach beyond the document.
_REFUSED_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/GoToE",
    "/RichMediaExecute",
}
_EMBEDDED = {".xml", ".csv", ".txt", ".json", ".pdf", ".png", ".jpg", ".jpeg"}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
# The structure of a tagged document is large and tells of nothing that is ever run; what it
# points to is reached from the pages too.
_NO_ACTIONS = {"/StructTreeRoot"}
# Signatures of later revisions may pad; anything more is another file behind this one.
_MOST_AFTER_END = 1_024


def inspect_pdf(path: Path) -> None:
    """Raise ``Invalid`` on "file" unless the PDF is whole, open and does nothing by itself."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 - slow to load.
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 4 * _MOST_AFTER_END))
        _, mark, after = file.read().rpartition(b"%%EOF")
        if not mark or len(after.strip(b"\0\r\n\t ")) > 0 or len(after) > _MOST_AFTER_END:
            raise _refused(Message("The PDF file is cut off, or something follows its end."))
        try:
            reader = PdfFileReader(file, strict=False)
            if reader.encrypted:
                raise _refused(Message("The file is protected by a password; save it without one."))
            if "/Pages" not in reader.root:
                raise _refused(Message("This is not a PDF file that can be read."))
            for found in _dictionaries(reader):
                _refuse_active(found)
        except Invalid:
            raise
        except (PdfError, ValueError, TypeError, KeyError, IndexError, RecursionError, OSError):
            raise _refused(Message("This is not a PDF file that can be read.")) from None


def _dictionaries(reader: Any) -> Iterator[Any]:
    """Yield every dictionary that can be reached from the trailer, each indirect one once."""
    from pyhanko.pdf_utils.generic import (  # noqa: PLC0415
        ArrayObject,
        DictionaryObject,
        IndirectObject,
    )

    waiting: list[Any] = [reader.trailer_view.raw_get("/Root")]
    if "/Info" in reader.trailer_view:
        waiting.append(reader.trailer_view.raw_get("/Info"))
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        here = waiting.pop()
        if isinstance(here, IndirectObject):
            if (here.idnum, here.generation) in seen:
                continue
            seen.add((here.idnum, here.generation))
            waiting.append(here.get_object())  # type: ignore[no-untyped-call]
            continue
        count += 1
        if count > MOST_OBJECTS * 10 or len(seen) > MOST_OBJECTS:
            raise _refused(Message("The PDF file is too intricate to be checked."))
        if isinstance(here, DictionaryObject):
            yield here
            waiting.extend(here.raw_get(key) for key in here if key not in _NO_ACTIONS)
        elif isinstance(here, ArrayObject):
            waiting.extend(list.__iter__(here))


def _refuse_active(found: Any) -> None:
    kind = found.get("/S")
    if "/JS" in found or kind in _REFUSED_ACTIONS:
        raise _refused(Message("The PDF file holds scripts or actions and is refused."))
    if found.get("/Type") == "/EncryptedPayload" or "/XFA" in found:
        raise _refused(Message("The PDF file holds scripts or actions and is refused."))
    if "/EF" in found:
        _refuse_program(found)


def _refuse_program(specification: Any) -> None:
    """Let data travel in a PDF (as in PDF/A-3), but no program and nothing that hides one."""
    names = [str(specification[key]) for key in ("/UF", "/F") if key in specification]
    for name in names:
        if PurePath(name).suffix.lower() not in _EMBEDDED:
            raise _refused(Message("The PDF file carries a file that is not data: refused."))
    embedded = specification["/EF"]
    for key in embedded:
        if embedded[key].data[:4].startswith(_PROGRAMS):
            raise _refused(Message("The PDF file carries a file that is not data: refused."))


def _refused(reason: str) -> Invalid:
    return Invalid.one("file", reason)
