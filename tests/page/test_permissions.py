"""Every route × every role: what the permission table says is what happens."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.accounts.permissions import (
    PERMISSIONS,
    PUBLIC,
    ROLES,
    SIGNED_IN,
    permissions_of,
)
from registry.accounts.schemas import CreateToken
from registry.accounts.services.authentication import actor_for_user
from registry.accounts.services.tokens import create_token
from registry.accounts.tokens import NEVER_BY_TOKEN, SCOPE_NAMES
from registry.app import create_app
from registry.container import Registry
from registry.schema_fields import load
from tests.support.routes import Route, address, routes
from tests.support.visitors import account, sign_in

NOBODY = "nobody"

# Lists that two kinds of people see, each their own part: the view names what both hold,
# the question asks for one of these.
EITHER = {
    "Declarations.list_files": {"declaration:read-own", "declaration:read-all"},
    "Applications.list_applications": {"application:read-own", "application:read-all"},
    "Reports.list_reports": {"report:read-own", "report:read-all"},
    "Report requests.list_requests": {"report:read-own", "report:read-all"},
}


def app_without_forms(registry: Registry) -> Flask:
    """Return the application for which a form needs no token, so that permissions are met."""
    app = create_app(registry, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def token_of(registry: Registry, user_id: int) -> str:
    asked = {"label": "walk", "scopes": list(SCOPE_NAMES), "days": 30}
    with registry.units.reading() as session:
        actor = actor_for_user(session, user_id, registry.clock.today())
    with registry.units(actor) as uow:
        return create_token(uow, user_id, load(CreateToken(), asked))[1]


def turned_away(route: Route, response: TestResponse, *, signed_in: bool) -> bool:
    """Whether the answer is that this visitor may not; ``AssertionError`` for a wrong answer."""
    to_sign_in = response.status_code == 302 and "/sign-in" in response.location
    if response.status_code not in (401, 403) and not to_sign_in:
        return False
    if signed_in:
        assert response.status_code == 403, route
    else:
        assert response.status_code == 401 if route.api else to_sign_in, route
    return True


def test_every_route_names_a_permission(app: Flask) -> None:
    found = list(routes(app))
    assert len(found) > 80
    without = [str(route) for route in found if route.permission is None]
    assert without == []
    assert {route.permission for route in found} <= PERMISSIONS.keys() | {PUBLIC}


def test_every_permission_is_held_by_roles_that_exist() -> None:
    for permission, holders in PERMISSIONS.items():
        assert holders, permission
        assert holders <= ROLES.keys(), permission


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_what_the_table_says_is_what_happens(registry: Registry, role: str) -> None:
    app = app_without_forms(registry)
    client = app.test_client()
    program = app.test_client()
    held = frozenset({PUBLIC})
    headers = {}
    user = None
    if role != NOBODY:
        user = account(registry, role)
        held = permissions_of(frozenset({role})) | {SIGNED_IN}
        headers = {"Authorization": f"Bearer {token_of(registry, user.id)}"}
    wrong = []
    for route in routes(app):
        path = address(app, route)
        if route.api:
            body: dict[str, str] | None = None if route.method == "GET" else {}
            response = program.open(path, method=route.method, headers=headers, json=body)
            either = EITHER.get(route.rule.endpoint)
            allowed = route.permission in held - NEVER_BY_TOKEN and (not either or either & held)
        else:
            if user is not None:
                sign_in(client, registry, user)
            response = client.open(path, method=route.method)
            allowed = route.permission in held
        response.close()
        assert response.status_code < 500, route
        if turned_away(route, response, signed_in=user is not None) == bool(allowed):
            wrong.append(f"{route}: {response.status_code}")
    assert wrong == []


def test_a_session_may_read_the_api_but_never_change_anything(registry: Registry) -> None:
    app = app_without_forms(registry)
    client: FlaskClient = app.test_client()
    sign_in(client, registry, account(registry, *ROLES))
    assert client.get("/api/v1/account").status_code == 200
    for route in routes(app):
        # What only asks, and everybody may, needs nobody's name.
        if route.api and route.method != "GET" and route.permission != PUBLIC:
            response = client.open(address(app, route), method=route.method, json={})
            assert response.status_code == 401, route


def test_every_form_needs_its_token(registry: Registry, app: Flask) -> None:
    client = app.test_client()
    sign_in(client, registry, account(registry, *ROLES))
    forms = [route for route in routes(app) if not route.api and route.method != "GET"]
    assert len(forms) > 20
    for route in forms:
        response = client.open(address(app, route), method=route.method)
        assert response.status_code == 400, route
