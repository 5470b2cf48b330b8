"""Webhook messages reach real servers: signed, retried, bounded, never sent inside."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from registry.errors import BadTransition, Denied, Invalid, NotFound
from registry.journal.models import JournalEntry
from registry.notices.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from registry.notices.queries.events import wants
from registry.notices.schemas import EndpointSchema
from registry.notices.services import delivering
from registry.notices.services import webhooks as service
from registry.notices.services.addresses import Unreachable, checked_url, resolve
from registry.notices.services.delivering import PAUSES, Deliverer, pause
from registry.notices.services.following import follow_notices
from registry.notices.services.posting import Answer, Outgoing, post
from registry.schema_fields import load
from tests.support.assessment import World
from tests.support.receivers import Receiver, webhook_receiver

BASE = "https://registry.example"


class Post:
    """An organisation's webhooks, and a worker that sends them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.units = world.registry.units
        self.deliverer = Deliverer(self.units, private=True)

    def endpoint(self, url: str, *types: str, by: str = "business") -> WebhookEndpoint:
        """Register an endpoint; all events unless ``types`` are named."""
        data = load(EndpointSchema(), {"url": url, "event_types": list(types or ("*",))})
        with self.units(self.world.actor(by)) as uow:
            return service.register_endpoint(uow, data, private=True)

    def send(self) -> None:
        """Follow the journal and send what is due."""
        follow_notices(self.units, BASE)
        while self.deliverer.tick():
            self.deliverer.wait()

    def later(self, time: timedelta) -> None:
        """Let time pass."""
        self.world.registry.clock.instant += time  # type: ignore[attr-defined]

    def deliveries(self) -> list[WebhookDelivery]:
        """Return all deliveries in the order they were queued."""
        with self.units.reading() as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))

    def attempts(self) -> list[WebhookAttempt]:
        """Return all attempts in order."""
        with self.units.reading() as session:
            return list(session.scalars(select(WebhookAttempt).order_by(WebhookAttempt.id)))

    def state(self, endpoint: WebhookEndpoint) -> tuple[str, str | None]:
        """Return where an endpoint stands, and why."""
        with self.units.reading() as session:
            found = session.get_one(WebhookEndpoint, endpoint.id)
            return found.state, found.state_reason


@pytest.fixture
def office(world: World) -> Iterator[Post]:
    """Return an organisation's webhooks in the demonstration."""
    office = Post(world)
    yield office
    office.deliverer.close()


def now_verified(secret: str, headers: dict[str, str], body: bytes, at: float) -> Any:
    """Verify as a receiver does, at the instant of the register's own clock."""
    signed = Webhook(secret)
    instant = int(headers["webhook-timestamp"])
    assert abs(instant - at) < 300
    from datetime import UTC, datetime  # noqa: PLC0415

    expected = signed.sign(
        headers["webhook-id"], datetime.fromtimestamp(instant, UTC), body.decode()
    )
    assert expected in headers["webhook-signature"].split(" ")
    return json.loads(body)


def test_a_change_is_told_in_a_thin_signed_message(world: World, office: Post) -> None:
    with webhook_receiver() as receiver:
        endpoint = office.endpoint(receiver.url, "certificate.issue")
        certificate = world.certificate()
        office.send()
    assert endpoint.secret.startswith("whsec_")
    assert len(receiver.received) == 1
    headers, body = receiver.received[0]
    at = world.registry.clock.now().timestamp()
    message = now_verified(endpoint.secret, headers, body, at)
    assert message["type"] == "certificate.issue"
    with world.registry.units.reading() as session:
        entry = session.scalars(
            select(JournalEntry)
            .where(JournalEntry.action == "certificate.issue")
            .order_by(JournalEntry.position.desc())
        ).first()
    assert entry is not None
    assert message["data"] == {
        "subject": f"certificate:{certificate.id}",
        "href": f"{BASE}/api/v1/certificates/{certificate.number}",
        "position": entry.position,
        "leaf_hash": entry.leaf_hash.hex(),
        "status": "in_force",
    }
    assert headers["webhook-id"].startswith("msg_")


def test_a_receiver_with_the_library_takes_a_message_of_this_minute() -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    secret = service.make_secret()
    with webhook_receiver() as receiver:
        message = Outgoing(receiver.url, "msg_1", '{"a":1}', (secret,), datetime.now(UTC))
        assert post(message, private=True).taken
    headers, body = receiver.received[0]
    assert Webhook(secret).verify(body, headers) == {"a": 1}


def test_only_what_was_asked_for_and_only_to_whom_it_concerns(world: World, office: Post) -> None:
    with webhook_receiver() as business, webhook_receiver() as laboratory:
        office.endpoint(business.url, "application.take-up")
        office.endpoint(laboratory.url, by="laboratory-kr")
        world.certificate()
        office.send()
    assert [json.loads(body)["type"] for _, body in business.received] == ["application.take-up"]
    assert laboratory.received == []


def test_nothing_of_before_the_registration_is_told(world: World, office: Post) -> None:
    world.certificate()
    with webhook_receiver() as receiver:
        office.endpoint(receiver.url)
        office.send()
    assert receiver.received == []


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["certificate.issue"], True),
        (["certificate.*"], True),
        (["*"], True),
        (["report.*", "certificate.suspend"], False),
        (["certificate"], False),
    ],
)
def test_event_types(types: list[str], expected: bool) -> None:
    assert wants(types, "certificate.issue") is expected


class TestRetries:
    def test_a_message_is_tried_again_under_the_same_id_until_it_is_taken(
        self, world: World, office: Post
    ) -> None:
        def second_time(receiver: Receiver) -> int:
            return 500 if len(receiver.received) < 2 else 200

        with webhook_receiver(second_time) as receiver:
            office.endpoint(receiver.url, "application.submit")
            world.apply()
            office.send()
            (waiting,) = office.deliveries()
            assert (waiting.state, waiting.attempts) == ("waiting", 1)
            office.send()
            assert len(receiver.received) == 1
            office.later(PAUSES[0] * 1.3)
            office.send()
        (delivery,) = office.deliveries()
        assert (delivery.state, delivery.next_attempt_at) == ("delivered", None)
        ids = {headers["webhook-id"] for headers, _ in receiver.received}
        assert len(receiver.received) == 2
        assert ids == {delivery.message_id}
        assert [attempt.status_code for attempt in office.attempts()] == [500, 200]

    def test_who_is_not_there_for_three_days_is_disabled_with_a_notice(
        self, world: World, office: Post
    ) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            endpoint = office.endpoint(f"http://127.0.0.1:{closed.getsockname()[1]}/")
            world.apply()
            started = world.registry.clock.now()
            office.send()
            for step in PAUSES:
                assert office.state(endpoint) == ("active", None)
                office.later(step * 1.25)
                office.send()
        passed = world.registry.clock.now() - started
        assert timedelta(days=3) < passed < timedelta(days=4.5)
        assert office.state(endpoint) == ("disabled", "unanswered")
        (delivery,) = office.deliveries()
        assert (delivery.state, delivery.attempts) == ("failed", len(PAUSES) + 1)
        assert office.attempts()[0].status_code is None
        assert "refused" in (office.attempts()[0].error or "")
        with world.registry.units.reading() as session:
            entry = session.scalars(
                select(JournalEntry).where(JournalEntry.action == "webhook.disable")
            ).one()
        assert entry.subject == f"organisation:{endpoint.organisation_id}"
        assert "127.0.0.1" not in entry.data

    def test_gone_disables_at_once(self, world: World, office: Post) -> None:
        with webhook_receiver(410) as receiver:
            endpoint = office.endpoint(receiver.url, "application.submit")
            world.apply()
            office.send()
        assert office.state(endpoint) == ("disabled", "gone")
        assert [delivery.state for delivery in office.deliveries()] == ["failed"]

    def test_a_redirect_is_not_followed(self, world: World, office: Post) -> None:
        with webhook_receiver(302) as receiver, webhook_receiver() as elsewhere:
            receiver.location = elsewhere.url
            office.endpoint(receiver.url, "application.submit")
            world.apply()
            office.send()
        assert elsewhere.received == []
        assert [attempt.status_code for attempt in office.attempts()] == [302]

    def test_pauses_grow_to_about_three_days_and_are_spread(self) -> None:
        assert timedelta(days=3) <= sum(PAUSES, timedelta()) <= timedelta(days=3.5)
        assert sorted(PAUSES) == list(PAUSES)
        assert pause(1, lambda low, _: low) == PAUSES[0] * 0.8
        assert pause(9, lambda _, high: high) == PAUSES[8] * 1.2
        assert len({pause(3) for _ in range(20)}) > 1


class TestWorkers:
    def test_a_worker_killed_while_sending_leaves_it_to_the_next(
        self, world: World, office: Post
    ) -> None:
        def killed(message: Outgoing, *, private: bool) -> Answer:
            raise SystemExit

        with webhook_receiver() as receiver:
            office.endpoint(receiver.url, "application.submit")
            world.apply()
            follow_notices(office.units, BASE)
            dying = Deliverer(office.units, private=True, send=killed)
            assert dying.tick() == 1
            with pytest.raises(SystemExit):
                dying.wait()
            office.send()
            assert receiver.received == []
            office.later(delivering.CLAIM + timedelta(seconds=1))
            office.send()
        assert len(receiver.received) == 1
        assert [delivery.state for delivery in office.deliveries()] == ["delivered"]
        dying.close()

    def test_two_workers_send_each_message_once(self, world: World, office: Post) -> None:
        with webhook_receiver() as receiver:
            office.endpoint(receiver.url, "application.submit")
            for _ in range(3):
                world.apply()
            follow_notices(office.units, BASE)
            workers = [Deliverer(office.units, private=True) for _ in range(2)]

            def work(worker: Deliverer) -> None:
                for _ in range(8):
                    worker.tick()
                    worker.wait()

            threads = [threading.Thread(target=work, args=(one,)) for one in workers]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for worker in workers:
                worker.close()
        ids = [headers["webhook-id"] for headers, _ in receiver.received]
        assert len(ids) == len(set(ids)) == 3

    def test_a_slow_endpoint_holds_up_nobody_else(self, world: World, office: Post) -> None:
        release = threading.Event()

        def slow(_: Receiver) -> int:
            release.wait(10)
            return 200

        with webhook_receiver(slow) as sluggish, webhook_receiver() as quick:
            office.endpoint(sluggish.url, "application.*")
            office.endpoint(quick.url, "application.*")
            world.apply()
            world.apply()
            follow_notices(office.units, BASE)
            until = time.monotonic() + 8
            while len(quick.received) < 2 and time.monotonic() < until:
                office.deliverer.tick()
                time.sleep(0.02)
            waiting = len(sluggish.received)
            release.set()
            office.deliverer.wait()
        assert len(quick.received) == 2
        assert waiting == 1

    def test_an_organisation_leaves_threads_to_the_others(self, world: World, office: Post) -> None:
        release = threading.Event()

        def slow(_: Outgoing, *, private: bool) -> Answer:
            release.wait(10)
            return Answer(200)

        for number in range(service.MOST_ENDPOINTS):
            office.endpoint(f"http://127.0.0.1:9/{number}", "application.*")
        world.apply()
        follow_notices(office.units, BASE)
        deliverer = Deliverer(office.units, private=True, send=slow)
        assert deliverer.tick() == delivering.MOST_PER_ORGANISATION
        assert deliverer.tick() == 0
        release.set()
        deliverer.wait()
        deliverer.close()


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/",
            "ftp://example.org/",
            "https:///path",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://name:word@example.org/",
            "https://example.org/#part",
            "https://example.org:0/",
            "https://example.org:99999/",
            "https://100.64.0.1/",
        ],
    )
    def test_what_is_not_public_https_is_refused(self, url: str) -> None:
        with pytest.raises(Invalid) as refused:
            checked_url(url, private=False)
        assert list(refused.value.fields) == ["url"]

    def test_what_is_public_https_is_taken(self) -> None:
        for url in ("https://hooks.example.org/a?b=c", "https://203.0.112.9:8443/"):
            assert checked_url(url, private=False) == url

    @pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.1", "fe80::1", "169.254.1.1"])
    def test_a_name_that_leads_inside_is_refused_when_it_is_used(
        self, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        self.answer(monkeypatch, ["93.184.216.34", address])
        with pytest.raises(Unreachable, match="public internet"):
            resolve("https://hooks.example.org/", private=False)

    def test_the_connection_goes_to_the_address_that_was_checked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with webhook_receiver() as receiver:
            port = receiver.url.split(":")[2].split("/")[0]
            self.answer(monkeypatch, ["127.0.0.1"])
            from datetime import UTC, datetime  # noqa: PLC0415

            url = f"http://hooks.example.org:{port}/in"
            message = Outgoing(url, "msg_1", "{}", (service.make_secret(),), datetime.now(UTC))
            assert post(message, private=True) == Answer(204)
        headers, _ = receiver.received[0]
        assert headers["host"] == f"hooks.example.org:{port}"

    def test_nothing_is_sent_inside(self, world: World, office: Post) -> None:
        careful = Deliverer(office.units, private=False)
        with webhook_receiver() as receiver:
            office.endpoint(receiver.url, "application.submit")
            world.apply()
            follow_notices(office.units, BASE)
            careful.tick()
            careful.wait()
        careful.close()
        assert receiver.received == []
        assert [attempt.status_code for attempt in office.attempts()] == [None]

    @staticmethod
    def answer(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
        """Let every name resolve to ``addresses``, and addresses to themselves."""

        def found(host: str, port: int, *_: object, **__: object) -> list[Any]:
            told = addresses if host == "hooks.example.org" else [host]
            return [
                (
                    socket.AF_INET6 if ":" in one else socket.AF_INET,
                    socket.SOCK_STREAM,
                    6,
                    "",
                    (one, port),
                )
                for one in told
            ]

        monkeypatch.setattr(socket, "getaddrinfo", found)


class TestKeeping:
    def test_a_new_secret_signs_beside_the_old_one_for_a_day(
        self, world: World, office: Post
    ) -> None:
        with webhook_receiver() as receiver:
            before = office.endpoint(receiver.url, "application.submit").secret
            with office.units(world.actor("business")) as uow:
                endpoint = uow.session.scalars(select(WebhookEndpoint)).one()
                after = service.rotate_secret(uow, endpoint.id).secret
            world.apply()
            office.send()
            office.later(service.OVERLAP + timedelta(seconds=1))
            world.apply()
            office.send()
        (first, first_body), (second, second_body) = receiver.received
        at = world.registry.clock.now().timestamp()
        early = at - service.OVERLAP.total_seconds()
        now_verified(before, first, first_body, early)
        now_verified(after, first, first_body, early)
        now_verified(after, second, second_body, at)
        assert len(second["webhook-signature"].split(" ")) == 1
        assert before != after

    def test_a_paused_endpoint_is_sent_nothing_until_it_is_resumed(
        self, world: World, office: Post
    ) -> None:
        business = world.actor("business")
        with webhook_receiver() as receiver:
            endpoint = office.endpoint(receiver.url, "application.submit")
            world.apply()
            follow_notices(office.units, BASE)
            with office.units(business) as uow:
                service.pause_endpoint(uow, endpoint.id)
            office.send()
            assert receiver.received == []
            with pytest.raises(BadTransition), office.units(business) as uow:
                service.send_test(uow, endpoint.id)
            with office.units(business) as uow:
                service.resume_endpoint(uow, endpoint.id)
            office.send()
        assert len(receiver.received) == 1

    def test_send_again_and_test_message(self, world: World, office: Post) -> None:
        business = world.actor("business")
        with webhook_receiver() as receiver:
            endpoint = office.endpoint(receiver.url, "application.submit")
            with office.units(business) as uow:
                delivery = service.send_test(uow, endpoint.id)
            office.send()
            with office.units(business) as uow:
                service.send_again(uow, endpoint.id, delivery.id)
            office.send()
        assert [json.loads(body)["type"] for _, body in receiver.received] == ["webhook.test"] * 2
        assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 1

    def test_removing_takes_the_log_with_it(self, world: World, office: Post) -> None:
        with webhook_receiver() as receiver:
            endpoint = office.endpoint(receiver.url)
            world.apply()
            office.send()
        with office.units(world.actor("business")) as uow:
            service.remove_endpoint(uow, endpoint.id)
        assert office.deliveries() == []
        assert office.attempts() == []

    def test_another_organisation_finds_nothing(self, world: World, office: Post) -> None:
        endpoint = office.endpoint("http://127.0.0.1:9/")
        changes: list[Callable[..., object]] = [
            service.rotate_secret,
            service.pause_endpoint,
            service.remove_endpoint,
            service.send_test,
        ]
        for change in changes:
            with pytest.raises(NotFound), office.units(world.actor("laboratory")) as uow:
                change(uow, endpoint.id)

    def test_officers_keep_no_webhooks(self, world: World, office: Post) -> None:
        with pytest.raises(Denied):
            office.endpoint("http://127.0.0.1:9/", by="officer")

    def test_there_is_a_bound(self, office: Post) -> None:
        for _ in range(service.MOST_ENDPOINTS):
            office.endpoint("http://127.0.0.1:9/")
        with pytest.raises(Invalid) as refused:
            office.endpoint("http://127.0.0.1:9/")
        assert list(refused.value.fields) == ["url"]
