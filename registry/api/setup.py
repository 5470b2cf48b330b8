"""Mounts the API: OpenAPI 3.1 at /api/v1/openapi.json, readable docs at /api/docs."""

from pathlib import Path
from typing import Any

import flask_swagger_ui
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, render_template, send_from_directory
from flask_smorest import Api
from flask_wtf import CSRFProtect
from marshmallow import Schema, fields

from registry import schema_fields
from registry.accounts.permissions import PUBLIC
from registry.api import accounts, assessment, catalogue, journal
from registry.catalog.schemas import DesignationField, IcsCode, PartialDate
from registry.web.access import needs

_UI_FILES = Path(flask_swagger_ui.__file__).parent / "dist"

docs = Blueprint("api", __name__)

_BLUEPRINTS = (
    *catalogue.BLUEPRINTS,
    *assessment.BLUEPRINTS,
    journal.blueprint,
    accounts.blueprint,
)


class RegistryApi(Api):  # type: ignore[misc]
    """flask-smorest's Api, which leaves errors to the registry's one error map."""

    def _register_error_handlers(self, *_args: Any, **_kwargs: Any) -> None:
        """Register none: ``registry.web.errors`` answers every error alike."""


@docs.get("/api/docs")
@needs(PUBLIC)
def docs_page() -> str:
    """Show the API document for reading and trying, from files served here only."""
    return render_template("site/api_docs.html")


@docs.get("/api/docs/files/<path:name>")
@needs(PUBLIC)
def docs_file(name: str) -> Response:
    """Serve the files of the docs page."""
    return send_from_directory(_UI_FILES, name)


def register_api(app: Flask, csrf: CSRFProtect) -> None:
    """Mount every resource of the API on ``app``."""
    app.config.update(
        API_TITLE="National Standards Registry",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {
                "description": "Answers as valid on a day (at) and as known on a day (known). "
                "Errors are problem documents (RFC 9457) that name each field."
            },
            "components": {
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            },
        },
    )
    api = RegistryApi(
        app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_name)}
    )
    _describe_fields(api)
    for blueprint in _BLUEPRINTS:
        api.register_blueprint(blueprint)
        csrf.exempt(blueprint)
    app.register_blueprint(docs)
    # flask-smorest makes this view itself; it shows nothing that is not public.
    openapi_json = app.view_functions["api-docs.openapi_json"]
    app.view_functions["api-docs.openapi_json"] = needs(PUBLIC)(openapi_json)


def _describe_fields(api: Api) -> None:
    """Tell the API document what the registry's own field types look like in JSON."""
    for text in (schema_fields.CleanText, DesignationField, IcsCode, PartialDate):
        api.register_field(text, "string", None)
    api.register_field(schema_fields.Choice, "string", None)
    api.register_field(schema_fields.DateField, "string", "date")
    api.register_field(schema_fields.Number, "number", None)
    api.register_field(schema_fields.Translations, "object", None)
    converter = api.ma_plugin.converter
    assert converter is not None
    converter.add_attribute_function(_bounds)


def _bounds(_self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """Return lengths, choices and item types of the registry's own fields."""
    if isinstance(field, schema_fields.Translations):
        return {"additionalProperties": {"type": "string", "maxLength": field.longest}}
    if isinstance(field, schema_fields.CleanText):
        return {"maxLength": field.longest}
    if isinstance(field, schema_fields.Choice):
        nullable = [None] if field.allow_none else []
        return {"enum": [*field.choices, *nullable]}
    if isinstance(field, schema_fields.Items):
        return {"maxItems": field.most, "minItems": field.fewest}
    return {}


def _name(schema: type[Schema] | Schema) -> str | bool:
    """Return the name of a schema in the document: its class without the word "Schema"."""
    schema_class = schema if isinstance(schema, type) else type(schema)
    name = schema_class.__name__.removesuffix("Schema")
    if isinstance(schema, Schema) and schema.partial:
        return f"{name}Changes"
    return name
