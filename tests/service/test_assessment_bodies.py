"""Bodies, accreditations and arrangements on a real database, with their two time axes."""

from typing import Any

import pytest
from sqlalchemy import event, select

from registry.assessment.demo import (
    ACCREDITOR,
    FOREIGN_LABORATORY,
    LABORATORY,
    REGULATION,
)
from registry.assessment.models import AccreditationRecord, Arrangement
from registry.assessment.queries.arrangements import arrangement_facts, arrangements
from registry.assessment.queries.bodies import accreditations_of, body_facts
from registry.assessment.queries.body_search import BodySearch, search_bodies
from registry.assessment.queries.competence import bodies_able_to_test
from registry.assessment.schemas import (
    AccreditationEventSchema,
    AccreditationSchema,
    ArrangementSchema,
    BodyDesignationSchema,
    BodySchema,
    ListingSchema,
    ScopeLinesSchema,
)
from registry.assessment.services.accreditations import (
    add_scope_lines,
    record_accreditation,
    record_accreditation_event,
)
from registry.assessment.services.arrangements import list_body, record_arrangement
from registry.assessment.services.bodies import designate_body, register_body
from registry.catalog.designation import parse
from registry.errors import Denied, Invalid, NotFound, Stale
from registry.history import AsOf
from registry.schema_fields import load
from tests.support.assessment import World


def accreditation_id(world: World, slug: str = LABORATORY) -> int:
    with world.registry.units.reading() as session:
        body = body_facts(session, slug, AsOf(world.today)).summary.body
        return accreditations_of(session, body.id, AsOf(world.today))[0].record.accreditation_id


def happen(world: World, kind: str, effective_on: str, **more: Any) -> int:
    """Record an event on the home laboratory's accreditation; return its journal position."""
    data = {"kind": kind, "effective_on": effective_on, "reason": "Giám sát"}
    number = accreditation_id(world)
    with world.registry.units(world.actor("officer")) as uow:
        loaded = load(AccreditationEventSchema(), data)
        record_accreditation_event(uow, number, loaded, **more)
        return uow.receipts[-1].position


def able(world: World, designation: str, as_of: AsOf) -> list[str]:
    with world.registry.units.reading() as session:
        return [row.slug for row in bodies_able_to_test(session, parse(designation), as_of)]


def test_who_could_test_on_a_day_is_one_query(world: World) -> None:
    statements: list[str] = []

    def count(*arguments: Any) -> None:
        statements.append(arguments[2])

    as_of = AsOf(world.today)
    event.listen(world.registry.engine, "before_cursor_execute", count)
    with world.registry.units.reading() as session:
        found = bodies_able_to_test(session, parse("qcvn 135/bTTTT"), as_of)
    event.remove(world.registry.engine, "before_cursor_execute", count)
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    assert [(row.slug, row.designated, row.listed) for row in found] == [
        (LABORATORY, True, False),
        (FOREIGN_LABORATORY, False, True),
    ]
    assert able(world, REGULATION, as_of) == [LABORATORY, FOREIGN_LABORATORY]
    assert able(world, "QCVN 135:2030/BTTTT", as_of) == []
    assert able(world, "QCVN 999", as_of) == []


def test_a_suspension_counts_from_its_day_and_only_once_it_is_known(world: World) -> None:
    position = happen(world, "suspended", world.day(10))
    later = AsOf(world.today.replace(year=world.today.year + 1))
    assert able(world, REGULATION, AsOf(world.today)) == [LABORATORY, FOREIGN_LABORATORY]
    assert able(world, REGULATION, later) == [FOREIGN_LABORATORY]
    assert able(world, REGULATION, AsOf(later.at, position - 1)) == [
        LABORATORY,
        FOREIGN_LABORATORY,
    ]
    happen(world, "reinstated", world.day(20))
    assert able(world, REGULATION, later) == [LABORATORY, FOREIGN_LABORATORY]
    with world.registry.units.reading() as session:
        facts = body_facts(session, LABORATORY, later)
        known_then = body_facts(session, LABORATORY, AsOf(later.at, position))
    assert facts.accreditations[0].status.key == "in_force"
    assert known_then.accreditations[0].status.key == "suspended"
    assert known_then.accreditations[0].status.reason == "Giám sát"


def test_contradictory_events_are_refused(world: World) -> None:
    with pytest.raises(Invalid) as error:
        happen(world, "reinstated", world.day(0))
    assert list(error.value.fields) == ["kind"]
    happen(world, "suspended", world.day(0))
    for kind, day, field in (
        ("suspended", world.day(1), "kind"),
        ("withdrawn", world.day(-1), "effective_on"),
        ("withdrawn", "2001-01-01", "effective_on"),
    ):
        with pytest.raises(Invalid) as error:
            happen(world, kind, day)
        assert list(error.value.fields) == [field]
    happen(world, "withdrawn", world.day(1))
    with pytest.raises(Invalid):
        happen(world, "reinstated", world.day(2))


def test_an_event_on_an_older_version_is_stale(world: World) -> None:
    with world.registry.units.reading() as session:
        seen = body_facts(session, LABORATORY, AsOf(world.today)).accreditations[0].version
    happen(world, "suspended", world.day(0), expected=seen)
    with pytest.raises(Stale):
        happen(world, "withdrawn", world.day(1), expected=seen)


def test_a_duplicate_accreditation_names_the_number(world: World) -> None:
    data = {
        "accreditor": ACCREDITOR,
        "standard": "ISO/IEC 17025:2017",
        "number": "DEMO-LAB 001",
        "valid_from": world.day(0),
    }
    with world.registry.units(world.actor("officer")) as uow:
        with pytest.raises(Invalid) as duplicate:
            record_accreditation(uow, FOREIGN_LABORATORY, load(AccreditationSchema(), data))
        assert list(duplicate.value.fields) == ["number"]
        for accreditor in (LABORATORY, "nobody"):
            other = load(AccreditationSchema(), {**data, "accreditor": accreditor})
            with pytest.raises(Invalid) as error:
                record_accreditation(uow, FOREIGN_LABORATORY, other)
            assert list(error.value.fields) == ["accreditor"]
        assert uow.session.scalars(select(AccreditationRecord.number)).all() == [
            "DEMO-LAB 001",
            "DEMO-KR 017",
        ]


def test_a_scope_line_tells_dated_from_undated_methods(world: World) -> None:
    line = {
        "activity": "testing",
        "product": "Camera",
        "characteristic": "Mật khẩu",
        "valid_from": world.day(0),
    }
    lines = [
        {**line, "method": "TCVN ISO/IEC 27002"},
        {**line, "method": "iso/iec 27002:2022"},
    ]
    number = accreditation_id(world)
    with world.registry.units(world.actor("officer")) as uow:
        added = add_scope_lines(uow, number, load(ScopeLinesSchema(), {"lines": lines}))
        assert [(item.method_dated, item.method) for item in added] == [
            (False, "TCVN ISO/IEC 27002"),
            (True, "iso/iec 27002:2022"),
        ]
        wrong = load(ScopeLinesSchema(), {"lines": [{**lines[0], "activity": "guessing"}]})
        with pytest.raises(Invalid) as error:
            add_scope_lines(uow, number, wrong)
        assert list(error.value.fields) == ["lines.0.activity"]
    assert able(world, "TCVN ISO/IEC 27002:2020", AsOf(world.today)) == [LABORATORY]
    assert able(world, "ISO/IEC 27002:2013", AsOf(world.today)) == []


def test_a_body_is_registered_and_designated_once(world: World) -> None:
    with world.registry.units(world.actor("officer")) as uow:
        body = {"organisation": LABORATORY, "kinds": ["testing_laboratory"]}
        for data, field in (
            (body, "organisation"),
            ({**body, "organisation": "nobody"}, "organisation"),
            ({**body, "kinds": ["testing_laboratory", "oracle"]}, "kinds.1"),
        ):
            with pytest.raises(Invalid) as error:
                register_body(uow, load(BodySchema(), data))
            assert list(error.value.fields) == [field]
        designation = {
            "regulation": "qcvn135:2024/bttTT",
            "activity": "testing",
            "ministry": "bkhcn",
            "valid_from": world.day(0),
        }
        with pytest.raises(Invalid) as error:
            designate_body(uow, LABORATORY, load(BodyDesignationSchema(), designation))
        assert list(error.value.fields) == ["valid_from"]
        granted = load(BodyDesignationSchema(), designation)
        assert designate_body(uow, FOREIGN_LABORATORY, granted).valid_until is None


def test_bodies_are_listed_by_slug_in_pages(world: World) -> None:
    as_of = AsOf(world.today)
    with world.registry.units.reading() as session:
        everyone = search_bodies(session, as_of, BodySearch())
        slugs = [summary.body.slug for summary in everyone]
        assert slugs == sorted(slugs)
        assert len(slugs) == 4
        testing = search_bodies(session, as_of, BodySearch(kind="testing_laboratory"))
        assert [item.body.slug for item in testing] == [LABORATORY, FOREIGN_LABORATORY]
        korean = search_bodies(session, as_of, BodySearch(country="KR"))
        assert all(item.organisation.country == "KR" for item in korean)
        long_ago = AsOf(world.today.replace(year=2024))
        assert search_bodies(session, long_ago, BodySearch()) == []
        with pytest.raises(NotFound):
            body_facts(session, LABORATORY, AsOf(world.today, 1))


def test_arrangements_keep_their_chain_and_their_listings(world: World) -> None:
    as_of = AsOf(world.today)
    with world.registry.units.reading() as session:
        slugs = [item.arrangement.slug for item in arrangements(session, as_of)]
    assert len(slugs) == 2
    data = {
        "titles": {"en": "Second multilateral arrangement"},
        "kind": "multilateral_accreditation",
        "valid_from": world.day(1),
        "predecessor": slugs[0],
        "parties": [{"economy": "VN"}, {"body": ACCREDITOR}],
    }
    with world.registry.units(world.actor("officer")) as uow:
        made = record_arrangement(uow, load(ArrangementSchema(), data))
        again = record_arrangement(uow, load(ArrangementSchema(), data))
        assert [made.slug, again.slug] == [
            "second-multilateral-arrangement",
            "second-multilateral-arrangement-2",
        ]
        listing = load(ListingSchema(), {"body": ACCREDITOR, "valid_from": world.day(1)})
        list_body(uow, made.slug, listing)
        with pytest.raises(Invalid) as error:
            list_body(uow, made.slug, listing)
        assert list(error.value.fields) == ["body"]
        for change, field in (
            ({"predecessor": "nothing"}, "predecessor"),
            ({"kind": "friendship"}, "kind"),
            ({"phase": "IX"}, "phase"),
        ):
            with pytest.raises(Invalid) as error:
                record_arrangement(uow, load(ArrangementSchema(), {**data, **change}))
            assert list(error.value.fields) == [field]
    with world.registry.units.reading() as session:
        facts = arrangement_facts(session, made.slug, as_of)
        assert not facts.in_force
        assert facts.predecessor is not None
        assert facts.predecessor.slug == slugs[0]
        assert [(row.body.slug, row.current) for row in facts.listed] == [(ACCREDITOR, False)]
        earlier = arrangement_facts(session, slugs[0], as_of)
        assert {item.slug for item in earlier.successors} == {made.slug, again.slug}
        assert next(iter(facts.party_bodies.values()))[0].slug == ACCREDITOR
        assert (
            session.scalar(select(Arrangement.demonstration).where(Arrangement.id == made.id))
            is False
        )


def test_only_officers_keep_bodies(world: World) -> None:
    body = load(BodySchema(), {"organisation": LABORATORY, "kinds": ["testing_laboratory"]})
    for name in ("editor", "reviewer", "laboratory", "business"):
        with world.registry.units(world.actor(name)) as uow:
            with pytest.raises(Denied):
                register_body(uow, body)
            with pytest.raises(Denied):
                record_accreditation_event(uow, 1, {})
            with pytest.raises(Denied):
                record_arrangement(uow, {})
