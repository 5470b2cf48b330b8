"""What the views of the assessment side share."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from registry.assessment.presenters.common import Reader
from registry.vocabulary.queries import all_labels
from registry.web.i18n import current_language
from registry.web.paging import encode_cursor

PAGE = 50


def page_reader(session: Session) -> Reader:
    """Return for whom this answer is made."""
    return Reader(all_labels(session), current_language())


def cursor_pager(
    endpoint: str, *, first_page: bool, following: str | int | None, **address: Any
) -> dict[str, Any] | None:
    """Return the links of a list that is read page by page; None where one page holds all.

    ``following`` is the key of the last row shown when more rows follow.
    """
    if first_page and following is None:
        return None
    return {
        "first": None,
        "last": None,
        "total": None,
        "previous_href": None if first_page else url_for(endpoint, **address),
        "next_href": None
        if following is None
        else url_for(endpoint, **address, cursor=encode_cursor(following)),
    }
