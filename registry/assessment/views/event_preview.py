"""What depends on an accreditation, shown before an event that takes something away is recorded."""

from collections.abc import Mapping
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from registry.assessment.models import AccreditationRecord
from registry.assessment.presenters.desk import present_dependents
from registry.assessment.queries.dependents import dependents, loss_of_accreditation
from registry.assessment.queries.tasks import already_open
from registry.assessment.schemas import AccreditationEventSchema
from registry.assessment.services.cascade import HALTING
from registry.assessment.views.pages import page_reader
from registry.errors import Invalid
from registry.history import AsOf
from registry.schema_fields import load
from registry.web.edge import parts, reading
from registry.web.forms import nested

LINES = frozenset({"scope_lines"})


def preview_of_event(body: Mapping[str, Any], record: AccreditationRecord) -> Response | None:
    """Return the page that lists what depends on it, until the officer confirms.

    None where there is nothing to confirm: the form is shown anew, an error is to be
    mended, or the event takes nothing away.
    """
    if request.method != "POST" or request.form.get("confirmed") == "1":
        return None
    try:
        data = load(AccreditationEventSchema(), nested(request.form, LINES), form=True)
    except Invalid:
        return None
    if data["kind"] not in HALTING:
        return None
    as_of = AsOf(parts().clock.today())
    lines = data["scope_lines"] if data["kind"] == "reduced" else None
    with reading() as session:
        loss = loss_of_accreditation(
            session, record.accreditation_id, data["effective_on"], as_of, lines
        )
        listed = dependents(session, loss, as_of)
        cause = f"accreditation:{record.accreditation_id}"
        present = already_open(session, cause, data["kind"], as_of)
        found = present_dependents(listed, page_reader(session))
    page = render_template(
        "assessment/event_preview.html",
        body=body,
        accreditation=record,
        data=data,
        version=request.form.get("version", ""),
        rows=found,
        new=sum((item.kind, item.subject) not in present for item in listed),
    )
    return make_response(page)
