"""Public pages of recognition arrangements."""

from flask import render_template

from registry.accounts.permissions import PUBLIC
from registry.assessment.presenters.arrangements import (
    Surroundings,
    document_keys,
    present_arrangement,
    present_row,
    related_ids,
)
from registry.assessment.queries.arrangements import arrangement_facts
from registry.assessment.queries.arrangements import arrangements as find_arrangements
from registry.assessment.queries.directory import (
    arrangement_titles,
    body_names,
    entries_by_key,
    listed_counts,
)
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import page_reader
from registry.journal.queries import entries
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading

# An economy signs dozens of arrangements, not thousands: one page holds them all.
_ALL = 1_000
_HISTORY = 50


@blueprint.get("/arrangements")
@needs(PUBLIC)
def arrangements() -> str:
    """List the arrangements with their status on a day."""
    with reading() as session:
        as_of = asked_as_of(session)
        names = body_names(session, as_of)
        listed = listed_counts(session, as_of)
        rows = [
            present_row(facts, as_of, names, listed)
            for facts in find_arrangements(session, as_of, limit=_ALL)
        ]
    return render_template(
        "public/arrangements.html",
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        arrangements=rows,
    )


@blueprint.get("/arrangements/<slug>")
@needs(PUBLIC)
def arrangement(slug: str) -> str:
    """Show one arrangement: parties, what it covers, whom it lists."""
    with reading() as session:
        as_of = asked_as_of(session)
        facts = arrangement_facts(session, slug, as_of)
        context = present_arrangement(
            facts,
            as_of,
            Surroundings(
                arrangement_titles(session, related_ids(facts), as_of),
                entries_by_key(session, document_keys(facts)),
                parts().settings.zone,
                entries(session, subject=f"arrangement:{facts.arrangement.id}", limit=_HISTORY),
            ),
            page_reader(session),
        )
    return render_template(
        "public/arrangement.html",
        **context,
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
    )
