"""Entry pages: an edition, a document, a domain."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from registry.accounts.permissions import PUBLIC
from registry.catalog.models import Document, Edition
from registry.catalog.presenters.common import adoption, body_name, counted
from registry.catalog.presenters.entry import Entry, adopted_edition, present_entry
from registry.catalog.presenters.programme import present_row
from registry.catalog.queries.chains import replacement_chain
from registry.catalog.queries.editions import (
    EditionFacts,
    adopted_editions,
    editions_of,
    find_slug,
    in_domain,
    obligations_of,
    one_edition,
    parts_ended,
    relations_of,
)
from registry.catalog.queries.programme import programme
from registry.catalog.states import DROPPED, PUBLISHED
from registry.catalog.status import ENDED
from registry.catalog.views.blueprints import catalog
from registry.catalog.views.drift import share_asked
from registry.errors import NotFound
from registry.history import AsOf
from registry.journal.queries import entries
from registry.vocabulary.models import Term
from registry.vocabulary.queries import all_labels, terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, current_actor, parts, reading
from registry.web.i18n import current_language

_HISTORY = 50


@catalog.get("/editions/<slug>")
@needs(PUBLIC)
def edition(slug: str) -> str:
    """Show one edition as valid and known on the days asked."""
    with reading() as session:
        found = find_slug(session, slug)
        if not isinstance(found, Edition):
            return _document_page(session, found)
        return _edition_page(session, found)


@catalog.get("/documents/<slug>")
@needs(PUBLIC)
def document(slug: str) -> str:
    """Show a document by the edition that counts on the day asked, with all its editions."""
    with reading() as session:
        found = find_slug(session, slug)
        if isinstance(found, Edition):
            return _edition_page(session, found)
        return _document_page(session, found)


@catalog.get("/domains/<key>")
@needs(PUBLIC)
def domain(key: str) -> str:
    """Show one domain of the list: who leads it, the plan, the entries."""
    with reading() as session:
        as_of = asked_as_of(session)
        term = next((t for t in terms(session, "domain", as_of) if t.key == key), None)
        if term is None:
            raise NotFound("There is no such domain.")
        facts = in_domain(session, key, as_of, parts().settings.zone)
        adopted = adopted_editions(
            session, [f.edition.id for f in facts], as_of, parts().settings.zone
        )
        planned = programme(session, as_of, domain=key)
        labels = all_labels(session)
        drift = share_asked(session, as_of, key)
    return render_template(
        "public/domain.html",
        drift=drift,
        domain={"key": key, "definition": term.attributes.get("description"), **counted(facts)},
        plan=plan_of(term, labels, counted(facts)),
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        entries=[
            {
                "slug": f.edition.slug,
                "designation": f.edition.designation,
                "title": f.record.titles,
                "kind": f.record.kind,
                "status_key": f.status.status,
                "effective_from": f.record.effective_from,
                "adoption": adoption(adopted.get(f.edition.id, ())),
            }
            for f in facts
        ],
        planned=[
            present_row(entry, labels)
            for entry in planned
            if entry.standing.state not in (PUBLISHED, DROPPED)
        ],
        search_href=url_for("search.page", domain=key),
        pager=None,
    )


def plan_of(term: Term, labels: Any, counts: dict[str, int]) -> dict[str, Any] | None:
    """Return the published plan of a domain: deadline, who leads, what is done."""
    plan = term.attributes.get("plan")
    if not plan:
        return None
    return {
        "deadline": plan["deadline"],
        "ministries": [
            {"name": body_name(labels, key), "task": plan.get("deliverable")}
            for key in term.attributes.get("lead_ministries", ())
        ],
        "legal_basis": plan.get("legal_basis"),
        "published": counts["total"] - counts["planned"],
        "planned": None,
    }


def _document_page(session: Session, found: Document) -> str:
    as_of = asked_as_of(session)
    facts = editions_of(session, found.id, as_of, parts().settings.zone, drafts=False)
    if not facts:
        raise NotFound("The register said nothing of this document then.")
    current = next((f for f in facts if f.status.status not in ENDED), facts[0])
    return _render(session, current, facts, as_of)


def _edition_page(session: Session, found: Edition) -> str:
    as_of = asked_as_of(session)
    drafts = current_actor().may("edition:read-drafts")
    zone = parts().settings.zone
    facts = one_edition(session, found, as_of, zone, drafts=drafts)
    siblings = editions_of(session, found.document_id, as_of, zone, drafts=False)
    return _render(session, facts, siblings, as_of)


def _render(
    session: Session, facts: EditionFacts, siblings: Sequence[EditionFacts], as_of: AsOf
) -> str:
    zone = parts().settings.zone
    found = facts.edition
    document = session.get_one(Document, found.document_id)
    relations = relations_of(session, found, as_of, zone)
    adopted = adopted_edition(relations)
    entry = Entry(
        facts=facts,
        siblings=siblings,
        relations=relations,
        obligations=obligations_of(session, found.id, as_of),
        history=entries(session, subject=f"edition:{found.id}", limit=_HISTORY),
        document={"slug": document.slug, "designation": document.designation},
        chain=replacement_chain(session, adopted.other.edition, as_of, zone)
        if adopted and adopted.other
        else [],
        zone=zone,
    )
    context = present_entry(
        entry,
        as_of,
        all_labels(session),
        terms(session, "relation-type", as_of),
        current_language(),
    )
    asked: dict[str, Any] = {k: v for k, v in request.args.items() if k in ("at", "known")}
    return render_template(
        "public/edition.html",
        **context,
        at=asked_date("at"),
        known=as_of.known,
        parts_ended=parts_ended(session, found.id, as_of),
        json_href=url_for("Editions.one", slug=found.slug, **asked),
        apply_href=_apply_href(facts),
        edit_href=url_for("catalog.edit", slug=found.slug) if _may_edit(facts) else None,
        obligations_href=url_for("catalog.obligations", slug=found.slug)
        if _may_oblige(facts)
        else None,
    )


def _apply_href(facts: EditionFacts) -> str | None:
    """Products are assessed against mandatory regulations that have not ended."""
    if facts.record.kind not in ("QCVN", "QCĐP") or facts.status.status in ENDED:
        return None
    return url_for("assessment.apply", edition=facts.edition.slug)


def _may_edit(facts: EditionFacts) -> bool:
    return facts.edition.national and current_actor().may("edition:draft")


def _may_oblige(facts: EditionFacts) -> bool:
    obliging = facts.record.kind in ("QCVN", "QCĐP")
    return obliging and current_actor().may("obligation:record")
