"""Renders a document: a function of a template's name and plain data.

No database, no network, no clock, no request: the same template, data and
instant give the same bytes (with the same WeasyPrint, Pango and fonts), so a
document that was lost can be made again from its journalled snapshot.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from threading import Lock
from typing import Any

import weasyprint

from registry.pdf import structure
from registry.pdf.bundle import (
    BASE_URL,
    STATIC,
    BundledFetcher,
    RefusedFetch,
    stylesheet,
    stylesheet_names,
)
from registry.pdf.colour import OUTPUT_INTENT, color_profiles
from registry.pdf.errors import ResourceRefused
from registry.pdf.fonts import fonts, missing_characters
from registry.pdf.templating import environment, languages
from registry.pdf.text import PlainData, check_plain, visible

VARIANT = "pdf/a-3a"

# Pango's font map, shared by all documents, may be used by one thread at a time.
_drawing = Lock()


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the document.

    ``relationship`` says what it is to the document: Source, Data, Alternative,
    Supplement or Unspecified (ISO 19005-3, annex E).
    """

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


def render_html(template: str, data: PlainData, language: str = "vi") -> str:
    """Return the page ``template`` of ``templates/pdf`` filled with ``data``, as HTML.

    ``language`` comes first in the document, the labels' other languages after
    it. Raises ``TypeError`` for data that are not plain, and
    ``jinja2.UndefinedError`` for a name the data lack.
    """
    check_plain(data)
    page = environment().get_template(template)
    return visible(page.render({**data, "language": language, "languages": languages(language)}))


def render_pdf(
    template: str,
    data: PlainData,
    *,
    language: str = "vi",
    identifier: bytes | None = None,
    instant: datetime,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the page ``template`` filled with ``data`` as a tagged PDF/A-3a file.

    ``instant`` (aware) is written as the date of creation and change.
    ``identifier`` is the file identifier of ISO 32000-1, 14.4; None derives one
    from the filled page. Raises ``FontsMissing``, ``ResourceRefused``
    and what ``render_html`` raises; ``ValueError`` for a naive ``instant``.
    """
    if instant.tzinfo is None:
        raise ValueError("the instant of a document must be aware of its time zone")
    html = render_html(template, data, language)
    if identifier is None:
        identifier = hashlib.sha256(html.encode()).digest()[:16]
    with _drawing:
        pdf, missing = _draw(template, html, identifier, instant.astimezone(UTC), attachments)
        if missing:
            html = visible(html, missing)
            pdf, _ = _draw(template, html, identifier, instant.astimezone(UTC), attachments)
    return pdf


def _draw(
    template: str,
    html: str,
    identifier: bytes,
    instant: datetime,
    attachments: Iterable[Attachment],
) -> tuple[bytes, set[str]]:
    """Return the PDF and the characters for which no font had a glyph."""
    missing: set[str] = set()

    def finish(document: weasyprint.Document, pdf: Any) -> None:
        missing.update(missing_characters(document))
        structure.finish(pdf)

    options = {
        "pdf_variant": VARIANT,
        "output_intent": OUTPUT_INTENT,
        # In hexadecimal, because raw bytes may hold line ends that readers change.
        "pdf_identifier": identifier.hex().encode("ascii"),
        "attachments": [_embedded(attachment, instant) for attachment in attachments],
    }
    bundled = BundledFetcher(STATIC)
    page = weasyprint.HTML(string=html, base_url=BASE_URL, url_fetcher=bundled)
    sheets = [stylesheet(name, fonts()) for name in stylesheet_names(template)]
    with suppress(RefusedFetch):
        document = structure.with_languages(
            page.render(
                font_config=fonts(),
                color_profiles=color_profiles(),
                stylesheets=sheets,
                **options,
            )
        )
        document.metadata.created = document.metadata.modified = f"{instant:%Y-%m-%dT%H:%M:%SZ}"
        pdf = document.write_pdf(finisher=finish, **options)
    if bundled.refused:
        raise ResourceRefused(bundled.refused[0])
    return pdf, missing


def _embedded(attachment: Attachment, instant: datetime) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        file_obj=BytesIO(attachment.content),
        name=attachment.name,
        description=attachment.description,
        created=instant,
        modified=instant,
        relationship=attachment.relationship,
    )
