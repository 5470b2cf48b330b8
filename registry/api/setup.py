"""Mounts the API: OpenAPI 3.1 at /api/v1/openapi.json, readable docs at /api/docs."""

from flask import Flask
from flask_wtf import CSRFProtect

from registry.accounts.permissions import PUBLIC
from registry.api import (
    accounts,
    assessment,
    catalogue,
    docs_page,
    journal,
    journal_proofs,
    notices,
    webhooks,
)
from registry.api.document import DESCRIPTION, RegistryApi
from registry.web.access import needs

_BLUEPRINTS = (
    *catalogue.BLUEPRINTS,
    *assessment.BLUEPRINTS,
    journal.blueprint,
    journal_proofs.blueprint,
    notices.blueprint,
    webhooks.blueprint,
    *accounts.BLUEPRINTS,
)


def register_api(app: Flask, csrf: CSRFProtect) -> None:
    """Mount every resource of the API on ``app``."""
    app.config.update(
        API_TITLE="National Standards Registry",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION},
            "components": {
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            },
        },
    )
    api = RegistryApi(app)
    for blueprint in _BLUEPRINTS:
        api.register_blueprint(blueprint)
        csrf.exempt(blueprint)
    app.extensions[docs_page.EXTENSION] = api
    app.register_blueprint(docs_page.blueprint)
    # flask-smorest makes this view itself; it shows nothing that is not public.
    openapi_json = app.view_functions["api-docs.openapi_json"]
    app.view_functions["api-docs.openapi_json"] = needs(PUBLIC)(openapi_json)
