"""The output intent of every document: sRGB, loaded once a process."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from weasyprint.css import ColorProfile  # type: ignore[import-untyped]

OUTPUT_INTENT = "registry-srgb"
"""A name of our own: at "srgb" WeasyPrint would read its profile anew for each document
and leave the file to the garbage collector to close."""


@cache
def color_profiles() -> dict[str, Any]:
    """Return the ICC profile of the International Color Consortium that WeasyPrint brings."""
    content = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
    profile = ColorProfile(
        BytesIO(content), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )
    return {OUTPUT_INTENT: profile}
