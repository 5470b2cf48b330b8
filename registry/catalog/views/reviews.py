"""Periodic review: what is due, and taking back that a part ended."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.catalog.queries.reviews import due_reviews, review_rules
from registry.catalog.schemas import RestorationSchema
from registry.catalog.services import reviews as service
from registry.catalog.views.blueprints import catalog
from registry.catalog.views.workspace import draft_page, version_sent
from registry.errors import NotFound, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.forms import form_errors
from registry.web.paging import whole_number

_SHOWN = 200
_MOST_YEARS = 50


@catalog.get("/workspace/reviews")
@needs("edition:read-drafts")
def reviews() -> str:
    """List the published editions that are due for review, the longest due first."""
    years = whole_number(request.args.get("years", ""))
    years = years if years and 1 <= years <= _MOST_YEARS else None
    today = AsOf(parts().clock.today())
    with reading() as session:
        found = due_reviews(session, today, parts().settings.zone, years)
        rules = review_rules(session, today)
    rows = [
        {
            "slug": item.edition.edition.slug,
            "designation": item.edition.edition.designation,
            "title": item.edition.record.titles,
            "last": item.last,
            "reviewed": item.reviewed,
            "due": item.due,
        }
        for item in found[:_SHOWN]
    ]
    return render_template(
        "catalog/reviews.html", rows=rows, total=len(found), years=years, rules=rules
    )


@catalog.post("/workspace/editions/<slug>/ended-parts/<int:part_id>/restore")
@needs("edition:withdraw")
def restore_part(slug: str, part_id: int) -> Response | tuple[str, int]:
    """Take back that a part of an edition ended."""
    form = request.form.to_dict()
    try:
        with change() as uow:
            data = load(RestorationSchema(), form, form=True)
            service.restore_part(uow, slug, part_id, data, version_sent())
    except NotFound:
        raise
    except RegistryError as error:
        return draft_page(slug, form_errors(error), form, f"restore_part-{part_id}")
    flash(gettext("Recorded in the journal."), "success")
    return redirect(url_for("catalog.draft", slug=slug))
