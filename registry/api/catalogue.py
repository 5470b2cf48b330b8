"""Resources of the catalogue: domains, documents, editions, relations, obligations, vocabularies."""

from typing import Any

from flask import Response, request, url_for
from marshmallow import Schema, fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.permissions import PUBLIC
from registry.api.base import (
    AS_OF,
    COMMAND,
    PAGING,
    SECURED,
    ReceiptSchema,
    expected_version,
    json_body,
    make_blueprint,
    page,
    page_parameters,
    representation,
    run_command,
    takes,
    version_of,
)
from registry.catalog.exporting import edition_data
from registry.catalog.models import Document, Edition, Obligation
from registry.catalog.presenters.common import counted
from registry.catalog.queries.editions import (
    EditionFacts,
    edition_facts,
    editions_of,
    find_slug,
    in_domain,
    obligations_of,
    one_edition,
    page_of_editions,
    relations_of,
)
from registry.catalog.queries.obligations import page_of_obligations
from registry.catalog.schemas import (
    CorrectionSchema,
    EditionSchema,
    ObligationSchema,
    ReturnSchema,
    WithdrawalSchema,
)
from registry.catalog.search_records import edition_id_of
from registry.catalog.services import editions as service
from registry.catalog.services.obligations import record_obligation
from registry.errors import NotFound
from registry.history import AsOf
from registry.search.engine import SearchRequest
from registry.unit_of_work import UnitOfWork, plain
from registry.vocabulary.queries import terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, current_actor, parts, reading

domains = make_blueprint("Domains", "The six domains of the list")
documents = make_blueprint("Documents", "Normative documents, independent of year")
editions = make_blueprint("Editions", "Dated editions: facts, status on a date, publishing")
obligations = make_blueprint("Obligations", "Which regulation applies to which products")
searching = make_blueprint("Search", "Search over the catalogue")

BLUEPRINTS = (domains, documents, editions, obligations, searching)


class EditionAnswerSchema(Schema):
    """An edition as valid and known on the days asked."""

    slug = fields.String(required=True)
    designation = fields.String(required=True)
    kind = fields.String(required=True)
    national = fields.Boolean(required=True)
    status = fields.String(required=True)
    status_since = fields.String(allow_none=True)
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    publisher = fields.String()
    version = fields.Integer(required=True)
    receipt = fields.Nested(ReceiptSchema)


class PageSchema(Schema):
    """A page of a list; the Link header names the next one."""

    items = fields.List(fields.Dict(), required=True)


@domains.route("/domains")
@domains.doc(parameters=AS_OF)
@domains.response(200, PageSchema)
@needs(PUBLIC)
def list_domains() -> dict[str, Any]:
    """Domains with lead ministries, plan and counts by status."""
    with reading() as session:
        as_of = asked_as_of(session)
        return {
            "items": [
                {
                    "key": term.key,
                    "labels": term.labels,
                    **term.attributes,
                    "counts": counted(in_domain(session, term.key, as_of, parts().settings.zone)),
                    "source": term.source,
                }
                for term in terms(session, "domain", as_of)
            ]
        }


@documents.route("/documents/<slug>")
@documents.doc(parameters=AS_OF)
@documents.response(200)
@needs(PUBLIC)
def one_document(slug: str) -> Response:
    """A document with its editions, the newest first."""
    with reading() as session:
        found = find_slug(session, slug)
        if isinstance(found, Edition):
            found = session.get_one(Document, found.document_id)
        as_of = asked_as_of(session)
        facts = editions_of(session, found.id, as_of, parts().settings.zone, drafts=False)
        if not facts:
            raise NotFound("The register said nothing of this document then.")
        body = {
            "slug": found.slug,
            "designation": found.designation,
            "editions": [present_edition(f) for f in facts],
        }
    return representation(body, max(version_of(f.record) for f in facts))


@editions.route("/editions")
@editions.doc(
    parameters=[
        *AS_OF,
        *PAGING,
        {"name": "domain", "in": "query", "schema": {"type": "string"}},
        {"name": "kind", "in": "query", "schema": {"type": "string"}},
        {"name": "national", "in": "query", "schema": {"type": "boolean"}},
    ]
)
@editions.response(200, PageSchema)
@needs(PUBLIC)
def list_editions() -> Response:
    """Editions by id, filtered by domain, kind or origin."""
    key, limit = page_parameters(int)
    national = {"true": True, "false": False}.get(request.args.get("national", ""))
    with reading() as session:
        rows = page_of_editions(
            session,
            asked_as_of(session),
            parts().settings.zone,
            after=key[0] if key else 0,
            limit=limit + 1,
            kind=request.args.get("kind"),
            national=national,
            domain=request.args.get("domain"),
        )
    return page(rows, limit, present_edition, lambda f: (f.edition.id,))


@editions.route("/editions/<slug>")
@editions.doc(parameters=AS_OF)
@editions.response(200, EditionAnswerSchema)
@needs(PUBLIC)
def one(slug: str) -> Response:
    """One edition with its relations and obligations."""
    with reading() as session:
        found = _edition(session, slug)
        as_of = asked_as_of(session)
        facts = _facts(session, found, as_of)
        relations = relations_of(session, found, as_of, parts().settings.zone)
        body = {
            **present_edition(facts),
            "relations": [
                {
                    "type": r.relation.type,
                    "direction": "in" if r.inward else "out",
                    "degree": r.relation.degree,
                    "designation": r.designation,
                    "slug": r.other.edition.slug if r.other else None,
                    "status": r.other.status.status if r.other else None,
                }
                for r in relations
            ],
            "obligations": [
                present_obligation(o) for o in obligations_of(session, found.id, as_of)
            ],
        }
    return representation(body, version_of(facts.record))


@editions.route("/editions", methods=["POST"])
@editions.doc(parameters=COMMAND[:1], security=SECURED, requestBody=takes(EditionSchema()))
@editions.response(201, EditionAnswerSchema)
@needs("edition:draft")
def draft() -> Response:
    """Draft an edition; another person approves it."""
    data = json_body(EditionSchema())
    return run_command(lambda uow: _answer(uow, service.draft_edition(uow, data)), 201, "href")


@editions.route("/editions/<slug>", methods=["PUT"])
@editions.doc(parameters=COMMAND, security=SECURED, requestBody=takes(EditionSchema()))
@editions.response(200, EditionAnswerSchema)
@needs("edition:draft")
def revise(slug: str) -> Response:
    """Replace what a draft says."""
    data = json_body(EditionSchema())
    expected = expected_version()
    return run_command(lambda uow: _answer(uow, service.revise_draft(uow, slug, data, expected)))


@editions.route("/editions/<slug>/submit", methods=["POST"])
@editions.doc(parameters=COMMAND, security=SECURED)
@editions.response(200, EditionAnswerSchema)
@needs("edition:submit")
def submit(slug: str) -> Response:
    """Propose a draft for approval."""
    expected = expected_version()
    return run_command(lambda uow: _answer(uow, service.submit_draft(uow, slug, expected)))


@editions.route("/editions/<slug>/approve", methods=["POST"])
@editions.doc(parameters=COMMAND, security=SECURED)
@editions.response(200, EditionAnswerSchema)
@needs("edition:approve")
def approve(slug: str) -> Response:
    """Publish a proposal; whoever drafted it cannot."""
    expected = expected_version()
    return run_command(lambda uow: _answer(uow, service.approve_edition(uow, slug, expected)))


@editions.route("/editions/<slug>/return", methods=["POST"])
@editions.doc(parameters=COMMAND, security=SECURED, requestBody=takes(ReturnSchema()))
@editions.response(200, EditionAnswerSchema)
@needs("edition:return")
def send_back(slug: str) -> Response:
    """Return a proposal to its editor with the reason."""
    data = json_body(ReturnSchema())
    expected = expected_version()
    return run_command(lambda uow: _answer(uow, service.return_proposal(uow, slug, data, expected)))


@editions.route("/editions/<slug>/correct", methods=["POST"])
@editions.doc(parameters=COMMAND, security=SECURED, requestBody=takes(CorrectionSchema()))
@editions.response(200, EditionAnswerSchema)
@needs("edition:correct")
def correct(slug: str) -> Response:
    """Correct a published record, saying what was wrong and why."""
    data = json_body(CorrectionSchema())
    expected = expected_version()
    return run_command(lambda uow: _answer(uow, service.correct_edition(uow, slug, data, expected)))


@editions.route("/editions/<slug>/withdraw", methods=["POST"])
@editions.doc(parameters=COMMAND, security=SECURED, requestBody=takes(WithdrawalSchema()))
@editions.response(200, EditionAnswerSchema)
@needs("edition:withdraw")
def withdraw(slug: str) -> Response:
    """Withdraw a published edition from a day on."""
    data = json_body(WithdrawalSchema())
    expected = expected_version()
    return run_command(
        lambda uow: _answer(uow, service.withdraw_edition(uow, slug, data, expected))
    )


@obligations.route("/obligations")
@obligations.doc(
    parameters=[*AS_OF, *PAGING, {"name": "hs", "in": "query", "schema": {"type": "string"}}]
)
@obligations.response(200, PageSchema)
@needs(PUBLIC)
def list_obligations() -> Response:
    """Obligations by id; with ``hs`` those of that code, its parents and its children."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = page_of_obligations(
            session,
            asked_as_of(session),
            after=key[0] if key else 0,
            limit=limit + 1,
            hs=request.args.get("hs"),
        )
    return page(
        rows,
        limit,
        lambda row: {**present_obligation(row[0]), "edition": row[1].designation},
        lambda row: (row[0].id,),
    )


@obligations.route("/editions/<slug>/obligations", methods=["POST"])
@obligations.doc(parameters=COMMAND[:1], security=SECURED, requestBody=takes(ObligationSchema()))
@obligations.response(201)
@needs("obligation:record")
def add_obligation(slug: str) -> Response:
    """Record that a regulation edition applies to products."""
    data = json_body(ObligationSchema())
    return run_command(lambda uow: present_obligation(record_obligation(uow, slug, data)), 201)


@searching.route("/search")
@searching.doc(
    parameters=[
        {"name": "q", "in": "query", "schema": {"type": "string"}},
        AS_OF[0],
        *(
            {"name": facet, "in": "query", "schema": {"type": "string"}}
            for facet in ("domain", "kind", "status", "body")
        ),
    ]
)
@searching.response(200)
@needs(PUBLIC)
def find() -> dict[str, Any]:
    """Entries that match, with facet counts; facts come from the database."""
    at = asked_date("at") or parts().clock.today()
    facets = ("domain", "kind", "status", "body")
    result = parts().search.search(
        SearchRequest(
            text=request.args.get("q", "")[:400],
            filters={name: frozenset(request.args.getlist(name)) for name in facets},
            facets=facets,
            at=at,
        )
    )
    ids = [edition_id_of(subject) for subject in result.subjects]
    with reading() as session:
        rows = session.scalars(select(Edition).where(Edition.id.in_(ids))).all()
        facts = {
            f.edition.id: f
            for f in edition_facts(session, rows, AsOf(at), parts().settings.zone, drafts=False)
        }
    return {
        "total": result.total,
        "position": result.position,
        "facets": {name: dict(counts) for name, counts in result.facets.items()},
        "items": [present_edition(facts[id_]) for id_ in ids if id_ in facts],
    }


def present_edition(facts: EditionFacts) -> dict[str, Any]:
    """Return an edition as JSON: open data plus its address and version."""
    return {
        "slug": facts.edition.slug,
        "href": url_for("Editions.one", slug=facts.edition.slug),
        "national": facts.edition.national,
        "state": facts.record.state,
        **edition_data(facts, []),
        "timeline": [{"since": plain(c.since), "status": c.status} for c in facts.changes],
        "version": version_of(facts.record),
    }


def present_obligation(obligation: Obligation) -> dict[str, Any]:
    """Return an obligation as JSON."""
    return {
        "id": obligation.id,
        "product": obligation.product,
        "hs_codes": obligation.hs_codes,
        "method": obligation.method,
        "valid_from": plain(obligation.valid_from),
        "valid_until": plain(obligation.valid_until),
        "note": obligation.note,
        "source": obligation.source,
    }


def _edition(session: Session, slug: str) -> Edition:
    found = find_slug(session, slug)
    if not isinstance(found, Edition):
        raise NotFound("There is no edition at this address.")
    return found


def _facts(session: Session, edition: Edition, as_of: AsOf) -> EditionFacts:
    drafts = current_actor().may("edition:read-drafts")
    return one_edition(session, edition, as_of, parts().settings.zone, drafts=drafts)


def _answer(uow: UnitOfWork, edition: Edition) -> dict[str, Any]:
    uow.session.flush()
    facts = one_edition(uow.session, edition, AsOf(uow.today), parts().settings.zone, drafts=True)
    return present_edition(facts)
