"""Correction of a published record: what was wrong and why, before and after side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.catalog.corrections import Difference, differences
from registry.catalog.models import Edition, EditionRecord
from registry.catalog.queries.editions import relations_of
from registry.catalog.schemas import CorrectionSchema, EditionSchema
from registry.catalog.services.editions import correct_edition
from registry.catalog.services.facts import RECORD_FIELDS, relation_data
from registry.catalog.states import PUBLISHED
from registry.catalog.views.blueprints import catalog
from registry.catalog.views.workspace import (
    LISTS,
    edition_form,
    load_edition,
    typed_edition,
    version_sent,
)
from registry.errors import Invalid, NotFound, RegistryError
from registry.history import AsOf
from registry.messages import Message
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.forms import flat, form_errors, nested


@catalog.route("/workspace/editions/<slug>/correct", methods=["GET", "POST"])
@needs("edition:correct")
def correct(slug: str) -> Response | tuple[str, int] | str:
    """Compare a correction with the record, then record it with its reason."""
    edition, record = load_edition(slug)
    if record.state != PUBLISHED:
        return redirect(url_for("catalog.draft", slug=slug))
    if request.method == "GET":
        values = typed_edition(edition, record)
        return edition_form(values, edition, record.known_from, correcting=True)
    typed = nested(request.form, LISTS)
    shown: Sequence[Difference] | None = None
    try:
        reason, shown = _read(edition, record, typed)
        if not shown:
            raise Invalid.one("", Message("Nothing differs from what the register says."))
        if "confirm" in request.form:
            changes = {item.field: item.after for item in shown}
            with change() as uow:
                data = {"reason": reason, "changes": changes}
                correct_edition(uow, slug, data, version_sent())
            flash(gettext("The correction is recorded; what stood before stays known."), "success")
            return redirect(url_for("catalog.edition", slug=slug))
    except NotFound:
        raise
    except RegistryError as error:
        errors = {name.removeprefix("changes."): said for name, said in form_errors(error).items()}
        page = edition_form(flat(typed), edition, version_sent(), errors, shown, correcting=True)
        return page, 422
    return edition_form(flat(typed), edition, version_sent(), {}, shown, correcting=True)


def _read(
    edition: Edition, record: EditionRecord, typed: Mapping[str, Any]
) -> tuple[str, list[Difference]]:
    """Return the reason and what the form changes; fields that it does not show stay."""
    sent = {"domains": [], "relations": [], **typed, "designation": edition.designation}
    wanted = load(EditionSchema(), sent, form=True)
    wanted = {name: value for name, value in wanted.items() if name in sent}
    del wanted["designation"]
    wanted["relations"] = [
        {name: value for name, value in item.items() if value is not None}
        for item in wanted["relations"]
    ]
    reason = load(CorrectionSchema(only=("reason",)), typed, form=True)["reason"]
    return reason, differences(_present(edition, record), wanted)


def _present(edition: Edition, record: EditionRecord) -> dict[str, Any]:
    as_of = AsOf(parts().clock.today())
    with reading() as session:
        relations = relations_of(session, edition, as_of, parts().settings.zone)
    return {
        **{name: getattr(record, name) for name in RECORD_FIELDS},
        "instrument": record.instrument,
        "relations": [relation_data(item.relation) for item in relations if not item.inward],
    }
