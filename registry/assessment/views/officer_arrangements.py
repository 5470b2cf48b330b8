"""The officer's forms for recognition arrangements."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.assessment.presenters.arrangements import (
    Surroundings,
    document_keys,
    present_arrangement,
    related_ids,
)
from registry.assessment.queries.arrangements import (
    ArrangementFacts,
    arrangement_facts,
    arrangements,
)
from registry.assessment.queries.directory import (
    arrangement_titles,
    entries_by_key,
    find_bodies,
)
from registry.assessment.schemas import (
    ArrangementCorrectionSchema,
    ArrangementSchema,
    ArrangementScopeSchema,
    ListingSchema,
)
from registry.assessment.services import arrangements as service
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import Data, FormPage, Options, loaded, options, version
from registry.assessment.views.pages import page_reader
from registry.history import AsOf
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.forms import flat
from registry.web.i18n import localise

_ALL = 1_000


@blueprint.route("/workspace/arrangements/new", methods=["GET", "POST"])
@needs("arrangement:record")
def arrangement_new() -> Response:
    """Record an arrangement."""
    as_of = AsOf(parts().clock.today())
    with reading() as session:
        earlier = arrangements(session, as_of, limit=_ALL)

    def take(data: Data) -> str:
        with change() as uow:
            slug = service.record_arrangement(uow, data).slug
        return url_for("assessment.arrangement_admin", slug=slug)

    return FormPage(
        template="assessment/arrangement_form.html",
        read=_read_arrangement,
        take=take,
        said=gettext("The arrangement is recorded."),
        context={
            "kinds": options("arrangement-kind"),
            "phases": options("arrangement-phase"),
            "bodies": _bodies(),
            "earlier": [
                (facts.arrangement.slug, localise(facts.record.titles).text) for facts in earlier
            ],
        },
        initial={"parties.0.economy": "VN"},
        lines="parties",
    ).answer()


@blueprint.route("/workspace/arrangements/<slug>/correct", methods=["GET", "POST"])
@needs("arrangement:record")
def arrangement_correct(slug: str) -> Response:
    """Put right what was mistyped in an arrangement, extend it or end it."""
    with reading() as session:
        facts = arrangement_facts(session, slug, AsOf(parts().clock.today()))
    record = facts.record

    def command(uow: UnitOfWork, data: Data) -> None:
        service.correct_arrangement(uow, slug, data, expected=version())

    return _arrangement_form(
        slug,
        command,
        template="assessment/arrangement_form.html",
        read=loaded(ArrangementCorrectionSchema()),
        said=gettext("The correction is recorded."),
        context={
            "kinds": options("arrangement-kind"),
            "phases": options("arrangement-phase"),
            "bodies": _bodies(),
            "version": facts.version,
        },
        initial=flat({name: getattr(record, name) or "" for name in service.TEXT})
        | flat({"parties": [_named(facts, party) for party in record.parties]}),
        lines="parties",
    )


@blueprint.get("/workspace/arrangements/<slug>")
@needs("arrangement:record")
def arrangement_admin(slug: str) -> str:
    """Show one arrangement with what the officer may record about it."""
    as_of = AsOf(parts().clock.today())
    with reading() as session:
        facts = arrangement_facts(session, slug, as_of)
        context = present_arrangement(
            facts,
            as_of,
            Surroundings(
                arrangement_titles(session, related_ids(facts), as_of),
                entries_by_key(session, document_keys(facts)),
                parts().settings.zone,
            ),
            page_reader(session),
        )
    return render_template("assessment/arrangement_admin.html", **context, asked_on=as_of.at)


@blueprint.route("/workspace/arrangements/<slug>/scope/new", methods=["GET", "POST"])
@needs("arrangement:record")
def arrangement_scope_new(slug: str) -> Response:
    """Add lines to what an arrangement covers."""

    def command(uow: UnitOfWork, data: Data) -> None:
        service.add_arrangement_scope(uow, slug, data)

    return _arrangement_form(
        slug,
        command,
        template="assessment/arrangement_scope_form.html",
        read=loaded(ArrangementScopeSchema()),
        said=gettext("The scope lines are recorded."),
        context={"result_types": options("result-type")},
        initial={"lines.0.result_type": "test_report", "lines.0.direction": "both"},
        lines="lines",
        carried=frozenset({"result_type", "direction"}),
        split=frozenset({"lines.*.hs_codes"}),
    )


@blueprint.route("/workspace/arrangements/<slug>/listings/new", methods=["GET", "POST"])
@needs("arrangement:record")
def listing_new(slug: str) -> Response:
    """List a body under an arrangement."""

    def command(uow: UnitOfWork, data: Data) -> None:
        service.list_body(uow, slug, data)

    return _arrangement_form(
        slug,
        command,
        template="assessment/listing_form.html",
        read=loaded(ListingSchema()),
        said=gettext("The body is listed."),
        context={"bodies": _bodies()},
    )


def _arrangement_form(
    slug: str, command: Callable[[UnitOfWork, Data], None], *, context: Data, **form: Any
) -> Response:
    """Answer a form about the arrangement ``slug``; ``NotFound`` when there is none."""
    with reading() as session:
        facts = arrangement_facts(session, slug, AsOf(parts().clock.today()))
    arrangement = {
        "slug": slug,
        "title": facts.record.titles,
        "demonstration": facts.arrangement.demonstration,
    }

    def take(data: Data) -> str:
        with change() as uow:
            command(uow, data)
        return url_for("assessment.arrangement_admin", slug=slug)

    return FormPage(take=take, context={"arrangement": arrangement, **context}, **form).answer()


def _read_arrangement(typed: Data) -> Data:
    """Load an arrangement; that it is a demonstration is not for a form to say."""
    return load(ArrangementSchema(), {**typed, "demonstration": False}, form=True)


def _named(facts: ArrangementFacts, party: Mapping[str, Any]) -> Data:
    """Return a party as the form names it: an economy, or a body by its slug."""
    if "economy" in party:
        return dict(party)
    return {"body": facts.party_bodies[party["body_id"]][0].slug}


def _bodies() -> Options:
    with reading() as session:
        found = find_bodies(session, AsOf(parts().clock.today()))
    choices = [(summary.body.slug, localise(summary.organisation.names).text) for summary in found]
    return sorted(choices, key=lambda choice: choice[1])
