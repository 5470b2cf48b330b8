"""The output intent of every document: sRGB, loaded once a process."""

from functools import cache
from importlib.resources import files
from io import BytesIO

from weasyprint.css import ColorProfile

OUTPUT_INTENT = "registry-srgb"
"""A name of our own: at "srgb" WeasyPrint would read its profile anew for each document
and leave the file to the garbage collector to close."""


class Profile(ColorProfile):  # type: ignore[misc]
    """An ICC profile that is written as it was read.

    Little CMS, which WeasyPrint has write it, gives other bytes the second time.
    """

    content = b""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(BytesIO(content), name, "relative-colorimetric", (["r"], ["g"], ["b"]))
        self.content = content


@cache
def color_profiles() -> dict[str, Profile]:
    """Return the ICC profile of the International Color Consortium that WeasyPrint brings."""
    name = "sRGB2014.icc"
    return {OUTPUT_INTENT: Profile((files("weasyprint.pdf") / name).read_bytes(), name)}
