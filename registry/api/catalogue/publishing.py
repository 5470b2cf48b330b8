"""The publishing workflow as commands on editions."""

from collections.abc import Mapping
from typing import Any

from registry.api.catalogue.editions import editions, whole_edition
from registry.api.catalogue.presenting import EditionAnswerSchema
from registry.catalog.models import Edition
from registry.catalog.schemas import (
    CorrectionSchema,
    EditionSchema,
    PartialEndSchema,
    RestorationSchema,
    ReturnSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.catalog.services import editions as service
from registry.catalog.services import reviews
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork

Data = Mapping[str, Any]

__all__ = ["editions"]


@editions.command(
    "/editions",
    EditionAnswerSchema,
    body=EditionSchema,
    permission="edition:draft",
    status=201,
)
def draft(uow: UnitOfWork, data: Data) -> Data:
    """Draft an edition; another person approves it."""
    return _answer(uow, service.draft_edition(uow, data))


@editions.command(
    "/editions/<slug>",
    EditionAnswerSchema,
    body=EditionSchema,
    permission="edition:draft",
    method="PUT",
    versioned=True,
)
def revise(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Replace what a draft says."""
    return _answer(uow, service.revise_draft(uow, slug, data, expected))


@editions.command(
    "/editions/<slug>/submit", EditionAnswerSchema, permission="edition:submit", versioned=True
)
def submit(uow: UnitOfWork, slug: str, expected: int | None) -> Data:
    """Propose a draft for approval."""
    return _answer(uow, service.submit_draft(uow, slug, expected))


@editions.command(
    "/editions/<slug>/approve", EditionAnswerSchema, permission="edition:approve", versioned=True
)
def approve(uow: UnitOfWork, slug: str, expected: int | None) -> Data:
    """Publish a proposal; whoever drafted it cannot."""
    return _answer(uow, service.approve_edition(uow, slug, expected))


@editions.command(
    "/editions/<slug>/return",
    EditionAnswerSchema,
    body=ReturnSchema,
    permission="edition:return",
    versioned=True,
)
def send_back(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Return a proposal to its editor with the reason."""
    return _answer(uow, service.return_proposal(uow, slug, data, expected))


@editions.command(
    "/editions/<slug>/correct",
    EditionAnswerSchema,
    body=CorrectionSchema,
    permission="edition:correct",
    versioned=True,
)
def correct(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Correct a published record, saying what was wrong and why."""
    return _answer(uow, service.correct_edition(uow, slug, data, expected))


@editions.command(
    "/editions/<slug>/confirm",
    EditionAnswerSchema,
    body=ReviewSchema,
    permission="edition:confirm",
    versioned=True,
)
def confirm(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Record that a periodic review confirmed an edition (stage 90.93)."""
    return _answer(uow, reviews.confirm_edition(uow, slug, data, expected))


@editions.command(
    "/editions/<slug>/end-part",
    EditionAnswerSchema,
    body=PartialEndSchema,
    permission="edition:withdraw",
    versioned=True,
)
def end_part(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Record that a part of an edition no longer applies from a day on."""
    return _answer(uow, reviews.end_part(uow, slug, data, expected))


@editions.command(
    "/editions/<slug>/ended-parts/<int:part_id>/restore",
    EditionAnswerSchema,
    body=RestorationSchema,
    permission="edition:withdraw",
    versioned=True,
)
def restore_part(
    uow: UnitOfWork, slug: str, part_id: int, data: Data, expected: int | None
) -> Data:
    """Take back that a part ended, which was recorded wrongly."""
    return _answer(uow, reviews.restore_part(uow, slug, part_id, data, expected))


@editions.command(
    "/editions/<slug>/withdraw",
    EditionAnswerSchema,
    body=WithdrawalSchema,
    permission="edition:withdraw",
    versioned=True,
)
def withdraw(uow: UnitOfWork, slug: str, data: Data, expected: int | None) -> Data:
    """Withdraw a published edition from a day on."""
    return _answer(uow, service.withdraw_edition(uow, slug, data, expected))


def _answer(uow: UnitOfWork, edition: Edition) -> Data:
    uow.session.flush()
    return whole_edition(uow.session, edition.slug, AsOf(uow.today), drafts=True)
