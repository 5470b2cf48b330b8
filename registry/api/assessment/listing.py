"""One way to answer with a page of a list as of a day: the cursor, one session, the next link."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from flask import Response
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.api.answers import page, page_parameters
from registry.api.parameters import text
from registry.history import AsOf
from registry.web.edge import asked_as_of, current_actor, reading

Row = TypeVar("Row")
Kept_co = TypeVar("Kept_co", covariant=True)


class Concerning(Protocol[Kept_co]):
    """A question for what concerns an actor, the newest first; ``after`` is the last id shown."""

    def __call__(
        self,
        session: Session,
        actor: Actor,
        as_of: AsOf,
        *,
        state: str | None,
        after: int | None,
        limit: int,
    ) -> Sequence[Kept_co]: ...


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


def concerning(
    find: Concerning[Row],
    present: Callable[[Row], Mapping[str, Any]],
    id_of: Callable[[Row], int],
) -> Response:
    """Answer with a page of what concerns the actor, in the state that ``?state=`` names."""
    actor, state = current_actor(), text("state")
    return listing(
        lambda session, as_of, after, limit: find(
            session, actor, as_of, state=state, after=after, limit=limit
        ),
        present,
        id_of,
        int,
    )
