"""Public comment on drafts: open, extend and close the period, comment, answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from registry.catalog.models import (
    CommentAnswer,
    CommentPeriod,
    Edition,
    EditionComment,
    EditionRecord,
)
from registry.catalog.queries.comments import comments_of
from registry.catalog.services.facts import (
    current_record,
    current_relations,
    edition_by_slug,
    public_content,
)
from registry.catalog.states import EDITION, PUBLIC_COMMENT
from registry.errors import Conflict, Invalid, NotFound
from registry.history import AsOf, covers, known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version

# A comment under the names of its columns and of its command.
FIELDS = ("source", "line", "clause", "paragraph", "type", "comment", "proposed_change")

# Harmonized stage codes: enquiry (public comment) initiated, and closed.
_STAGE_OPENED = "40.20"
_STAGE_CLOSED = "40.60"


def open_comment(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Put a draft to public comment (``CommentPeriodSchema``); what it says is public now."""
    edition, record = _load(uow, slug, expected)
    first = data.get("first_day") or uow.today
    if first < uow.today:
        raise Invalid.one("first_day", Message("A comment period cannot begin in the past."))
    if data["last_day"] < first:
        raise Invalid.one("last_day", Message("The last day lies before the first day."))
    said = {"first_day": first, "last_day": data["last_day"]}
    opened = perform(
        uow,
        EDITION,
        "open-comment",
        edition.id,
        record,
        changes={"stage": _STAGE_OPENED},
        data={
            "designation": edition.designation,
            **said,
            "content": public_content(record, current_relations(uow, edition)),
        },
    )
    period = CommentPeriod(edition_id=edition.id, **said)
    if before := _period(uow, edition):
        uow.replace(before, period, opened.known_from)
    else:
        uow.add(period, position=opened.known_from)
    return edition


def extend_comment(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None = None
) -> Edition:
    """Let the comment period end later (``CommentExtensionSchema``)."""
    edition, record = _load(uow, slug, expected)
    period = _period(uow, edition)
    if period is not None and data["last_day"] <= max(period.last_day, uow.today):
        raise Invalid.one("last_day", Message("The period already lasts until then."))
    said = {"designation": edition.designation, **data}
    extended = perform(uow, EDITION, "extend-comment", edition.id, record, data=said)
    if period is not None:
        revised = period.revised(last_day=data["last_day"])
        uow.replace(period, revised, extended.known_from)
    return edition


def close_comment(uow: UnitOfWork, slug: str, expected: int | None = None) -> Edition:
    """Take a draft back for revision once its comment period is over."""
    edition, record = _load(uow, slug, expected)
    uow.actor.require("edition:open-comment")
    check_comment_over(uow, edition, record)
    perform(
        uow,
        EDITION,
        "close-comment",
        edition.id,
        record,
        changes={"stage": _STAGE_CLOSED},
        data={"designation": edition.designation},
    )
    return edition


def check_comment_over(uow: UnitOfWork, edition: Edition, record: EditionRecord) -> None:
    """Raise ``Conflict`` while a draft may still be commented on."""
    period = _period(uow, edition)
    if record.state == PUBLIC_COMMENT and period and uow.today <= period.last_day:
        raise Conflict(Message("The comment period lasts until {day}.", day=period.last_day))


def check_all_answered(uow: UnitOfWork, edition: Edition) -> None:
    """Raise ``Conflict`` while a comment has no answer: each of them gets one."""
    comments = comments_of(uow.session, edition.id, AsOf(uow.today))
    if waiting := [str(c.comment.number) for c in comments if c.answer is None]:
        raise Conflict(
            Message("These comments wait for an answer: {numbers}.", numbers=", ".join(waiting))
        )


def make_comment(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> EditionComment:
    """Comment on a draft that is open for comment (``CommentSchema``).

    Raises ``Conflict`` when the same person has said the very same before.
    """
    edition = _open_edition(uow, slug)
    if _said_before(uow, edition, data):
        raise Conflict("You have made this comment already.")
    return _record(uow, edition, data)


def make_comments(uow: UnitOfWork, slug: str, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Record comments from a file; return how many were new and how many known already."""
    edition = _open_edition(uow, slug)
    new = [row for row in rows if not _said_before(uow, edition, row)]
    for row in new:
        _record(uow, edition, row)
    return len(new), len(rows) - len(new)


def answer_comment(
    uow: UnitOfWork, slug: str, number: int, data: Mapping[str, Any]
) -> EditionComment:
    """Answer a comment (``CommentAnswerSchema``); an earlier answer stays known."""
    uow.actor.require("comment:answer")
    edition = edition_by_slug(uow, slug)
    comment = uow.session.scalar(
        select(EditionComment).where(
            EditionComment.edition_id == edition.id,
            EditionComment.number == number,
            known(EditionComment),
        )
    )
    if comment is None:
        raise NotFound("There is no comment of this number.")
    present = uow.session.scalar(
        select(CommentAnswer).where(CommentAnswer.comment_id == comment.id, known(CommentAnswer))
    )
    said = {"outcome": data["outcome"], "observation": data["observation"]}
    position = uow.record(
        "edition.answer-comment",
        f"edition:{edition.id}",
        {"designation": edition.designation, "comment": number, **said},
    )
    answer = CommentAnswer(comment_id=comment.id, on=uow.today, **said)
    if present is None:
        uow.add(answer, position=position)
    else:
        uow.replace(present, answer, position)
    uow.session.flush()
    return comment


def _record(uow: UnitOfWork, edition: Edition, data: Mapping[str, Any]) -> EditionComment:
    last = uow.session.scalar(
        select(func.max(EditionComment.number)).where(EditionComment.edition_id == edition.id)
    )
    said = {name: data.get(name) for name in FIELDS}
    comment = EditionComment(
        edition_id=edition.id,
        number=(last or 0) + 1,
        user_id=uow.actor.user_id,
        on=uow.today,
        **said,
    )
    position = uow.record(
        "edition.comment",
        f"edition:{edition.id}",
        {"designation": edition.designation, "comment": comment.number, **said},
    )
    uow.add(comment, position=position)
    uow.session.flush()
    return comment


def _open_edition(uow: UnitOfWork, slug: str) -> Edition:
    uow.actor.require("comment:make")
    edition = edition_by_slug(uow, slug)
    period = _period(uow, edition)
    open_now = (
        period is not None
        and covers(period.first_day, period.last_day, uow.today)
        and current_record(uow, edition).state == PUBLIC_COMMENT
    )
    if not open_now:
        raise Conflict("This edition is not open for comment today.")
    return edition


def _said_before(uow: UnitOfWork, edition: Edition, data: Mapping[str, Any]) -> bool:
    same = [getattr(EditionComment, name).is_not_distinct_from(data.get(name)) for name in FIELDS]
    found = select(EditionComment.id).where(
        EditionComment.edition_id == edition.id,
        EditionComment.user_id.is_not_distinct_from(uow.actor.user_id),
        known(EditionComment),
        *same,
    )
    return uow.session.scalar(found.limit(1)) is not None


def _period(uow: UnitOfWork, edition: Edition) -> CommentPeriod | None:
    return uow.session.scalar(
        select(CommentPeriod).where(CommentPeriod.edition_id == edition.id, known(CommentPeriod))
    )


def _load(uow: UnitOfWork, slug: str, expected: int | None) -> tuple[Edition, EditionRecord]:
    edition = edition_by_slug(uow, slug)
    record = current_record(uow, edition)
    check_version(record, expected)
    return edition, record
