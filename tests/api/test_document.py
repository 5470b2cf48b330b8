"""The document is valid, complete and shows every operation alike."""

from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from registry.accounts.permissions import PUBLIC
from registry.web.access import ATTRIBUTE
from tests.support.api import Contract

PREFIX = "/api/v1/"


def test_document_is_valid_openapi(contract: Contract) -> None:
    assert contract.document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(contract.document).iter_errors()) == []


def test_document_is_served_as_it_is(contract: Contract, app: Flask) -> None:
    response = app.test_client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json == contract.document


def test_every_route_is_in_the_document_and_nothing_else(contract: Contract, app: Flask) -> None:
    routed = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX) and rule.endpoint != "api-docs.openapi_json":
            routed |= {(rule.endpoint, m) for m in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    described = {
        (operation["operationId"], method.upper())
        for operations in contract.document["paths"].values()
        for method, operation in operations.items()
        if method != "parameters"
    }
    assert described == routed


def test_every_operation_says_what_it_takes_answers_and_needs(
    contract: Contract, app: Flask
) -> None:
    for path, operations in contract.document["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method == "parameters":
                continue
            name = operation["operationId"]
            statuses = set(operation["responses"])
            assert operation["summary"].endswith((".", "?")), name
            assert len(operation["summary"].splitlines()) == 1, name
            for parameter in (*shared, *operation.get("parameters", [])):
                assert parameter.get("description"), (name, parameter["name"])
            assert {"401", "422", "default"} <= statuses, name
            assert ("404" in statuses) == ("{" in path), name
            permission = getattr(app.view_functions[name], ATTRIBUTE)
            assert ("403" in statuses) == (permission != PUBLIC), name
            assert ({} in operation["security"]) == (permission == PUBLIC), name
            if method == "get":
                continue
            assert {"400", "413", "415"} <= statuses, name
            if permission != PUBLIC:
                # What changes nothing contradicts nothing.
                assert "409" in statuses, name
                assert permission in operation["description"], name


def test_every_answer_has_a_closed_schema(contract: Contract) -> None:
    loose = [
        name
        for name, schema in contract.document["components"]["schemas"].items()
        if schema.get("additionalProperties") is not False
    ]
    assert loose == []
