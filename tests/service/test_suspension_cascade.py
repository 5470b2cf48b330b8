"""What depends on an accreditation is listed, opened as tasks, and closed by its reinstatement."""

import ast
import inspect
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry.accounts.models import User
from registry.actor import Actor, system_actor
from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    ArrangementListing,
    Body,
    BodyRecord,
    Certificate,
    CertificateEvent,
    ReportRecord,
    ScopeLine,
    Task,
    TaskRecord,
)
from registry.assessment.queries.dependents import Dependent, dependents, loss_of_accreditation
from registry.assessment.schemas import (
    AccreditationEventSchema,
    AccreditationSchema,
    RetractionSchema,
    ScopeLinesSchema,
)
from registry.assessment.schemas.desk import AssignmentSchema, TaskEndSchema
from registry.assessment.services import cascade
from registry.assessment.services.accreditations import (
    add_scope_lines,
    record_accreditation,
    record_accreditation_event,
    retract_accreditation_event,
)
from registry.assessment.services.amendments import end_line, retract_line
from registry.assessment.services.cascade import (
    HALTING,
    after_body_withdrawn,
    after_listing_ended,
)
from registry.assessment.services.tasks import assign_task, finish_task
from registry.errors import BadTransition, Denied, Invalid, Stale
from registry.history import AsOf, known
from registry.journal.models import JournalEntry
from registry.journal.queries import head
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.queries import terms
from tests.support.assessment import World

LABORATORY = "demo-laboratory"


def accreditation_of(world: World, slug: str = LABORATORY) -> int:
    with world.registry.units.reading() as session:
        return session.scalars(
            select(Accreditation.id)
            .join(Body, Body.id == Accreditation.body_id)
            .where(Body.slug == slug)
        ).one()


def happen(world: World, kind: str, offset: int, by: Actor | None = None, **more: Any) -> None:
    event = {"kind": kind, "effective_on": world.day(offset), "reason": "Lý do", **more}
    with world.registry.units(by or world.actor("officer")) as uow:
        record_accreditation_event(
            uow, accreditation_of(world), load(AccreditationEventSchema(), event)
        )


def listed(
    world: World, offset: int, lines: list[int] | None = None, position: int | None = None
) -> list[Dependent]:
    as_of = AsOf(world.today, position)
    since = world.today + timedelta(days=offset)
    with world.registry.units.reading() as session:
        loss = loss_of_accreditation(session, accreditation_of(world), since, as_of, lines)
        return dependents(session, loss, as_of)


def tasks(world: World) -> dict[tuple[str, str], TaskRecord]:
    with world.registry.units.reading() as session:
        rows = session.execute(
            select(Task, TaskRecord)
            .join(TaskRecord, TaskRecord.task_id == Task.id)
            .where(known(TaskRecord))
        )
        return {(task.kind, task.subject): record for task, record in rows}


def states_of(world: World) -> Mapping[str, object]:
    with world.registry.units.reading() as session:
        reports = session.execute(
            select(ReportRecord.report_id, ReportRecord.state).where(known(ReportRecord))
        ).all()
        events = session.scalars(select(CertificateEvent.kind)).all()
    return {"reports": sorted(map(tuple, reports)), "events": events}


def test_what_rests_on_results_after_the_day_depends(world: World) -> None:
    certificate = world.certificate()
    pending = world.apply()
    report = world.report(application=pending.number, number="TN-P")
    found = listed(world, -20)
    assert ("report", f"report:{report.report.id}") in {(d.kind, d.subject) for d in found}
    kinds = {(d.kind, d.subject): d for d in found}
    on_certificate = kinds["certificate", f"certificate:{certificate.id}"]
    assert on_certificate.state == "in_force"
    assert on_certificate.on == world.today - timedelta(days=14)
    assert on_certificate.rests_on
    assert kinds["application", f"application:{pending.id}"].state == "submitted"
    assert kinds["acceptance", f"report:{report.report.id}"].state == "accepted"


def test_the_last_day_of_a_test_counts(world: World) -> None:
    report = world.report(
        number="TN-L",
        results=[world.result(performed_on=world.day(-14), performed_until=world.day(-10))],
    )
    subject = f"report:{report.report.id}"
    assert subject in {d.subject for d in listed(world, -10)}
    assert subject not in {d.subject for d in listed(world, -9)}


def test_reports_of_another_laboratory_do_not_depend(world: World) -> None:
    foreign = world.report("laboratory-kr", number="KR-1")
    assert f"report:{foreign.report.id}" not in {d.subject for d in listed(world, -20)}


def test_asking_later_with_an_earlier_position_gives_the_earlier_list(world: World) -> None:
    with world.registry.units.reading() as session:
        before = head(session)
    then = listed(world, -20)
    world.certificate()
    assert len(listed(world, -20)) > len(then)
    assert listed(world, -20, position=before) == then


def test_a_suspension_opens_a_task_for_each_and_changes_no_history(world: World) -> None:
    certificate = world.certificate()
    before = states_of(world)
    expected = {(d.kind, d.subject) for d in listed(world, -20)}
    happen(world, "suspended", -20)
    opened = tasks(world)
    assert opened.keys() == expected
    assert {record.state for record in opened.values()} == {"open"}
    assert opened["certificate", f"certificate:{certificate.id}"].role == "officer"
    assert states_of(world) == before
    with world.registry.units.reading() as session:
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.action == "task.open")
        ).all()
    assert {entry.subject for entry in entries} == {subject for _, subject in expected}
    data = json.loads(entries[0].data)
    assert data["cause"] == f"accreditation:{accreditation_of(world)}"
    assert data["from"] == world.day(-20)


def test_a_suspension_found_out_late_touches_what_was_tested_since(world: World) -> None:
    report = world.report(number="TN-1", results=[world.result(performed_on=world.day(-8))])
    happen(world, "suspended", -10)
    assert ("report", f"report:{report.report.id}") in tasks(world)


def test_no_task_is_opened_twice_for_one_cause(world: World) -> None:
    world.certificate()
    happen(world, "suspended", -20)
    first = tasks(world)
    happen(world, "withdrawn", -19)
    assert {key: r.id for key, r in tasks(world).items()} == {k: r.id for k, r in first.items()}


def test_a_reinstatement_closes_what_is_still_open(world: World) -> None:
    world.certificate()
    happen(world, "suspended", -20)
    (kind, subject), record = next(iter(sorted(tasks(world).items())))
    with world.registry.units(world.actor("officer")) as uow:
        finish_task(uow, record.task_id, load(TaskEndSchema(), {"reason": "Đã xem"}))
    happen(world, "reinstated", -1)
    after = tasks(world)
    assert after.pop((kind, subject)).state == "done"
    assert after
    assert {found.state for found in after.values()} == {"closed"}
    assert {found.reason for found in after.values()} == {"Lý do"}
    with world.registry.units.reading() as session:
        closed = session.scalars(
            select(JournalEntry.data).where(JournalEntry.action == "task.close")
        ).all()
    assert len(closed) == len(after)
    assert json.loads(closed[0])["because"] == "accreditation.reinstated"


class TestReduction:
    def lines(self, world: World) -> tuple[int, int]:
        """Return the demonstration's line and another one that no report rests on."""
        line = {
            "activity": "testing",
            "product": "Camera",
            "method": "ISO 9001:2015",
            "valid_from": world.day(-300),
        }
        with world.registry.units(world.actor("officer")) as uow:
            data = load(ScopeLinesSchema(), {"lines": [line]})
            other = add_scope_lines(uow, accreditation_of(world), data)[0]
            used = uow.session.scalars(
                select(ScopeLine.id).where(
                    ScopeLine.accreditation_id == accreditation_of(world),
                    ScopeLine.id != other.id,
                )
            ).one()
        return used, other.id

    def test_only_what_rests_on_the_lines_named_is_touched(self, world: World) -> None:
        world.certificate()
        used, other = self.lines(world)
        assert listed(world, -20, [other]) == []
        happen(world, "reduced", -20, scope_lines=[other])
        assert tasks(world) == {}
        happen(world, "reduced", -20, scope_lines=[used])
        assert tasks(world)

    def test_the_lines_named_end_the_day_before(self, world: World) -> None:
        used, _ = self.lines(world)
        happen(world, "reduced", -20, scope_lines=[used])
        with world.registry.units.reading() as session:
            old = session.get_one(ScopeLine, used)
            new = session.scalars(
                select(ScopeLine).where(
                    ScopeLine.method_key == old.method_key,
                    ScopeLine.accreditation_id == old.accreditation_id,
                    known(ScopeLine),
                )
            ).one()
        assert old.known_until == new.known_from
        assert new.valid_until == world.today - timedelta(days=21)

    def test_lines_of_another_accreditation_are_refused(self, world: World) -> None:
        with world.registry.units.reading() as session:
            foreign = session.scalars(
                select(ScopeLine.id).where(ScopeLine.accreditation_id != accreditation_of(world))
            ).first()
        with pytest.raises(Invalid) as refused:
            happen(world, "reduced", -20, scope_lines=[foreign])
        assert list(refused.value.fields) == ["scope_lines.0"]
        assert tasks(world) == {}

    def test_only_a_reduction_names_lines(self, world: World) -> None:
        with pytest.raises(Invalid) as refused:
            happen(world, "suspended", -20, scope_lines=[1])
        assert list(refused.value.fields) == ["scope_lines"]


def test_a_reinstatement_leaves_the_tasks_of_a_reduction(world: World) -> None:
    report = world.report(number="TN-1")
    with world.registry.units.reading() as session:
        line = session.scalars(
            select(ScopeLine.id).where(
                ScopeLine.accreditation_id == accreditation_of(world), known(ScopeLine)
            )
        ).one()
    happen(world, "suspended", -20)
    happen(world, "reduced", -19, scope_lines=[line])
    happen(world, "reinstated", -1)
    with world.registry.units.reading() as session:
        rows = session.execute(
            select(Task.cause_kind, TaskRecord.state)
            .join(TaskRecord, TaskRecord.task_id == Task.id)
            .where(Task.subject == f"report:{report.report.id}", known(TaskRecord))
        )
        assert {(kind, state) for kind, state in rows} == {
            ("suspended", "closed"),
            ("reduced", "open"),
        }


def test_a_withdrawal_opens_no_second_task_beside_that_of_a_suspension(world: World) -> None:
    world.report(number="TN-1")
    happen(world, "suspended", -20)
    with world.registry.units.reading() as session:
        before = session.scalars(select(Task.id)).all()
    happen(world, "withdrawn", -19)
    with world.registry.units.reading() as session:
        assert session.scalars(select(Task.id)).all() == before


def test_whatever_opens_tasks_has_words_for_it(world: World) -> None:
    with world.registry.units.reading() as session:
        words = {term.key for term in terms(session, "task-cause", AsOf(world.today))}
    said = [
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(cascade)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    made = {text for text in said if text.endswith(("-ended", "-retracted"))}
    assert made
    assert made | HALTING == words


def test_the_end_of_a_listing_touches_what_the_arrangement_covers(world: World) -> None:
    foreign = world.report("laboratory-kr", number="KR-1")
    home = world.report(number="TN-1")
    with world.registry.units(system_actor("test")) as uow:
        listing = uow.session.scalars(
            select(ArrangementListing)
            .join(Body, Body.id == ArrangementListing.body_id)
            .where(Body.slug == "demo-laboratory-kr")
        ).one()
        opened = after_listing_ended(uow, listing, world.today - timedelta(days=30))
        subjects = {task.subject for task in opened}
    assert f"report:{foreign.report.id}" in subjects
    assert f"report:{home.report.id}" not in subjects


def test_a_scope_line_retracted_calls_for_a_look_at_what_may_rest_on_it(world: World) -> None:
    report = world.report(number="TN-1")
    with world.registry.units.reading() as session:
        line = session.scalars(
            select(ScopeLine.id).where(
                ScopeLine.accreditation_id == accreditation_of(world), known(ScopeLine)
            )
        ).one()
    with world.registry.units(world.actor("officer")) as uow:
        retract_line(uow, "scope-line", line, load(RetractionSchema(), {"reason": "Nhập nhầm"}))
    assert ("report", f"report:{report.report.id}") in tasks(world)


def test_the_end_of_a_body_touches_all_it_did_since(world: World) -> None:
    report = world.report(number="TN-1")
    with world.registry.units(system_actor("test")) as uow:
        record = uow.session.scalars(
            select(BodyRecord)
            .join(Body, Body.id == BodyRecord.body_id)
            .where(Body.slug == LABORATORY, known(BodyRecord))
        ).one()
        opened = after_body_withdrawn(uow, record, world.today - timedelta(days=30))
        assert ("report", f"report:{report.report.id}") in {(t.kind, t.subject) for t in opened}
        assert {task.cause for task in opened} == {f"body:{record.body_id}"}


class TestTasks:
    @pytest.fixture
    def task(self, world: World) -> TaskRecord:
        """Return an officer's task about a certificate."""
        certificate: Certificate = world.certificate()
        happen(world, "suspended", -20)
        return tasks(world)["certificate", f"certificate:{certificate.id}"]

    def test_a_task_is_taken_on_and_ended_with_a_reason(
        self, world: World, task: TaskRecord
    ) -> None:
        officer = world.actor("officer")
        with world.registry.units(officer) as uow:
            assign_task(uow, task.task_id, load(AssignmentSchema(), {}), expected=task.known_from)
        with world.registry.units(officer) as uow:
            finish_task(uow, task.task_id, load(TaskEndSchema(), {"reason": "Giữ hiệu lực"}))
        ended = next(r for r in tasks(world).values() if r.task_id == task.task_id)
        assert (ended.state, ended.reason) == ("done", "Giữ hiệu lực")
        with pytest.raises(BadTransition), world.registry.units(officer) as uow:
            finish_task(uow, task.task_id, load(TaskEndSchema(), {"reason": "Nữa"}))

    def test_a_reason_is_needed(self) -> None:
        with pytest.raises(Invalid) as refused:
            load(TaskEndSchema(), {"reason": " "})
        assert list(refused.value.fields) == ["reason"]

    def test_what_somebody_took_on_is_theirs(self, world: World, task: TaskRecord) -> None:
        with world.registry.units(world.actor("officer")) as uow:
            assign_task(uow, task.task_id, load(AssignmentSchema(), {}))
        other = self.colleague(world)
        with pytest.raises(Denied, match="Somebody else"), world.registry.units(other) as uow:
            finish_task(uow, task.task_id, load(TaskEndSchema(), {"reason": "x"}))

    def test_another_role_cannot_end_it(self, world: World, task: TaskRecord) -> None:
        reviewer = world.actor("reviewer")
        with pytest.raises(Denied, match="another role"), world.registry.units(reviewer) as uow:
            finish_task(uow, task.task_id, load(TaskEndSchema(), {"reason": "x"}))
        given = load(AssignmentSchema(), {"user_id": reviewer.user_id})
        with (
            pytest.raises(Invalid) as refused,
            world.registry.units(world.actor("officer")) as uow,
        ):
            assign_task(uow, task.task_id, given)
        assert list(refused.value.fields) == ["user_id"]

    def test_nobody_acts_for_their_own_organisation(self, world: World, task: TaskRecord) -> None:
        with world.registry.units.reading() as session:
            holder = session.scalars(select(Certificate.organisation_id)).first()
        own = self.colleague(world, holder)
        reason = load(TaskEndSchema(), {"reason": "x"})
        with pytest.raises(Denied, match="own organisation"), world.registry.units(own) as uow:
            finish_task(uow, task.task_id, reason)
        with pytest.raises(Denied, match="own organisation"), world.registry.units(own) as uow:
            assign_task(uow, task.task_id, {"user_id": None})

    def test_two_who_decide_at_once(self, world: World, task: TaskRecord) -> None:
        reason = load(TaskEndSchema(), {"reason": "x"})
        with world.registry.units(world.actor("officer")) as uow:
            assign_task(uow, task.task_id, {"user_id": None}, expected=task.known_from)
        with pytest.raises(Stale), world.registry.units(world.actor("officer")) as uow:
            finish_task(uow, task.task_id, reason, expected=task.known_from)

    @staticmethod
    def colleague(world: World, organisation_id: int | None = None) -> Actor:
        """Return another officer, of ``organisation_id``."""
        officer = world.actor("officer")
        with world.registry.units(system_actor("test")) as uow:
            user = User(
                email=f"{organisation_id}@example.org",
                name="officer",
                password_hash="",
                organisation_id=organisation_id,
            )
            uow.session.add(user)
            uow.session.flush()
            uow.record("user.create", f"user:{user.id}", {})
        return Actor(
            reference=f"user:{user.id}",
            user_id=user.id,
            organisation_id=organisation_id,
            name="officer",
            roles=officer.roles,
            permissions=officer.permissions,
        )


DAY = "2026-01-01"


def write_accreditation(uow: UnitOfWork, _id: int) -> None:
    typed = {"accreditor": "demo-accreditor", "standard": "ISO/IEC 17020:2012", "number": "N 1"}
    record_accreditation(uow, LABORATORY, load(AccreditationSchema(), {**typed, "valid_from": DAY}))


def write_scope(uow: UnitOfWork, number: int) -> None:
    line = {"activity": "testing", "product": "x", "method": "ISO 9001:2015", "valid_from": DAY}
    add_scope_lines(uow, number, load(ScopeLinesSchema(), {"lines": [line]}))


def write_event(uow: UnitOfWork, number: int) -> None:
    event = {"kind": "suspended", "effective_on": "2026-11-01", "reason": "x"}
    record_accreditation_event(uow, number, load(AccreditationEventSchema(), event))


def write_end(uow: UnitOfWork, number: int) -> None:
    line = uow.session.scalars(
        select(ScopeLine.id).where(ScopeLine.accreditation_id == number, known(ScopeLine))
    ).one()
    end_line(uow, "scope-line", line, {"valid_until": date(2026, 11, 1), "reason": "x"})


@pytest.mark.parametrize("write", [write_accreditation, write_scope, write_event, write_end])
def test_an_officer_of_the_body_records_nothing_about_it(
    world: World, write: Callable[[UnitOfWork, int], None]
) -> None:
    with world.registry.units.reading() as session:
        owner = session.scalars(select(Body.organisation_id).where(Body.slug == LABORATORY)).one()
    own = TestTasks.colleague(world, owner)
    number = accreditation_of(world)
    with pytest.raises(Denied, match="own organisation"), world.registry.units(own) as uow:
        write(uow, number)


def test_the_end_of_a_scope_line_opens_tasks_too(world: World) -> None:
    report = world.report(number="TN-1", results=[world.result(performed_on=world.day(-8))])
    number = accreditation_of(world)
    with world.registry.units(world.actor("officer")) as uow:
        line = uow.session.scalars(
            select(ScopeLine.id).where(ScopeLine.accreditation_id == number, known(ScopeLine))
        ).one()
        last = world.today - timedelta(days=10)
        end_line(uow, "scope-line", line, {"valid_until": last, "reason": "x"})
    assert ("report", f"report:{report.report.id}") in tasks(world)


def test_a_suspension_recorded_in_error_takes_its_tasks_back(world: World) -> None:
    world.certificate()
    happen(world, "suspended", -20)
    with world.registry.units(world.actor("officer")) as uow:
        event = uow.session.scalars(
            select(AccreditationEvent.id).order_by(AccreditationEvent.id.desc())
        ).first()
        assert event
        retract_accreditation_event(uow, event, {"reason": "Ghi nhầm"})
    assert {record.state for record in tasks(world).values()} == {"closed"}
