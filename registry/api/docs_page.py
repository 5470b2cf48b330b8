"""The readable form of the API document: a list of all operations, and Swagger UI for trying."""

from pathlib import Path
from typing import Any

import flask_swagger_ui
from flask import Blueprint, Response, current_app, render_template, send_from_directory

from registry.accounts.permissions import PUBLIC
from registry.api.answers import JSON
from registry.web.access import needs

EXTENSION = "registry-api-document"

_UI_FILES = Path(flask_swagger_ui.__file__).parent / "dist"
_UI_NAMES = ("swagger-ui.css", "swagger-ui-bundle.js")
_PROBLEM_REFERENCE = "#/components/responses/"

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/docs")
@needs(PUBLIC)
def docs_page() -> str:
    """Show the API document for reading and trying, from files served here only."""
    return render_template("site/api_docs.html", resources=_resources(document()))


@blueprint.get("/api/docs/files/<any({}):name>".format(", ".join(f'"{n}"' for n in _UI_NAMES)))
@needs(PUBLIC)
def docs_file(name: str) -> Response:
    """Serve the files of Swagger UI."""
    return send_from_directory(_UI_FILES, name)


def document() -> dict[str, Any]:
    """Return the OpenAPI document of the running application."""
    made: dict[str, Any] = current_app.extensions[EXTENSION].document
    return made


def _resources(made: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the operations by resource, each as the page shows it."""
    schemas = made["components"]["schemas"]
    resources = [{**tag, "operations": []} for tag in made["tags"]]
    by_name = {resource["name"]: resource["operations"] for resource in resources}
    for path, operations in made["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method == "parameters":
                continue
            by_name[operation["tags"][0]].append(
                {
                    "method": method.upper(),
                    "path": path,
                    "id": operation["operationId"],
                    "summary": operation["summary"],
                    "description": operation["description"],
                    "parameters": [*shared, *operation.get("parameters", [])],
                    "body": _properties(operation.get("requestBody"), schemas),
                    "statuses": [
                        status for status in operation["responses"] if status != "default"
                    ],
                }
            )
    return resources


def _properties(body: dict[str, Any] | None, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a JSON request body; there are none to name of an uploaded file."""
    reference = body["content"].get(JSON, {}).get("schema", {}).get("$ref") if body else None
    if reference is None:
        return []
    schema = schemas[reference.rpartition("/")[2]]
    required = schema.get("required", [])
    return [{"name": name, "required": name in required} for name in schema["properties"]]
