"""What is asked of an applicant: answered, closed, dated, and not counted for the office."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from registry.assessment.intake.uploads import receive_file
from registry.assessment.models import Application
from registry.assessment.queries.applications import ApplicationFile, application_file
from registry.assessment.queries.stages import stage_figures
from registry.assessment.schemas import (
    ApplicationSchema,
    InformationAnswerSchema,
    InformationRequestSchema,
    ReviewSchema,
)
from registry.assessment.services.application_drafts import (
    MOST_DRAFTS,
    discard_draft,
    drafts_of,
    save_draft,
    send_draft,
)
from registry.assessment.services.applications import (
    review_application,
    submit_application,
    take_up_application,
)
from registry.assessment.services.information_requests import (
    answer_request,
    ask_applicant,
    close_request,
)
from registry.clock import FixedClock
from registry.errors import BadTransition, Conflict, Denied, Invalid, NotFound, Stale
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.schema_fields import load
from registry.storage import FileStore
from tests.support.assessment import APPLICATION, World

KEY = "a-key-that-nobody-guesses"
PICTURE = b"<?xml version='1.0'?><drawing>D-1</drawing>"


def ask(world: World, number: str, by: str = "officer", **data: str) -> int:
    with world.registry.units(world.actor(by)) as uow:
        loaded = load(InformationRequestSchema(), {"text": "Sơ đồ mạch?", **data})
        return ask_applicant(uow, number, loaded).id


def answer(world: World, number: str, request_id: int, *files: str) -> None:
    data = load(InformationAnswerSchema(), {"answer": "Gửi kèm.", "files": list(files)})
    with world.registry.units(world.actor("business")) as uow:
        answer_request(uow, number, request_id, data)


def seen(world: World, number: str, by: str = "business", day: int = 0) -> ApplicationFile:
    as_of = AsOf(world.today + timedelta(days=day))
    with world.registry.units.reading() as session:
        return application_file(session, world.actor(by), number, as_of)


def test_the_days_of_waiting_are_the_applicants(world: World, clock: FixedClock) -> None:
    application = world.apply()
    clock.instant += timedelta(days=2)
    request_id = ask(world, application.number, due_on=world.day(5))
    clock.instant += timedelta(days=3)
    assert [(step.days, step.waited) for step in seen(world, application.number).steps] == [(2, 3)]
    answer(world, application.number, request_id)
    clock.instant += timedelta(days=4)
    file = seen(world, application.number)
    assert [(step.days, step.waited) for step in file.steps] == [(6, 3)]
    record = file.requests[0].record
    assert (record.state, record.answer) == ("answered", "Gửi kèm.")


def test_question_and_answer_are_sealed(world: World) -> None:
    application = world.apply()
    answer(world, application.number, ask(world, application.number))
    with world.registry.units.reading() as session:
        public = "\n".join(session.scalars(select(JournalEntry.data)))
    assert "Sơ đồ" not in public
    assert "Gửi kèm" not in public


def test_a_file_of_the_answer_is_one_the_applicant_uploaded(world: World) -> None:
    application = world.apply()
    request_id = ask(world, application.number)
    with pytest.raises(Invalid):
        answer(world, application.number, request_id, "ab" * 32)
    business = world.actor("business")
    upload = receive_file(world.registry, business, "so-do.xml", BytesIO(PICTURE))
    answer(world, application.number, request_id, upload.sha256)
    kept = seen(world, application.number).requests[0].files
    assert [(item.name, item.sha256) for item in kept] == [("so-do.xml", upload.sha256)]
    store = FileStore(world.registry.settings.attachments_dir)
    assert store.get(upload.sha256) == PICTURE


def test_nobody_else_asks_or_answers(world: World) -> None:
    application = world.apply()
    request_id = ask(world, application.number)
    data = load(InformationAnswerSchema(), {"answer": "x"})
    stranger = replace(world.actor("business"), organisation_id=None)
    with world.registry.units(stranger) as uow, pytest.raises(NotFound):
        answer_request(uow, application.number, request_id, data)
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(Denied):
        answer_request(uow, application.number, request_id, data)
    with world.registry.units(world.actor("business")) as uow, pytest.raises(NotFound):
        answer_request(uow, application.number, 999, data)
    with pytest.raises(Denied):
        ask(world, application.number, by="business")
    with pytest.raises(Invalid):
        ask(world, application.number, due_on="2020-01-01")


def test_a_request_is_answered_or_closed_once(world: World) -> None:
    application = world.apply()
    request_id = ask(world, application.number)
    with world.registry.units(world.actor("officer")) as uow:
        with pytest.raises(Stale):
            close_request(uow, application.number, request_id, expected=1)
        close_request(uow, application.number, request_id)
    with pytest.raises(BadTransition):
        answer(world, application.number, request_id)


def test_an_application_that_waits_is_not_reviewed(world: World) -> None:
    application = world.apply()
    with world.registry.units(world.actor("officer")) as uow:
        take_up_application(uow, application.number)
    request_id = ask(world, application.number)
    review = load(ReviewSchema(), {"recommendation": "refuse", "reasons": "Thiếu"})
    with world.registry.units(world.actor("reviewer")) as uow, pytest.raises(Conflict):
        review_application(uow, application.number, review)
    answer(world, application.number, request_id)
    with world.registry.units(world.actor("reviewer")) as uow:
        review_application(uow, application.number, review)


def test_a_decided_application_is_not_asked_about(world: World) -> None:
    application = world.reviewed()
    request_id = ask(world, application.number, by="decision-maker")
    with pytest.raises(Conflict):
        world.decide(application.number)
    answer(world, application.number, request_id)
    world.decide(application.number)
    with pytest.raises(BadTransition):
        ask(world, application.number)
    with pytest.raises(BadTransition):
        answer(world, application.number, request_id)


def test_medians_come_from_the_history_and_only_from_enough_of_it(
    world: World, clock: FixedClock
) -> None:
    def figures(known: int | None = None) -> float | None:
        with world.registry.units.reading() as session:
            as_of = AsOf(world.today, known)
            return stage_figures(session, as_of, demonstration=True)["submitted"].median

    waiting = [world.apply().number for _ in range(4)]
    assert figures() is None
    for days, number in zip((1, 2, 3, 4), waiting, strict=True):
        clock.instant += timedelta(days=1)
        with world.registry.units(world.actor("officer")) as uow:
            take_up_application(uow, number)
        assert days == (world.today - date_of(world, number)).days
    # The demonstration's own case was taken up on its first day: five cases, 0 1 2 3 4.
    assert figures() == 2
    assert figures(known=1) is None


def date_of(world: World, number: str) -> date:
    return seen(world, number).steps[0].since


def test_a_draft_sent_twice_is_one_application(world: World) -> None:
    business = world.actor("business")
    data = load(ApplicationSchema(), APPLICATION)
    with world.registry.units(business) as uow:
        save_draft(uow, KEY, {"product.name.vi": "Camera"})
    with world.registry.units(business) as uow:
        first = send_draft(uow, KEY, data)
    with world.registry.units(business) as uow:
        assert save_draft(uow, KEY, {"product.name.vi": "Khác"}).sent_as == first
        assert send_draft(uow, KEY, data) == first
        assert drafts_of(uow.session, business) == []
        count = uow.session.query(Application).filter_by(number=first).count()
    assert count == 1


def test_a_draft_is_its_owners_and_bounded(world: World) -> None:
    business = world.actor("business")
    with world.registry.units(business) as uow:
        save_draft(uow, KEY, {"note": "Bí mật"})
    stranger = replace(business, user_id=world.actor("officer").user_id)
    with world.registry.units(stranger) as uow:
        with pytest.raises(NotFound):
            save_draft(uow, KEY, {})
        with pytest.raises(NotFound):
            discard_draft(uow, KEY)
    with world.registry.units(business) as uow:
        with pytest.raises(Invalid):
            save_draft(uow, "short", {})
        with pytest.raises(Invalid):
            save_draft(uow, KEY, {"note": "x" * 30_000})
        discard_draft(uow, KEY)
        for index in range(MOST_DRAFTS):
            save_draft(uow, f"{KEY}-{index}", {})
        with pytest.raises(Invalid):
            save_draft(uow, KEY, {})


def test_a_report_accepted_before_can_be_relied_on_again(world: World) -> None:
    first = world.apply()
    report = world.report(application=first.number).report
    business = world.actor("business")
    relying = load(ApplicationSchema(), {**APPLICATION, "rely_on": [report.id]})
    with world.registry.units(business) as uow:
        second = submit_application(uow, relying)
    assert [item.report.id for item in seen(world, second.number).reports] == [report.id]
    unknown = load(ApplicationSchema(), {**APPLICATION, "rely_on": [report.id, 999]})
    with world.registry.units(business) as uow, pytest.raises(Invalid) as caught:
        submit_application(uow, unknown)
    assert list(caught.value.fields) == ["rely_on.1"]
    with world.registry.units(world.actor("officer")) as uow:
        take_up_application(uow, second.number)
    review = load(ReviewSchema(), {"recommendation": "grant", "reasons": "Đủ"})
    with world.registry.units(world.actor("reviewer")) as uow:
        review_application(uow, second.number, review)
    certificate = world.decide(second.number)
    assert certificate is not None
    assert [item["number"] for item in certificate.snapshot["reports"]] == [report.number]
