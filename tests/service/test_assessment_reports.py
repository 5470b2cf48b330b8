"""Reports on a real database: bad input, judgement, amended reports, officers' decisions."""

from typing import Any

import pytest

from registry.assessment.demo import FOREIGN_LABORATORY, LABORATORY
from registry.assessment.queries.acceptance import explain
from registry.assessment.queries.bodies import body_facts
from registry.assessment.queries.reports import report_facts, reports
from registry.assessment.schemas import AccreditationEventSchema, ReportDecisionSchema
from registry.assessment.services.accreditations import record_accreditation_event
from registry.assessment.services.reports import decide_report
from registry.errors import BadTransition, Conflict, Denied, Invalid, NotFound, Stale
from registry.history import AsOf
from registry.schema_fields import load
from tests.support.assessment import World


def verdicts(acceptance: dict[str, Any]) -> dict[str, str]:
    return {item["key"]: item["verdict"] for item in acceptance["conditions"]}


def decide(world: World, report_id: int, by: str = "officer", **data: Any) -> None:
    expected = data.pop("expected", None)
    with world.registry.units(world.actor(by)) as uow:
        loaded = load(ReportDecisionSchema(), data)
        decide_report(uow, report_id, loaded, expected=expected)


BAD_RESULTS: list[tuple[dict[str, Any], str]] = [
    ({"limit_lower": "10", "limit_upper": "1"}, "results.0.limit_lower"),
    ({"unit": None}, "results.0.unit"),
    ({"unit": None}, "results.0.limit_unit"),
    ({"limit_unit": "m"}, "results.0.limit_unit"),
    ({"limit_unit": "dBm"}, "results.0.limit_unit"),
    ({"unit": "seconds_"}, "results.0.unit"),
    ({"unit": "Z99"}, "results.0.unit"),
    ({"value": "1,5"}, "results.0.value"),
    ({"value": "NaN"}, "results.0.value"),
    ({"value": True}, "results.0.value"),
    ({"value": None}, "results.0.expanded_uncertainty"),
    ({"value": None}, "results.0.limit_lower"),
    ({"value": None, "statement": None, "limit_lower": None}, "results.0.value"),
    ({"expanded_uncertainty": "-1"}, "results.0.expanded_uncertainty"),
    ({"coverage_factor": "0"}, "results.0.coverage_factor"),
    ({"expanded_uncertainty": None}, "results.0.expanded_uncertainty"),
    ({"decision_rule": "coin"}, "results.0.decision_rule"),
    ({"statement": "perhaps"}, "results.0.statement"),
    ({"provider": "nobody"}, "results.0.provider"),
    ({"method": "?!"}, "results.0.method"),
    ({"performed_on": "2026-02-30"}, "results.0.performed_on"),
    ({"performed_on": "31/12/2025"}, "results.0.performed_on"),
    ({"performed_on": None, "performed_until": "2026-01-01"}, "results.0.performed_on"),
    ({"characteristic": "a\x00b"}, "results.0.characteristic"),
    ({"characteristic": "x" * 501}, "results.0.characteristic"),
    ({"colour": "red"}, "results.0.colour"),
]


@pytest.mark.parametrize(("changes", "field"), BAD_RESULTS)
def test_a_bad_result_is_refused_and_named(
    world: World, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as error:
        world.report(results=[world.result(**changes)])
    assert field in error.value.fields


def test_limits_are_converted_to_the_unit_of_the_value(world: World) -> None:
    low = world.result(value="0.9999", unit="MHz", expanded_uncertainty="0", limit_lower="1000")
    met = low | {"value": "1.000", "limit_unit": "kHz", "characteristic": "Tần số"}
    submission = world.report(results=[met])
    assert submission.state == "accepted"
    missed = world.report(number="TN-2", results=[low | {"limit_unit": "KHZ", "statement": "pass"}])
    assert missed.state == "refused"
    assert len(missed.contradictions) == 1


def test_an_unknown_unit_comes_back_with_the_closest_one(world: World) -> None:
    with pytest.raises(Invalid) as error:
        world.report(results=[world.result(unit="sek")])
    [text] = error.value.fields["results.0.unit"]
    assert "Did you mean" in text


def test_a_bad_report_is_refused_and_named(world: World) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"issued_on": world.day(1)}, "issued_on"),
        ({"issued_on": "0001-01-01"}, "issued_on"),
        ({"issued_on": world.day(-30)}, "results.0.performed_on"),
        ({"regulation": "QCVN 999:2024/BTTTT"}, "regulation"),
        ({"regulation": "???"}, "regulation"),
        ({"application": "HS-1"}, "application"),
        ({"replaces": "TN-0"}, "replaces"),
        ({"result_type": "poem"}, "result_type"),
        ({"title": "x" * 5_000_000}, "title"),
        ({"title": "abc\u202egnp.exe"}, "title"),
        ({"number": ""}, "number"),
        ({"results": []}, "results"),
        ({"results": "all good"}, "results"),
        ({"item": "camera"}, "item"),
        ({"not_applicable": ["a"]}, "not_applicable.0"),
    ]
    for changes, field in cases:
        with pytest.raises(Invalid) as error:
            world.report(**changes)
        assert field in error.value.fields


def test_text_of_any_script_is_kept(world: World) -> None:
    title = "Bǎo cáo 📷 \u05e9\u05dc\u05d5\u05dd ✓ 한국어"
    submission = world.report(title=title)
    assert submission.report.content["title"] == title


def test_a_number_is_used_once_by_a_body(world: World) -> None:
    world.report(number="TN-7")
    with pytest.raises(Invalid) as error:
        world.report(number="TN-7")
    assert list(error.value.fields) == ["number"]
    assert world.report(by="laboratory-kr", number="TN-7").state == "accepted"


def test_a_contradicted_statement_comes_back_at_once(world: World) -> None:
    submission = world.report(
        results=[world.result(), world.result(characteristic="Trễ", value="301.0")]
    )
    assert submission.state == "refused"
    assert verdicts(submission.acceptance)["statements_hold"] == "not_met"
    [contradiction] = submission.contradictions
    assert contradiction.result.characteristic == "Trễ"
    assert contradiction.verdict is not None
    assert contradiction.verdict.outcome == "fail"


def test_every_refusal_carries_its_reasons_in_both_languages(world: World) -> None:
    submission = world.report(title=None, authorised_by=None)
    assert submission.state == "refused"
    [lacking] = [
        item for item in submission.acceptance["conditions"] if item["verdict"] == "not_met"
    ]
    assert lacking["key"] == "report_complete"
    assert lacking["reasons"] == ["items_lacking"]
    assert all(lacking["sentences"][language] for language in ("vi", "en"))


def test_what_the_register_cannot_tell_is_referred_to_an_officer(world: World) -> None:
    submission = world.report(results=[world.result(decision_rule=None)])
    assert submission.state == "referred"
    with pytest.raises(Invalid) as error:
        decide(world, submission.report.id, outcome="accept")
    assert list(error.value.fields) == ["reasons"]
    decide(world, submission.report.id, outcome="accept", reasons="Quy tắc ghi trong hợp đồng")
    with world.registry.units.reading() as session:
        facts = report_facts(
            session, world.actor("officer"), submission.report.id, AsOf(world.today)
        )
        assert facts.record.state == "accepted"
        assert (facts.decision.outcome, facts.decision.decided_outcome) == ("refer", "accept")
        then = AsOf(world.today, submission.position)
        earlier = report_facts(session, world.actor("officer"), submission.report.id, then)
        assert earlier.record.state == "referred"


def test_an_officer_decides_against_the_rules_only_in_writing(world: World) -> None:
    submission = world.report()
    with pytest.raises(Invalid):
        decide(world, submission.report.id, outcome="refuse")
    with pytest.raises(BadTransition):
        decide(world, submission.report.id, outcome="accept")
    with pytest.raises(Stale):
        decide(world, submission.report.id, outcome="refuse", reasons="Lý do", expected=1)
    with pytest.raises(Denied):
        decide(world, submission.report.id, by="reviewer", outcome="refuse", reasons="Lý do")
    decide(
        world,
        submission.report.id,
        outcome="refuse",
        reasons="Mẫu không đúng",
        expected=submission.position,
    )


def test_a_report_is_not_decided_after_its_application(world: World) -> None:
    application = world.reviewed()
    with world.registry.units.reading() as session:
        [facts, *_] = reports(session, world.actor("officer"), AsOf(world.today), limit=1)
    world.decide(application.number)
    with pytest.raises(Conflict, match="is decided"):
        decide(world, facts.report.id, outcome="refuse", reasons="Muộn")
    with pytest.raises(Invalid) as error:
        world.report(application=application.number)
    assert list(error.value.fields) == ["application"]


def test_an_amended_report_replaces_the_earlier_one(world: World) -> None:
    first = world.report(number="TN-1", title=None)
    assert first.state == "refused"
    second = world.report(number="TN-1A", replaces="TN-1")
    assert second.state == "accepted"
    with world.registry.units.reading() as session:
        old = report_facts(session, world.actor("laboratory"), first.report.id, AsOf(world.today))
        assert old.record.state == "replaced"
        now = explain(session, first.report.id, AsOf(world.today), world.registry.clock.zone)
        assert verdicts(now)["report_current"] == "not_met"
    with pytest.raises(Invalid) as error:
        world.report(number="TN-1B", replaces="TN-1")
    assert list(error.value.fields) == ["replaces"]


def test_a_suspension_on_the_day_of_the_test_refuses(world: World) -> None:
    before = world.report(number="TN-1")
    with world.registry.units.reading() as session:
        facts = body_facts(session, LABORATORY, AsOf(world.today))
    event = {"kind": "suspended", "effective_on": world.day(-20), "reason": "Giám sát"}
    with world.registry.units(world.actor("officer")) as uow:
        number = facts.accreditations[0].record.accreditation_id
        record_accreditation_event(uow, number, load(AccreditationEventSchema(), event))
    after = world.report(number="TN-2")
    assert after.state == "refused"
    assert verdicts(after.acceptance)["accreditation_covers_each_test"] == "not_met"
    zone = world.registry.clock.zone
    with world.registry.units.reading() as session:
        known_now = explain(session, before.report.id, AsOf(world.today), zone)
        known_then = explain(session, before.report.id, AsOf(world.today, before.position), zone)
        with pytest.raises(NotFound):
            explain(session, before.report.id, AsOf(world.today, before.position - 1), zone)
    assert known_now["outcome"] == "refuse"
    assert known_then["outcome"] == "accept"


def test_results_of_another_body_are_judged_by_its_accreditation(world: World) -> None:
    submission = world.report(results=[world.result(provider=FOREIGN_LABORATORY)])
    assert verdicts(submission.acceptance)["accreditation_covers_each_test"] == "met"
    other = world.report(number="TN-2", results=[world.result(provider="demo-accreditor")])
    assert verdicts(other.acceptance)["accreditation_covers_each_test"] == "not_met"


def test_a_report_is_read_by_its_parties_and_by_officers(world: World) -> None:
    application = world.apply()
    report = world.report(application=application.number).report
    as_of = AsOf(world.today)
    with world.registry.units.reading() as session:
        for name in ("laboratory", "business", "officer", "reviewer", "decision-maker"):
            assert report_facts(session, world.actor(name), report.id, as_of).report.id == report.id
        for name in ("laboratory-kr", "editor"):
            with pytest.raises(NotFound):
                report_facts(session, world.actor(name), report.id, as_of)
        assert reports(session, world.actor("laboratory-kr"), as_of) == []
        own = reports(session, world.actor("laboratory"), as_of)
        assert [item.report.id for item in own] == sorted(
            (item.report.id for item in own), reverse=True
        )
        with pytest.raises(Denied):
            reports(session, world.actor("editor"), as_of)


def test_only_a_body_submits_reports(world: World) -> None:
    with pytest.raises(Denied):
        world.report(by="business")
