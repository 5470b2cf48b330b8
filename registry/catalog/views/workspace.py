"""The editors' workspace: draft, propose, approve, return, withdraw."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.catalog.corrections import Difference
from registry.catalog.models import Edition, EditionRecord
from registry.catalog.queries.editions import (
    find_slug,
    in_workflow,
    one_edition,
    parts_ended,
    relations_of,
)
from registry.catalog.schemas import (
    DEGREES,
    NATIONAL_KINDS,
    RELATION_TYPES,
    EditionSchema,
    PartialEndSchema,
    ReturnSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.catalog.services import editions as service
from registry.catalog.services import reviews
from registry.catalog.services.facts import relation_data
from registry.catalog.states import DRAFT, EDITION, PROPOSED, PUBLIC_COMMENT
from registry.catalog.views import comments
from registry.catalog.views.blueprints import catalog
from registry.errors import NotFound, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.queries import terms
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.forms import MAX_INDEX, flat, form_errors, nested
from registry.web.i18n import term_label
from registry.web.paging import whole_number

LISTS = frozenset({"domains"})
_SPARE_RELATIONS = 3

# What a new edition may be to a published one, and what its form takes over from that.
_FOLLOWING = ("supersedes", "amends", "corrects")
_TAKEN_OVER = ("kind", "titles", "scope", "publisher", "lead_ministry", "ics", "domains")


@catalog.get("/workspace/editions")
@needs("edition:read-drafts")
def desk() -> str:
    """List what is drafted and what waits for approval."""
    with reading() as session:
        named = in_workflow(session, (DRAFT, PUBLIC_COMMENT, PROPOSED))
    rows = [
        {
            "slug": edition.slug,
            "designation": edition.designation,
            "title": record.titles,
            "state": record.state,
            "mine": record.drafted_by_user_id == current_actor().user_id,
        }
        for edition, record in named
    ]
    return render_template("catalog/desk.html", rows=rows)


@catalog.route("/workspace/editions/new", methods=["GET", "POST"])
@needs("edition:draft")
def new() -> Response | tuple[str, int] | str:
    """Draft a new edition."""
    if request.method == "GET":
        return edition_form(_suggested(), None)

    def draft(uow: UnitOfWork, data: Mapping[str, Any]) -> Edition:
        return service.draft_edition(uow, data)

    return _take_form(draft, None)


@catalog.route("/workspace/editions/<slug>/edit", methods=["GET", "POST"])
@needs("edition:draft")
def edit(slug: str) -> Response | tuple[str, int] | str:
    """Change a draft; a published edition is corrected through the API, with its reason."""
    edition, record = load_edition(slug)
    if record.state != DRAFT:
        return redirect(url_for("catalog.draft", slug=slug))
    if request.method == "GET":
        return edition_form(typed_edition(edition, record), edition, record.known_from)

    def revise(uow: UnitOfWork, data: Mapping[str, Any]) -> Edition:
        return service.revise_draft(uow, slug, data, version_sent())

    return _take_form(revise, edition)


@catalog.get("/workspace/editions/<slug>")
@needs("edition:read-drafts")
def draft(slug: str) -> str:
    """Show a draft or proposal with what its reader may do with it."""
    return draft_page(slug, {})[0]


@catalog.post(
    "/workspace/editions/<slug>/<any(submit, approve, return_, withdraw,"
    " open_comment, extend_comment, close_comment, confirm, end_part):action>"
)
@needs("edition:read-drafts")
def act(slug: str, action: str) -> Response | tuple[str, int]:
    """Take one step of the workflow."""
    form = request.form.to_dict()
    try:
        with change() as uow:
            _ACTIONS[action](uow, slug, form)
    except NotFound:
        raise
    except RegistryError as error:
        return draft_page(slug, form_errors(error), form, action)
    flash(gettext("Recorded in the journal."), "success")
    return redirect(url_for("catalog.draft", slug=slug))


def _submit(uow: UnitOfWork, slug: str, _form: Mapping[str, str]) -> None:
    service.submit_draft(uow, slug, version_sent())


def _approve(uow: UnitOfWork, slug: str, _form: Mapping[str, str]) -> None:
    service.approve_edition(uow, slug, version_sent())


def _return(uow: UnitOfWork, slug: str, form: Mapping[str, str]) -> None:
    service.return_proposal(uow, slug, load(ReturnSchema(), form, form=True), version_sent())


def _withdraw(uow: UnitOfWork, slug: str, form: Mapping[str, str]) -> None:
    service.withdraw_edition(uow, slug, load(WithdrawalSchema(), form, form=True), version_sent())


def _confirm(uow: UnitOfWork, slug: str, form: Mapping[str, str]) -> None:
    reviews.confirm_edition(uow, slug, load(ReviewSchema(), form, form=True), version_sent())


def _end_part(uow: UnitOfWork, slug: str, form: Mapping[str, str]) -> None:
    reviews.end_part(uow, slug, load(PartialEndSchema(), form, form=True), version_sent())


_ACTIONS: dict[str, Callable[[UnitOfWork, str, Mapping[str, str]], None]] = {
    "submit": _submit,
    "approve": _approve,
    "return_": _return,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "end_part": _end_part,
    "open_comment": comments.open_comment,
    "extend_comment": comments.extend_comment,
    "close_comment": comments.close_comment,
}


def _take_form(
    command: Callable[[UnitOfWork, Mapping[str, Any]], Edition], edition: Edition | None
) -> Response | tuple[str, int]:
    typed = nested(request.form, LISTS)
    try:
        data = load(EditionSchema(), typed, form=True)
        with change() as uow:
            changed = command(uow, data)
    except RegistryError as error:
        return edition_form(flat(typed), edition, version_sent(), form_errors(error)), 422
    flash(gettext("The draft is kept. Nobody else sees it before it is published."), "success")
    return redirect(url_for("catalog.draft", slug=changed.slug))


def edition_form(
    values: Mapping[str, Any],
    edition: Edition | None,
    version: int | None = None,
    errors: Mapping[str, list[str]] | None = None,
    differences: Sequence[Difference] | None = None,
    *,
    correcting: bool = False,
) -> str:
    """Return the form for an edition: a draft, or a published record being corrected."""
    with reading() as session:
        as_of = AsOf(parts().clock.today())
        domains = terms(session, "domain", as_of)
        publishers = terms(session, "issuing-body", as_of)
    return render_template(
        "catalog/draft_form.html",
        values=values,
        edition=edition,
        version=version,
        errors=errors or {},
        correcting=correcting,
        differences=differences,
        kinds=_options("document-kind", NATIONAL_KINDS),
        domains=[(term.key, term.labels) for term in domains],
        publishers=_options("issuing-body", [term.key for term in publishers]),
        relation_types=_options("relation-type", RELATION_TYPES),
        degrees=_options("adoption-degree", DEGREES),
        relation_rows=_relation_rows(values),
    )


def _relation_rows(values: Mapping[str, Any]) -> range:
    """Return the numbers of the lines to show: those used, and some to spare."""
    names = (name.split(".")[1] for name in values if name.startswith("relations."))
    used = [n for n in map(whole_number, names) if n is not None and n <= MAX_INDEX]
    return range(max(used, default=-1) + 1 + _SPARE_RELATIONS)


def _options(vocabulary: str, keys: Sequence[str]) -> list[tuple[str, str]]:
    return [("", ""), *((key, term_label(vocabulary, key)) for key in keys)]


def draft_page(
    slug: str,
    errors: Mapping[str, list[str]],
    typed: Mapping[str, str] | None = None,
    step: str | None = None,
) -> tuple[str, int]:
    """Return the page of one edition in the workspace, with what is wrong in a step's form."""
    edition, record = load_edition(slug)
    zone = parts().settings.zone
    as_of = AsOf(parts().clock.today())
    with reading() as session:
        facts = one_edition(session, edition, as_of, zone, drafts=True)
        relations = relations_of(session, edition, as_of, zone)
        ended = parts_ended(session, edition.id, as_of)
    own = current_actor().user_id == record.drafted_by_user_id
    page = render_template(
        "catalog/draft.html",
        edition=edition,
        record=record,
        status=facts.status,
        relations=[(r.relation.type, r.relation.degree, r.designation) for r in relations],
        actions=EDITION.actions_from(record.state, current_actor()),
        parts_ended=ended,
        own=own,
        step=step,
        errors=errors,
        typed=typed or {},
        today=parts().clock.today(),
    )
    return page, 422 if errors else 200


def load_edition(slug: str) -> tuple[Edition, EditionRecord]:
    with reading() as session:
        edition = find_slug(session, slug)
        if not isinstance(edition, Edition):
            raise NotFound("There is no edition at this address.")
        as_of = AsOf(parts().clock.today())
        facts = one_edition(session, edition, as_of, parts().settings.zone, drafts=True)
    return edition, facts.record


def _suggested() -> dict[str, Any]:
    """Return what a new edition takes over from the one it supersedes, amends or corrects."""
    for type_ in _FOLLOWING:
        if slug := request.args.get(type_):
            edition, record = load_edition(slug)
            kept = {
                name: v for name, v in typed_edition(edition, record).items() if _taken_over(name)
            }
            return {**kept, "relations.0.type": type_, "relations.0.target": edition.designation}
    return {}


def _taken_over(name: str) -> bool:
    return name.partition(".")[0] in _TAKEN_OVER


def version_sent() -> int | None:
    text = request.form.get("version", "")[:18]
    return int(text) if text.isascii() and text.isdigit() else None


def typed_edition(edition: Edition, record: EditionRecord) -> dict[str, Any]:
    """Return a draft as its form shows it."""
    with reading() as session:
        relations = relations_of(
            session, edition, AsOf(parts().clock.today()), parts().settings.zone
        )
    values = flat(
        {
            "designation": edition.designation,
            "kind": record.kind,
            "titles": record.titles,
            "scope": record.scope,
            "publisher": record.publisher,
            "lead_ministry": record.lead_ministry,
            "issued": record.issued,
            "effective_from": record.effective_from,
            "effective_until": record.effective_until,
            "instrument": record.instrument,
            "ics": record.ics,
            "domains": record.domains,
            "url": record.url,
            "source": record.source,
            "note": record.note,
            "relations": [relation_data(r.relation) for r in relations if not r.inward],
        }
    )
    return {name: value for name, value in values.items() if value is not None}
