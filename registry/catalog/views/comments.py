"""Public comment: what is said of a draft by clause, the template's file, the editors' answers."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.catalog.comment_schemas import (
    OUTCOMES,
    TYPES,
    CommentAnswerSchema,
    CommentExtensionSchema,
    CommentPeriodSchema,
    CommentSchema,
)
from registry.catalog.queries.comments import consultation
from registry.catalog.services import comments as service
from registry.catalog.spreadsheets.comments import comment_rows, heading, headings, read_comments
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.writing import MEDIA_TYPES, table_chunks
from registry.catalog.views.blueprints import catalog
from registry.errors import Invalid, NotFound, RegistryError
from registry.messages import Message
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, change, current_actor, reading
from registry.web.forms import form_errors
from registry.web.i18n import current_language, term_label
from registry.web.paging import whole_number

_MOST_BAD_ROWS = 100


@catalog.get("/editions/<slug>/comments")
@needs(PUBLIC)
def comments(slug: str) -> str:
    """Show the comments on a draft with their answers, and take another while it is open."""
    return _page(slug, {}, {})[0]


@catalog.get("/editions/<slug>/comments.<any(csv, xlsx):form>")
@needs(PUBLIC)
def comments_file(slug: str, form: str) -> Response:
    """Give the comments as the ISO commenting template has them; without any, the template."""
    with reading() as session:
        found = consultation(session, slug, asked_as_of(session))
    rows = comment_rows(found.comments)
    chunks = table_chunks(form, gettext("Comments"), headings(current_language()), rows)
    response = Response(chunks, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="comments.{form}"'
    return response


@catalog.post("/editions/<slug>/comments")
@needs("comment:make")
def make_comment(slug: str) -> BaseResponse | tuple[str, int]:
    """Record one comment."""
    typed = request.form.to_dict()
    try:
        data = load(CommentSchema(), typed, form=True)
        with change() as uow:
            service.make_comment(uow, slug, data)
    except NotFound:
        raise
    except RegistryError as error:
        return _page(slug, form_errors(error), typed)
    flash(gettext("Your comment is recorded. The editors answer each comment here."), "success")
    return redirect(url_for("catalog.comments", slug=slug))


@catalog.post("/editions/<slug>/comments/file")
@needs("comment:make")
def make_comments(slug: str) -> BaseResponse | tuple[str, int]:
    """Record all comments of a file, or none when a row is wrong."""
    try:
        sent = request.files.get(FILE)
        if sent is None or not sent.filename:
            raise Invalid.one(FILE, Message("Choose a file first."))
        rows = _checked(sent.read())
        with change() as uow:
            new, known = service.make_comments(uow, slug, rows)
    except NotFound:
        raise
    except RegistryError as error:
        return _page(slug, form_errors(error), {})
    words = ngettext("%(num)s comment is recorded.", "%(num)s comments are recorded.", new)
    if known:
        words += " " + ngettext(
            "%(num)s was recorded before.", "%(num)s were recorded before.", known
        )
    flash(words, "success")
    return redirect(url_for("catalog.comments", slug=slug))


@catalog.post("/editions/<slug>/comments/<int:comment_number>/answer")
@needs("comment:answer")
def answer_comment(slug: str, comment_number: int) -> BaseResponse | tuple[str, int]:
    """Answer a comment, or answer it anew."""
    typed = request.form.to_dict()
    try:
        data = load(CommentAnswerSchema(), typed, form=True)
        with change() as uow:
            service.answer_comment(uow, slug, comment_number, data)
    except NotFound:
        raise
    except RegistryError as error:
        return _page(slug, form_errors(error), {**typed, "answering": str(comment_number)})
    flash(gettext("Recorded in the journal."), "success")
    return redirect(url_for("catalog.comments", slug=slug, _anchor=f"comment-{comment_number}"))


def open_comment(uow: UnitOfWork, slug: str, form: Mapping[str, str]) -> None:
    """Put a draft to public comment, as its page asks."""
    data = load(CommentPeriodSchema(), form, form=True)
    service.open_comment(uow, slug, data, _version())


def extend_comment(uow: UnitOfWork, slug: str, form: Mapping[str, str]) -> None:
    """Let the comment period end later, as the draft's page asks."""
    data = load(CommentExtensionSchema(), form, form=True)
    service.extend_comment(uow, slug, data, _version())


def close_comment(uow: UnitOfWork, slug: str, _form: Mapping[str, str]) -> None:
    """Take a draft back for revision, as its page asks."""
    service.close_comment(uow, slug, _version())


def _version() -> int | None:
    return whole_number(request.form.get("version", ""))


def _checked(content: bytes) -> list[dict[str, Any]]:
    """Return the comments of a file loaded; ``Invalid`` names every bad row and its field."""
    rows: list[dict[str, Any]] = []
    errors: list[str] = []
    for number, fields in read_comments(content):
        try:
            rows.append(load(CommentSchema(), fields))
        except Invalid as error:
            errors += [
                gettext(
                    "Row %(row)s, %(field)s: %(said)s",
                    row=number,
                    field=heading(field, current_language()),
                    said=message,
                )
                for field, messages in form_errors(error).items()
                for message in messages
            ]
    if errors:
        raise Invalid({FILE: errors[:_MOST_BAD_ROWS]})
    if not rows:
        raise Invalid.one(FILE, Message("The file holds no comment."))
    return rows


def _page(slug: str, errors: Mapping[str, list[str]], typed: Mapping[str, str]) -> tuple[str, int]:
    with reading() as session:
        as_of = asked_as_of(session)
        found = consultation(session, slug, as_of)
    past = as_of.known is not None or asked_date("at") is not None
    page = render_template(
        "public/comments.html",
        edition=found.edition,
        title=found.record.titles,
        period=found.period,
        open=found.open,
        days_left=found.days_left,
        comments=found.comments,
        asked_on=as_of.at,
        answered=sum(said.answer is not None for said in found.comments),
        may_comment=found.open and not past and current_actor().may("comment:make"),
        may_answer=not past and current_actor().may("comment:answer"),
        types=[(key, term_label("comment-type", key)) for key in TYPES],
        outcomes=[(key, term_label("comment-outcome", key)) for key in OUTCOMES],
        at=asked_date("at"),
        known=as_of.known,
        errors=errors,
        typed=typed,
    )
    return page, 422 if errors else 200
