"""Signing in, one's own account and the administration of accounts, page by page."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.accounts import queries
from registry.accounts.schemas import CreateUser
from registry.accounts.services import users
from registry.accounts.views.sign_in import local_path
from registry.actor import system_actor
from registry.clock import FixedClock
from registry.container import Registry
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWorkFactory

PASSWORD = "ba con trâu đen ăn cỏ"
ENGLISH = {"Accept-Language": "en"}

Opens = Callable[..., int]
SignsIn = Callable[[str], FlaskClient]


@pytest.fixture
def registry(empty_registry: Registry) -> Registry:
    """A register without a list: accounts need none."""
    return empty_registry


@pytest.fixture
def units(registry: Registry) -> UnitOfWorkFactory:
    """The units of work of the register that the pages show."""
    return registry.units


@pytest.fixture
def opens(units: UnitOfWorkFactory) -> Opens:
    """Open an account and return its id: ``opens("an@lab.vn", "editor")``."""

    def opens_account(email: str, *roles: str) -> int:
        typed = {"email": email, "name": "Nguyễn An", "password": PASSWORD, "roles": list(roles)}
        with units(system_actor("test")) as uow:
            return users.create_user(uow, load(CreateUser(), typed)).id

    return opens_account


@pytest.fixture
def signs_in(client: FlaskClient, opens: Opens) -> SignsIn:
    """Open an account with a role and sign the client in with it."""

    def signs_in_as(role: str) -> FlaskClient:
        opens(f"{role}@example.vn", role)
        assert sign_in(client, f"{role}@example.vn").status_code == 303
        return client

    return signs_in_as


def token_of(client: FlaskClient, path: str) -> str:
    """Return the CSRF token of the page at ``path``."""
    page = client.get(path, headers=ENGLISH, follow_redirects=True).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def send(client: FlaskClient, path: str, form_page: str, **fields: object) -> TestResponse:
    """Fill in the form on ``form_page`` and send it to ``path``."""
    data = {"csrf_token": token_of(client, form_page), **fields}
    return client.post(path, data=data, headers=ENGLISH)


def sign_in(
    client: FlaskClient, email: str, password: str = PASSWORD, **fields: object
) -> TestResponse:
    return send(client, "/sign-in", "/sign-in", email=email, password=password, **fields)


class TestSigningIn:
    def test_right_password_leads_to_where_one_wanted_to_go(
        self, client: FlaskClient, opens: Opens
    ) -> None:
        opens("an@example.vn", "editor")
        asked = client.get("/account?a=1", headers=ENGLISH)
        assert asked.status_code == 302
        form = client.get(asked.location, headers=ENGLISH)
        assert 'value="/account?a=1"' in form.text
        answer = sign_in(client, "AN@example.vn", next="/account?a=1")
        assert (answer.status_code, answer.location) == (303, "/account?a=1")
        assert "Nguyễn An" in client.get("/account", headers=ENGLISH).text

    def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
        self, client: FlaskClient, opens: Opens
    ) -> None:
        opens("an@example.vn")
        cookie = sign_in(client, "an@example.vn").headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Expires=" in cookie

    def test_nothing_of_the_session_before_is_kept(self, client: FlaskClient, opens: Opens) -> None:
        opens("an@example.vn")
        with client.session_transaction() as session:
            session["planted"] = "by somebody else"
        before = token_of(client, "/sign-in")
        sign_in(client, "an@example.vn")
        with client.session_transaction() as session:
            assert "planted" not in session
        assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400

    def test_wrong_address_and_wrong_password_look_alike_and_keep_what_was_typed(
        self, client: FlaskClient, opens: Opens
    ) -> None:
        opens("an@example.vn")
        pages = []
        for email, password in (("an@example.vn", "wrong"), ("no@example.vn", PASSWORD)):
            answer = sign_in(client, email, password)
            assert answer.status_code == 422
            assert f'value="{email}"' in answer.text
            assert password not in answer.text
            found = re.search(r'class="error-summary".*?</ul>', answer.text, re.DOTALL)
            assert found
            pages.append(found.group())
        assert pages[0] == pages[1]

    def test_form_without_its_token_is_refused(self, client: FlaskClient, opens: Opens) -> None:
        opens("an@example.vn")
        answer = client.post("/sign-in", data={"email": "an@example.vn", "password": PASSWORD})
        assert answer.status_code == 400

    @pytest.mark.parametrize("fields", [{}, {"email": "\0"}, {"email": "🐃" * 5000}])
    def test_odd_input_is_an_ordinary_failure(
        self, client: FlaskClient, fields: dict[str, str]
    ) -> None:
        assert send(client, "/sign-in", "/sign-in", **fields).status_code == 422

    def test_guessing_is_slowed_down_for_one_account(
        self, client: FlaskClient, opens: Opens
    ) -> None:
        opens("an@example.vn")
        statuses = [sign_in(client, "an@example.vn", "wrong").status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]
        held_up = sign_in(client, "AN@example.vn ")
        assert held_up.status_code == 429
        assert 1 <= int(held_up.headers["Retry-After"]) <= 61
        assert sign_in(client, "another@example.vn", "wrong").status_code == 422

    def test_guessing_is_slowed_down_for_one_address(self, client: FlaskClient) -> None:
        statuses = [sign_in(client, f"{n}@example.vn", "x").status_code for n in range(11)]
        assert statuses == [422] * 10 + [429]

    def test_signing_in_rightly_is_never_held_up(self, client: FlaskClient, opens: Opens) -> None:
        opens("an@example.vn")
        for _ in range(12):
            assert sign_in(client, "an@example.vn").status_code == 303
            send(client, "/sign-out", "/account")

    def test_somebody_signed_in_goes_on_at_once(self, signs_in: SignsIn) -> None:
        answer = signs_in("editor").get("/sign-in?next=/account")
        assert (answer.status_code, answer.location) == (302, "/account")

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "/a\\..\\b",
            "/\tx",
            "javascript:alert(1)",
            "account",
            "",
            None,
            "/a\r\nSet-Cookie: x=1",
        ],
    )
    def test_only_paths_of_this_site_are_gone_to(self, address: str | None) -> None:
        assert local_path(address) is None

    @pytest.mark.parametrize(
        "address", ["/", "/account?a=1&b=//x", "/search?q=camera+giám+sát#top"]
    )
    def test_paths_of_this_site_are_kept(self, address: str) -> None:
        assert local_path(address) == address


class TestSessions:
    def test_signing_out_ends_the_session(self, signs_in: SignsIn) -> None:
        client = signs_in("editor")
        assert send(client, "/sign-out", "/account").status_code == 303
        assert client.get("/account").status_code == 302

    def test_signing_out_takes_a_form(self, signs_in: SignsIn) -> None:
        client = signs_in("editor")
        assert client.get("/sign-out").status_code == 405
        assert client.get("/account").status_code == 200

    def test_session_ends_twelve_hours_after_signing_in(
        self, signs_in: SignsIn, clock: FixedClock
    ) -> None:
        client = signs_in("editor")
        clock.instant += timedelta(hours=12) - timedelta(seconds=1)
        assert client.get("/account").status_code == 200
        clock.instant += timedelta(seconds=1)
        assert client.get("/account").status_code == 302

    def test_new_password_ends_every_other_session(self, app: Flask, signs_in: SignsIn) -> None:
        client = signs_in("editor")
        other = app.test_client()
        sign_in(other, "editor@example.vn")
        changed = {"current_password": PASSWORD, "new_password": "bốn con voi trắng"}
        assert send(client, "/account/password", "/account", **changed).status_code == 303
        assert client.get("/account").status_code == 200
        assert other.get("/account").status_code == 302
        assert sign_in(other, "editor@example.vn").status_code == 422
        assert sign_in(other, "editor@example.vn", "bốn con voi trắng").status_code == 303

    def test_account_closed_meanwhile_is_signed_out(
        self, client: FlaskClient, opens: Opens, units: UnitOfWorkFactory
    ) -> None:
        user_id = opens("an@example.vn", "editor")
        sign_in(client, "an@example.vn")
        with units(system_actor("test")) as uow:
            users.close_user(uow, user_id)
        assert client.get("/account").status_code == 302

    def test_weak_password_is_named_by_its_field(self, signs_in: SignsIn) -> None:
        client = signs_in("editor")
        answer = send(
            client, "/account/password", "/account", current_password=PASSWORD, new_password="short"
        )
        assert answer.status_code == 422
        assert 'href="#field-new_password"' in answer.text
        assert "at least 12" in answer.text


class TestOwnTokens:
    FIELDS = {"label": "my program", "scopes": ["catalogue:write"], "days": "30"}  # noqa: RUF012

    def make(self, client: FlaskClient, **fields: object) -> TestResponse:
        return send(client, "/account/tokens", "/account", **{**self.FIELDS, **fields})

    def test_secret_is_shown_once_and_kept_nowhere(self, signs_in: SignsIn) -> None:
        client = signs_in("editor")
        answer = self.make(client)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(re.findall(r"vnr_[A-Za-z0-9_-]{43}", answer.text)) == 1
        page = client.get("/account", headers=ENGLISH).text
        assert "my program" in page
        assert "vnr_" not in page

    def test_bad_input_keeps_what_was_typed(self, signs_in: SignsIn) -> None:
        answer = self.make(signs_in("editor"), label="my <b>program</b>", days="9999")
        assert answer.status_code == 422
        assert 'href="#field-days"' in answer.text
        assert 'value="my &lt;b&gt;program&lt;/b&gt;"' in answer.text
        assert 'value="catalogue:write" checked' in answer.text

    def test_only_scopes_that_do_something_are_offered(self, signs_in: SignsIn) -> None:
        page = signs_in("editor").get("/account", headers=ENGLISH).text
        assert 'value="catalogue:write"' in page
        assert 'value="certificates:issue"' not in page

    def test_token_counts_for_the_api_only(self, app: Flask, signs_in: SignsIn) -> None:
        found = re.search(r"vnr_[\w-]{43}", self.make(signs_in("editor")).text)
        assert found
        program = app.test_client()
        bearer = {"Authorization": f"Bearer {found.group()}"}
        assert program.get("/account", headers=bearer).status_code == 302
        assert program.get("/api/v1/nothing", headers=bearer).status_code == 404

    @pytest.mark.parametrize(
        "authorization", ["Bearer vnr_unknown", "Bearer", "Basic YTpi", "Bearer é", "x", ""]
    )
    def test_token_that_does_not_count_is_refused(
        self, client: FlaskClient, authorization: str
    ) -> None:
        answer = client.get("/api/v1/nothing", headers={"Authorization": authorization})
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")

    def test_revoked_token_stops_at_once(
        self, app: Flask, signs_in: SignsIn, units: UnitOfWorkFactory
    ) -> None:
        client = signs_in("editor")
        found = re.search(r"vnr_[\w-]{43}", self.make(client).text)
        assert found
        with units.reading() as session:
            user = queries.user_by_email(session, "editor@example.vn")
            (token,) = queries.tokens_of(session, user.id)
        path = f"/account/tokens/{token.id}/revoke"
        assert send(client, path, "/account").status_code == 303
        answer = app.test_client().get(
            "/api/v1/nothing?lang=en", headers={"Authorization": f"Bearer {found.group()}"}
        )
        assert answer.status_code == 401
        assert "revoked" in answer.text
        assert send(client, path, "/account").status_code == 409
        assert send(client, "/account/tokens/999/revoke", "/account").status_code == 404


class TestAdministration:
    FIELDS = {  # noqa: RUF012
        "email": "binh@example.vn",
        "name": "Trần Bình",
        "roles": ["reviewer", "decision_maker"],
        "organisation_id": "",
        "password": "",
    }

    def open(self, client: FlaskClient, **fields: object) -> TestResponse:
        return send(client, "/admin/users/new", "/admin/users/new", **{**self.FIELDS, **fields})

    def test_account_with_a_made_password_signs_in(self, app: Flask, signs_in: SignsIn) -> None:
        client = signs_in("administrator")
        answer = self.open(client)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        found = re.search(r'id="first-password"><code[^>]*>([^<]+)<', answer.text)
        assert found
        assert sign_in(app.test_client(), "binh@example.vn", found.group(1)).status_code == 303
        listed = client.get("/admin/users", headers=ENGLISH).text
        assert "Trần Bình" in listed
        assert "Certification decision maker" in listed

    def test_bad_input_keeps_what_was_typed(self, signs_in: SignsIn) -> None:
        answer = self.open(signs_in("administrator"), email="administrator@example.vn")
        assert answer.status_code == 422
        assert 'href="#field-email"' in answer.text
        assert 'value="Trần Bình"' in answer.text
        assert 'value="reviewer" checked' in answer.text

    def test_role_is_granted_and_ended(
        self, signs_in: SignsIn, opens: Opens, units: UnitOfWorkFactory
    ) -> None:
        client = signs_in("administrator")
        page = f"/admin/users/{opens('an@example.vn')}"
        assert send(client, f"{page}/roles", page, role="officer").status_code == 303
        again = send(client, f"{page}/roles", page, role="officer", valid_from="2026-13-01")
        assert again.status_code == 422
        assert 'value="2026-13-01"' in again.text
        assert send(client, f"{page}/roles/officer/end", page).status_code == 303
        assert send(client, f"{page}/roles/officer/end", page).status_code == 422

    def test_account_is_closed(self, app: Flask, signs_in: SignsIn, opens: Opens) -> None:
        client = signs_in("administrator")
        page = f"/admin/users/{opens('an@example.vn', 'editor')}"
        assert send(client, f"{page}/close", page).status_code == 303
        assert sign_in(app.test_client(), "an@example.vn").status_code == 422
        assert send(client, "/admin/users/999/close", page).status_code == 404

    def test_administrators_do_not_lock_themselves_out(
        self, signs_in: SignsIn, units: UnitOfWorkFactory
    ) -> None:
        client = signs_in("administrator")
        with units.reading() as session:
            user_id = queries.user_by_email(session, "administrator@example.vn").id
        page = f"/admin/users/{user_id}"
        assert send(client, f"{page}/close", page).status_code == 422
        assert send(client, f"{page}/roles/administrator/end", page).status_code == 422

    def test_nobody_else_sees_the_accounts(self, signs_in: SignsIn) -> None:
        client = signs_in("officer")
        for path in ("/admin/users", "/admin/users/new", "/admin/users/1"):
            assert client.get(path).status_code == 403

    def test_long_list_is_paged(
        self, signs_in: SignsIn, opens: Opens, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("registry.accounts.views.administration._PAGE_SIZE", 2)
        client = signs_in("administrator")
        for name in ("b", "c", "d"):
            opens(f"{name}@example.vn")
        seen: list[str] = []
        path: str | None = "/admin/users"
        while path:
            page = client.get(path, headers=ENGLISH).text
            seen += re.findall(r"<td[^>]*>(\w+@example\.vn)</td>", page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            path = found.group(1) if found else None
        assert seen == [f"{name}@example.vn" for name in ("administrator", "b", "c", "d")]
        assert client.get("/admin/users?cursor=nonsense").status_code == 422
