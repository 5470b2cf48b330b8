"""Derives notices and webhook deliveries from the journal, in its order.

Each run takes up after the last position that was followed; rows and position are
written in one transaction, so a crash neither loses nor doubles anything. Two workers
take turns, because a unit of work is the only writer.
"""

import json
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from registry.actor import system_actor
from registry.journal.models import JournalEntry
from registry.journal.queries import head
from registry.notices.models import Notice, NoticeMail, NoticeProgress, WebhookEndpoint
from registry.notices.queries.concerned import SUBJECT_KINDS, as_of_entry, concerned, employer
from registry.notices.queries.events import event_body, wants
from registry.notices.services.webhooks import ACTIVE, queue_delivery
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

FOLLOWER = "notices"
BATCH = 500

# Mail waits a little, so that what happens together is told together.
_GATHERING = timedelta(minutes=1)


def follow_notices(units: UnitOfWorkFactory, base_url: str, *, mail: bool = False) -> int:
    """Follow the journal to its end; return how many notices were made.

    ``base_url`` begins the addresses in webhook messages; ``mail`` queues a mail for
    each organisation that has news.
    """
    with units.reading() as session:
        progress = session.get(NoticeProgress, FOLLOWER)
        if progress is not None and progress.position == head(session):
            return 0
    made, more = 0, True
    while more:
        with units(system_actor("notices")) as uow:
            new, more = _follow_batch(uow, base_url, mail=mail)
            made += new
    return made


def rebuild_notices(units: UnitOfWorkFactory) -> int:
    """Make all notices anew; nothing is sent again. Return how many there are.

    What people have read stays read.
    """
    with units(system_actor("notices")) as uow:
        uow.session.execute(delete(Notice))
        position, count = 0, 0
        end = head(uow.session)
        while position < end:
            batch, position = _next_entries(uow.session, position)
            count += sum(map(len, _note(uow, batch).values()))
        uow.session.merge(NoticeProgress(follower=FOLLOWER, position=end))
    return count


def _follow_batch(uow: UnitOfWork, base_url: str, *, mail: bool) -> tuple[int, bool]:
    progress = uow.session.get(NoticeProgress, FOLLOWER)
    end = head(uow.session)
    done = progress.position if progress else 0
    if done > end:
        # A copy was restored that is shorter than what was followed.
        uow.session.execute(delete(Notice).where(Notice.position > end))
        done = end
    batch, position = _next_entries(uow.session, done)
    endpoints = uow.session.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.state == ACTIVE)
    ).all()
    told: dict[int, list[int]] = {}
    count = 0
    noted = _note(uow, batch)
    for entry in batch:
        parties = noted[entry.position]
        count += len(parties)
        _queue(uow, entry, parties, endpoints, base_url)
        for organisation_id, own in parties.items():
            if mail and progress is not None and not own:
                told.setdefault(organisation_id, []).append(entry.position)
    for organisation_id, positions in told.items():
        _queue_mail(uow, organisation_id, positions)
    uow.session.merge(NoticeProgress(follower=FOLLOWER, position=position))
    return count, position < end


def _next_entries(session: Session, done: int) -> tuple[Sequence[JournalEntry], int]:
    """Return entries after ``done`` that may concern somebody, and the position followed then."""
    kinds = [JournalEntry.subject.startswith(f"{kind}:") for kind in SUBJECT_KINDS]
    batch = session.scalars(
        select(JournalEntry)
        .where(JournalEntry.position > done, or_(*kinds))
        .order_by(JournalEntry.position)
        .limit(BATCH)
    ).all()
    return batch, batch[-1].position if len(batch) == BATCH else head(session)


def _note(uow: UnitOfWork, entries: Sequence[JournalEntry]) -> dict[int, dict[int, bool]]:
    """Write the notices of entries; return by position whose they are, and whether their doing."""
    found = concerned(uow.session, entries, uow.clock.zone)
    noted = {}
    for entry in entries:
        parties = found[entry.position]
        own = employer(uow.session, entry.actor) if parties else None
        noted[entry.position] = {one: one == own for one in parties}
    rows = [
        {"organisation_id": organisation_id, "position": position, "own": own}
        for position, parties in noted.items()
        for organisation_id, own in parties.items()
    ]
    if rows:
        uow.session.execute(insert(Notice), rows)
    return noted


def _queue(
    uow: UnitOfWork,
    entry: JournalEntry,
    parties: dict[int, bool],
    endpoints: Sequence[WebhookEndpoint],
    base_url: str,
) -> None:
    for endpoint in endpoints:
        if endpoint.organisation_id not in parties or entry.position <= endpoint.from_position:
            continue
        if not wants(endpoint.event_types, entry.action):
            continue
        body = event_body(uow.session, entry, as_of_entry(entry, uow.clock.zone), base_url)
        queue_delivery(
            uow,
            endpoint,
            event_type=entry.action,
            position=entry.position,
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        )


def _queue_mail(uow: UnitOfWork, organisation_id: int, positions: list[int]) -> None:
    waiting = uow.session.scalar(
        select(NoticeMail).where(
            NoticeMail.organisation_id == organisation_id,
            NoticeMail.state == "waiting",
            NoticeMail.attempts == 0,
        )
    )
    if waiting is not None:
        waiting.last_position = max(waiting.last_position, *positions)
        return
    uow.session.add(
        NoticeMail(
            organisation_id=organisation_id,
            first_position=min(positions),
            last_position=max(positions),
            state="waiting",
            attempts=0,
            next_attempt_at=uow.now + _GATHERING,
        )
    )
