"""The form of a report, in four steps of which each is kept on the server as it was typed."""

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import format_timedelta, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from registry.assessment.intake.drafts import DraftCheck, check_draft, submit_draft, typed_report
from registry.assessment.intake.uploads import receive_file
from registry.assessment.models import Application, ReportDraft, Upload
from registry.assessment.presenters.report_drafts import (
    ATTACHMENTS,
    CHECK,
    FIELDS,
    RESULTS,
    STEPS,
    differences,
    present_drafts,
    present_steps,
    present_trial,
    present_uploads,
    problems_of,
)
from registry.assessment.queries.directory import open_application
from registry.assessment.queries.references import application_at
from registry.assessment.services.attachments import complete_upload, owned_upload
from registry.assessment.services.report_drafts import (
    delete_draft,
    find_draft,
    open_drafts,
    save_draft,
    start_draft,
)
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import MORE, REMOVE, options, version
from registry.assessment.views.pages import page_reader
from registry.errors import Invalid, NotFound, RegistryError, Stale
from registry.messages import Message
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import flat, form_errors, nested
from registry.web.i18n import translate_fields

# What the tests of one report usually have in common.
CARRIED = ("method", "performed_on", "performed_until", "coverage_factor", "decision_rule")
_MANY = frozenset({"not_applicable"})
_CONDITIONAL_ITEMS = ("h", "k", "n", "p")
_ONE = "/workspace/reports/drafts/<int:draft_id>"
_FILE = "file"


@blueprint.route("/workspace/applications/<number>/reports/new", methods=["GET", "POST"])
@needs("report:submit")
def report_new(number: str) -> Response:
    """Begin a report for an application, of which a laboratory sees product and regulation."""
    with reading() as session:
        task = open_application(session, number)
        drafts = draft_rows(session, application=task.number)
    if request.method == "POST":
        with change() as uow:
            draft = start_draft(uow, {}, application=task.number)
        return redirect(_at(draft.id, STEPS[0]), 303)
    return make_response(render_template("assessment/report_start.html", task=task, drafts=drafts))


@blueprint.post("/workspace/reports/drafts")
@needs("report:submit")
def draft_new() -> Response:
    """Begin a report that belongs to no application."""
    with change() as uow:
        draft = start_draft(uow, {})
    return redirect(_at(draft.id, STEPS[0]), 303)


@blueprint.get(f"{_ONE}/<any(report, results, attachments, check):step>")
@needs("report:submit")
def draft_step(draft_id: int, step: str) -> Response:
    """Show one step of a draft, with what is still wrong on it."""
    with reading() as session:
        draft = find_draft(session, current_actor(), draft_id)
    if draft.report_id is not None:
        return redirect(url_for("assessment.report", report_id=draft.report_id), 303)
    return _page(draft, step)


@blueprint.post(f"{_ONE}/<any(report, results):step>")
@needs("report:submit")
def draft_save(draft_id: int, step: str) -> Response:
    """Keep what was typed, valid or not, and go where the button pressed leads."""
    form = _without_removed(request.form)
    typed = nested(form, _MANY)
    part = {name: value for name, value in typed.items() if name in FIELDS[step]}
    if step == RESULTS:
        # Names are invented too: a line is an object in a list, and nothing else.
        lines = part.get(RESULTS)
        lines = lines if isinstance(lines, list) else []
        part = {RESULTS: [line for line in lines if isinstance(line, dict)]}
    try:
        with change() as uow:
            save_draft(uow, draft_id, part, fields=FIELDS[step], expected=version())
    except (Stale, Invalid) as error:
        return _refused(draft_id, step, part, error)
    if MORE in form:
        return redirect(_at(draft_id, step, more=1) + "#more", 303)
    if REMOVE in form:
        return redirect(_at(draft_id, step), 303)
    place = STEPS.index(step) + {"next": 1, "back": -1}.get(form.get("go", "next"), 0)
    if (following := STEPS[max(place, 0)]) == step:
        flash(gettext("Saved as it is."), "success")
    return redirect(_at(draft_id, following), 303)


@blueprint.post(f"{_ONE}/attachments")
@needs("report:submit")
def draft_attach(draft_id: int) -> Response:
    """Take a file in and name it in the draft, or drop one."""
    actor = current_actor()
    with reading() as session:
        draft = find_draft(session, actor, draft_id)
    hashes = _hashes(draft)
    try:
        if REMOVE in request.form:
            hashes = [sha256 for sha256 in hashes if sha256 != request.form[REMOVE]]
        else:
            sent = request.files.get(_FILE)
            if sent is None or not sent.filename:
                raise Invalid.one(_FILE, Message("Choose a file first."))
            upload = receive_file(parts(), actor, file_name(sent.filename), sent.stream)
            hashes += [] if upload.sha256 in hashes else [upload.sha256]
        with change() as uow:
            save_draft(
                uow,
                draft_id,
                {ATTACHMENTS: hashes},
                fields=FIELDS[ATTACHMENTS],
                expected=version(),
            )
    except (NotFound, Stale):
        raise
    except RegistryError as error:
        errors = form_errors(error)
        # However it is refused, it is the file that is to be mended.
        texts = [text for found in errors.values() for text in found]
        return _page(draft, ATTACHMENTS, errors={_FILE: texts}, status=classify(error)[0])
    return redirect(_at(draft_id, ATTACHMENTS), 303)


@blueprint.post(f"{_ONE}/submit")
@needs("report:submit")
def draft_submit(draft_id: int) -> Response:
    """Submit the report; a second click finds the report of the first."""
    try:
        with change() as uow:
            report_id = submit_draft(uow, draft_id, expected=version())
    except NotFound:
        raise
    except RegistryError as error:
        with reading() as session:
            draft = find_draft(session, current_actor(), draft_id)
        return _page(draft, CHECK, errors=form_errors(error), status=classify(error)[0])
    flash(gettext("The report is received and judged; see each condition below."), "success")
    return redirect(url_for("assessment.report", report_id=report_id), 303)


@blueprint.post(f"{_ONE}/delete")
@needs("report:submit")
def draft_delete(draft_id: int) -> Response:
    """Delete a draft."""
    with change() as uow:
        delete_draft(uow, draft_id)
    flash(gettext("The draft is deleted."), "success")
    return redirect(url_for("assessment.my_reports"), 303)


def draft_rows(session: Session, *, application: str | None = None) -> list[dict[str, Any]]:
    """Return the actor's drafts for a list, those of one application where it is given."""
    wanted = application_at(session, application).id if application else None
    drafts = open_drafts(session, current_actor(), application_id=wanted)
    ids = {draft.application_id for draft in drafts}
    rows = session.execute(
        select(Application.id, Application.number).where(Application.id.in_(ids - {None}))
    )
    numbers = dict(rows.all())
    now = parts().clock.now()
    return present_drafts(
        (
            draft,
            numbers.get(draft.application_id or 0),
            format_timedelta(draft.updated_at - now, add_direction=True),
        )
        for draft in drafts
    )


def file_name(text: str) -> str:
    """Return the last part of a file's name, without what cannot be printed."""
    name = text.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in name if char.isprintable()).strip()[-200:] or "-"


def _page(
    draft: ReportDraft,
    step: str,
    *,
    mine: Mapping[str, Any] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> Response:
    """Show a step of a draft: as saved, or as ``mine`` has it with the version saved beside."""
    actor = current_actor()
    with reading() as session:
        check = check_draft(session, actor, draft, parts().clock.today(), parts().settings.zone)
        task = _task(session, draft)
        saved = flat({k: v for k, v in draft.content.items() if k in FIELDS[step]})
        values = saved if mine is None else flat(mine)
        trial = _trial(session, step, check)
        uploads = _uploads(session, draft) if step == ATTACHMENTS else []
        typed = typed_report(session, draft)
    problems = translate_fields(check.problems)
    if errors is None:
        begun = bool(FIELDS[step] & draft.content.keys()) or step == CHECK
        errors = problems if step == CHECK else problems_of(step, problems) if begun else {}
    rows = _rows(values)
    if "more" in request.args and mine is None:
        last = f"{RESULTS}.{rows - 1}."
        values = values | {
            f"{RESULTS}.{rows}.{name}": values.get(last + name, "") for name in CARRIED
        }
        rows += 1
    page = render_template(
        f"assessment/report_{step}.html",
        draft=draft,
        task=task,
        step=step,
        steps=present_steps(draft.content, step, problems),
        values=values,
        typed=typed,
        errors=errors,
        rows=range(rows),
        conflict=differences(values, saved) if mine is not None else [],
        trial=trial,
        uploads=uploads,
        largest=parts().settings.attachment_megabytes,
        **_choices(step),
    )
    return make_response(page, status)


def _refused(draft_id: int, step: str, part: Mapping[str, Any], error: Stale | Invalid) -> Response:
    """Show what was typed again: beside what was saved meanwhile, or with what is wrong."""
    with reading() as session:
        draft = find_draft(session, current_actor(), draft_id)
    errors = {} if isinstance(error, Stale) else form_errors(error)
    return _page(draft, step, mine=part, errors=errors, status=classify(error)[0])


def _choices(step: str) -> dict[str, Any]:
    if step == RESULTS:
        return {
            "decision_rules": options("decision-rule"),
            "statements": options("statement-of-conformity"),
        }
    if step != STEPS[0]:
        return {}
    items = options("report-item")
    return {
        "result_types": options("result-type"),
        "conditional_items": [choice for choice in items if choice[0] in _CONDITIONAL_ITEMS],
    }


def _trial(session: Session, step: str, check: DraftCheck) -> dict[str, Any] | None:
    if step != CHECK or check.trial is None:
        return None
    return present_trial(check.trial, page_reader(session))


def _task(session: Session, draft: ReportDraft) -> Any:
    """Return what the report is for; None without an application, or when it is closed."""
    if draft.application_id is None:
        return None
    number = session.get_one(Application, draft.application_id).number
    try:
        return open_application(session, number)
    except NotFound:
        return None


def _uploads(session: Session, draft: ReportDraft) -> list[dict[str, Any]]:
    owned = owned_upload(current_actor())
    hashes = _hashes(draft)
    found: dict[str, Upload] = {}
    for sha256 in hashes:
        if (upload := complete_upload(session, owned, sha256)) is not None:
            found[sha256] = upload
    return present_uploads(hashes, found)


def _hashes(draft: ReportDraft) -> list[str]:
    named = draft.content.get(ATTACHMENTS)
    return (
        [sha256 for sha256 in named if isinstance(sha256, str)] if isinstance(named, list) else []
    )


def _without_removed(form: MultiDict[str, str]) -> MultiDict[str, str]:
    dropped = f"{RESULTS}.{form.get(REMOVE, '')}."
    return MultiDict(
        (name, value) for name, value in form.items(multi=True) if not name.startswith(dropped)
    )


def _rows(values: Mapping[str, Any]) -> int:
    """Return how many lines of results are shown: those typed, at least one."""
    used = [int(name.split(".")[1]) for name in values if name.startswith(f"{RESULTS}.")]
    return max(used, default=0) + 1


def _at(draft_id: int, step: str, **query: Any) -> str:
    return url_for("assessment.draft_step", draft_id=draft_id, step=step, **query)
