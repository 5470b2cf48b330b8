"""Foreign lists over time: taken in by slices, what vanishes, what lapses, who has to look."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.actor import system_actor
from registry.assessment.foreign import jobs, reviewing
from registry.assessment.foreign.affected import affected
from registry.assessment.foreign.deciding import decide_results
from registry.assessment.foreign.importing import take_rows
from registry.assessment.foreign.jobs import (
    DONE,
    REFUSED,
    WAITING,
    foreign_import,
    open_foreign_import,
    work_on_foreign_imports,
)
from registry.assessment.foreign.laboratories import link_laboratory
from registry.assessment.foreign.laboratory_queries import laboratories, laboratory
from registry.assessment.foreign.queries import (
    Filters,
    explain_foreign,
    foreign_result,
    foreign_results,
)
from registry.assessment.foreign.relying import rely_on
from registry.assessment.foreign.reviewing import review_foreign_results
from registry.assessment.models import ForeignImport, Task, TaskRecord
from registry.assessment.queries.desk import desk
from registry.errors import Conflict, Invalid, NotFound
from registry.history import AsOf, known
from registry.journal.models import JournalEntry
from tests.support.assessment import World
from tests.support.declarations import declare
from tests.support.foreign import excerpt, packed, take_in

FIRST, SECOND, THIRD = date(2026, 10, 20), date(2026, 11, 10), date(2026, 11, 20)


def rows_without(number: str) -> list[dict[str, Any]]:
    return [row for row in excerpt("cmvp") if row["certificate"] != number]


def judged(world: World, number: str, at: date) -> tuple[str, list[str]]:
    with world.registry.units.reading() as session:
        facts = foreign_result(session, "cmvp", number, AsOf(at))
        answer = explain_foreign(session, facts, AsOf(at), world.registry.clock.zone)
    return answer["outcome"], [
        reason for condition in answer["conditions"] for reason in condition["reasons"]
    ]


def entries(world: World) -> int:
    with world.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def resting_application(world: World, number: str = "4389") -> str:
    application = world.apply()
    with world.registry.units(world.actor("officer")) as uow:
        rely_on(uow, "cmvp", number, application.number)
    return f"application:{application.id}"


def tasks(world: World) -> list[tuple[str, str, str, str]]:
    with world.registry.units.reading() as session:
        rows = session.execute(
            select(Task.subject, Task.cause, Task.cause_kind, TaskRecord.state)
            .join(TaskRecord, TaskRecord.task_id == Task.id)
            .where(known(TaskRecord), Task.cause.startswith("foreign-result:"))
            .order_by(Task.id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


class TestCertificatesThatVanish:
    def test_absence_is_recorded_as_such_and_refers_to_an_officer(self, world: World) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        report = take_in(world.registry, "cmvp", rows_without("4389"), SECOND)
        assert report.counts["no longer listed"] == 1
        assert len(report.lapsed) == 1
        assert judged(world, "4389", FIRST)[0] == "accept"
        assert judged(world, "4389", SECOND - timedelta(days=1)) == ("refer", ["event_undated"])
        assert judged(world, "4389", SECOND) == ("refer", ["no_longer_listed"])
        with world.registry.units.reading() as session:
            facts = foreign_result(session, "cmvp", "4389", AsOf(world.today))
            assert [status.kind for status in facts.statuses] == ["active", "unlisted"]
            assert facts.decision.outcome == "refer"

    def test_the_same_list_again_records_it_once(self, world: World) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        take_in(world.registry, "cmvp", rows_without("4389"), SECOND)
        before = entries(world)
        again = take_in(world.registry, "cmvp", rows_without("4389"), SECOND)
        assert again.counts["no longer listed"] == 0
        assert entries(world) == before

    def test_one_that_comes_back_is_in_force_again_and_its_tasks_close(self, world: World) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        subject = resting_application(world)
        take_in(world.registry, "cmvp", rows_without("4389"), SECOND)
        assert [(task[0], *task[2:]) for task in tasks(world)] == [(subject, "unlisted", "open")]
        take_in(world.registry, "cmvp", read_on=THIRD)
        assert judged(world, "4389", THIRD) == ("accept", [])
        assert judged(world, "4389", SECOND)[0] == "refer"
        assert [task[3] for task in tasks(world)] == ["closed"]

    def test_a_list_with_rows_of_unknown_certificates_proves_no_absence(self, world: World) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        unnamed = excerpt("cmvp")[0] | {"certificate": None}
        report = take_in(world.registry, "cmvp", [*rows_without("4389"), unnamed], SECOND)
        assert report.counts["no longer listed"] == 0
        assert judged(world, "4389", SECOND)[0] == "accept"

    def test_a_row_that_cannot_be_read_still_lists_its_certificate(self, world: World) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        spoilt = {"certificate": "4389", "standard": "FIPS 140-3", "status": "Perhaps"}
        report = take_in(world.registry, "cmvp", [*rows_without("4389"), spoilt], SECOND)
        assert (report.counts["bad"], report.counts["no longer listed"]) == (1, 0)


class TestTasks:
    def test_a_declaration_that_names_it_in_its_own_spelling_is_listed(self, world: World) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        named = {"number": "NIST CMVP #4389", "body": "NIST", "issued_on": "2022-12-07"}
        declaration = declare(world, basis="recognised-results", other_certificate=named)
        rows = [
            row | ({"status": "Revoked"} if row["certificate"] == "4389" else {})
            for row in excerpt("cmvp")
        ]
        take_in(world.registry, "cmvp", rows, SECOND)
        subject = f"declaration:{declaration.id}"
        assert [(task[0], *task[2:]) for task in tasks(world)] == [(subject, "revoked", "open")]
        with world.registry.units.reading() as session:
            listed = affected(session, AsOf(world.today))
        assert (subject, "revoked") in {(relied.subject, relied.status) for relied in listed}

    @pytest.mark.parametrize("status", ["Historical", "Revoked"])
    def test_what_rests_on_a_lapsed_certificate_comes_to_the_desk(
        self, world: World, status: str
    ) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        subject = resting_application(world)
        lapsed = [
            row | ({"status": status} if row["certificate"] == "4389" else {})
            for row in excerpt("cmvp")
        ]
        take_in(world.registry, "cmvp", lapsed, SECOND)
        take_in(world.registry, "cmvp", lapsed, THIRD)
        [(about, _, kind, state)] = tasks(world)
        assert (about, kind, state) == (subject, status.lower(), "open")
        with world.registry.units.reading() as session:
            queue = desk(session, world.actor("reviewer"), AsOf(world.today), kind="task")
        assert [(item.about, item.cause_label) for item in queue] == [(subject, "CMVP 4389")]


class TestTimeThatPasses:
    def review_on(self, world: World, day: date, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
        monkeypatch.setattr(world.registry.clock, "today", lambda: day)
        return dict(review_foreign_results(world.registry.units))

    def test_a_sunset_ends_the_decision_and_opens_tasks(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_in(world.registry, "cmvp")
        subject = resting_application(world)
        sunset = date(2027, 12, 6)
        assert self.review_on(world, sunset, monkeypatch) == {}
        before = entries(world)
        assert self.review_on(world, sunset + timedelta(days=1), monkeypatch) == {"refuse": 1}
        [(about, _, kind, state)] = tasks(world)
        assert (about, kind, state) == (subject, "lapsed", "open")
        with world.registry.units.reading() as session:
            today = AsOf(sunset + timedelta(days=1))
            refused = foreign_results(session, today, Filters("cmvp", "refuse"))
            relied = {
                (item.subject, item.status, item.known_by) for item in affected(session, today)
            }
        assert "4389" in {facts.result.number for facts in refused}
        assert (subject, "lapsed", sunset + timedelta(days=1)) in relied
        assert entries(world) > before
        now = entries(world)
        assert self.review_on(world, sunset + timedelta(days=2), monkeypatch) == {}
        assert entries(world) == now

    def test_a_day_is_reviewed_once_and_only_what_is_due_is_judged(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_in(world.registry, "cmvp")
        seen: list[int] = []
        kept = decide_results

        def counting(uow: Any, arrangement: Any, results: Any) -> Any:
            seen.append(len(results))
            return kept(uow, arrangement, results)

        monkeypatch.setattr(reviewing, "decide_results", counting)
        self.review_on(world, world.today + timedelta(days=1), monkeypatch)
        self.review_on(world, world.today + timedelta(days=1), monkeypatch)
        assert seen == []


class TestSlices:
    def send(self, world: World, form: str = "cmvp", **asked: Any) -> int:
        with world.registry.units(world.actor("officer")) as uow:
            content = packed(asked.pop("rows", excerpt(form)))
            given = {"format": form, "read_on": None, **asked}
            return open_foreign_import(uow, world.registry.files, content, "list.jsonl", given).id

    def job(self, world: World, number: int) -> ForeignImport:
        with world.registry.units.reading() as session:
            found = foreign_import(session, number)
            session.expunge(found)
            return found

    def work(self, world: World) -> bool:
        return work_on_foreign_imports(world.registry.units, world.registry.files)

    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("registry.assessment.foreign.reading.BATCH", 3)
        monkeypatch.setattr(jobs, "SLICE", 3)

    def test_a_list_is_taken_in_slice_by_slice(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.small(monkeypatch)
        number = self.send(world)
        assert self.job(world, number).rows_done == 0
        assert self.work(world)
        after_one = self.job(world, number)
        assert (after_one.phase, after_one.rows_done) == (WAITING, 3)
        while self.work(world):
            pass
        done = self.job(world, number)
        assert (done.phase, done.rows_done) == (DONE, len(excerpt("cmvp")))
        assert done.report["counts"]["new"] == len(excerpt("cmvp"))
        assert done.report["counts"].get("unchanged", 0) == 0

    def test_a_killed_worker_leaves_what_the_next_one_finishes(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.small(monkeypatch)
        monkeypatch.setattr(jobs, "SLICE", 1_000)
        number = self.send(world)
        kept = take_rows

        def dying(*given: Any, **named: Any) -> Any:
            yield next(kept(*given, **named))
            raise SystemExit

        monkeypatch.setattr(jobs, "take_rows", dying)
        with pytest.raises(SystemExit):
            self.work(world)
        assert self.job(world, number).rows_done == 3
        # Its claim has to run out first.
        assert not self.work(world)
        monkeypatch.setattr(jobs, "take_rows", kept)
        with world.registry.units(system_actor("test")) as uow:
            foreign_import(uow.session, number).claimed_until = None
        assert self.work(world)
        done = self.job(world, number)
        assert done.phase == DONE
        assert done.report["counts"]["new"] == len(excerpt("cmvp"))
        with world.registry.units.reading() as session:
            found = foreign_results(session, AsOf(world.today), Filters("cmvp"))
        assert len(found) == len(excerpt("cmvp"))

    def test_the_same_list_is_one_import(self, world: World) -> None:
        number = self.send(world)
        assert self.send(world) == number
        assert self.work(world)
        before = entries(world)
        assert self.send(world) == number
        assert not self.work(world)
        assert entries(world) == before

    def test_lists_of_a_scheme_keep_their_order(self, world: World) -> None:
        later = self.send(world, read_on=SECOND)
        self.send(world, form="cc")
        earlier = self.send(world, rows=rows_without("4389"), read_on=FIRST)
        while self.work(world):
            pass
        assert self.job(world, later).phase == DONE
        refused = self.job(world, earlier)
        assert refused.phase == REFUSED
        assert "later list" in (refused.problem or "")

    def test_what_cannot_be_a_list_is_refused_at_once(self, world: World) -> None:
        wrong: tuple[dict[str, Any], ...] = (
            {"rows": []},
            {"read_on": world.today + timedelta(days=1)},
        )
        for asked in wrong:
            with pytest.raises(Invalid):
                self.send(world, **asked)
        with pytest.raises(NotFound):
            self.job(world, 999_999)

    def test_one_that_fails_every_time_is_given_up(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(*_given: Any, **_named: Any) -> Any:
            raise RuntimeError

        monkeypatch.setattr(jobs, "begin", failing)
        number = self.send(world)
        for _ in range(jobs.MOST_ATTEMPTS):
            assert self.work(world)
            with world.registry.units(system_actor("test")) as uow:
                foreign_import(uow.session, number).claimed_until = None
        assert self.job(world, number).phase == REFUSED
        assert not self.work(world)


class TestLaboratories:
    def test_each_name_is_a_laboratory_with_its_results(self, world: World) -> None:
        take_in(world.registry, "cmvp")
        named = {step["lab"] for row in excerpt("cmvp") for step in row["history"] if step["lab"]}
        with world.registry.units.reading() as session:
            found = laboratories(session, AsOf(world.today))
            domus = laboratory(session, "domus", AsOf(world.today))
            with pytest.raises(NotFound):
                laboratory(session, "nobody", AsOf(world.today))
        assert {facts.laboratory.name for facts in found} == named
        assert (domus.results, domus.body) == (
            sum(any(step["lab"] == "DOMUS" for step in row["history"]) for row in excerpt("cmvp")),
            None,
        )

    def test_a_list_that_names_another_one_changes_who_tested(self, world: World) -> None:
        take_in(world.registry, "cmvp", read_on=FIRST)
        before = entries(world)
        rows = excerpt("cmvp")
        other = rows[0] | {"history": [{"date": "1995-10-12", "type": "Initial", "lab": "Other"}]}
        report = take_in(world.registry, "cmvp", [other, *rows[1:]], SECOND)
        assert report.counts["changed"] == 1
        with world.registry.units.reading() as session:
            now = foreign_results(session, AsOf(world.today), Filters(laboratory="other"))
            then = foreign_results(session, AsOf(world.today, before), Filters(laboratory="domus"))
            after = foreign_results(session, AsOf(world.today), Filters(laboratory="domus"))
        assert [facts.result.number for facts in now] == ["1"]
        assert "1" in {facts.result.number for facts in then}
        assert "1" not in {facts.result.number for facts in after}

    def test_it_is_linked_to_a_registered_body_by_an_officer(self, world: World) -> None:
        take_in(world.registry, "cmvp")
        officer = world.actor("officer")
        with world.registry.units(officer) as uow:
            link_laboratory(uow, "domus", "foreign-nist-cmvp")
        with pytest.raises(Conflict), world.registry.units(officer) as uow:
            link_laboratory(uow, "domus", "foreign-nist-cmvp")
        with pytest.raises(Invalid), world.registry.units(officer) as uow:
            link_laboratory(uow, "domus", "nobody")
        with pytest.raises(NotFound), world.registry.units(officer) as uow:
            link_laboratory(uow, "nobody", "foreign-nist-cmvp")
        with world.registry.units.reading() as session:
            [facts] = laboratories(session, AsOf(world.today), body="foreign-nist-cmvp")
        assert facts.laboratory.slug == "domus"
