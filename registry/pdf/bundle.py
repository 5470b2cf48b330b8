"""The bundled print files, and a fetcher that serves nothing else."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import (
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = PROJECT / "templates" / "pdf"
STATIC = PROJECT / "static" / "pdf"

BASE_URL = "https://bundled.invalid/"
"""Base of relative addresses in pages: a name that can never resolve (RFC 6761)."""

MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}


class RefusedFetch(FatalURLFetchingError):  # type: ignore[misc]
    """Stops WeasyPrint, which swallows ordinary exceptions."""


class BundledFetcher(URLFetcher):  # type: ignore[misc]
    """Serves the files of one folder by exact address and refuses every other address.

    The addresses are listed beforehand, so there is no path arithmetic that a
    crafted address could abuse. ``refused`` lists what was asked for in vain:
    WeasyPrint goes on drawing when an image inside an SVG cannot be had,
    whatever is raised, so whoever renders must look there.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.files = {
            BASE_URL + quote(path.name): path
            for path in sorted(folder.iterdir())
            if path.suffix in MEDIA_TYPES
        }
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the bundled file at ``url``; raise ``RefusedFetch`` for any other address."""
        path = self.files.get(url)
        if path is None:
            self.refused.append(url)
            raise RefusedFetch(url)
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]}
        )


@cache
def stylesheet(name: str, fonts: FontConfiguration) -> CSS:
    """Return the parsed style sheet ``name`` of ``static/pdf``; parsed once a process."""
    return CSS(url=BASE_URL + name, url_fetcher=BundledFetcher(STATIC), font_config=fonts)


def stylesheet_names(template: str) -> list[str]:
    """Return the style sheets of ``template``: the common one, then its own if it has one."""
    own = Path(template).with_suffix(".css").name
    return ["document.css", *([own] if (STATIC / own).is_file() else [])]
