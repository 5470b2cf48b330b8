"""What concerns the reader's organisation, newest first."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.accounts.permissions import SIGNED_IN
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.history import AsOf
from registry.notices.presenters import present_notices
from registry.notices.queries.notices import notices as find_notices
from registry.notices.queries.notices import unread_count
from registry.notices.schemas import ReadSchema
from registry.notices.services.reading import mark_read as service
from registry.notices.views.blueprint import blueprint
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.paging import decode_cursor


@blueprint.get("/workspace/notices")
@needs(SIGNED_IN)
def notices() -> str:
    """List notices; ``?unread=1`` leaves out what was read."""
    cursor = decode_cursor(request.args.get("cursor"), int)
    unread = request.args.get("unread") == "1"
    actor = current_actor()
    with reading() as session:
        found = find_notices(
            session,
            actor,
            AsOf(parts().clock.today()),
            unread=unread,
            before=cursor[0] if cursor else None,
            limit=PAGE + 1,
        )
        count = unread_count(session, actor)
        rows = present_notices(found[:PAGE], page_reader(session))
    return render_template(
        "notices/notices.html",
        rows=rows,
        unread=unread,
        count=count,
        newest=rows[0]["position"] if rows and cursor is None else None,
        employed=actor.organisation_id is not None,
        pager=cursor_pager(
            "notices.notices",
            first_page=cursor is None,
            following=rows[-1]["position"] if len(found) > PAGE else None,
            unread="1" if unread else None,
        ),
    )


@blueprint.post("/workspace/notices/read")
@needs(SIGNED_IN)
def read_notices() -> Response:
    """Mark one notice, or all up to the newest shown, as read."""
    typed = {
        "positions": request.form.getlist("positions"),
        "until": request.form.get("until", ""),
    }
    data = load(ReadSchema(), {name: value for name, value in typed.items() if value})
    with change() as uow:
        count = service(uow, data)
    flash(gettext("Marked as read: %(count)s.", count=count), "success")
    return redirect(url_for("notices.notices"), 303)
