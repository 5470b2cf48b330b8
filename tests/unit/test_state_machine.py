"""State tables: who may act is checked before where a subject stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.accounts.permissions import PERMISSIONS
from registry.actor import ANYONE, Actor, system_actor
from registry.assessment.states import APPLICATION
from registry.catalog.states import EDITION, PROPOSED, PUBLISHED, WITHDRAWN
from registry.errors import BadTransition, Denied, NotSignedIn
from registry.state_machine import StateMachine, Transition

LAMP = StateMachine(
    "lamp",
    {
        "switch-on": Transition(frozenset({"off"}), "on", "lamp:switch"),
        "switch-off": Transition(frozenset({"on"}), "off", "lamp:switch"),
        "scrap": Transition(frozenset({"on", "off"}), "scrapped", "lamp:scrap"),
    },
)
STATES = ("on", "off", "scrapped")
TABLES = [EDITION, APPLICATION]


def person(*permissions: str) -> Actor:
    return Actor(reference="user:1", user_id=1, permissions=frozenset(permissions))


@given(st.sampled_from(sorted(LAMP.transitions)), st.sampled_from(STATES))
def test_the_table_decides(action: str, state: str) -> None:
    transition = LAMP.transitions[action]
    actor = person("lamp:switch", "lamp:scrap")
    if state in transition.sources:
        assert LAMP.check(action, state, actor) == transition.target
    else:
        with pytest.raises(BadTransition, match=state):
            LAMP.check(action, state, actor)
    assert (action in LAMP.actions_from(state, actor)) is (state in transition.sources)


@pytest.mark.parametrize("state", STATES)
def test_who_may_not_act_learns_nothing_of_the_state(state: str) -> None:
    with pytest.raises(Denied, match="role"):
        LAMP.check("scrap", state, person("lamp:switch"))
    with pytest.raises(NotSignedIn):
        LAMP.check("scrap", state, ANYONE)
    assert "scrap" not in LAMP.actions_from(state, person("lamp:switch"))


def test_the_registry_itself_may_act() -> None:
    assert LAMP.check("scrap", "on", system_actor("worker")) == "scrapped"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.subject_kind)
def test_tables_name_rows_of_the_permission_table(table: StateMachine) -> None:
    assert {t.permission for t in table.transitions.values()} <= PERMISSIONS.keys()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.subject_kind)
def test_every_state_can_be_reached_from_where_it_starts(table: StateMachine) -> None:
    targets = {t.target for t in table.transitions.values()}
    sources = {state for t in table.transitions.values() for state in t.sources}
    assert len(sources - targets) <= 1


def test_nothing_leads_to_publication_past_a_proposal_and_nothing_out_of_withdrawal() -> None:
    towards = {
        source
        for t in EDITION.transitions.values()
        if t.target == PUBLISHED
        for source in t.sources
    }
    assert towards == {PROPOSED, PUBLISHED}
    assert all(WITHDRAWN not in t.sources for t in EDITION.transitions.values())
    assert PUBLISHED not in EDITION.transitions["submit"].sources
