"""Every route of the application, with arguments to call it by."""

from collections.abc import Iterator
from typing import NamedTuple

from flask import Flask
from werkzeug.routing import AnyConverter, Rule
from werkzeug.routing.converters import NumberConverter

from registry.accounts.permissions import PUBLIC
from registry.web.access import ATTRIBUTE

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Route(NamedTuple):
    """One method of one address, and the permission that its view names."""

    method: str
    rule: Rule
    permission: str | None

    @property
    def api(self) -> bool:
        """Whether programs are answered rather than people."""
        return self.rule.rule.startswith("/api/v1/")

    def __str__(self) -> str:
        """Return how the route is named in a list."""
        return f"{self.method} {self.rule.rule}"


def routes(app: Flask) -> Iterator[Route]:
    """Yield every route but static files."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[-1] == "static":
            continue
        view = app.view_functions[rule.endpoint]
        for method in METHODS:
            if method in (rule.methods or ()):
                yield Route(method, rule, getattr(view, ATTRIBUTE, None))


def public_pages(app: Flask) -> list[Route]:
    """Return the pages that anybody may read."""
    return [
        route
        for route in routes(app)
        if route.method == "GET" and route.permission == PUBLIC and not route.api
    ]


def variable_parts(route: Route) -> set[str]:
    """Return the names of what varies in an address of ``route``."""
    return route.rule.arguments - (route.rule.defaults or {}).keys()


def address(app: Flask, route: Route, **arguments: object) -> str:
    """Return an address of ``route``; arguments not given name nothing that is there."""
    values: dict[str, object] = {}
    for name in variable_parts(route):
        converter = route.rule._converters[name]
        if isinstance(converter, AnyConverter):
            values[name] = sorted(vars(converter)["items"])[0]
        else:
            values[name] = 999_999 if isinstance(converter, NumberConverter) else "nothing-here"
    built = app.url_map.bind("localhost").build(
        route.rule.endpoint, {**values, **arguments}, method=route.method
    )
    return str(built)
