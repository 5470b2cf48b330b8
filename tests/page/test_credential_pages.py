"""Credentials, status lists, contexts and keys as the web serves them."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.app import create_app
from registry.assessment.models import Certificate
from registry.assessment.services.trust import trust_bundle
from registry.container import Registry
from registry.credentials.envelope import open_token
from registry.credentials.pdf_verification import verify_pdf
from tests.support.assessment import World


@pytest.fixture
def world(showcase: Registry) -> World:
    return World(showcase)


@pytest.fixture
def issued(world: World) -> Certificate:
    return world.certificate()


@pytest.fixture
def anyone(world: World) -> FlaskClient:
    return create_app(world.registry, testing=True).test_client()


def published_keys(anyone: FlaskClient) -> dict[str, Any]:
    keys = json.loads(anyone.get("/.well-known/jwks.json").data)["keys"]
    return {key["kid"]: {k: v for k, v in key.items() if k not in ("kid", "use")} for key in keys}


def test_a_checker_needs_only_what_is_published(anyone: FlaskClient, issued: Certificate) -> None:
    answer = anyone.get(f"/certificates/{issued.number}.jwt")
    assert answer.content_type == "application/vc+jwt"
    claims = open_token(answer.text, published_keys(anyone)).claims
    assert claims["id"].endswith(f"/certificates/{issued.number}.json")
    document = json.loads(anyone.get("/.well-known/did.json").data)
    assert document["id"] == claims["issuer"]["id"]
    methods = document["verificationMethod"]
    # The demonstration's own credential was signed by a key before this one.
    assert document["assertionMethod"] == [method["id"] for method in methods]
    assert all("d" not in method["publicKeyJwk"] for method in methods)
    for entry in claims["credentialStatus"]:
        listed = anyone.get(entry["statusListCredential"])
        assert listed.content_type == "application/vc+jwt"
        said = open_token(listed.text, published_keys(anyone)).claims
        assert said["id"] == entry["statusListCredential"]
        assert said["credentialSubject"]["statusPurpose"] == entry["statusPurpose"]
    context = anyone.get(claims["@context"][2])
    assert context.content_type == "application/ld+json"
    defined = context.get_json(force=True)["@context"]
    own = claims["credentialSubject"]["registerEntry"].keys() | {
        member
        for assessment in claims["credentialSubject"]["conformityAssessment"]
        for result in assessment["measurementResult"]
        for member in result
        if member != "id"
    }
    assert own <= defined.keys()


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/vc"),
        ("*/*", "application/vc"),
        ("application/json", "application/vc"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/vc+jwt;q=0.2, application/vc", "application/vc"),
        ("text/html", "application/vc"),
    ],
)
def test_the_reader_chooses_the_form(
    anyone: FlaskClient, issued: Certificate, accept: str | None, media_type: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = anyone.get(f"/certificates/{issued.number}.json", headers=headers)
    assert (answer.status_code, answer.content_type) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]
    if media_type == "application/vc":
        assert json.loads(answer.data)["credentialSubject"]["name"] == issued.number


@pytest.mark.parametrize(
    "address",
    ["/.well-known/did.json", "/.well-known/jwks.json", "/status/suspension/1", "/contexts/v1"],
)
def test_answers_are_cacheable_and_readable_from_other_sites(
    anyone: FlaskClient, issued: Certificate, address: str
) -> None:
    anyone.get(f"/certificates/{issued.number}.jwt")
    first = anyone.get(address)
    assert first.status_code == 200
    assert "max-age=" in first.headers["Cache-Control"]
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = anyone.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "address",
    [
        "/certificates/VN-2026-999999-00.json",
        "/certificates/nothing.jwt",
        "/status/revocation/2",
        "/status/revocation/0",
        "/status/refresh/1",
        "/contexts/v2",
    ],
)
def test_what_is_not_there_is_said_so(anyone: FlaskClient, address: str) -> None:
    assert anyone.get(address).status_code == 404


def test_the_file_served_is_signed(world: World, anyone: FlaskClient, issued: Certificate) -> None:
    answer = anyone.get(f"/certificates/{issued.number}.pdf")
    found = verify_pdf(answer.data, trust_bundle(world.registry))
    assert found.genuine
    assert found.credential == anyone.get(f"/certificates/{issued.number}.jwt").text
