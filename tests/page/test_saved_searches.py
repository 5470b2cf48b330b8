"""Searches that people keep."""

from flask.testing import FlaskClient

from registry.accounts.schemas import CreateUser
from registry.accounts.services.users import create_user
from registry.actor import system_actor
from registry.container import Registry
from registry.schema_fields import load

PASSWORD = "a long enough phrase 7"


def sign_in(registry: Registry, client: FlaskClient, email: str) -> None:
    data = {"email": email, "name": "Người dùng", "password": PASSWORD, "roles": ["editor"]}
    with registry.units(system_actor("test")) as uow:
        create_user(uow, load(CreateUser(), data))
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code in (302, 303)


def keep(client: FlaskClient, name: str, parameters: str) -> int:
    return client.post(
        "/account/searches", data={"name": name, "parameters": parameters}
    ).status_code


def test_a_kept_search_is_opened_and_removed(registry: Registry, client: FlaskClient) -> None:
    sign_in(registry, client, "one@example.org")
    page = client.get("/search?q=camera&status=in-force").text
    assert 'name="parameters" value="q=camera&amp;status=in-force"' in page
    assert keep(client, "Camera", "q=camera&status=in-force") == 302
    page = client.get("/account/searches").text
    assert "/search?q=camera&amp;status=in-force" in page
    assert client.post("/account/searches/1/remove").status_code == 302
    assert "status=in-force" not in client.get("/account/searches").text


def test_the_same_name_takes_the_new_search(registry: Registry, client: FlaskClient) -> None:
    sign_in(registry, client, "one@example.org")
    keep(client, "Mine", "q=one")
    keep(client, "Mine", "q=two")
    page = client.get("/account/searches").text
    assert "q=two" in page
    assert "q=one" not in page


def test_nobody_removes_the_search_of_another(registry: Registry, client: FlaskClient) -> None:
    sign_in(registry, client, "one@example.org")
    keep(client, "Mine", "q=one")
    client.post("/sign-out")
    sign_in(registry, client, "two@example.org")
    assert "q=one" not in client.get("/account/searches").text
    assert client.post("/account/searches/1/remove").status_code == 404


def test_a_search_without_a_name_is_refused_and_kept_in_the_form(
    registry: Registry, client: FlaskClient
) -> None:
    sign_in(registry, client, "one@example.org")
    answer = client.post("/account/searches", data={"name": " ", "parameters": "q=camera"})
    assert answer.status_code == 422
    assert 'value="q=camera"' in answer.text
