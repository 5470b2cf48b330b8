"""One way to answer with a page of a list as of a day: the cursor, one session, the next link."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import Response
from sqlalchemy.orm import Session

from registry.api.answers import page, page_parameters
from registry.history import AsOf
from registry.web.edge import asked_as_of, reading

Row = TypeVar("Row")


def listing(
    find: Callable[[Session, AsOf, Any, int], Sequence[Row]],
    present: Callable[[Row], Mapping[str, Any]],
    key_of: Callable[[Row], Any],
    key_type: type = str,
) -> Response:
    """Answer with a page of what ``find`` returns, ordered by a key of ``key_type``.

    ``find`` takes the session, the day and position asked for, the key after which the
    page starts (None for the first page) and how many rows are wanted: one more than a
    page holds.
    """
    key, limit = page_parameters(key_type)
    with reading() as session:
        rows = find(session, asked_as_of(session), key[0] if key else None, limit + 1)
    return page(rows, limit, present, lambda row: (key_of(row),))
