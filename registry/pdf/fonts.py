"""The installed fonts, loaded once a process and checked for Vietnamese."""

from functools import cache
from typing import Any

from weasyprint import HTML
from weasyprint.text.ffi import fontconfig
from weasyprint.text.fonts import FontConfiguration

from registry.pdf.errors import FontsMissing

VIETNAMESE = (
    "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY aăâbcdđeêghiklmnoôơpqrstuưvxy "
    "ÀẢÃÁẠẰẲẴẮẶẦẨẪẤẬÈẺẼÉẸỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙỦŨÚỤỪỬỮỨỰỲỶỸÝỴ "
    "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
)
"""Every letter of the Vietnamese alphabet with every tone, composed (NFC)."""


@cache
def fonts() -> FontConfiguration:
    """Return the font configuration shared by all documents of this process.

    Building it reads the descriptions of all installed fonts, which takes as
    long as laying out a page: hence once. Raises ``FontsMissing``.
    """
    configuration = FontConfiguration()
    # Pango crashes the process when there is no font at all, so count before drawing.
    installed = fontconfig.FcConfigGetFonts(configuration._config, fontconfig.FcSetSystem)
    if installed.nfont == 0:
        raise FontsMissing
    missing: set[str] = set()

    def inspect(document: Any, _pdf: Any) -> None:
        missing.update(missing_characters(document))

    HTML(string=f"<html lang=vi><p>{VIETNAMESE}").write_pdf(
        font_config=configuration, finisher=inspect
    )
    if missing:
        raise FontsMissing
    return configuration


def missing_characters(document: Any) -> set[str]:
    """Return the characters of a drawn WeasyPrint document that no installed font has."""
    return {chr(codepoint) for font in document.fonts.values() for codepoint in font.missing}
