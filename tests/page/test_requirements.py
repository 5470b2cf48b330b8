"""The finder's page, and the editors' pages of obligations."""

import re
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.accounts.models import User
from registry.accounts.schemas import CreateUser
from registry.accounts.services.users import create_user
from registry.actor import system_actor
from registry.container import Registry
from registry.followers.search import follow
from registry.schema_fields import load

ENGLISH = {"Accept-Language": "en"}
PASSWORD = "ba con trâu đen ăn cỏ"
PAGE = "/workspace/editions/qcvn-135:2024-btttt/obligations"


def opened(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path, headers=ENGLISH)
    assert response.status_code == status
    return response.text


class TestFinder:
    def test_code_and_day_are_answered_on_one_page(self, client: FlaskClient) -> None:
        page = opened(client, "/requirements?hs=8525.81&at=2026-03-01")
        for words in (
            "1 regulation applies",
            "Required since 1 January 2026.",
            "QCVN 135:2024/BTTTT",
            "from a draft of the regulation",
            "Television cameras, digital cameras",
            "Section XVI",
        ):
            assert words in page

    def test_day_before_it_is_still_to_come(self, client: FlaskClient) -> None:
        page = opened(client, "/requirements?q=8525.81&at=2025-12-31")
        assert "no regulation is known to apply" in page
        assert "Required from 1 January 2026." in page

    def test_coexisting_editions_name_each_other(
        self, client: FlaskClient, registry: Registry
    ) -> None:
        follow(registry)
        page = opened(client, "/requirements?q=5+GHz&at=2023-05-01")
        assert page.count("Until 30 June 2023 it may be used as well as") == 2

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?hs=&q="])
    def test_nothing_asked_shows_the_form_and_what_is_covered(
        self, client: FlaskClient, query: str
    ) -> None:
        page = opened(client, f"/requirements{query}")
        assert 'name="q"' in page
        assert "lists of products" in page

    @pytest.mark.parametrize(
        ("query", "typed"), [("hs=camera", "camera"), ("hs=1", "1"), ("hs=123456789", "123456789")]
    )
    def test_what_is_no_code_is_named_and_kept(
        self, client: FlaskClient, query: str, typed: str
    ) -> None:
        page = opened(client, f"/requirements?{query}", 422)
        assert "Write an HS code of 2 to 8 digits" in page
        assert f'value="{typed}"' in page

    def test_odd_day_is_named_and_words_are_kept(self, client: FlaskClient) -> None:
        page = opened(client, "/requirements?q=camera&at=2026-13-01", 422)
        assert "Write the date as year-month-day" in page
        assert 'value="camera"' in page

    def test_miss_says_what_it_does_not_mean(self, client: FlaskClient) -> None:
        page = opened(client, "/requirements?q=xyzzy")
        assert "The register knows no rule for this product" in page
        assert "That does not mean that none applies." in page

    def test_typed_markup_is_text(self, client: FlaskClient) -> None:
        assert "<script>alert" not in opened(client, "/requirements?q=<script>alert(1)</script>")

    def test_home_page_leads_to_it(self, client: FlaskClient) -> None:
        assert 'action="/requirements"' in opened(client, "/")


@pytest.fixture
def editor(client: FlaskClient, registry: Registry) -> FlaskClient:
    typed = {"email": "e@example.vn", "name": "An", "password": PASSWORD, "roles": ["editor"]}
    with registry.units(system_actor("test")) as uow:
        user: User = create_user(uow, load(CreateUser(), typed))
    signed = send(client, "/sign-in", {"email": user.email, "password": PASSWORD})
    assert signed.status_code == 303
    return client


def send(client: FlaskClient, path: str, fields: Mapping[str, str], page: str = "") -> TestResponse:
    """Send the form of ``page`` to ``path`` with its hidden fields."""
    form = client.get(page or path, headers=ENGLISH).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return client.post(path, data={**hidden, **fields}, headers=ENGLISH)


class TestEditing:
    def test_editor_records_corrects_ends_and_takes_back(self, editor: FlaskClient) -> None:
        said = {
            "product.vi": "Máy tính bảng",
            "hs_codes": "8471.30.90; 8471.30.20",
            "method": "5",
            "valid_from": "2026-02-01",
        }
        assert send(editor, PAGE, said).status_code == 302
        assert "Máy tính bảng" in opened(editor, "/requirements?hs=8471.30")
        one = re.findall(rf'href="({PAGE}/\d+)"', opened(editor, PAGE))[-1]
        assert 'value="Máy tính bảng"' in opened(editor, one)

        corrected = {**said, "product.vi": "Máy tính xách tay", "reason": "Sai tên"}
        assert send(editor, one, corrected).status_code == 302
        opened(editor, one, 404)
        one = re.findall(rf'href="({PAGE}/\d+)"', opened(editor, PAGE))[-1]

        ended = {"end.valid_until": "2026-12-31", "end.reason": "Danh mục mới"}
        assert send(editor, f"{one}/end", ended, one).status_code == 302
        one = re.findall(rf'href="({PAGE}/\d+)"', opened(editor, PAGE))[-1]
        taken_back = {"retract.reason": "Ghi nhầm"}
        assert send(editor, f"{one}/retract", taken_back, one).status_code == 302
        assert "Máy tính xách tay" not in opened(editor, PAGE)

    def test_what_was_typed_is_kept_with_what_to_mend(self, editor: FlaskClient) -> None:
        typed = "8443.32, xx, 8443.32.10.90"
        response = send(editor, PAGE, {"product.vi": "Máy in", "hs_codes": typed})
        assert response.status_code == 422
        # No more digits than the finder can be asked for.
        assert response.text.count("is not an HS code of 2 to 8 digits") == 4
        assert typed in response.text

    def test_ending_without_a_reason_shows_the_field(self, editor: FlaskClient) -> None:
        one = re.findall(rf'href="({PAGE}/\d+)"', opened(editor, PAGE))[-1]
        response = send(editor, f"{one}/end", {"end.valid_until": "2026-12-31"}, one)
        assert response.status_code == 422
        assert 'href="#field-end-reason"' in response.text
        assert 'value="2026-12-31"' in response.text

    def test_unknown_obligation_is_not_found(self, editor: FlaskClient) -> None:
        opened(editor, f"{PAGE}/999999", 404)

    def test_nobody_else_gets_there(self, client: FlaskClient) -> None:
        assert client.get(PAGE).status_code in (302, 303, 401, 403)
