"""Public comment: who may say what when, how it is answered, and what stays known."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from registry.actor import ANYONE, Actor
from registry.catalog.comment_schemas import (
    CommentAnswerSchema,
    CommentExtensionSchema,
    CommentPeriodSchema,
    CommentSchema,
)
from registry.catalog.models import Edition
from registry.catalog.queries.comments import Consultation, consultation
from registry.catalog.queries.editions import one_edition
from registry.catalog.search_records import subject_of
from registry.catalog.services import comments as service
from registry.catalog.services.editions import approve_edition, revise_draft, submit_draft
from registry.catalog.status import PREPARATION, PUBLIC_COMMENT
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import (
    BadTransition,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    NotSignedIn,
    RegistryError,
)
from registry.followers.search import follow
from registry.history import AsOf
from registry.journal.queries import head
from registry.journal.verification import verify
from registry.schema_fields import load
from registry.search.engine import SearchRequest
from tests.conftest import ActorMaker
from tests.support.catalogue import DESIGNATION, SLUG, drafted, facts, loaded

COMMENT = {"clause": "5.2", "type": "te", "comment": "Độ sáng chưa rõ", "paragraph": "Bảng 3"}


@pytest.fixture
def editor(acting: ActorMaker) -> Actor:
    return acting("editor")


@pytest.fixture
def reader(acting: ActorMaker) -> Actor:
    return acting("business")


def opened(registry: Registry, editor: Actor, last_day: str = "2026-12-20", **more: str) -> None:
    drafted(registry, editor)
    with registry.units(editor) as uow:
        service.open_comment(uow, SLUG, load(CommentPeriodSchema(), {"last_day": last_day, **more}))


def comment(registry: Registry, actor: Actor, **changes: str) -> int:
    with registry.units(actor) as uow:
        return service.make_comment(uow, SLUG, load(CommentSchema(), {**COMMENT, **changes})).number


def answer(registry: Registry, actor: Actor, number: int, outcome: str = "accepted") -> None:
    data = load(CommentAnswerSchema(), {"outcome": outcome, "observation": "Đã sửa"})
    with registry.units(actor) as uow:
        service.answer_comment(uow, SLUG, number, data)


def asked(registry: Registry, at: date | None = None, position: int | None = None) -> Consultation:
    with registry.units.reading() as session:
        return consultation(session, SLUG, AsOf(at or registry.clock.today(), position))


def later(clock: FixedClock, days: int) -> None:
    clock.instant += timedelta(days=days)


def test_a_draft_is_commented_answered_approved(
    registry: Registry, editor: Actor, reader: Actor, acting: ActorMaker, clock: FixedClock
) -> None:
    opened(registry, editor)
    shown = facts(registry, SLUG)
    assert (shown.status.status, shown.record.stage) == (PUBLIC_COMMENT, "40.20")
    follow(registry)
    question = SearchRequest(
        text=DESIGNATION, filters={}, facets=(), at=registry.clock.today(), limit=5
    )
    assert subject_of(shown.edition.id) in registry.search.search(question).subjects
    found = asked(registry)
    assert (found.open, found.days_left) == (True, 31)
    numbers = [comment(registry, reader), comment(registry, reader, clause="6")]
    assert numbers == [1, 2]
    later(clock, 31)
    assert not asked(registry).open
    with pytest.raises(Conflict, match="1, 2"), registry.units(editor) as uow:
        submit_draft(uow, SLUG)
    answer(registry, editor, 1)
    answer(registry, editor, 2, "rejected")
    with registry.units(editor) as uow:
        submit_draft(uow, SLUG)
    with registry.units(acting("approver")) as uow:
        approve_edition(uow, SLUG)
    said = asked(registry).comments
    assert [c.answer.outcome for c in said if c.answer] == ["accepted", "rejected"]
    # On the day of the comments nobody had answered yet.
    assert [c.answer for c in asked(registry, date(2026, 11, 20)).comments] == [None, None]
    with registry.units.reading() as session:
        assert list(verify(session)) == []


def test_a_draft_is_taken_back_and_revised_unseen(
    registry: Registry, editor: Actor, clock: FixedClock
) -> None:
    opened(registry, editor)
    later(clock, 31)
    with registry.units(editor) as uow:
        service.close_comment(uow, SLUG)
        revise_draft(uow, SLUG, loaded(titles={"vi": "Đèn"}))
    assert facts(registry, SLUG, drafts=True).record.stage == "40.60"
    with pytest.raises(NotFound):
        facts(registry, SLUG)
    assert asked(registry).comments == []


def test_an_answer_given_anew_leaves_the_first_known(
    registry: Registry, editor: Actor, reader: Actor
) -> None:
    opened(registry, editor)
    comment(registry, reader)
    answer(registry, editor, 1, "rejected")
    with registry.units.reading() as session:
        before = head(session)
    answer(registry, editor, 1, "accepted-in-part")
    (now,) = asked(registry).comments
    (then,) = asked(registry, position=before).comments
    assert now.answer is not None
    assert then.answer is not None
    assert (then.answer.outcome, now.answer.outcome) == ("rejected", "accepted-in-part")


def test_the_period_is_extended_only(registry: Registry, editor: Actor) -> None:
    opened(registry, editor)

    def extend(day: str) -> None:
        data = load(CommentExtensionSchema(), {"last_day": day, "reason": "Nhiều góp ý"})
        with registry.units(editor) as uow:
            service.extend_comment(uow, SLUG, data)

    with pytest.raises(Invalid):
        extend("2026-12-20")
    extend("2027-01-31")
    assert asked(registry).period.last_day == date(2027, 1, 31)


def test_what_is_refused(
    registry: Registry, editor: Actor, reader: Actor, clock: FixedClock
) -> None:
    with pytest.raises(Invalid):
        opened(registry, editor, first_day="2026-11-19")
    with registry.units(editor) as uow:
        service.open_comment(
            uow,
            SLUG,
            load(CommentPeriodSchema(), {"first_day": "2026-12-01", "last_day": "2026-12-20"}),
        )

    def refused(error: type[RegistryError], actor: Actor) -> None:
        with pytest.raises(error):
            comment(registry, actor)

    refused(Conflict, reader)
    later(clock, 11)
    refused(NotSignedIn, ANYONE)
    comment(registry, reader)
    refused(Conflict, reader)
    comment(registry, editor)
    with pytest.raises(Denied):
        answer(registry, reader, 1)
    with pytest.raises(NotFound):
        answer(registry, editor, 9)
    for change in (service.close_comment, submit_draft):
        with pytest.raises(Conflict), registry.units(editor) as uow:
            change(uow, SLUG)
    with pytest.raises(BadTransition), registry.units(editor) as uow:
        revise_draft(uow, SLUG, loaded())


def test_before_and_after_its_period_a_draft_is_in_preparation(
    registry: Registry, editor: Actor
) -> None:
    opened(registry, editor, last_day="2026-12-20", first_day="2026-12-01")
    with registry.units.reading() as session:
        (edition,) = session.scalars(select(Edition).where(Edition.slug == SLUG))
        on = {
            day: one_edition(
                session, edition, AsOf(date(2026, 12, day)), ZoneInfo("UTC"), drafts=True
            )
            for day in (1, 20, 21)
        }
        before = one_edition(
            session, edition, AsOf(date(2026, 11, 30)), ZoneInfo("UTC"), drafts=True
        )
    assert before.status.status == PREPARATION
    assert [on[day].status.status for day in (1, 20, 21)] == [
        PUBLIC_COMMENT, PUBLIC_COMMENT, PREPARATION,
    ]  # fmt: skip
