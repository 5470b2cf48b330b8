"""Tells by content what an attachment is, and refuses what could do something when opened.

Everything here reads a file that a stranger made. It is run in a process of its own
with bounded memory and time (``registry.assessment.intake.inspecting``).
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import puremagic

from registry.assessment.intake.pdf_contents import inspect_pdf
from registry.assessment.intake.xml_contents import inspect_xml
from registry.errors import Invalid
from registry.messages import Message

PDF = "application/pdf"
XML = "application/xml"
PNG = "image/png"
JPEG = "image/jpeg"

FILE = "file"
MOST_PIXELS = 50_000_000

_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_JPEG_START = b"\xff\xd8\xff"
_JPEG_END = b"\xff\xd9"
# Readers of PDF look for its mark within so many bytes of the start.
_PDF_MARK_WITHIN = 1024
_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")


class Inspected(NamedTuple):
    """What a file is, and what it says of itself where that is understood."""

    media_type: str
    facts: dict[str, Any]


def inspect(path: Path) -> Inspected:
    """Return what the file at ``path`` is; ``Invalid`` on "file" when it is not taken.

    Taken are PDF, XML, PNG and JPEG. A file that is also an archive or also a PDF is
    refused: two programs would see two different things in it.
    """
    with path.open("rb") as file:
        head = file.read(_PDF_MARK_WITHIN)
    if not head:
        raise refused(Message("The file is empty."))
    if zipfile.is_zipfile(path):
        raise refused(
            Message("The file is, or holds at its end, an archive; send the files in it.")
        )
    if head.startswith(b"%PDF-"):
        inspect_pdf(path)
        return Inspected(PDF, {})
    if b"%PDF-" in head:
        raise refused(Message("The file is more than one kind of file at once."))
    if head.startswith(_PNG_START):
        _inspect_image(path, "PNG", _PNG_END)
        return Inspected(PNG, {})
    if head.startswith(_JPEG_START):
        _inspect_image(path, "JPEG", _JPEG_END)
        return Inspected(JPEG, {})
    if head.lstrip().startswith(_XML_STARTS):
        return Inspected(XML, inspect_xml(path))
    raise refused(
        Message("This is not a PDF, XML, PNG or JPEG file but: {kind}.", kind=_kind(path))
    )


def refused(reason: str) -> Invalid:
    """Return the error of a file that is not taken."""
    return Invalid.one(FILE, reason)


def _kind(path: Path) -> str:
    """Return what the file looks like, for its sender."""
    try:
        return puremagic.from_file(path).lstrip(".") or "?"
    except (puremagic.PureError, ValueError, OSError):
        return "?"


def _inspect_image(path: Path, form: str, end: bytes) -> None:
    # Pillow is slow to load, and few attachments are pictures.
    from PIL import Image  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path, formats=[form]) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise refused(
                    Message(
                        "The picture has more than {most} million pixels.",
                        most=MOST_PIXELS // 1_000_000,
                    )
                )
            image.load()
    except Invalid:
        raise
    except Exception:
        # A damaged picture makes Pillow raise whatever it stumbles over.
        raise refused(Message("The picture is damaged.")) from None
    if not _ends_with(path, end):
        raise refused(Message("The picture is cut off, or something follows its end."))


def _ends_with(path: Path, end: bytes) -> bool:
    """Whether nothing but zero bytes, with which some cameras pad, follows ``end``."""
    last = b"".join(_tail(path)).rstrip(b"\0")
    return last.endswith(end)


def _tail(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_536))
        yield file.read()
