"""The demonstration arrangement under which foreign results are judged, and who issues them."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import Organisation
from registry.accounts.schemas import OrganisationData
from registry.accounts.services.organisations import register_organisation
from registry.assessment.models import Arrangement, Body
from registry.assessment.queries.report_facts import HOME_COUNTRY
from registry.assessment.rules.facts import EditionFact, Label, MethodReference, ObligationFact
from registry.assessment.schemas import (
    ArrangementSchema,
    ArrangementScopeSchema,
    BodySchema,
    ListingSchema,
)
from registry.assessment.services.arrangements import (
    add_arrangement_scope,
    list_body,
    record_arrangement,
)
from registry.assessment.services.bodies import register_body
from registry.schema_fields import load
from registry.slugs import ascii_slug
from registry.unit_of_work import UnitOfWork


@cache
def demonstration() -> dict[str, Any]:
    """Return the data file of issuers, arrangement and accepted standards."""
    path = resources.files("registry.assessment.foreign") / "data" / "demonstration.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def issuer_slugs() -> dict[str, str]:
    """Return the slugs of issuers by the keys that lists name them by."""
    return {key: issuer["slug"] for issuer in demonstration()["issuers"] for key in issuer["keys"]}


def find_arrangement(session: Session) -> Arrangement | None:
    """Return the demonstration arrangement, where the register holds it."""
    slug = ascii_slug(demonstration()["arrangement"]["titles"], "arrangement")
    return session.scalars(select(Arrangement).where(Arrangement.slug == slug)).first()


def issuer_ids(session: Session) -> dict[str, int]:
    """Return the ids of the issuers' bodies by the keys that lists name them by."""
    slugs = issuer_slugs()
    rows = session.execute(select(Body.slug, Body.id).where(Body.slug.in_(slugs.values()))).all()
    ids = dict(rows)
    return {key: ids[slug] for key, slug in slugs.items() if slug in ids}


def prepare(uow: UnitOfWork) -> Arrangement:
    """Register what the demonstration needs, unless it is there; return the arrangement."""
    found = find_arrangement(uow.session)
    if found is not None:
        return found
    given = demonstration()["arrangement"]
    for issuer in demonstration()["issuers"]:
        _issuer(uow, issuer)
    arrangement = record_arrangement(
        uow,
        load(
            ArrangementSchema(),
            {
                **{name: given[name] for name in ("titles", "kind", "article", "valid_from")},
                "demonstration": True,
            },
        ),
    )
    line = {"result_type": given["result_type"], "direction": "inward"}
    add_arrangement_scope(uow, arrangement.slug, load(ArrangementScopeSchema(), {"lines": [line]}))
    for issuer in demonstration()["issuers"]:
        if issuer["slug"] not in given["not_listed"]:
            listing = {"body": issuer["slug"], "valid_from": given["valid_from"]}
            list_body(uow, arrangement.slug, load(ListingSchema(), listing))
    return arrangement


def obligation(arrangement: Arrangement) -> ObligationFact:
    """Return what the demonstration asks of a foreign result: the standards that count."""
    reference = f"arrangement:{arrangement.id}"
    given = demonstration()["obligation"]
    return ObligationFact(
        reference=reference,
        label=Label(demonstration()["arrangement"]["titles"]),
        regulation=given["regulation"],
        home_country=HOME_COUNTRY,
        editions=tuple(
            EditionFact(
                reference=reference,
                label=standard["label"],
                valid_from=_day(standard["valid_from"]),
                valid_until=_day(standard["valid_until"]),
                edition=MethodReference(
                    standard["document"], standard["edition"], standard["label"]
                ),
            )
            for standard in given["standards"]
        ),
    )


def _issuer(uow: UnitOfWork, issuer: Mapping[str, Any]) -> None:
    slug = issuer["slug"]
    if uow.session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is None:
        data = {name: issuer[name] for name in ("slug", "names", "country")}
        register_organisation(uow, load(OrganisationData(), data), demonstration=True)
    if uow.session.scalar(select(Body.id).where(Body.slug == slug)) is None:
        body = {"organisation": slug, "kinds": ["product_certification_body"]}
        register_body(uow, load(BodySchema(), body))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
