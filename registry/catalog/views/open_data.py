"""Downloads of the public list."""

from flask import Response

from registry.accounts.permissions import PUBLIC
from registry.catalog.exporting import export_lines
from registry.catalog.views.blueprints import catalog
from registry.web.access import needs
from registry.web.edge import parts

_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


@catalog.get("/open-data/<any(national, followed):which>.<any(csv, jsonl):form>")
@needs(PUBLIC)
def export(which: str, form: str) -> Response:
    """Give the list as a file, streamed."""
    registry = parts()
    lines = export_lines(registry.units, which, form, registry.settings.zone, registry.clock)
    response = Response(lines, mimetype=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{which}.{form}"'
    return response
