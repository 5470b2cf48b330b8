"""Editors' pages of obligations: record one, correct it, end it, take it back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.catalog.hs_codes import split_codes
from registry.catalog.models import Edition, Obligation
from registry.catalog.queries.editions import find_slug, obligations_of
from registry.catalog.queries.obligations import stated_obligation
from registry.catalog.schemas import (
    ObligationCorrectionSchema,
    ObligationEndSchema,
    ObligationRetractionSchema,
    ObligationSchema,
)
from registry.catalog.services import obligations as service
from registry.catalog.views.blueprints import catalog
from registry.errors import NotFound, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.queries import terms
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.forms import flat, form_errors, nested
from registry.web.i18n import localise
from registry.web.paging import whole_number

Answer = Response | tuple[str, int] | str
Command = Callable[[UnitOfWork, Mapping[str, Any]], object]

_PAGE = "/workspace/editions/<slug>/obligations"


@catalog.route(_PAGE, methods=["GET", "POST"])
@needs("obligation:record")
def obligations(slug: str) -> Answer:
    """List what an edition obliges, and record more."""
    if request.method == "GET":
        return _list_page(slug, {}, {})

    def record(uow: UnitOfWork, typed: Mapping[str, Any]) -> None:
        service.record_obligation(uow, slug, load(ObligationSchema(), typed, form=True))

    return _take(slug, record, _list_page)


@catalog.route(f"{_PAGE}/<int:obligation_id>", methods=["GET", "POST"])
@needs("obligation:record")
def obligation(slug: str, obligation_id: int) -> Answer:
    """Correct what an obligation says, with the reason."""

    def page(slug: str, values: Mapping[str, Any], errors: Mapping[str, list[str]]) -> str:
        return _one_page(slug, obligation_id, values, errors)

    if request.method == "GET":
        return page(slug, _typed(_stated(slug, obligation_id)[1]), {})

    def correct(uow: UnitOfWork, typed: Mapping[str, Any]) -> None:
        data = load(ObligationCorrectionSchema(), typed, form=True)
        service.correct_obligation(uow, obligation_id, data, _version())

    return _take(slug, correct, page)


@catalog.post(f"{_PAGE}/<int:obligation_id>/<any(end, retract):action>")
@needs("obligation:record")
def finish_obligation(slug: str, obligation_id: int, action: str) -> Answer:
    """End an obligation with a day, or take back one that was recorded in error."""
    _, stated = _stated(slug, obligation_id)

    def finish(uow: UnitOfWork, typed: Mapping[str, Any]) -> None:
        if action == "end":
            data = load(ObligationEndSchema(), typed["end"], form=True)
            service.end_obligation(uow, obligation_id, data, _version())
        else:
            data = load(ObligationRetractionSchema(), typed["retract"], form=True)
            service.retract_obligation(uow, obligation_id, data, _version())

    def page(slug: str, values: Mapping[str, Any], errors: Mapping[str, list[str]]) -> str:
        named = {f"{action}.{name}" if name else "": texts for name, texts in errors.items()}
        return _one_page(slug, obligation_id, _typed(stated) | dict(values), named)

    return _take(slug, finish, page)


def _take(
    slug: str,
    command: Command,
    page: Callable[[str, Mapping[str, Any], Mapping[str, list[str]]], str],
) -> Answer:
    """Run a form's command; show ``page`` again with what was typed when it is refused."""
    typed = nested(request.form)
    shown = {name: value for name, value in flat(typed).items() if name != "csrf_token"}
    if isinstance(typed.get("hs_codes"), str):
        typed["hs_codes"] = split_codes(typed["hs_codes"])
    for part in ("end", "retract"):
        if not isinstance(typed.get(part), dict):
            typed[part] = {}
    try:
        with change() as uow:
            command(uow, typed)
    except NotFound:
        raise
    except RegistryError as error:
        return page(slug, shown, _of_code_lines(form_errors(error))), 422
    flash(gettext("Recorded in the journal."), "success")
    return redirect(url_for("catalog.obligations", slug=slug))


def _of_code_lines(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """File what is said of single codes under the one field that they are typed in."""
    filed: dict[str, list[str]] = {}
    for name, texts in errors.items():
        filed.setdefault("hs_codes" if name.startswith("hs_codes.") else name, []).extend(texts)
    return filed


def _list_page(slug: str, values: Mapping[str, Any], errors: Mapping[str, list[str]]) -> str:
    edition = _edition(slug)
    with reading() as session:
        as_of = AsOf(parts().clock.today())
        stated = obligations_of(session, edition.id, as_of)
    return render_template(
        "catalog/obligations.html",
        edition=edition,
        obligations=stated,
        values=values,
        errors=errors,
        methods=_options("certification-method"),
        declarations=_options("declaration-basis"),
    )


def _one_page(
    slug: str, obligation_id: int, values: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> str:
    edition, stated = _stated(slug, obligation_id)
    return render_template(
        "catalog/obligation_form.html",
        edition=edition,
        obligation=stated,
        version=stated.known_from,
        values=values,
        errors=errors,
        methods=_options("certification-method"),
        declarations=_options("declaration-basis"),
    )


def _edition(slug: str) -> Edition:
    with reading() as session:
        found = find_slug(session, slug)
    if not isinstance(found, Edition):
        raise NotFound("There is no edition at this address.")
    return found


def _stated(slug: str, obligation_id: int) -> tuple[Edition, Obligation]:
    edition = _edition(slug)
    with reading() as session:
        found = stated_obligation(session, obligation_id)
    if found is None or found.edition_id != edition.id:
        raise NotFound("There is no such obligation, or another one took its place.")
    return edition, found


def _typed(stated: Obligation) -> dict[str, Any]:
    """Return an obligation as its form shows it."""
    said = {name: getattr(stated, name) for name in service.FIELDS}
    said["hs_codes"] = ", ".join(stated.hs_codes)
    return flat({name: value for name, value in said.items() if value is not None})


def _options(vocabulary: str) -> Sequence[tuple[str, str]]:
    with reading() as session:
        found = terms(session, vocabulary, AsOf(parts().clock.today()))
    return [(term.key, localise(term.labels).text) for term in found]


def _version() -> int | None:
    return whole_number(request.form.get("version", ""))
