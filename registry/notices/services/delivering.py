"""Sends webhook messages: signed, bounded in time and number, again with growing pauses.

The worker claims what is due in a short transaction, sends without holding any lock,
and writes down what came of it. Whoever is killed in between leaves a claim that runs
out; the message is then sent again under the same id.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from registry.actor import system_actor
from registry.notices.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from registry.notices.services.posting import Answer, Outgoing, post
from registry.notices.services.webhooks import ACTIVE, DELIVERED, DISABLED, FAILED, WAITING
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

# Pauses before each further attempt: about three days in all.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
CLAIM = timedelta(seconds=60)
THREADS = 8
# However many endpoints of its own are slow, an organisation leaves room for the others.
MOST_PER_ORGANISATION = THREADS // 2
_GONE = 410


@dataclass(frozen=True, slots=True)
class _Claimed:
    delivery_id: int
    endpoint_id: int
    message: Outgoing


class Deliverer:
    """Sends what is due, on a bounded number of threads, one message per endpoint at a time.

    So a slow endpoint keeps one thread busy, and never more.
    """

    def __init__(
        self,
        units: UnitOfWorkFactory,
        *,
        private: bool = False,
        send: Callable[..., Answer] = post,
        threads: int = THREADS,
    ) -> None:
        self._units = units
        self._private = private
        self._send = send
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._busy: dict[int, Future[None]] = {}

    def tick(self) -> int:
        """Begin to send what is due and there is room for; return how many. Never waits."""
        self._busy = {
            endpoint: future for endpoint, future in self._busy.items() if not future.done()
        }
        free = self._threads - len(self._busy)
        claimed = claim_due(self._units, free, besides=set(self._busy)) if free > 0 else []
        for one in claimed:
            self._busy[one.endpoint_id] = self._pool.submit(self._deliver, one)
        return len(claimed)

    def wait(self) -> None:
        """Wait until all that was begun is over; errors of the program are raised here."""
        wait(self._busy.values())
        for future in self._busy.values():
            future.result()

    def close(self) -> None:
        """Begin nothing more, and wait for what was begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, claimed: _Claimed) -> None:
        begun = time.monotonic()
        answer = self._send(claimed.message, private=self._private)
        milliseconds = round((time.monotonic() - begun) * 1000)
        with self._units(system_actor("webhooks")) as uow:
            record_answer(uow, claimed.delivery_id, answer, milliseconds)


def claim_due(
    units: UnitOfWorkFactory, most: int, *, besides: set[int] | None = None
) -> list[_Claimed]:
    """Claim up to ``most`` messages that are due, at most one per endpoint.

    ``besides`` are endpoints that something is being sent to. Nobody else sends what is
    claimed for a minute.
    """
    now = units.clock.now()
    due = (
        select(WebhookDelivery, WebhookEndpoint)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookDelivery.state == WAITING,
            WebhookDelivery.next_attempt_at <= now,
            or_(WebhookDelivery.claimed_until.is_(None), WebhookDelivery.claimed_until < now),
            WebhookEndpoint.state == ACTIVE,
            WebhookEndpoint.id.not_in(besides or ()),
        )
        .order_by(WebhookDelivery.next_attempt_at, WebhookDelivery.id)
    )
    with units.reading() as session:
        if session.execute(due.limit(1)).first() is None:
            return []
    claimed: dict[int, _Claimed] = {}
    with units(system_actor("webhooks")) as uow:
        sending = dict(
            uow.session.execute(
                select(WebhookEndpoint.id, WebhookEndpoint.organisation_id)
                .join(WebhookDelivery, WebhookDelivery.endpoint_id == WebhookEndpoint.id)
                .where(WebhookDelivery.state == WAITING, WebhookDelivery.claimed_until >= now)
            ).all()
        )
        held = Counter(sending.values())
        for delivery, endpoint in uow.session.execute(due):
            if len(claimed) == most:
                break
            if endpoint.id in claimed or endpoint.id in sending:
                continue
            if held[endpoint.organisation_id] >= MOST_PER_ORGANISATION:
                continue
            held[endpoint.organisation_id] += 1
            delivery.claimed_until = now + CLAIM
            claimed[endpoint.id] = _Claimed(
                delivery.id, endpoint.id, _outgoing(delivery, endpoint, now)
            )
    return list(claimed.values())


def record_answer(uow: UnitOfWork, delivery_id: int, answer: Answer, milliseconds: int) -> None:
    """Write down what came of an attempt, and when the next one is."""
    delivery = uow.session.get(WebhookDelivery, delivery_id)
    if delivery is None:
        # The endpoint was removed meanwhile.
        return
    endpoint = uow.session.get_one(WebhookEndpoint, delivery.endpoint_id)
    delivery.attempts += 1
    delivery.claimed_until = None
    uow.session.add(
        WebhookAttempt(
            delivery_id=delivery.id,
            number=delivery.attempts,
            at=uow.now,
            status_code=answer.status_code,
            milliseconds=milliseconds,
            error=answer.error,
        )
    )
    if answer.taken:
        delivery.state, delivery.next_attempt_at = DELIVERED, None
        endpoint.last_success_at = uow.now
    elif answer.status_code == _GONE:
        delivery.state, delivery.next_attempt_at = FAILED, None
        _disable(uow, endpoint, "gone")
    elif delivery.attempts > len(PAUSES):
        delivery.state, delivery.next_attempt_at = FAILED, None
        if endpoint.last_success_at is None or endpoint.last_success_at < delivery.created_at:
            # Nothing was taken in all the days over which this one was tried.
            _disable(uow, endpoint, "unanswered")
    else:
        delivery.next_attempt_at = uow.now + pause(delivery.attempts)


def pause(attempts: int, spread: Callable[[float, float], float] = random.uniform) -> timedelta:
    """Return how long to wait after so many attempts: the step give or take a fifth."""
    return PAUSES[attempts - 1] * spread(1 - JITTER, 1 + JITTER)


def _disable(uow: UnitOfWork, endpoint: WebhookEndpoint, reason: str) -> None:
    if endpoint.state == DISABLED:
        return
    endpoint.state, endpoint.state_reason = DISABLED, reason
    # An entry, so that the organisation finds a notice of it.
    uow.record(
        "webhook.disable",
        f"organisation:{endpoint.organisation_id}",
        {"endpoint": endpoint.id, "because": reason},
        sealed={"url": endpoint.url},
    )


def _outgoing(delivery: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> Outgoing:
    secrets = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and endpoint.previous_until > now:
        secrets.append(endpoint.previous_secret)
    return Outgoing(endpoint.url, delivery.message_id, delivery.body, tuple(secrets), now)
