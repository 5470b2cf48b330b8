"""Pictures of key pages, for eyes rather than asserts: on a desk and a phone, in both languages."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.visitors import DESK, LOCALES, PHONE

WIDTHS = (DESK, PHONE)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Takes pictures into ``folder``; does nothing without one."""

    browser: Browser
    folder: Path | None

    @classmethod
    def from_environment(cls, browser: Browser) -> "Pictures":
        """Return one for the folder that ``REGISTRY_SCREENSHOTS`` names."""
        named = os.environ.get("REGISTRY_SCREENSHOTS")
        folder = Path(named) if named else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        return cls(browser, folder)

    def page(self, page: Page, name: str) -> None:
        """Take the page's address in both languages and widths, as its visitor sees it.

        The pictures are taken in a copy of the visitor's session, so that neither
        the page nor the language chosen changes under the test.
        """
        if self.folder is None:
            return
        state = page.context.storage_state()
        address = urlsplit(page.url)
        for language, locale in LOCALES.items():
            with self.browser.new_context(storage_state=state, locale=locale) as context:
                copy = context.new_page()
                query = "&".join(filter(None, (address.query, urlencode({"lang": language}))))
                copy.goto(address._replace(query=query).geturl())
                for width in WIDTHS:
                    copy.set_viewport_size(width)
                    self._take(copy, f"{name}-{language}-{width['width']}")

    def _take(self, page: Page, name: str) -> None:
        assert self.folder is not None
        page.screenshot(path=self.folder / f"{name}.png", full_page=True)
