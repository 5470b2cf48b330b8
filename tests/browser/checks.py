"""The checks of ``checks.js``, asked of a page. axe is not packaged for Debian or Python."""

import json
from pathlib import Path

from playwright.sync_api import Page

_CHECKS = Path(__file__).with_name("checks.js").read_text("utf-8")

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
        const checks = {_CHECKS};
        return [...checks.language({json.dumps(language)}), {calls}];
    }}"""
    found: list[str] = page.evaluate(script)
    return found


# An outline or a shadow that appears with the focus; WCAG 2.2, 2.4.7.
_FOCUS = """() => {
    const element = document.activeElement;
    const look = () => {
        const style = getComputedStyle(element);
        return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor,
                style.backgroundColor, style.textDecorationLine].join("|");
    };
    const focused = look();
    const outlined = getComputedStyle(element).outlineStyle !== "none";
    element.blur();
    const changed = look() !== focused;
    element.focus({ focusVisible: true });
    return outlined || changed;
}"""


def focus_shows(page: Page) -> bool:
    """Return whether the element that has the focus looks different for it."""
    return bool(page.evaluate(_FOCUS))
