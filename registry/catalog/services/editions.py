"""The publishing workflow: draft, propose, approve, correct, withdraw.

Services take a unit of work and loaded data (see ``registry.catalog.schemas``)
and return the edition. ``expected`` is the version the actor looked at.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from registry.catalog.designation import parse
from registry.catalog.models import Edition, EditionRecord
from registry.catalog.services.comments import check_all_answered, check_comment_over
from registry.catalog.services.facts import (
    current_record,
    current_relations,
    edition_by_slug,
    public_content,
    record_values,
    relation_data,
    write_domains,
    write_relations,
)
from registry.catalog.services.identities import find_edition, make_edition
from registry.catalog.states import DRAFT, EDITION
from registry.catalog.status import out_of_order
from registry.errors import Denied, Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version
from registry.vocabulary.models import Term
from registry.vocabulary.queries import terms

_EMPTY: dict[str, Any] = {
    "stage": "10.99",
    "doctype": None,
    "withdrawn_on": None,
    "committee": [],
    "drafted_by": None,
    "status_source": None,
    "evidence": None,
    "digest": None,
    "approved_by_user_id": None,
}

# Harmonized stage codes (ISO Guide 69) of the workflow's own steps.
_STAGE_PROPOSED = "50.20"
_STAGE_PUBLISHED = "60.60"
_STAGE_WITHDRAWN = "95.99"


def draft_edition(uow: UnitOfWork, data: Mapping[str, Any]) -> Edition:
    """Draft a new edition; its designation must not be in the register yet."""
    uow.actor.require("edition:draft")
    _check_vocabulary(uow, data)
    if parse(data["designation"]).year is None:
        raise Invalid.one(
            "designation",
            Message(
                "Write the year as well, like {designation}:{year}: it tells one edition from "
                "the next.",
                designation=data["designation"],
                year=uow.today.year,
            ),
        )
    if find_edition(uow, data["designation"]) is not None:
        raise Invalid.one(
            "designation",
            Message("{designation} is in the register already.", designation=data["designation"]),
        )
    edition = make_edition(uow, data["designation"], national=True)
    # The content of a draft is not public before it is proposed to the public.
    position = uow.record(
        "edition.draft", _subject(edition), {"designation": edition.designation}, sealed=data
    )
    values = _EMPTY | record_values(data)
    record = EditionRecord(
        edition_id=edition.id, state=DRAFT, drafted_by_user_id=uow.actor.user_id, **values
    )
    uow.add(record, position=position)
    write_domains(uow, edition, data["domains"], position)
    write_relations(uow, edition, data["relations"], position)
    return edition


def revise_draft(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Replace what a draft says; the designation stays, in whatever spelling it is given."""
    edition, record = _load(uow, slug, expected)
    uow.actor.require("edition:draft")
    if parse(data["designation"]).key != edition.key:
        message = Message("This draft is of {designation}.", designation=edition.designation)
        raise Invalid.one("designation", message)
    _check_vocabulary(uow, data)
    changed = perform(
        uow, EDITION, "revise", edition.id, record, changes=record_values(data), sealed=data
    )
    write_domains(uow, edition, data["domains"], changed.known_from)
    write_relations(uow, edition, data["relations"], changed.known_from)
    return edition


def submit_draft(uow: UnitOfWork, slug: str, expected: int | None = None) -> Edition:
    """Propose a draft for approval: after its comment period, with every comment answered."""
    edition, record = _load(uow, slug, expected)
    uow.actor.require("edition:submit")
    check_comment_over(uow, edition, record)
    check_all_answered(uow, edition)
    perform(uow, EDITION, "submit", edition.id, record, changes={"stage": _STAGE_PROPOSED})
    return edition


def return_proposal(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Send a proposal back to its editor with the reason."""
    edition, record = _load(uow, slug, expected)
    changes = {"stage": _EMPTY["stage"]}
    perform(uow, EDITION, "return", edition.id, record, changes=changes, sealed=data)
    return edition


def approve_edition(uow: UnitOfWork, slug: str, expected: int | None = None) -> Edition:
    """Publish a proposal. Whoever drafted it cannot approve it."""
    edition, record = _load(uow, slug, expected)
    uow.actor.require("edition:approve")
    if uow.actor.user_id is not None and uow.actor.user_id == record.drafted_by_user_id:
        raise Denied("A second person must approve what you drafted.")
    changes = {"stage": _STAGE_PUBLISHED, "approved_by_user_id": uow.actor.user_id}
    perform(
        uow,
        EDITION,
        "approve",
        edition.id,
        record,
        changes=changes,
        data={
            "designation": edition.designation,
            "content": public_content(record, current_relations(uow, edition)),
        },
    )
    return edition


def correct_edition(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Correct a published record: says what was wrong and why; the old record stays known."""
    edition, record = _load(uow, slug, expected)
    uow.actor.require("edition:correct")
    with _fields_under("changes"):
        _correct(uow, edition, record, data["changes"], data["reason"])
    return edition


def _correct(
    uow: UnitOfWork,
    edition: Edition,
    record: EditionRecord,
    changes: Mapping[str, Any],
    reason: str,
) -> None:
    _check_vocabulary(uow, changes)
    values = record_values(changes)
    corrected = record.revised(**values)
    dates = (corrected.issued, corrected.effective_from, corrected.effective_until)
    if problem := out_of_order(*dates):
        raise Invalid.one(*problem)
    before = {name: getattr(record, name) for name in values}
    after = dict(values)
    if "relations" in changes:
        before["relations"] = [relation_data(r) for r in current_relations(uow, edition)]
        after["relations"] = changes["relations"]
    corrected = perform(
        uow,
        EDITION,
        "correct",
        edition.id,
        record,
        changes=values,
        data={"reason": reason, "before": before, "after": after},
    )
    if "domains" in changes:
        write_domains(uow, edition, changes["domains"], corrected.known_from)
    if "relations" in changes:
        write_relations(uow, edition, changes["relations"], corrected.known_from)


def withdraw_edition(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Withdraw a published edition from a day on, with the reason."""
    edition, record = _load(uow, slug, expected)
    uow.actor.require("edition:withdraw")
    if record.effective_from and data["withdrawn_on"] < record.effective_from:
        raise Invalid.one("withdrawn_on", "It cannot be withdrawn before it is in force.")
    changes = {"withdrawn_on": data["withdrawn_on"], "stage": _STAGE_WITHDRAWN}
    perform(uow, EDITION, "withdraw", edition.id, record, changes=changes, data=data)
    return edition


@contextmanager
def _fields_under(path: str) -> Iterator[None]:
    """Name the fields of a command's part by their path in the whole command."""
    try:
        yield
    except Invalid as error:
        raise Invalid({f"{path}.{name}": texts for name, texts in error.fields.items()}) from None


def _load(uow: UnitOfWork, slug: str, expected: int | None) -> tuple[Edition, EditionRecord]:
    edition = edition_by_slug(uow, slug)
    record = current_record(uow, edition)
    check_version(record, expected)
    return edition, record


def _check_vocabulary(uow: UnitOfWork, data: Mapping[str, Any]) -> None:
    """Refuse keys that no vocabulary of today holds, naming the field."""
    as_of = AsOf(uow.today)
    if data.get("domains"):
        keys = {term.key for term in terms(uow.session, "domain", as_of)}
        for number, domain in enumerate(data["domains"]):
            if domain not in keys:
                message = Message("“{key}” is not a domain of the list.", key=domain)
                raise Invalid.one(f"domains.{number}", message)
    for field in ("publisher", "lead_ministry"):
        if key := data.get(field):
            _check_body_key(uow, field, key)


def _check_body_key(uow: UnitOfWork, field: str, key: str) -> None:
    # Historic names stay usable: an edition keeps the ministry that issued it.
    found = uow.session.scalar(
        select(Term.id).where(
            Term.vocabulary == "issuing-body", Term.key == key, Term.known_until.is_(None)
        )
    )
    if found is None:
        message = Message("“{key}” is not an issuing body known here.", key=key)
        raise Invalid.one(field, message)


def _subject(edition: Edition) -> str:
    return f"edition:{edition.id}"
