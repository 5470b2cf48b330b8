"""Reports on their way in: receipted first, judged once, returned, sent anew, tried."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.assessment import states
from registry.assessment.models import (
    AcceptanceDecision,
    Accreditation,
    Body,
    BodyRecord,
    Report,
    ReportRequestContent,
    ReportRequestRecord,
)
from registry.assessment.queries.report_requests import RequestFacts, report_requests, request_facts
from registry.assessment.schemas import AccreditationEventSchema, ReportSchema
from registry.assessment.services import judging
from registry.assessment.services.accreditations import record_accreditation_event
from registry.assessment.services.applications import withdraw_application
from registry.assessment.services.judging import judge_requests, judge_waiting
from registry.assessment.services.opinions import Judge, try_report
from registry.assessment.services.report_requests import (
    Sent,
    check_report,
    receive_report,
    replace_report,
)
from registry.container import open_registry
from registry.db import Base
from registry.errors import BadTransition, Denied, Invalid, NotFound, Stale
from registry.followers.loop import follow_all
from registry.history import known
from registry.journal.queries import entries, head
from registry.schema_fields import load
from tests.support.assessment import World


def receive(world: World, by: str = "laboratory", **changes: Any) -> Sent:
    """Let a laboratory send a sound report with ``changes``, which nobody judges yet."""
    with world.registry.units(world.actor(by)) as uow:
        data = load(ReportSchema(), world.report_data(**changes))
        return receive_report(uow, check_report(uow.session, uow.actor, uow.today, data))


def replace(
    world: World, request_id: int, expected: int, by: str = "laboratory", **changes: Any
) -> Sent:
    """Let a laboratory send a report anew."""
    with world.registry.units(world.actor(by)) as uow:
        data = load(ReportSchema(), world.report_data(**changes))
        checked = check_report(uow.session, uow.actor, uow.today, data)
        return replace_report(uow, request_id, checked, expected=expected)


def asked(world: World, request_id: int) -> RequestFacts:
    with world.registry.units.reading() as session:
        return request_facts(session, world.actor("laboratory"), request_id)


def rows(world: World) -> dict[str, int]:
    """Return how many rows every table holds."""
    with world.registry.units.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def journalled(world: World, action: str, subject: str) -> int:
    with world.registry.units.reading() as session:
        return len(entries(session, action=action, subject=subject, limit=10))


def test_what_is_receipted_waits_and_is_judged_by_the_follower(world: World) -> None:
    received = receive(world, number="TN-1")
    waiting = asked(world, received.request_id)
    assert (waiting.status, waiting.retry, waiting.report) == ("initial", 2, None)
    assert waiting.receipt.action == "report.submit"
    assert waiting.receipt.subject == f"report-request:{received.request_id}"
    # The process is gone; another one takes it up.
    follow_all(world.registry)
    judged = asked(world, received.request_id)
    assert judged.report is not None
    assert judged.decision is not None
    assert (judged.status, judged.retry) == ("accepted", None)
    assert judged.report.digest == received.digest
    assert judged.receipt.position == waiting.receipt.position
    assert judged.standing.known_from == judged.decision.known_from > waiting.receipt.position
    assert judge_waiting(world.registry.units) == 0
    assert journalled(world, "report.judge", f"report:{judged.report.id}") == 1


def test_a_number_refused_leaves_its_connection_free(world: World) -> None:
    receive(world, number="TN-1")
    follow_all(world.registry)
    with pytest.raises(Invalid) as refused:
        receive(world, number="TN-1")
    # While the refusal is kept, with all that it was raised from, somebody else writes.
    elsewhere = open_registry(world.registry.settings, world.registry.clock)
    receive(World(elsewhere), number="TN-2")
    elsewhere.engine.dispose()
    follow_all(world.registry)
    with world.registry.units.reading() as session:
        assert session.scalar(select(Report.id).where(Report.number == "TN-2"))
    assert "number" in refused.value.fields


def test_two_workers_judge_each_report_once(world: World) -> None:
    ids = [receive(world, number=f"TN-{number}").request_id for number in range(12)]
    before = rows(world)
    barrier = Barrier(2)

    def work(_: int) -> int:
        barrier.wait()
        return judge_waiting(world.registry.units)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == len(ids)
    after = rows(world)
    assert after["report"] - before["report"] == len(ids)
    assert after["acceptance_decision"] - before["acceptance_decision"] == len(ids)
    assert {asked(world, id_).status for id_ in ids} == {"accepted"}


def test_a_report_that_cannot_be_judged_does_not_keep_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = receive(world, number="BAD"), receive(world, number="GOOD")
    whole = Judge._judged

    def fail_on_bad(judge: Judge, report: Report) -> Any:
        if report.number == "BAD":
            raise ZeroDivisionError
        return whole(judge, report)

    monkeypatch.setattr(Judge, "_judged", fail_on_bad)
    assert judge_waiting(world.registry.units) == 1
    assert asked(world, good.request_id).status == "accepted"
    assert asked(world, bad.request_id).status == "initial"
    monkeypatch.undo()
    assert judge_waiting(world.registry.units) == 1
    assert asked(world, bad.request_id).status == "accepted"


def meanwhile(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], object]) -> None:
    """Let something happen after the first judgement is made and before it is entered."""
    whole = Judge.opinions
    happens = iter([happen])

    def then_it_happens(judge: Judge, request_ids: Collection[int]) -> Any:
        found = whole(judge, request_ids)
        for first in happens:
            first()
        return found

    monkeypatch.setattr(Judge, "opinions", then_it_happens)


def test_what_changes_before_a_judgement_is_entered_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = receive(world)

    def suspend() -> None:
        event = {"kind": "suspended", "effective_on": world.day(-60), "reason": "x"}
        with world.registry.units(world.actor("officer")) as uow:
            accreditation = uow.session.scalars(
                select(Accreditation.id)
                .join(Body, Body.id == Accreditation.body_id)
                .where(Body.slug == "demo-laboratory")
            ).one()
            data = load(AccreditationEventSchema(), event)
            record_accreditation_event(uow, accreditation, data)

    meanwhile(monkeypatch, suspend)
    assert judge_waiting(world.registry.units) == 1
    judged = asked(world, received.request_id)
    assert judged.decision is not None
    verdicts = {item["key"]: item["verdict"] for item in judged.decision.conditions}
    assert verdicts["accreditation_covers_each_test"] == "not_met"


def test_a_report_sent_anew_while_it_is_judged_waits_for_the_next_round(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = receive(world)
    meanwhile(
        monkeypatch, lambda: replace(world, received.request_id, received.position, title="B")
    )
    assert judge_waiting(world.registry.units) == 0
    assert asked(world, received.request_id).status == "initial"
    assert judge_waiting(world.registry.units) == 1
    judged = asked(world, received.request_id)
    assert judged.report is not None
    assert judged.report.content["title"] == "B"


def test_what_another_worker_entered_meanwhile_is_not_entered_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = receive(world)
    meanwhile(monkeypatch, lambda: judge_requests(world.registry.units, [received.request_id]))
    assert judge_waiting(world.registry.units) == 0
    judged = asked(world, received.request_id)
    assert judged.report is not None
    assert journalled(world, "report.judge", f"report:{judged.report.id}") == 1


def test_evidence_from_the_report_itself_refers_to_it(world: World) -> None:
    received = receive(world)
    judge_waiting(world.registry.units)
    judged = asked(world, received.request_id)
    assert judged.report is not None
    assert judged.decision is not None
    references = {e["reference"] for c in judged.decision.conditions for e in c["evidence"]}
    assert f"report:{judged.report.id}" in references
    assert "report:0" not in references


def test_killed_while_judging_nothing_of_the_batch_is_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process dies here."""

    received = receive(world)
    before = rows(world)

    def die(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(judging, "_store", die)
    with pytest.raises(Killed):
        judge_waiting(world.registry.units)
    assert rows(world) == before
    monkeypatch.undo()
    assert judge_waiting(world.registry.units) == 1
    assert asked(world, received.request_id).status == "accepted"


def test_a_report_is_returned_when_its_application_closed_meanwhile(world: World) -> None:
    application = world.apply()
    received = receive(world, application=application.number)
    with world.registry.units(world.actor("business")) as uow:
        withdraw_application(uow, application.number, {"reasons": "Nhầm"})
    judge_waiting(world.registry.units)
    returned = asked(world, received.request_id)
    assert (returned.status, returned.retry, returned.report) == ("returned", None, None)
    assert returned.standing.problems is not None
    assert [problem["field"] for problem in returned.standing.problems] == ["application"]
    # Mended, it may be sent again under its number.
    again = receive(world)
    judge_requests(world.registry.units, [again.request_id])
    assert asked(world, again.request_id).status == "accepted"


def test_a_report_is_returned_when_its_body_is_registered_no_more(world: World) -> None:
    received = receive(world)
    with world.registry.units(world.actor("officer")) as uow:
        record = uow.session.scalars(
            select(BodyRecord).where(
                BodyRecord.body_id == asked(world, received.request_id).request.body_id,
                known(BodyRecord),
            )
        ).one()
        position = uow.record("body.register", f"body:{record.body_id}", {})
        ended = record.revised(valid_until=world.today.replace(year=world.today.year - 1))
        uow.replace(record, ended, position)
    judge_waiting(world.registry.units)
    assert asked(world, received.request_id).status == "returned"
    with pytest.raises(Denied):
        receive(world, number="TN-2")


def test_a_number_on_its_way_is_taken(world: World) -> None:
    receive(world, number="TN-1")
    with pytest.raises(Invalid) as error:
        receive(world, number="TN-1")
    assert list(error.value.fields) == ["number"]
    receive(world, by="laboratory-kr", number="TN-1")


def test_a_report_sent_anew_takes_the_place_of_the_first(world: World) -> None:
    first = receive(world, title=None)
    second = replace(world, first.request_id, first.position, title="Báo cáo")
    assert second.request_id == first.request_id
    judge_waiting(world.registry.units)
    judged = asked(world, first.request_id)
    assert judged.report is not None
    assert judged.status == "accepted"
    assert judged.report.content["title"] == "Báo cáo"
    assert judged.receipt.action == "report-request.replace"
    with world.registry.units.reading() as session:
        sent = session.scalars(
            select(ReportRequestContent)
            .where(ReportRequestContent.request_id == first.request_id)
            .order_by(ReportRequestContent.position)
        ).all()
        assert [content.content["title"] for content in sent] == [None, "Báo cáo"]


def test_of_two_that_send_anew_at_once_one_is_told(world: World) -> None:
    received = receive(world)
    version = received.position
    barrier = Barrier(2)

    def send(title: str) -> str:
        barrier.wait()
        try:
            replace(world, received.request_id, version, title=title)
        except Stale:
            return "stale"
        return title

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(send, ["A", "B"]))
    assert outcomes.count("stale") == 1
    judge_waiting(world.registry.units)
    judged = asked(world, received.request_id)
    assert judged.report is not None
    assert judged.report.content["title"] in outcomes


def test_after_the_judgement_only_an_amended_report_helps(world: World) -> None:
    received = receive(world)
    judge_waiting(world.registry.units)
    now = asked(world, received.request_id).standing.known_from
    with pytest.raises(Stale):
        replace(world, received.request_id, received.position)
    with pytest.raises(BadTransition):
        replace(world, received.request_id, now)
    amended = receive(world, number="TN-1A", replaces="TN-1")
    judge_waiting(world.registry.units)
    assert asked(world, amended.request_id).status == "accepted"
    assert asked(world, received.request_id).status == "replaced"


def test_nobody_sends_anew_for_another_body_or_under_another_number(world: World) -> None:
    received = receive(world)
    version = received.position
    with pytest.raises(NotFound):
        replace(world, received.request_id, version, by="laboratory-kr")
    with pytest.raises(Invalid) as error:
        replace(world, received.request_id, version, number="TN-2")
    assert list(error.value.fields) == ["number"]


def test_two_that_amend_one_report_are_judged_one_after_the_other(world: World) -> None:
    receive(world, number="TN-1")
    judge_waiting(world.registry.units)
    first = receive(world, number="TN-1A", replaces="TN-1")
    second = receive(world, number="TN-1B", replaces="TN-1")
    judge_waiting(world.registry.units)
    assert asked(world, first.request_id).status == "accepted"
    returned = asked(world, second.request_id)
    assert returned.status == "returned"
    assert returned.standing.problems is not None
    assert [problem["field"] for problem in returned.standing.problems] == ["replaces"]


@pytest.mark.parametrize("changes", [{}, {"title": None}, {"number": "TN-100"}])
def test_practice_says_what_would_be_and_leaves_no_trace(
    world: World, changes: dict[str, Any]
) -> None:
    before = rows(world)
    actor, today = world.actor("laboratory"), world.today
    with world.registry.units.reading() as session:
        data = load(ReportSchema(), world.report_data(**changes))
        checked = check_report(session, actor, today, data)
        tried = try_report(session, checked, today, world.registry.clock.zone)
        assert not session.new
        assert not session.dirty
    assert rows(world) == before
    judged = world.report(**changes)
    assert (tried.outcome, tried.state) == (judged.outcome, judged.state)
    assert [c["verdict"] for c in tried.acceptance["conditions"]] == [
        c["verdict"] for c in judged.acceptance["conditions"]
    ]
    references = {
        evidence["reference"]
        for condition in tried.acceptance["conditions"]
        for evidence in condition["evidence"]
    }
    assert "report:0" not in references


def test_requests_are_listed_by_where_they_stand(world: World) -> None:
    wrong = [world.result(decision_rule=None)]
    ids = {
        "accepted": receive(world, number="A").request_id,
        "refused": receive(world, number="R", title=None).request_id,
        "processing": receive(world, number="P", results=wrong).request_id,
    }
    judge_waiting(world.registry.units)
    ids["initial"] = receive(world, number="I").request_id
    with world.registry.units.reading() as session:
        for status, id_ in ids.items():
            found = report_requests(session, world.actor("laboratory"), status=status)
            assert id_ in [facts.request.id for facts in found]
            assert {facts.status for facts in found} == {status}
        assert report_requests(session, world.actor("laboratory-kr")) == []
        newest = report_requests(session, world.actor("officer"), limit=2)
        assert newest[0].request.id > newest[1].request.id
        with pytest.raises(Denied):
            report_requests(session, world.actor("editor"))


def test_a_report_that_a_person_submits_is_judged_in_the_same_unit_of_work(world: World) -> None:
    start = world.registry
    with start.units.reading() as session:
        before = head(session)
    submission = world.report()
    assert submission.position == before + 2
    with start.units.reading() as session:
        standing = session.scalars(
            select(ReportRequestRecord).where(
                ReportRequestRecord.report_id == submission.report.id, known(ReportRequestRecord)
            )
        ).one()
        assert (standing.state, standing.request_id) == (states.JUDGED, before + 1)
        decisions = select(func.count()).where(AcceptanceDecision.report_id == submission.report.id)
        assert session.scalar(decisions) == 1
