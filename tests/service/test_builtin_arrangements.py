"""The arrangements that come with the registry, and how one continues two."""

from datetime import date

import pytest

from registry.assessment.builtin import GLOBAL_MRA, IAF_MLA, ILAC_MRA, load_builtin_arrangements
from registry.assessment.queries.acceptance_facts import arrangement_facts as facts_for_rules
from registry.assessment.queries.arrangements import arrangement_facts
from registry.assessment.schemas import ArrangementSuccessionSchema
from registry.assessment.services.arrangements import add_predecessor
from registry.errors import Invalid
from registry.history import AsOf
from registry.journal.queries import head
from registry.schema_fields import load
from tests.support.assessment import World


def test_one_arrangement_continues_two_with_a_transition_year(world: World) -> None:
    assert load_builtin_arrangements(world.registry.units) == 3
    with world.registry.units.reading() as session:
        found = arrangement_facts(session, GLOBAL_MRA, AsOf(date(2026, 1, 1)))
        before = {p.arrangement.slug: p.succession.transition_until for p in found.predecessors}
        assert before == dict.fromkeys((ILAC_MRA, IAF_MLA), date(2026, 12, 31))
        assert found.in_force
        assert not arrangement_facts(session, ILAC_MRA, AsOf(date(2026, 1, 1))).in_force
        assert arrangement_facts(session, IAF_MLA, AsOf(date(2025, 12, 31))).in_force
        [after] = arrangement_facts(session, IAF_MLA, AsOf(world.today)).successors
        assert after.slug == GLOBAL_MRA
        [fact] = [f for f in facts_for_rules(session, None) if len(f.predecessors) == 2]
        assert fact.reference == f"arrangement:{found.arrangement.id}"


def test_loading_the_built_in_arrangements_again_changes_nothing(world: World) -> None:
    load_builtin_arrangements(world.registry.units)
    with world.registry.units.reading() as session:
        before = head(session)
    assert load_builtin_arrangements(world.registry.units) == 0
    with world.registry.units.reading() as session:
        assert head(session) == before


@pytest.mark.parametrize(
    ("slug", "predecessor"),
    [(GLOBAL_MRA, ILAC_MRA), (IAF_MLA, GLOBAL_MRA), (IAF_MLA, IAF_MLA), (IAF_MLA, "nobody")],
)
def test_a_succession_is_said_once_and_never_in_a_circle(
    world: World, slug: str, predecessor: str
) -> None:
    load_builtin_arrangements(world.registry.units)
    data = load(ArrangementSuccessionSchema(), {"predecessor": predecessor})
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(Invalid) as refused:
        add_predecessor(uow, slug, data)
    assert list(refused.value.fields) == ["predecessor"]
