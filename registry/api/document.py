"""The OpenAPI document: how fields, schemas and problems are written in it."""

import http
from functools import cached_property
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, jsonify
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

from registry import schema_fields
from registry.accounts.schemas import WholeNumber
from registry.api.schemas import ProblemSchema

PROBLEM_JSON = "application/problem+json"

# What each problem means here, for readers of the document.
PROBLEMS = {
    400: "The body is not JSON that can be read.",
    401: "No sign-in, or a token that is unknown, revoked or expired.",
    403: "The actor may not do this.",
    404: "There is no such thing, or none that the actor may see.",
    409: "It contradicts what the register holds, or the key was used for another request.",
    412: "Somebody changed it after the version named in If-Match.",
    413: "The body is larger than 16 MiB.",
    415: "The body does not claim to be what is taken here.",
    422: "The input needs mending; every field in question is named.",
    429: "Asked too often; Retry-After says when to come back.",
    503: "Busy just now: the same request may succeed in a moment.",
}

DESCRIPTION = """\
Answers as valid on a day (`at`) and as known on a day (`known`). Lists are read page by page: \
the `Link` header names the next one. Every change takes an `Idempotency-Key` and answers with a \
receipt: where in the journal it stands. What can be changed by several people carries an `ETag`, \
and a change that names it in `If-Match` fails with 412 when somebody else was first. Errors are \
problem documents (RFC 9457) that name each field in question."""


class RegistryApi(Api):  # type: ignore[misc]
    """flask-smorest's Api, which leaves errors to the registry's one error map.

    The document is made when it is first asked for: making it takes longer than
    everything else that an application does at its start.
    """

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[Blueprint] = []
        plugin = MarshmallowPlugin(schema_name_resolver=_name)
        super().__init__(app, spec_kwargs={"marshmallow_plugin": plugin})
        _describe_fields(self)

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Mount a resource."""
        self._app.register_blueprint(blueprint)
        self._undescribed.append(blueprint)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document of every resource mounted."""
        for resource in self._undescribed:
            resource.register_views_in_doc(
                self, self._app, self.spec, name=resource.name, parameters=None
            )
            self.spec.tag({"name": resource.name, "description": resource.description})
        made: dict[str, Any] = self.spec.to_dict()
        return made

    def _openapi_json(self) -> Response:
        return jsonify(self.document)

    def _register_error_handlers(self, *_args: Any, **_kwargs: Any) -> None:
        """Register none: ``registry.web.errors`` answers every error alike."""

    def _register_responses(self) -> None:
        """Describe the problems once; operations refer to them by name."""
        content = {PROBLEM_JSON: {"schema": ProblemSchema}}
        for status, description in PROBLEMS.items():
            self.spec.components.response(
                http.HTTPStatus(status).name,
                {"description": description, "content": content},
                lazy=True,
            )
        self.spec.components.response(
            "NOT_MODIFIED", {"description": "As the reader knows it already."}, lazy=True
        )
        self.spec.components.response(
            "DEFAULT_ERROR", {"description": "Any other problem.", "content": content}, lazy=True
        )


def _describe_fields(api: Api) -> None:
    """Tell the API document what the registry's own field types look like in JSON."""
    api.register_field(schema_fields.CleanText, "string", None)
    api.register_field(schema_fields.Choice, "string", None)
    api.register_field(schema_fields.DateField, "string", "date")
    api.register_field(schema_fields.Number, "number", None)
    api.register_field(schema_fields.Translations, "object", None)
    converter = api.ma_plugin.converter
    assert converter is not None
    converter.add_attribute_function(_bounds)


def _bounds(_self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """Return lengths, choices and bounds of the registry's own fields."""
    bounds: dict[str, Any] = {}
    match field:
        case schema_fields.Translations():
            text = {"type": ["string", "null"], "maxLength": field.longest}
            bounds = {"additionalProperties": text}
        case schema_fields.CleanText():
            bounds = {"maxLength": field.longest}
        case schema_fields.Choice():
            bounds = {"enum": [*field.choices, *([None] if field.allow_none else [])]}
        case schema_fields.Items():
            bounds = {"maxItems": field.most, "minItems": field.fewest}
        case schema_fields.Number():
            # As text a number keeps its last digits through every JSON library.
            bounds = {"type": ["number", "string", *(["null"] if field.allow_none else [])]}
        case WholeNumber():
            bounds = {"minimum": field.least, "maximum": field.most}
    return bounds


def _name(schema: type[Schema] | Schema) -> str:
    """Return the name of a schema in the document: its class without the word "Schema".

    Commands of several domains share plain names (a review, a withdrawal), so the
    domain comes first: "CatalogWithdrawal".
    """
    schema_class = schema if isinstance(schema, type) else type(schema)
    name = schema_class.__name__.removesuffix("Schema")
    if issubclass(schema_class, schema_fields.CommandSchema):
        name = f"{schema_class.__module__.split('.')[1].capitalize()}{name}"
    if isinstance(schema, Schema) and schema.partial:
        name = f"{name}Changes"
    return name
