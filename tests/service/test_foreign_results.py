"""Lists of foreign certificates taken in: what is judged how, what changes, what is bad."""

import gzip
import io
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.actor import system_actor
from registry.assessment.foreign.affected import affected
from registry.assessment.foreign.deciding import decide_again
from registry.assessment.foreign.formats import BadRow, ForeignRow, read_list
from registry.assessment.foreign.importing import import_foreign
from registry.assessment.foreign.queries import (
    Filters,
    explain_foreign,
    foreign_result,
    foreign_results,
    outcome_counts,
    reason_counts,
)
from registry.assessment.foreign.relying import rely_on
from registry.assessment.models import Arrangement
from registry.errors import Conflict, Denied, Invalid, NotFound
from registry.history import AsOf
from registry.journal.models import JournalEntry
from tests.support.assessment import World
from tests.support.foreign import excerpt, packed, take_in

EVER = date(2026, 11, 20)


def entries(world: World) -> int:
    with world.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def judged(world: World, scheme: str, number: str, at: date) -> tuple[str, dict[str, Any]]:
    with world.registry.units.reading() as session:
        as_of = AsOf(at)
        facts = foreign_result(session, scheme, number, as_of)
        answer = explain_foreign(session, facts, as_of, world.registry.clock.zone)
    return answer["outcome"], {item["key"]: item for item in answer["conditions"]}


def test_every_certificate_is_judged_and_every_refusal_has_its_reason(world: World) -> None:
    assert take_in(world.registry, "cmvp").counts["new"] == len(excerpt("cmvp"))
    assert take_in(world.registry, "cc").counts["new"] == len(excerpt("cc"))
    with world.registry.units.reading() as session:
        now = AsOf(world.today)
        counts = {(row.scheme, row.key): row.results for row in outcome_counts(session, now)}
        reasons = {(row.scheme, row.key) for row in reason_counts(session, now)}
        refused = foreign_results(session, now, Filters(outcome="refuse"))
        accepted = foreign_results(session, now, Filters("cmvp", "accept"))
        historical = foreign_results(session, now, Filters(reason="not_in_good_standing"))
    assert sum(counts.values()) == len(excerpt("cmvp")) + len(excerpt("cc"))
    assert {facts.result.number for facts in accepted} == {"4389", "4955"}
    assert counts["cc", "accept"] == 4
    assert ("cmvp", "ended") in reasons
    assert ("cmvp", "edition_not_accepted") in reasons
    assert ("cc", "no_arrangement") in reasons
    assert len(refused) == counts["cmvp", "refuse"] + counts["cc", "refuse"]
    assert {facts.status.kind for facts in historical} == {"historical", "revoked"}


def test_the_engine_says_why_with_legal_basis_and_evidence_in_both_languages(world: World) -> None:
    take_in(world.registry, "cmvp")
    outcome, conditions = judged(world, "cmvp", "4389", world.today)
    assert outcome == "accept"
    assert conditions["accreditation_covers_each_test"]["verdict"] == "not_applicable"
    assert conditions["report_complete"]["verdict"] == "not_applicable"
    path = conditions["recognition_path"]
    assert path["verdict"] == "met"
    assert "decree-22-2026-art-40-1" in path["legal_basis"]
    labels = [item["labels"] for item in path["evidence"] if "labels" in item]
    assert any("[Demonstration]" in texts["en"] for texts in labels)
    assert all("[Trình diễn]" not in texts["en"] for texts in labels)


def test_a_sunset_ends_acceptance_on_its_day(world: World) -> None:
    take_in(world.registry, "cmvp")
    sunset = date(2027, 12, 6)
    assert judged(world, "cmvp", "4389", sunset)[0] == "accept"
    outcome, conditions = judged(world, "cmvp", "4389", sunset + timedelta(days=1))
    assert outcome == "refuse"
    assert [key for key, one in conditions.items() if one["verdict"] == "not_met"] == [
        "report_current"
    ]


def test_the_same_list_again_changes_nothing(world: World) -> None:
    take_in(world.registry, "cmvp")
    before = entries(world)
    report = take_in(world.registry, "cmvp")
    assert report.counts["unchanged"] == len(excerpt("cmvp"))
    assert (report.counts["new"], report.counts["changed"]) == (0, 0)
    assert entries(world) == before
    assert not decide_again(world.registry.units, system_actor("test"))
    assert entries(world) == before


@pytest.mark.parametrize("status", ["Historical", "Revoked"])
def test_a_lapsed_certificate_lists_what_relied_on_it(world: World, status: str) -> None:
    first, second = EVER - timedelta(days=30), EVER
    take_in(world.registry, "cmvp", read_on=first)
    application = world.apply()
    with world.registry.units(world.actor("officer")) as uow:
        rely_on(uow, "cmvp", "4389", application.number)
    with world.registry.units.reading() as session:
        assert affected(session, AsOf(world.today)) == []
    rows = [
        row | ({"status": status} if row["certificate"] == "4389" else {})
        for row in excerpt("cmvp")
    ]
    report = take_in(world.registry, "cmvp", rows, second)
    assert report.counts["status changed"] == 1
    assert len(report.lapsed) == 1
    with world.registry.units.reading() as session:
        relied = affected(session, AsOf(world.today))
        assert {item.subject for item in relied} == {
            "acceptance",
            f"application:{application.id}",
        }
    # Known to be in force on the first list's day, known to be over on the second's.
    assert judged(world, "cmvp", "4389", first)[0] == "accept"
    assert judged(world, "cmvp", "4389", first + timedelta(days=1))[0] == "refer"
    assert judged(world, "cmvp", "4389", second)[0] == "refuse"


def test_bad_rows_are_named_and_the_others_are_taken(world: World) -> None:
    good = excerpt("cmvp")[-1]
    rows = [
        good,
        good | {"certificate": None},
        good | {"certificate": "x1", "status": "Perhaps"},
        good | {"certificate": "x2", "sunset": "31/12/2030"},
        good | {"certificate": "x3", "standard": "FIPS 199"},
        good | {"certificate": "x4", "history": "none"},
        good | {"certificate": "x5", "product": "a\x00b"},
    ]
    content = packed(rows).getvalue() + b"{broken\n[1]\n"
    report = import_foreign(world.registry.units, system_actor("test"), io.BytesIO(content), "cmvp")
    assert report.counts["new"] == 1
    assert [(bad.line, bad.field) for bad in report.bad] == [
        (2, "certificate"),
        (3, "status"),
        (4, "sunset"),
        (5, "standard"),
        (6, "history"),
        (7, "product"),
        (8, ""),
        (9, ""),
    ]
    assert all(bad.reason for bad in report.bad)


def test_an_issuer_that_is_not_known_is_a_bad_row(world: World) -> None:
    report = take_in(world.registry, "cc", [excerpt("cc")[0] | {"scheme_country": "XX"}])
    assert [bad.field for bad in report.bad] == ["scheme_country"]


def test_a_packed_list_is_read_and_a_damaged_one_says_where_it_ends() -> None:
    content = gzip.compress(packed(excerpt("cmvp")).getvalue())
    rows = list(read_list(io.BytesIO(content), "cmvp"))
    assert len(rows) == len(excerpt("cmvp"))
    assert all(isinstance(row, ForeignRow) for row in rows)
    *_, last = read_list(io.BytesIO(content[: len(content) // 2]), "cmvp")
    assert isinstance(last, BadRow)


def test_lists_are_taken_in_their_order_and_by_officers(world: World) -> None:
    take_in(world.registry, "cc", read_on=EVER)
    for read_on in (EVER - timedelta(days=1), world.today + timedelta(days=1)):
        with pytest.raises(Invalid) as error:
            take_in(world.registry, "cc", read_on=read_on)
        assert list(error.value.fields) == ["read_on"]
    with pytest.raises(Invalid):
        import_foreign(world.registry.units, system_actor("test"), packed([]), "other")
    with pytest.raises(Denied):
        import_foreign(world.registry.units, world.actor("business"), packed(excerpt("cc")), "cc")


def test_everything_made_for_it_is_marked_as_demonstration(world: World) -> None:
    take_in(world.registry, "cc")
    with world.registry.units.reading() as session:
        found = foreign_results(session, AsOf(world.today), Filters())
        assert all(facts.result.demonstration and facts.issuer.demonstration for facts in found)
        arrangement = session.get_one(Arrangement, found[0].decision.arrangement_id)
        assert arrangement.demonstration


def test_reliance_is_recorded_once_and_of_what_is_there(world: World) -> None:
    take_in(world.registry, "cmvp")
    number = world.apply().number
    officer = world.actor("officer")
    with world.registry.units(officer) as uow:
        rely_on(uow, "cmvp", "4389", number)
    for scheme, certificate, relying, error in (
        ("cmvp", "4389", number, Conflict),
        ("cmvp", "nothing", number, NotFound),
        ("cmvp", "4389", "HS-0", Invalid),
    ):
        with pytest.raises(error), world.registry.units(officer) as uow:
            rely_on(uow, scheme, certificate, relying)
