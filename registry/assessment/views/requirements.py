"""The finder: which rules apply to my product?"""

from typing import Any

from flask import render_template, request, url_for

from registry.accounts.permissions import PUBLIC
from registry.assessment.presenters.requirements import present_requirements
from registry.assessment.queries.requirements import requirements as find_requirements
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import page_reader
from registry.catalog.product_question import LONGEST, read_question
from registry.catalog.queries.obligations import coverage
from registry.errors import Invalid
from registry.history import AsOf
from registry.vocabulary.queries import terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading
from registry.web.forms import form_errors

EXAMPLES = ("8525.81", "camera", "pin lithium", "QCVN 65")


@blueprint.get("/requirements")
@needs(PUBLIC)
def requirements() -> str | tuple[str, int]:
    """Answer for a product, by HS code or words, what applies on a day, and what it takes."""
    typed = {name: request.args.get(name, "").strip()[:LONGEST] for name in ("hs", "q")}
    try:
        return _answer(typed)
    except Invalid as error:
        return _mend(typed, error), 422


def _answer(typed: dict[str, str]) -> str:
    question = read_question(typed["hs"], typed["q"])
    registry = parts()
    with reading() as session:
        as_of = asked_as_of(session)
        answer = find_requirements(
            session, registry.search, question, as_of, registry.settings.zone
        )
        methods = {
            term.key: term.attributes for term in terms(session, "certification-method", as_of)
        }
        context = present_requirements(answer, page_reader(session), methods)
    asked: dict[str, Any] = {"at": asked_date("at"), "known": as_of.known}
    return _page(
        typed,
        asked_on=as_of.at,
        **asked,
        **context,
        json_href=url_for(
            "Requirements.find", hs=typed["hs"] or None, q=typed["q"] or None, **asked
        ),
    )


def _mend(typed: dict[str, str], error: Invalid) -> str:
    """Show the form again with what was typed and what to mend."""
    today = AsOf(parts().clock.today())
    with reading() as session:
        covered = coverage(session, today)
    return _page(
        typed,
        asked_on=today.at,
        at=request.args.get("at", "")[:20],
        errors=form_errors(error),
        question={"blank": True},
        groups=[],
        coverage=covered,
    )


def _page(typed: dict[str, str], **context: Any) -> str:
    return render_template(
        "public/requirements.html", typed=typed, examples=EXAMPLES, **({"errors": {}} | context)
    )
