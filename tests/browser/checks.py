"""The checks of ``checks.js``, asked of a page. axe is not packaged for Debian or Python."""

import json
from pathlib import Path

from playwright.sync_api import Page

_CHECKS = Path(__file__).with_name("checks.js").read_text("utf-8")

# The markup in here is Swagger UI's own.
_FOREIGN = "api-document"

# Those that hold for a page at any width, without a word on its language.
EVERYWHERE = (
    "contrast",
    "headings",
    "identifiers",
    "labels",
    "landmarks",
    "names",
    "overflow",
    "pictures",
    "tables",
    "targets",
    "title",
)


def complaints(page: Page, language: str) -> list[str]:
    """Return what is to mend in ``page``, which should be in ``language``."""
    calls = ", ".join(f"...checks.{name}()" for name in EVERYWHERE)
    script = f"""() => {{
        document.getElementById("{_FOREIGN}")?.replaceChildren();
        const checks = {_CHECKS};
        return [...checks.language({json.dumps(language)}), {calls}];
    }}"""
    found: list[str] = page.evaluate(script)
    return found


# WCAG 2.2, 2.4.7: an outline, or a ring drawn as a shadow. A part of a field, like the button
# beside a date, is focused without the field being so; around it the browser draws a ring.
_FOCUS = """() => {
    if (!document.activeElement.matches(":focus")) return true;
    const style = getComputedStyle(document.activeElement);
    return style.boxShadow !== "none"
        || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
}"""


def focus_shows(page: Page) -> bool:
    """Return whether the element that has the focus looks it."""
    return bool(page.evaluate(_FOCUS))
