"""Ways through the catalogue other than search: subjects, ministries, two editions compared."""

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from registry.accounts.permissions import PUBLIC
from registry.catalog import ics
from registry.catalog.models import Edition
from registry.catalog.presenters.common import counted
from registry.catalog.presenters.comparison import compare
from registry.catalog.queries.editions import (
    EditionFacts,
    find_designation,
    find_slug,
    one_edition,
)
from registry.catalog.queries.responsibility import editions_of_body
from registry.catalog.views.blueprints import catalog
from registry.errors import Invalid, NotFound
from registry.history import AsOf
from registry.messages import Message
from registry.search.engine import SearchRequest
from registry.vocabulary.queries import all_labels, terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading


@catalog.get("/ics", defaults={"code": None})
@catalog.get("/ics/<code>")
@needs(PUBLIC)
def subjects(code: str | None) -> str:
    """Show one level of the ICS tree with how many entries each subject holds."""
    if code is not None and code not in ics.titles():
        raise NotFound("The International Classification for Standards has no such code.")
    chosen = frozenset({code}) if code else frozenset[str]()
    counts = parts().search.search(
        SearchRequest("", {"ics": chosen}, ("kind",), parts().clock.today(), limit=0)
    )
    below = (
        parts()
        .search.search(SearchRequest("", {}, ("ics",), parts().clock.today(), limit=0))
        .facets.get("ics", {})
    )
    return render_template(
        "catalog/subjects.html",
        code=code,
        title=ics.titles().get(code or "", ""),
        path=[(step, ics.titles()[step]) for step in ics.ancestors(code)[:-1]] if code else [],
        total=counts.total,
        rows=[(child, ics.titles()[child], below.get(child, 0)) for child in ics.children(code)],
    )


@catalog.get("/ministries/<key>")
@needs(PUBLIC)
def ministry(key: str) -> str:
    """Show what one ministry or other issuing body answers for."""
    with reading() as session:
        as_of = asked_as_of(session)
        labels = all_labels(session)
        name = labels.get(("issuing-body", key))
        if name is None:
            raise NotFound("There is no such ministry.")
        facts = editions_of_body(session, key, as_of, parts().settings.zone)
        term = next((t for t in terms(session, "issuing-body", as_of) if t.key == key), None)
        leads = [
            t.key
            for t in terms(session, "domain", as_of)
            if key in t.attributes.get("lead_ministries", ())
        ]
    attributes: dict[str, Any] = term.attributes if term else {}
    return render_template(
        "catalog/ministry.html",
        key=key,
        name=name,
        valid_until=term.valid_until if term else None,
        existing=term is not None,
        predecessors=attributes.get("predecessors", []),
        successor=attributes.get("successor"),
        leads=leads,
        counts=counted(facts),
        rows=facts,
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
    )


@catalog.get("/compare")
@needs(PUBLIC)
def compare_editions() -> Response | str:
    """Show two editions' records beside each other; typed designations lead to addresses."""
    typed = {name: request.args.get(name, "").strip()[:200] for name in ("a", "b")}
    with reading() as session:
        as_of = asked_as_of(session)
        found = {name: _named(session, name, text) for name, text in typed.items() if text}
        slugs: dict[str, Any] = {name: edition.slug for name, edition in found.items()}
        if slugs and any(typed[name] != slug for name, slug in slugs.items()):
            at = asked_date("at")
            return redirect(url_for("catalog.compare_editions", **slugs, at=at))
        facts = {name: _facts(session, edition, as_of) for name, edition in found.items()}
    both = len(facts) == 2
    return render_template(
        "catalog/compare.html",
        first=facts.get("a"),
        second=facts.get("b"),
        rows=compare(facts["a"], facts["b"]) if both else [],
        asked_on=as_of.at,
    )


def _named(session: Session, name: str, text: str) -> Edition:
    """Return the edition meant by an address or by a designation in any spelling."""
    found = find_designation(session, text) or _at_address(session, text)
    if found is None:
        raise Invalid.one(name, Message("“{text}” is not in the register.", text=text))
    return found


def _at_address(session: Session, slug: str) -> Edition | None:
    try:
        found = find_slug(session, slug)
    except NotFound:
        return None
    return found if isinstance(found, Edition) else None


def _facts(session: Session, edition: Edition, as_of: AsOf) -> EditionFacts:
    return one_edition(session, edition, as_of, parts().settings.zone, drafts=False)
