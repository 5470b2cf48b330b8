"""Renewing, reducing and replacing by pages and by API, and what everybody then reads."""

import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from registry.accounts.queries import user_by_email
from registry.assessment.demo import email
from registry.assessment.models import Certificate
from registry.assessment.schemas.desk import SurveillancePlanSchema, SurveillanceResultSchema
from registry.assessment.services.surveillance import finish_surveillance, plan_surveillance
from registry.container import Registry
from registry.schema_fields import load
from tests.support.assessment import World
from tests.support.declarations import declare_on_certificate
from tests.support.visitors import csrf_token, sign_in

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def registry(demonstration: Registry) -> Registry:
    """Return a register with the demonstration in it."""
    return demonstration


@pytest.fixture
def certificate(world: World) -> Certificate:
    """Return a certificate whose surveillance found conformity."""
    issued = world.certificate()
    with world.registry.units(world.actor("officer")) as uow:
        plan = {"certificate": issued.number, "planned_on": world.day(0), "activity": "visit"}
        planned = plan_surveillance(uow, load(SurveillancePlanSchema(), plan))
        done = {"done_on": world.day(0), "result": "conforming"}
        finish_surveillance(uow, planned.id, load(SurveillanceResultSchema(), done))
    return issued


@pytest.fixture
def as_person(app: Flask, registry: Registry) -> Callable[[str], FlaskClient]:
    """Return a browser in which a demonstration person is signed in."""

    def client_of(name: str) -> FlaskClient:
        client = app.test_client()
        with registry.units.reading() as session:
            user = user_by_email(session, email(name))
        sign_in(client, registry, user)
        return client

    return client_of


def send(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    shown = client.get(path, headers=ENGLISH)
    assert shown.status_code == 200
    version = shown.text.split('name="version" value="')[1].split('"')[0]
    data = {"csrf_token": csrf_token(shown.text), "version": version}
    answer = client.post(
        path,
        data={**data, **{name.replace("__", "."): value for name, value in fields.items()}},
        headers=ENGLISH,
    )
    return answer.status_code, answer.text


def test_a_renewal_by_page_is_read_by_everybody(
    world: World,
    certificate: Certificate,
    as_person: Callable[[str], FlaskClient],
    client: FlaskClient,
) -> None:
    number = certificate.number
    decider = as_person("decision-maker")
    admin = decider.get(f"/workspace/certificates/{number}", headers=ENGLISH)
    assert "Renew the certificate" in admin.text
    assert "Withdraw for good" not in admin.text
    path = f"/workspace/certificates/{number}/renew"
    status, page = send(decider, path, valid_until=world.day(3), reason="Surveillance passed")
    assert status == 422
    assert "after the present last day" in page
    until = world.day(1_800)
    status, _ = send(decider, path, valid_until=until, reason="Surveillance passed")
    assert status == 303
    answer = client.get(f"/verify/{number}", headers=ENGLISH).text
    assert "Versions of this number" in answer
    assert "Version 2" in answer
    assert "Surveillance passed" in answer
    body = client.get(f"/api/v1/certificates/{number}").get_json()
    assert body["certificate_version"] == 2
    assert body["valid_until"] == until
    assert [item["number"] for item in body["versions"]] == [1, 2]
    second = client.get(f"/certificates/{number}.pdf")
    first = client.get(f"/certificates/{number}.pdf?version=1")
    assert second.data != first.data
    words = " ".join(PdfReader(io.BytesIO(second.data)).pages[0].extract_text().split())
    assert f"Version 2 of certificate {number} (renewed)" in words
    assert "Version 2 of" not in PdfReader(io.BytesIO(first.data)).pages[0].extract_text()
    assert client.get(f"/certificates/{number}.pdf?version=3").status_code == 404
    claims = json.loads(client.get(f"/certificates/{number}.json?version=1").data)
    assert claims["id"].endswith(f"{number}.json")


def test_an_officer_reduces_and_replaces_by_page(
    world: World, certificate: Certificate, as_person: Callable[[str], FlaskClient]
) -> None:
    number = certificate.number
    officer = as_person("officer")
    path = f"/workspace/certificates/{number}"
    assert officer.get(f"{path}/renew").status_code == 403
    status, page = send(officer, f"{path}/reduce-scope", reason="x", effective_on=world.day(1))
    assert status == 422
    assert "Name the models or requirements taken out" in page
    status, _ = send(
        officer,
        f"{path}/reduce-scope",
        reason="Chỉ trong nhà",
        effective_on=world.day(1),
        scope__vi="Chỉ dùng trong nhà",
    )
    assert status == 303
    status, _ = send(
        officer,
        f"{path}/replace",
        ground="error",
        reason="In sai tên sản phẩm",
        product__name__vi="Camera cổng ngoài trời",
        product__models="C-1\nC-1A",
    )
    assert status == 303
    assert officer.get(path).status_code == 200


def test_the_number_of_a_declaration_leads_on_to_it(world: World, client: FlaskClient) -> None:
    number = declare_on_certificate(world).number
    answer = client.get(f"/verify/{number.lower().replace('-', ' ')}?at={world.day(0)}")
    assert answer.location == f"/verify/{number}?at={world.day(0)}"
    answer = client.get(answer.location)
    assert answer.location == f"/declarations/{number}?at={world.day(0)}"
    assert client.get(answer.location).status_code == 200
    mistyped = client.get(f"/verify/{number[:-1]}{(int(number[-1]) + 1) % 10}", headers=ENGLISH)
    assert mistyped.status_code == 422
