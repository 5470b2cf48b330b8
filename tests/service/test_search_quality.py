"""Search that people can trust: a judged set on the built-in list."""

from registry.container import Registry
from tests.support.judged import judged_queries, rank_all, share


def test_the_wanted_entry_comes_first_or_among_the_first(registry: Registry) -> None:
    assert len(judged_queries()) >= 80
    with registry.units.reading() as session:
        ranks = rank_all(session, registry.search, registry.clock.today())
    late = [r for r in ranks if r.place is None or r.place > (1 if r.judged.kind[0] == "d" else 5)]
    assert share(ranks, "designation", 1) >= 0.95, late
    assert share(ranks, "words", 5) >= 0.90, late
