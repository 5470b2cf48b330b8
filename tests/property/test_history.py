"""Recorded time: what was answered once is answered again, whatever is learned later."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from registry.actor import Actor, system_actor
from registry.catalog.schemas import CorrectionSchema, WithdrawalSchema
from registry.catalog.services import editions as service
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import BadTransition, Invalid, NotFound
from registry.history import known
from registry.journal.queries import head, position_on
from registry.journal.verification import verify
from registry.schema_fields import load
from registry.vocabulary.models import Term
from tests.conftest import ZONE, ActorMaker
from tests.support.catalogue import drafted, facts, imported, row

on_one_register = settings(
    max_examples=12,
    deadline=None,
    # Each example has subjects of its own: what earlier ones left can only make it harder.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FIRST = date(2026, 1, 1)
days = st.integers(0, 900).map(lambda offset: FIRST + timedelta(days=offset))
numbers = count(99_100)


@on_one_register
@given(changes=st.lists(st.sampled_from(["say", "end", "other"]), min_size=1, max_size=8))
def test_at_every_position_exactly_what_was_said_then_is_known(
    empty_registry: Registry, changes: list[str]
) -> None:
    key = f"key-{next(numbers)}"
    expected: dict[int, int | None] = {}
    said: int | None = None
    for number, change in enumerate(changes):
        with empty_registry.units(system_actor("test")) as uow:
            position = uow.record("note.add", f"term:colour/{key}", {"n": number})
            present = uow.session.scalar(select(Term).where(Term.key == key, known(Term)))
            if present is not None and change != "other":
                uow.close(present, position)
                said = None
            if change == "say":
                uow.add(a_term(key, number), position=position)
                said = number
        expected[position] = said
    with empty_registry.units.reading() as session:
        for position, sequence in {**expected, min(expected) - 1: None}.items():
            rows = session.scalars(select(Term).where(Term.key == key, known(Term, position)))
            assert [term.sequence for term in rows] == ([] if sequence is None else [sequence])
        now = session.scalars(select(Term.sequence).where(Term.key == key, known(Term))).all()
        assert now == ([] if said is None else [said])


def a_term(key: str, sequence: int) -> Term:
    return Term(
        vocabulary="colour",
        key=key,
        sequence=sequence,
        labels={},
        attributes={},
        valid_from=None,
        valid_until=None,
        source=None,
    )


class Story:
    """Random steps that change the answers about one edition, under a clock that moves."""

    def __init__(self, registry: Registry, editor: Actor, approver: Actor) -> None:
        self.registry = registry
        self.editor = editor
        self.approver = approver
        self.designation = f"TCVN {next(numbers)}:2026"
        self.slug = ""

    def draft(self, day: date) -> None:
        edition = drafted(
            self.registry,
            self.editor,
            designation=self.designation,
            issued="2026",
            effective_from=day.isoformat(),
        )
        self.slug = edition.slug
        with self.registry.units(self.editor) as uow:
            service.submit_draft(uow, self.slug)
        with self.registry.units(self.approver) as uow:
            service.approve_edition(uow, self.slug)

    def correct(self, day: date) -> None:
        change = {"reason": "x", "changes": {"effective_from": day.isoformat()}}
        with self.registry.units(self.editor) as uow:
            service.correct_edition(uow, self.slug, load(CorrectionSchema(), change))

    def withdraw(self, day: date) -> None:
        data = load(WithdrawalSchema(), {"withdrawn_on": day.isoformat(), "reason": "x"})
        with self.registry.units(self.approver) as uow:
            service.withdraw_edition(uow, self.slug, data)

    def supersede(self, day: date) -> None:
        relation = {"type": "supersedes", "target": self.designation, "date": day.isoformat()}
        newer = row(f"TCVN {next(numbers)}:2027", relations=[relation])
        assert imported(self.registry, [newer]).new == 1

    def amend(self, day: date) -> None:
        relation = {"type": "amends", "target": self.designation, "date": day.isoformat()}
        newer = row(f"TCVN {next(numbers)}:2027", relations=[relation])
        assert imported(self.registry, [newer]).new == 1

    def answer(self, at: date, position: int | None) -> Any:
        """Return what the register says of the edition, or that it says nothing."""
        try:
            found = facts(self.registry, self.slug, at, position)
        except NotFound:
            return None
        return found.status, found.changes, found.record.effective_from


@on_one_register
@given(
    start=days,
    steps=st.lists(
        st.tuples(
            st.sampled_from([Story.correct, Story.withdraw, Story.supersede, Story.amend]), days
        ),
        max_size=5,
    ),
    asked=st.lists(days, min_size=1, max_size=3),
)
def test_answers_as_known_then_are_never_changed_by_what_is_learned_later(
    registry: Registry,
    clock: FixedClock,
    acting: ActorMaker,
    *,
    start: date,
    steps: list[tuple[Callable[[Story, date], None], date]],
    asked: list[date],
) -> None:
    story = Story(registry, acting("editor"), acting("approver"))
    answers: dict[tuple[date, int], Any] = {}
    by_day: dict[tuple[date, date], Any] = {}

    def remember() -> None:
        with registry.units.reading() as session:
            position = head(session)
        for day in asked:
            answer = story.answer(day, None)
            assert answer == story.answer(day, position)
            answers[day, position] = answer
            by_day[day, clock.today()] = answer
        clock.instant += timedelta(days=1)

    with registry.units.reading() as session:
        before = head(session)
    story.draft(start)
    remember()
    for step, day in steps:
        try:
            step(story, day)
        except (Invalid, BadTransition):
            continue
        remember()

    for (day, position), answer in answers.items():
        assert story.answer(day, position) == answer
    assert story.answer(asked[0], before) is None
    for (day, known_on), answer in by_day.items():
        with registry.units.reading() as session:
            position = position_on(session, known_on, ZONE)
        assert story.answer(day, position) == answer
    with registry.units.reading() as session:
        assert list(verify(session, before + 1)) == []
