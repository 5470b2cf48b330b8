"""Checking a file: a certificate's PDF or its credential, uploaded by whoever was given it."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.assessment.presenters.certificates import since
from registry.assessment.presenters.file_checks import (
    ADDITIONS,
    KINDS,
    NAMES,
    WORDS,
    present_file_check,
    shape,
    tone,
)
from registry.assessment.services.file_checks import FileCheck, check_registered_file
from registry.assessment.stated import shown
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.verification import coverage, verify_page
from registry.catalog.spreadsheets.tables import FILE
from registry.errors import Invalid
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading
from registry.web.forms import form_errors
from registry.web.i18n import translate
from registry.web.limits import FILE_COST, count_checks


@blueprint.get("/verify/file")
@needs(PUBLIC)
def verify_file_form() -> BaseResponse:
    """Lead to the form; an answer to a file has no address, since nothing of it is kept."""
    return redirect(url_for("assessment.verify_form", _anchor="file"))


@blueprint.post("/verify/file")
@needs(PUBLIC)
def verify_file() -> Response:
    """Say what an uploaded file is, and what the genuine certificate says."""
    try:
        content = _sent()
        count_checks(FILE_COST)
        with reading() as session:
            as_of = asked_as_of(session)
    except Invalid as error:
        return make_response(verify_page("", form_errors(error)), 422)
    checked = check_registered_file(parts(), content, as_of)
    with reading() as session:
        covered = coverage(session)
    page = render_template(
        "public/verify_file.html",
        name=_name(),
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        coverage=covered,
        **_context(checked),
    )
    return make_response(page)


def _sent() -> bytes:
    sent = request.files.get(FILE)
    content = sent.read() if sent is not None and sent.filename else b""
    if not content:
        raise Invalid.one(FILE, "Choose the file that you want to check.")
    return content


def _name() -> str:
    """Return what the file is called at the sender's, cut: it is shown, never used."""
    return shown(request.files[FILE].filename or "")[-80:]


def _context(checked: FileCheck) -> dict[str, Any]:
    answer = present_file_check(checked)
    found = checked.check.found if checked.check else None
    words = WORDS[checked.answer]
    return {
        "file": answer,
        "title": translate(words.title),
        "sentence": translate(words.sentence),
        "tone": tone(checked.answer),
        "shape": shape(checked.answer),
        "kind": translate(KINDS[answer["kind"]]),
        "addition": translate(ADDITIONS[answer["added"]]) if answer["added"] else None,
        "rows": [{**row, "label": translate(NAMES[row["name"]])} for row in answer["stated"]],
        "differs": any(row["differs"] for row in answer["stated"]),
        "status": found.status.key if found else None,
        "since": since(found) if found else None,
        "reason": found.status.reason if found else None,
        "suggestion": checked.check.suggestion if checked.check else None,
        "demonstration": found.certificate.demonstration if found else False,
    }
