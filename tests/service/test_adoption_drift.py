"""What became of the editions that the national list adopts, in bulk and over time."""

from datetime import date

import pytest

from registry.catalog.drift import (
    CURRENT,
    NOT_KNOWN,
    REPLACED,
    WITHDRAWN,
    Adoption,
    drift_on,
    selected,
    share_by_year,
    share_of,
)
from registry.catalog.queries import drift as queries
from registry.catalog.queries.chains import replacement_chain
from registry.catalog.queries.editions import find_designation
from registry.container import Registry
from registry.history import AsOf
from registry.journal.queries import head
from tests.support.catalogue import imported, row
from tests.support.followed import IN_2021, IN_2024, adopted, followed, refreshed

TODAY = date(2026, 11, 20)


def adoptions(registry: Registry, at: date = TODAY) -> dict[str, Adoption]:
    with registry.units.reading() as session:
        found = queries.adoptions(session, AsOf(at), registry.settings.zone)
    return {adoption.adopting.designation: adoption for adoption in found}


def chain(adoption: Adoption, at: date = TODAY) -> list[str]:
    return [newer.designation for newer in drift_on(adoption, at).chain]


def test_known_truths_of_the_built_in_list(registry: Registry) -> None:
    found = adoptions(registry)
    identical = [a for a in found.values() if a.degree == "IDT"]
    states = [drift_on(adoption, TODAY).state for adoption in identical]
    ended = states.count(REPLACED) + states.count(WITHDRAWN)
    assert (len(states), ended, states.count(CURRENT)) == (58, 32, 26)
    code_of_practice = found["TCVN ISO/IEC 27002:2020"]
    assert drift_on(code_of_practice, TODAY)[:2] == (REPLACED, date(2022, 2, 15))
    assert chain(code_of_practice) == ["ISO/IEC 27002:2022"]
    assert drift_on(code_of_practice, date(2022, 2, 14)).state == CURRENT
    assert chain(found["TCVN ISO 37106:2018"]) == ["ISO 37106:2021"]
    concepts = drift_on(found["TCVN 13902:2023"], TODAY)
    assert (concepts.state, concepts.chain) == (CURRENT, ())
    assert drift_on(found["TCVN 13902:2023"], date(2020, 1, 1)).state == NOT_KNOWN
    unheld = next(a for a in found.values() if a.adopted is None)
    assert (unheld.adopted_designation, drift_on(unheld, TODAY).state) == (
        "ISO/TR 37151:2014",
        NOT_KNOWN,
    )


def test_a_chain_on_a_day_ends_with_what_was_published_by_then(registry: Registry) -> None:
    overview = adoptions(registry)["TCVN 11238:2015"]
    assert chain(overview, date(2016, 2, 14)) == []
    assert chain(overview, date(2017, 1, 1)) == ["ISO/IEC 27000:2016"]
    assert chain(overview, date(2019, 1, 1)) == ["ISO/IEC 27000:2016", "ISO/IEC 27000:2018"]


def test_the_bulk_answer_is_that_of_the_entry_page(registry: Registry) -> None:
    found = adoptions(registry)
    with registry.units.reading() as session:
        for adoption in found.values():
            edition = find_designation(session, adoption.adopted_designation)
            if edition is None:
                assert adoption.adopted is None
                continue
            one = replacement_chain(session, edition, AsOf(TODAY), registry.settings.zone)
            assert [f.edition.id for f in one] == [newer.id for newer in adoption.chain]


def test_a_circle_in_somebody_elses_data_ends(empty_registry: Registry) -> None:
    def external(designation: str, older: str) -> dict[str, object]:
        relation = {"type": "supersedes", "target": older}
        return row(designation, kind="international", issued="2010", relations=[relation])

    circle = [external("ISO 1:2001", "ISO 1:2002"), external("ISO 1:2002", "ISO 1:2001")]
    imported(empty_registry, circle, national=False)
    adopts = [{"type": "adopts", "target": "ISO 1:2001"}]
    imported(empty_registry, [row("TCVN 1:2003", issued="2003", relations=adopts)])
    assert chain(adoptions(empty_registry)["TCVN 1:2003"]) == ["ISO 1:2002"]


@pytest.mark.parametrize("step", ["adoption", "target", "successor", "withdrawal", "nothing"])
def test_what_is_kept_is_mended_to_what_the_database_says(
    empty_registry: Registry, step: str
) -> None:
    adopted(empty_registry)
    followed(empty_registry)
    refreshed(empty_registry, IN_2021)
    adoptions(empty_registry)
    adopts = [{"type": "adopts", "degree": "MOD", "target": "ISO 37106:2021"}]
    if step == "adoption":
        imported(empty_registry, [row("TCVN 1:2024", issued="2024", relations=adopts)])
    elif step == "target":
        target = row("ISO/IEC 22989:2022", kind="international", issued="2022-07", stage="60.60")
        imported(empty_registry, [target], national=False)
    elif step == "successor":
        newer = [{"type": "supersedes", "target": "ISO 37106:2021"}]
        successor = row("ISO 37106:2026", kind="international", issued="2026", relations=newer)
        imported(empty_registry, [successor], national=False)
    elif step == "withdrawal":
        refreshed(empty_registry, IN_2024)
    with empty_registry.units.reading() as session:
        as_of, zone = AsOf(TODAY), empty_registry.settings.zone
        assert queries.adoptions(session, as_of, zone) == queries.gather(session, as_of, zone)


def test_as_known_then_is_asked_of_the_database(empty_registry: Registry) -> None:
    adopted(empty_registry)
    with empty_registry.units.reading() as session:
        before = head(session)
    followed(empty_registry)
    refreshed(empty_registry, IN_2024)
    assert adoptions(empty_registry)["TCVN 13902:2023"].adopted is not None
    with empty_registry.units.reading() as session:
        found = queries.adoptions(session, AsOf(TODAY, before), empty_registry.settings.zone)
    assert [a.adopted for a in found] == [None] * 4


def test_the_share_of_each_year_is_that_of_its_last_day(registry: Registry) -> None:
    found = list(adoptions(registry).values())
    years = share_by_year(found, TODAY)
    assert (years[0].year, years[-1].year) == (2000, 2026)
    for year, share in years:
        day = min(date(year, 12, 31), TODAY)
        assert share == share_of(drift for _, drift in selected(found, day)), year


def test_an_adoption_that_ended_itself_is_not_counted(empty_registry: Registry) -> None:
    adopted(empty_registry)
    newer = row(
        "TCVN ISO 37106:2025",
        issued="2025-06-01",
        relations=[
            {"type": "supersedes", "target": "TCVN ISO 37106:2018", "date": "2025-06-01"},
            {"type": "adopts", "degree": "IDT", "target": "ISO 37106:2021"},
        ],
    )
    imported(empty_registry, [newer])
    followed(empty_registry)
    refreshed(empty_registry, IN_2024)
    found = list(adoptions(empty_registry).values())

    def listed(day: date) -> list[str]:
        cities = selected(found, day)
        return [a.adopting.designation for a, _ in cities if "37106" in a.adopting.designation]

    assert listed(date(2025, 5, 31)) == ["TCVN ISO 37106:2018"]
    assert listed(date(2025, 6, 1)) == ["TCVN ISO 37106:2025"]
