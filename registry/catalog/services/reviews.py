"""What becomes of a published edition: confirmed after review, ended in part, or not after all."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.catalog.models import Edition, PartialEnd
from registry.catalog.services.facts import current_record, edition_by_slug
from registry.catalog.states import EDITION
from registry.errors import Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version

# Harmonized stage code: confirmed after periodic review.
_STAGE_CONFIRMED = "90.93"


def confirm_edition(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Record that a periodic review confirmed an edition (``ReviewSchema``)."""
    edition = edition_by_slug(uow, slug)
    record = current_record(uow, edition)
    check_version(record, expected)
    reviewed_on = data.get("reviewed_on") or uow.today
    if reviewed_on > uow.today:
        raise Invalid.one("reviewed_on", Message("A review is recorded when it has been made."))
    said = {
        "designation": edition.designation,
        "reviewed_on": reviewed_on,
        "reason": data["reason"],
    }
    perform(
        uow, EDITION, "confirm", edition.id, record, changes={"stage": _STAGE_CONFIRMED}, data=said
    )
    return edition


def end_part(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Record that a part of an edition no longer applies (``PartialEndSchema``)."""
    edition = edition_by_slug(uow, slug)
    record = current_record(uow, edition)
    check_version(record, expected)
    uow.actor.require("edition:withdraw")
    if record.effective_from and data["first_day"] < record.effective_from:
        raise Invalid.one("first_day", Message("No part can end before the edition is in force."))
    said = {name: data.get(name) for name in ("part", "first_day", "reason", "source")}
    recorded = perform(
        uow,
        EDITION,
        "end-part",
        edition.id,
        record,
        data={"designation": edition.designation, **said},
    )
    uow.add(PartialEnd(edition_id=edition.id, **said), position=recorded.known_from)
    return edition


def restore_part(
    uow: UnitOfWork,
    slug: str,
    part_id: int,
    data: Mapping[str, Any],
    expected: int | None = None,
) -> Edition:
    """Take back that a part ended, which was recorded wrongly (``RestorationSchema``)."""
    edition = edition_by_slug(uow, slug)
    record = current_record(uow, edition)
    check_version(record, expected)
    ended = uow.session.scalar(
        select(PartialEnd).where(
            PartialEnd.id == part_id, PartialEnd.edition_id == edition.id, known(PartialEnd)
        )
    )
    if ended is None:
        raise NotFound("No such part of this edition has ended, or that was taken back.")
    said = {
        "designation": edition.designation,
        "part": ended.part,
        "first_day": ended.first_day,
        "reason": data["reason"],
    }
    recorded = perform(uow, EDITION, "restore-part", edition.id, record, data=said)
    uow.close(ended, recorded.known_from)
    return edition
