"""The programme of work: plan, progress, what is late on a day, and what was known before."""

from collections.abc import Callable

import pytest

from registry.actor import Actor
from registry.catalog.programme_schemas import (
    NewPlannedEntrySchema,
    ProgressSchema,
    ReplanSchema,
    TakeBackSchema,
)
from registry.catalog.services import programme as service
from registry.container import Registry
from registry.errors import BadTransition, Conflict, Denied, Invalid, NotFound, RegistryError, Stale
from registry.journal.queries import entries, head
from registry.journal.verification import verify
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from tests.conftest import ActorMaker
from tests.support.catalogue import DESIGNATION, drafted, published
from tests.support.programme import advanced, planned, planned_data, standing


@pytest.fixture
def editor(acting: ActorMaker) -> Actor:
    return acting("editor")


def refused(
    registry: Registry,
    actor: Actor,
    error: type[RegistryError],
    change: Callable[[UnitOfWork], object],
) -> RegistryError:
    """Run a change that must be refused, and leaves nothing; return the error."""
    with registry.units.reading() as session:
        before = head(session)

    def run() -> None:
        with registry.units(actor) as uow:
            change(uow)

    with pytest.raises(error) as caught:
        run()
    with registry.units.reading() as session:
        assert head(session) == before
    return caught.value


def position(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def step(action: str, **more: str) -> dict[str, object]:
    return load(ProgressSchema(), {"action": action, **more})


def test_the_builtin_list_plans_nothing(registry: Registry) -> None:
    assert standing(registry) == []


def test_an_entry_goes_from_plan_to_edition(
    registry: Registry, editor: Actor, acting: ActorMaker
) -> None:
    number = planned(registry, editor, designation=DESIGNATION)
    advanced(registry, editor, number, "start", on="2026-02-01")
    advanced(registry, editor, number, "consult", on="2026-05-01")
    advanced(registry, editor, number, "submit", on="2026-08-01")
    edition = published(registry, editor, acting("approver"))
    advanced(registry, editor, number, "publish")
    (entry,) = standing(registry)
    assert entry.edition is not None
    assert entry.edition.id == edition.id
    # The edition says when it was issued, so that is when the entry was published.
    assert (entry.standing.state, entry.standing.since.isoformat()) == ("published", "2026-11-01")
    states = [standing(registry, day)[0].standing.state for day in ("2026-01-15", "2026-06-30")]
    assert states == ["planned", "comment"]
    assert standing(registry, "2026-01-14") == []
    with registry.units.reading() as session:
        assert list(verify(session)) == []


def test_late_from_the_day_after_the_deadline_until_published(
    registry: Registry, editor: Actor, acting: ActorMaker
) -> None:
    number = planned(registry, editor)
    assert [standing(registry, day)[0].standing.late for day in ("2026-10-31", "2026-11-01")] == [
        False,
        True,
    ]
    published(registry, editor, acting("approver"))
    advanced(registry, editor, number, "start")
    advanced(registry, editor, number, "publish", edition=DESIGNATION, on="2026-11-20")
    assert not standing(registry)[0].standing.late
    assert standing(registry, "2026-11-19")[0].standing.late


def test_what_was_known_before_a_change_stays_known(registry: Registry, editor: Actor) -> None:
    number = planned(registry, editor)
    before = position(registry)
    later = load(
        ReplanSchema(),
        {**planned_data(due="2027-03"), "reason": "Thêm thử nghiệm"} | {"planned_on": None},
        form=True,
    )
    with registry.units(editor) as uow:
        service.replan_entry(uow, number, later)
    assert standing(registry)[0].record.due == "2027-03"
    assert standing(registry, position=before)[0].record.due == "2026-10"
    with registry.units.reading() as session:
        data = entries(session, limit=1)[0].data
    assert (data["before"], data["after"]) == ({"due": "2026-10"}, {"due": "2027-03"})
    assert data["reason"] == "Thêm thử nghiệm"
    with registry.units(editor) as uow:
        service.replan_entry(uow, number, later)
    assert position(registry) == before + 1


def test_a_step_recorded_in_error_is_taken_back(registry: Registry, editor: Actor) -> None:
    number = planned(registry, editor)
    advanced(registry, editor, number, "start", on="2026-02-01")
    wrong = position(registry)
    reason = load(TakeBackSchema(), {"reason": "Nhầm dòng"})
    with registry.units(editor) as uow:
        service.take_back_step(uow, number, reason)
    assert standing(registry)[0].standing.state == "planned"
    assert standing(registry, position=wrong)[0].standing.state == "drafting"
    refused(registry, editor, Conflict, lambda uow: service.take_back_step(uow, number, reason))


def test_what_is_dropped_counts_no_more_and_can_come_back(
    registry: Registry, editor: Actor
) -> None:
    number = planned(registry, editor)
    error = refused(
        registry, editor, Invalid, lambda uow: service.advance_entry(uow, number, step("drop"))
    )
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["reason"]
    advanced(registry, editor, number, "drop", reason="Trùng với TCVN khác")
    assert not standing(registry)[0].standing.late
    advanced(registry, editor, number, "resume")
    assert standing(registry)[0].standing.late


def test_refusals_name_what_to_mend(registry: Registry, editor: Actor, acting: ActorMaker) -> None:
    number = planned(registry, editor)

    def field(change: Callable[[UnitOfWork], object]) -> list[str]:
        error = refused(registry, editor, Invalid, change)
        assert isinstance(error, Invalid)
        return list(error.fields)

    def plan(**changes: str) -> Callable[[UnitOfWork], object]:
        data = load(NewPlannedEntrySchema(), planned_data(**changes))
        return lambda uow: service.plan_entry(uow, data)

    assert field(plan(domain="cooking")) == ["domain"]
    assert field(plan(ministry="nobody")) == ["ministry"]
    assert field(plan(planned_on="2026-11-21")) == ["planned_on"]
    advance = service.advance_entry
    assert field(lambda u: advance(u, number, step("start", on="2026-01-14"))) == ["on"]
    assert field(lambda u: advance(u, number, step("start", on="2026-11-21"))) == ["on"]
    refused(registry, editor, BadTransition, lambda u: advance(u, number, step("publish")))
    advanced(registry, editor, number, "start")
    assert field(lambda u: advance(u, number, step("publish"))) == ["edition"]
    drafted(registry, editor)
    unpublished = step("publish", edition=DESIGNATION)
    assert field(lambda u: advance(u, number, unpublished)) == ["edition"]
    refused(registry, editor, Stale, lambda u: advance(u, number, step("submit"), expected=1))
    refused(registry, editor, NotFound, lambda u: advance(u, 999, step("submit")))
    refused(registry, acting("business"), Denied, plan())


@pytest.mark.parametrize("due", ["2026", "2026-13", "soon", ""])
def test_a_deadline_is_a_month_or_a_day(due: str) -> None:
    with pytest.raises(Invalid) as caught:
        load(NewPlannedEntrySchema(), planned_data(due=due))
    assert list(caught.value.fields) == ["due"]
