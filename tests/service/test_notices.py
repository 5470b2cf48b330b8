"""Who is told of what; the follower loses and doubles nothing, the mail reaches its server."""

import email
import email.policy
import threading
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from registry.accounts.models import Organisation
from registry.accounts.queries import organisation_record
from registry.actor import Actor, system_actor
from registry.assessment.models import Body
from registry.cli import main
from registry.followers.loop import follow_all
from registry.followers.notices import Sender
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.journal.queries import head
from registry.notices.models import Notice, NoticeMail, NoticeProgress
from registry.notices.queries.concerned import concerned
from registry.notices.queries.notices import notices, unread_count
from registry.notices.services import following
from registry.notices.services.following import follow_notices, rebuild_notices
from registry.notices.services.mail import PAUSES, send_due_mail
from registry.notices.services.reading import mark_read
from registry.notices.services.webhooks import register_endpoint
from tests.support.assessment import World
from tests.support.receivers import mail_server, webhook_receiver

BASE = "https://registry.example"


def follow(world: World, *, mail: bool = False) -> int:
    return follow_notices(world.registry.units, BASE, mail=mail)


def all_notices(world: World) -> set[tuple[int, int]]:
    with world.registry.units.reading() as session:
        rows = session.execute(select(Notice.organisation_id, Notice.position))
        return {(organisation_id, position) for organisation_id, position in rows}


def organisation(world: World, slug: str) -> int:
    with world.registry.units.reading() as session:
        return session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one()


def last(world: World, action: str) -> JournalEntry:
    with world.registry.units.reading() as session:
        return session.scalars(
            select(JournalEntry)
            .where(JournalEntry.action == action)
            .order_by(JournalEntry.position.desc())
        ).first() or pytest.fail(f"no {action}")


class TestConcerned:
    def test_holder_of_a_certificate(self, world: World) -> None:
        world.certificate()
        assert self.told(world, "certificate.issue") == {"demo-business"}

    def test_laboratory_and_applicant_of_a_report(self, world: World) -> None:
        application = world.apply()
        world.report(application=application.number)
        assert self.told(world, "report.judge") == {"demo-laboratory", "demo-business"}

    def test_laboratory_alone_where_nobody_applied(self, world: World) -> None:
        world.report()
        assert self.told(world, "report.submit") == {"demo-laboratory"}

    def test_applicant(self, world: World) -> None:
        world.apply()
        assert self.told(world, "application.submit") == {"demo-business"}

    def test_body_of_an_accreditation(self, world: World) -> None:
        assert self.told(world, "accreditation.add-scope") == {"demo-laboratory-kr"}

    def test_bodies_listed_under_an_arrangement_as_it_stood_then(self, world: World) -> None:
        assert self.told(world, "arrangement.list-body") == {"demo-laboratory-kr"}
        assert self.told(world, "arrangement.add-scope") == set()

    def test_nobody_of_the_place_of_a_certificate_in_a_list(self, world: World) -> None:
        world.certificate()
        entry = last(world, "certificate.issue")
        with world.registry.units.reading() as session:
            housekeeping = JournalEntry(
                position=entry.position,
                recorded_at=entry.recorded_at,
                action="credential.assign-status-index",
                subject=entry.subject,
            )
            told = concerned(session, [housekeeping], world.registry.settings.zone)
        assert told == {entry.position: frozenset()}

    def test_nobody_of_a_vocabulary_or_an_account(self, world: World) -> None:
        assert self.told(world, "term.record") == set()
        assert self.told(world, "user.create") == set()

    @staticmethod
    def told(world: World, action: str) -> set[str]:
        entry = last(world, action)
        with world.registry.units.reading() as session:
            ids = concerned(session, [entry], world.registry.settings.zone)[entry.position]
            return set(session.scalars(select(Organisation.slug).where(Organisation.id.in_(ids))))


def test_following_comes_to_the_end_and_then_has_nothing_to_do(world: World) -> None:
    assert follow(world) > 0
    assert follow(world) == 0
    with world.registry.units.reading() as session:
        progress = session.get_one(NoticeProgress, following.FOLLOWER)
        assert progress.position == head(session)


def test_a_crash_in_the_middle_loses_and_doubles_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.certificate()
    follow(world)
    expected = all_notices(world)
    with world.registry.units(system_actor("test")) as uow:
        for row in uow.session.scalars(select(Notice)):
            uow.session.delete(row)
        uow.session.merge(NoticeProgress(follower=following.FOLLOWER, position=0))
    monkeypatch.setattr(following, "BATCH", 5)
    honest = concerned
    calls = 0

    def failing(*args: object) -> dict[int, frozenset[int]]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("killed")
        return honest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(following, "concerned", failing)
    with pytest.raises(RuntimeError, match="killed"):
        follow(world)
    assert all_notices(world) < expected
    follow(world)
    assert all_notices(world) == expected


def test_two_workers_at_once_make_each_notice_once(world: World) -> None:
    world.certificate()
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(follow(world))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == len(all_notices(world))


def test_notices_can_be_made_anew(world: World) -> None:
    world.certificate()
    follow(world)
    expected = all_notices(world)
    assert rebuild_notices(world.registry.units) == len(expected)
    assert all_notices(world) == expected


class TestReading:
    def shown(self, world: World, actor: Actor, *, unread: bool = False) -> list[str]:
        with world.registry.units.reading() as session:
            found = notices(session, actor, AsOf(world.today), unread=unread)
        return [notice.entry.action for notice in found]

    def test_each_organisation_reads_its_own(self, world: World) -> None:
        world.certificate()
        follow(world)
        assert "certificate.issue" in self.shown(world, world.actor("business"))
        assert "certificate.issue" not in self.shown(world, world.actor("laboratory"))

    def test_what_one_did_oneself_is_listed_and_not_unread(self, world: World) -> None:
        world.apply()
        follow(world)
        business = world.actor("business")
        assert "application.submit" in self.shown(world, business)
        assert "application.submit" not in self.shown(world, business, unread=True)

    def test_marking_read_counts_down_and_again_changes_nothing(self, world: World) -> None:
        world.certificate()
        follow(world)
        business = world.actor("business")
        with world.registry.units.reading() as session:
            before = unread_count(session, business)
            newest = notices(session, business, AsOf(world.today), unread=True)[0].entry.position
        assert before > 1
        with world.registry.units(business) as uow:
            assert mark_read(uow, {"positions": [newest], "until": None}) == 1
        with world.registry.units(business) as uow:
            assert mark_read(uow, {"positions": [newest], "until": None}) == 0
            assert unread_count(uow.session, business) == before - 1
            mark_read(uow, {"positions": [], "until": newest})
            assert unread_count(uow.session, business) == 0

    def test_what_is_not_ones_own_is_passed_over(self, world: World) -> None:
        world.certificate()
        follow(world)
        foreign = last(world, "certificate.issue").position
        with world.registry.units(world.actor("laboratory")) as uow:
            assert mark_read(uow, {"positions": [foreign], "until": None}) == 0


class TestMail:
    def prepare(self, world: World, address: str | None = "lab@lab.example") -> None:
        """Follow what was there before, let the laboratory be written to, and make news."""
        follow(world, mail=True)
        business = organisation(world, "demo-business")
        with world.registry.units(system_actor("test")) as uow:
            record = organisation_record(uow.session, business)
            position = uow.record("organisation.revise", f"organisation:{business}", {})
            uow.replace(record, record.revised(contact_email=address), position)
        world.certificate()
        follow(world, mail=True)
        self.pass_time(world, timedelta(minutes=2))

    @staticmethod
    def pass_time(world: World, time: timedelta) -> None:
        world.registry.clock.instant += time  # type: ignore[attr-defined]

    @staticmethod
    def states(world: World) -> list[str]:
        business = organisation(world, "demo-business")
        with world.registry.units.reading() as session:
            return list(
                session.scalars(
                    select(NoticeMail.state)
                    .where(NoticeMail.organisation_id == business)
                    .order_by(NoticeMail.id)
                )
            )

    def send(self, world: World, server: str) -> int:
        return send_due_mail(world.registry.units, server, "registry@registry.example", BASE)

    def test_one_mail_tells_of_all_that_happened_together(self, world: World) -> None:
        self.prepare(world)
        with mail_server() as (server, taken):
            assert self.send(world, server) == 1
            assert self.send(world, server) == 0
        assert self.states(world) == ["sent"]
        message = email.message_from_string(taken[0], policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        assert message["To"] == "lab@lab.example"
        text = message.get_content()
        assert "Cấp giấy chứng nhận" in text
        assert "Certificate issued" in text
        assert f"{BASE}/workspace/notices?lang=vi" in text

    def test_the_first_following_writes_to_nobody_of_the_past(self, world: World) -> None:
        world.certificate()
        follow(world, mail=True)
        assert self.states(world) == []

    def test_a_server_that_is_not_there_is_tried_again_and_then_given_up(
        self, world: World
    ) -> None:
        self.prepare(world)
        nobody = "smtp://127.0.0.1:1"
        for step in PAUSES:
            assert self.send(world, nobody) == 0
            assert self.send(world, nobody) == 0
            assert self.states(world) == ["waiting"]
            self.pass_time(world, step + timedelta(minutes=1))
        self.send(world, nobody)
        assert self.states(world) == ["failed"]

    def test_a_refused_mail_is_sent_when_the_server_takes_it(self, world: World) -> None:
        self.prepare(world)
        with mail_server(refuse=True) as (server, taken):
            assert self.send(world, server) == 0
            assert taken == []
        self.pass_time(world, PAUSES[0] + timedelta(minutes=1))
        with mail_server() as (server, taken):
            assert self.send(world, server) == 1

    def test_who_gave_no_address_gets_none(self, world: World) -> None:
        self.prepare(world, None)
        with mail_server() as (server, taken):
            assert self.send(world, server) == 0
        assert taken == []
        assert self.states(world) == ["no-address"]


def test_a_shorter_journal_is_followed_from_its_end(world: World) -> None:
    follow(world)
    with world.registry.units(system_actor("test")) as uow:
        uow.session.execute(update(NoticeProgress).values(position=999_999))
    assert follow(world) == 0
    world.apply()
    assert follow(world) == 1
    with world.registry.units.reading() as session:
        assert session.scalar(select(func.count()).select_from(Body)) == 4


def test_a_worker_sends_mail_and_messages_beside_its_other_work(world: World) -> None:
    mail = TestMail()
    with mail_server() as (server, taken), webhook_receiver() as receiver:
        settings = replace(world.registry.settings, mail_server=server, webhooks_private=True)
        registry = replace(world.registry, settings=settings)
        mail.prepare(world)
        data = {"url": receiver.url, "description": None, "event_types": ["*"]}
        with world.registry.units(world.actor("business")) as uow:
            register_endpoint(uow, data, private=True)
        world.apply()
        follow_all(registry)
        sender = Sender(registry)
        sender.tick()
        sender.close()
    assert len(taken) == 1
    assert len(receiver.received) == 1


def test_the_command_says_how_many_there_are(world: World) -> None:
    follow(world)
    result = CliRunner().invoke(main, ["rebuild-notices"], obj=world.registry)
    assert result.exit_code == 0
    assert f"{len(all_notices(world))} notices" in result.output
