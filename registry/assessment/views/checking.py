"""Checking many certificate numbers at once: pasted, or in the file where somebody keeps them."""

from typing import Any

from flask import Response, make_response, render_template, request

from registry.accounts.permissions import PUBLIC
from registry.assessment.number_lists import MOST_NUMBERS, numbers_of_file, pasted_numbers
from registry.assessment.presenters.checks import (
    COLUMNS,
    by_urgency,
    file_rows,
    present_check,
    tally,
)
from registry.assessment.queries.certificates import check_numbers
from registry.assessment.views.blueprint import blueprint
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.writing import MEDIA_TYPES, table_chunks
from registry.errors import Invalid
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, reading
from registry.web.forms import form_errors
from registry.web.limits import count_checks

# So many answers are read on a page; a file holds all.
_SHOWN = 200
_LONGEST_TYPED = 400_000
_FORMS = ("csv", "xlsx")


@blueprint.get("/verify/list")
@needs(PUBLIC)
def verify_list_form() -> Response:
    """Ask for a list of numbers."""
    return _page("", {}, None)


@blueprint.post("/verify/list")
@needs(PUBLIC)
def verify_list() -> Response:
    """Answer for each number of a list, as a page or as a file."""
    typed = request.form.get("numbers", "")
    try:
        texts = _numbers(typed)
        count_checks(len(texts))
        with reading() as session:
            as_of = asked_as_of(session)
            checks = check_numbers(session, texts, as_of)
            rows = [present_check(text, check) for text, check in zip(texts, checks, strict=True)]
    except Invalid as error:
        return _page(typed[:_LONGEST_TYPED], form_errors(error), None, 422)
    form = request.form.get("form")
    if form in _FORMS:
        chunks = table_chunks(form, "answers", COLUMNS, file_rows(rows))
        response = Response(chunks, mimetype=MEDIA_TYPES[form])
        response.headers["Content-Disposition"] = f'attachment; filename="answers.{form}"'
        return response
    answers = {
        "total": len(rows),
        "tally": tally(rows),
        "shown": by_urgency(rows)[:_SHOWN],
        "asked_on": as_of.at,
        "numbers": "\n".join(texts),
    }
    return _page("", {}, answers)


def _numbers(typed: str) -> list[str]:
    sent = request.files.get(FILE)
    if sent is not None and sent.filename:
        return numbers_of_file(sent.read())
    return pasted_numbers(typed)


def _page(
    typed: str, errors: dict[str, list[str]], answers: dict[str, Any] | None, status: int = 200
) -> Response:
    page = render_template(
        "public/verify_list.html",
        typed=typed,
        errors=errors,
        most=MOST_NUMBERS,
        answers=answers,
        at=asked_date("at") if answers else None,
        known=asked_date("known") if answers else None,
    )
    return make_response(page, status)
