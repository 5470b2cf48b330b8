"""How a view reaches the registry: one unit of work for a change, one session for reading."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import current_app, g, request
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map

from registry.actor import ANYONE, Actor
from registry.container import Registry
from registry.errors import Invalid, NotFound
from registry.history import AsOf
from registry.journal.queries import position_on
from registry.schema_fields import DateField
from registry.unit_of_work import UnitOfWork

_DATE = DateField()


class DatabaseInteger(IntegerConverter):
    """A number in an address that every database takes; beyond it nothing can be found."""

    def __init__(self, url_map: Map, *, max: int = 2**31 - 1, **options: Any) -> None:
        super().__init__(url_map, max=max, **options)


def parts() -> Registry:
    """Return the running registry."""
    registry: Registry = current_app.extensions["registry"]
    return registry


def current_actor() -> Actor:
    """Return who makes this request."""
    actor: Actor = g.get("actor", ANYONE)
    return actor


@contextmanager
def change() -> Iterator[UnitOfWork]:
    """Open the unit of work in which this request changes the register."""
    with parts().units(current_actor()) as uow:
        yield uow


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session for this request's questions."""
    with parts().units.reading() as session:
        yield session


def asked_date(field: str) -> date | None:
    """Return the query parameter ``field`` as a date; ``Invalid`` names it when it is none."""
    text = request.args.get(field, "").strip()
    if not text:
        return None
    try:
        day: date = _DATE.deserialize(text)
    except ValidationError as error:
        raise Invalid.one(field, error.messages[0]) from None
    return day


def asked_as_of(session: Session) -> AsOf:
    """Return what ``?at=`` and ``?known=`` ask for; today, as known now, by default."""
    at = asked_date("at") or parts().clock.today()
    known = asked_date("known")
    if known is None:
        return AsOf(at)
    return AsOf(at, position_on(session, known, parts().settings.zone), known)


def asked_parameters() -> dict[str, Any]:
    """Return the query parameters as ``url_for`` takes them to make this address again.

    Names that ``url_for`` gives a meaning of its own are no parameters of ours.
    """
    return {
        name: values
        for name, values in request.args.lists()
        if not name.startswith("_") and name != "endpoint"
    }


def refuse_unprintable() -> None:
    """Refuse addresses that hold NUL, which no name here holds and PostgreSQL cannot compare."""
    if "\x00" in request.path:
        raise NotFound("There is no page at this address.")
    for name, value in request.args.items(multi=True):
        if "\x00" in name or "\x00" in value:
            raise Invalid.one(name.replace("\x00", ""), "This cannot be printed; please remove it.")
