"""Applications on a real database: four eyes, roles, own matters, and the demonstration itself."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.accounts.models import Organisation
from registry.assessment import states
from registry.assessment.demo import load_demo
from registry.assessment.models import Application, Certificate
from registry.assessment.queries.applications import application_file, applications
from registry.assessment.schemas import (
    ApplicationSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.assessment.services.applications import (
    refuse_application,
    review_application,
    submit_application,
    take_up_application,
    withdraw_application,
)
from registry.errors import BadTransition, Denied, Invalid, NotFound, Stale
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.schema_fields import load
from tests.support.assessment import APPLICATION, World

REVIEW = load(ReviewSchema(), {"recommendation": "grant", "reasons": "Đủ"})
REFUSAL = {"reasons": "Không đạt"}


def test_the_same_person_never_takes_two_of_the_three_steps(world: World) -> None:
    application = world.apply()
    roles = world.actor("officer").permissions
    roles |= world.actor("reviewer").permissions | world.actor("decision-maker").permissions
    jack_of_all = replace(world.actor("officer"), permissions=roles)
    reviewer = replace(world.actor("reviewer"), permissions=roles)
    with world.registry.units(jack_of_all) as uow:
        take_up_application(uow, application.number)
        with pytest.raises(Denied, match="evaluated"):
            review_application(uow, application.number, REVIEW)
    with world.registry.units(reviewer) as uow:
        review_application(uow, application.number, REVIEW)
        with pytest.raises(Denied, match="reviewed"):
            refuse_application(uow, application.number, REFUSAL)
    with (
        world.registry.units(jack_of_all) as uow,
        pytest.raises(Denied, match="evaluated or reviewed"),
    ):
        refuse_application(uow, application.number, REFUSAL)


def test_nobody_acts_for_their_own_organisation(world: World) -> None:
    application = world.apply()
    insider = replace(
        world.actor("officer"), organisation_id=world.actor("business").organisation_id
    )
    with world.registry.units(insider) as uow, pytest.raises(Denied, match="own organisation"):
        take_up_application(uow, application.number)
    world.report(application=application.number)
    with world.registry.units(world.actor("officer")) as uow:
        take_up_application(uow, application.number)
    tester = replace(
        world.actor("reviewer"), organisation_id=world.actor("laboratory").organisation_id
    )
    with world.registry.units(tester) as uow, pytest.raises(Denied, match="own organisation"):
        review_application(uow, application.number, REVIEW)


def test_steps_come_in_order_and_from_the_right_role(world: World) -> None:
    application = world.apply()
    with world.registry.units(world.actor("reviewer")) as uow:
        with pytest.raises(BadTransition):
            review_application(uow, application.number, REVIEW)
        with pytest.raises(Denied):
            take_up_application(uow, application.number)
    with world.registry.units(world.actor("officer")) as uow:
        with pytest.raises(Stale):
            take_up_application(uow, application.number, expected=1)
        take_up_application(uow, application.number)
        with pytest.raises(BadTransition):
            take_up_application(uow, application.number)
        with pytest.raises(NotFound):
            take_up_application(uow, "HS-1999-000001")


BAD_APPLICATIONS: list[tuple[dict[str, Any], str]] = [
    ({"regulation": "QCVN 999:2024/BTTTT"}, "regulation"),
    ({"regulation": ""}, "regulation"),
    ({"method": "99"}, "method"),
    ({"product": {"name": {}}}, "product.name"),
    ({"product": {"name": {"vi": "x\x00"}}}, "product.name.vi"),
    ({"product": {"name": {"vi": "Camera"}, "hs": ["85.2"]}}, "product.hs.0"),
    ({"product": {"name": {"vi": "Camera"}, "price": 1}}, "product.price"),
    ({"note": "x" * 10_001}, "note"),
]


@pytest.mark.parametrize(("changes", "field"), BAD_APPLICATIONS)
def test_a_bad_application_is_refused_and_named(
    world: World, changes: dict[str, Any], field: str
) -> None:
    with world.registry.units(world.actor("business")) as uow:
        with pytest.raises(Invalid) as error:
            submit_application(uow, load(ApplicationSchema(), {**APPLICATION, **changes}))
        assert list(error.value.fields) == [field]


def test_a_number_cannot_be_guessed_and_is_not_in_the_public_journal(world: World) -> None:
    numbers = {world.apply().number for _ in range(20)}
    assert len(numbers) == 20
    assert all(
        re.fullmatch(r"HS-2026-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", n) for n in numbers
    )
    with world.registry.units.reading() as session:
        public = "\n".join(session.scalars(select(JournalEntry.data)))
    assert not any(number in public for number in numbers)


def test_an_applicant_sees_and_withdraws_only_their_own(world: World) -> None:
    application = world.apply()
    as_of = AsOf(world.today)
    stranger = replace(
        world.actor("business"), organisation_id=world.actor("laboratory").organisation_id
    )
    withdrawal = load(WithdrawalSchema(), {})
    with world.registry.units.reading() as session:
        own = applications(session, world.actor("business"), as_of)
        assert application.number in [item.application.number for item in own]
        assert applications(session, stranger, as_of) == []
        with pytest.raises(NotFound):
            application_file(session, stranger, application.number, as_of)
        with pytest.raises(Denied):
            applications(session, world.actor("editor"), as_of)
        file = application_file(session, world.actor("business"), application.number, as_of)
        assert file.actions == ["withdraw"]
        officers = applications(
            session, world.actor("officer"), as_of, state=states.SUBMITTED, limit=1
        )
        assert [item.application.number for item in officers] == [application.number]
    with world.registry.units(stranger) as uow, pytest.raises(NotFound):
        withdraw_application(uow, application.number, withdrawal)
    with world.registry.units(world.actor("business")) as uow:
        withdraw_application(uow, application.number, withdrawal)
        with pytest.raises(BadTransition):
            withdraw_application(uow, application.number, withdrawal)


def test_the_demonstration_is_marked_and_loads_once(world: World) -> None:
    def counts() -> list[int | None]:
        with world.registry.units.reading() as session:
            return [
                session.scalar(select(func.count()).select_from(model))
                for model in (Organisation, Application, Certificate, JournalEntry)
            ]

    before = counts()
    assert load_demo(world.registry) == []
    assert counts() == before
    with world.registry.units.reading() as session:
        for model in (Organisation, Application, Certificate):
            assert all(session.scalars(select(model.demonstration)))
        snapshot = session.scalars(select(Certificate.snapshot)).one()
    assert snapshot["demonstration"] is True
    assert snapshot["holder"]["name"].startswith("[Trình diễn]")
