"""The decision table of acceptance: a sound case, spoilt one fact at a time."""

import json
from dataclasses import replace
from datetime import date
from string import Formatter
from typing import Any

import pytest

from registry.assessment.rules.acceptance import (
    CONDITIONS,
    AcceptanceOutcome,
    ConditionVerdict,
    outcome_of,
)
from registry.assessment.rules.decision import DecisionRule
from registry.assessment.rules.facts import (
    DesignationFact,
    Facts,
    ItemState,
    MethodEditionFact,
    MethodReference,
    ReplacementFact,
)
from registry.assessment.rules.sentences import as_data, render
from registry.assessment.rules.terms import bundled_terms
from tests.support import acceptance_facts as given
from tests.support.acceptance_facts import Spoilt

COVERAGE = "accreditation_covers_each_test"
SIGNATORY = "accreditor_signatory"
PATH = "recognition_path"
BEFORE, AFTER = date(2026, 2, 9), date(2026, 2, 11)

ILAC = given.multilateral(
    reference="arrangement:8",
    label="ILAC MRA",
    valid_from=date(2000, 11, 2),
    valid_until=date(2025, 12, 31),
    listings=(
        replace(
            given.multilateral().listings[0],
            reference="arrangement:8",
            valid_from=date(2000, 11, 2),
        ),
    ),
)
SUCCESSOR = given.multilateral(listings=(), predecessors=("arrangement:8",))
NEW_EDITION = MethodReference("etsi-en-303-645", "V3.1.3", "ETSI EN 303 645 V3.1.3")
OLD_QCVN = MethodReference("qcvn-65", "2013", "QCVN 65:2013/BTTTT")
NEW_QCVN = MethodReference("qcvn-65", "2021", "QCVN 65:2021/BTTTT")


def accredited(**changes: Any) -> Spoilt:
    return Spoilt(facts=given.facts(accreditations=(given.accreditation(**changes),)))


def arranged(*arrangements: Any) -> Spoilt:
    return Spoilt(facts=given.facts(arrangements=(*arrangements, given.multilateral())))


def signed(*arrangements: Any) -> Spoilt:
    return Spoilt(facts=given.facts(arrangements=(given.mutual(), *arrangements)))


def reported(**changes: Any) -> Spoilt:
    return Spoilt(report=given.report(**changes))


def with_results(*results: Any) -> Spoilt:
    return Spoilt(report=given.report(results=results))


def coexisting(on: date, edition: MethodReference = OLD_QCVN) -> Spoilt:
    windows = (
        given.edition(edition=OLD_QCVN, valid_from=date(2014, 1, 1), valid_until=date(2026, 6, 30)),
        given.edition(edition=NEW_QCVN, valid_from=date(2026, 1, 1)),
    )
    return Spoilt(
        report=given.report(results=(given.result(specification=edition),)),
        obligation=given.obligation(editions=windows),
        on=on,
    )


def at_home(**changes: Any) -> Spoilt:
    designation = DesignationFact(
        reference="designation:2",
        label="designation by the ministry",
        body=given.LAB,
        regulation="qcvn-135",
        valid_from=date(2025, 6, 1),
    )
    home = given.facts(
        bodies=(given.body(country="VN"),),
        designations=(replace(designation, **changes),),
        arrangements=(given.multilateral(),),
    )
    return Spoilt(facts=home)


# Each row: name, case, what is not "met" ({condition: first reason}), outcome.
TABLE: list[tuple[str, Spoilt, dict[str, str], str]] = [
    ("sound case", Spoilt(), {}, "accept"),
    # The body.
    (
        "body unknown to the register",
        Spoilt(facts=given.facts(bodies=())),
        {"body_registered": "body_not_registered"},
        "refuse",
    ),
    (
        "registration ended",
        Spoilt(facts=given.facts(bodies=(given.body(valid_until=date(2026, 2, 28)),))),
        {"body_registered": "ended"},
        "refuse",
    ),
    # The accreditation on the date of the test.
    (
        "no accreditation",
        Spoilt(facts=given.facts(accreditations=())),
        {COVERAGE: "no_accreditation", SIGNATORY: "no_accreditor"},
        "refuse",
    ),
    (
        "accreditation ended the day before",
        accredited(valid_until=BEFORE),
        {COVERAGE: "ended"},
        "refuse",
    ),
    (
        "accreditation ends on the day of the test",
        accredited(valid_until=given.TESTED),
        {},
        "accept",
    ),
    (
        "accreditation began the day after",
        accredited(valid_from=AFTER),
        {COVERAGE: "not_yet"},
        "refuse",
    ),
    (
        "start of the accreditation unknown",
        accredited(valid_from=None),
        {COVERAGE: "start_unknown"},
        "refer",
    ),
    (
        "suspended on the test date",
        accredited(events=(given.event("suspended", given.TESTED),)),
        {COVERAGE: "not_in_good_standing"},
        "refuse",
    ),
    (
        "suspended the day after",
        accredited(events=(given.event("suspended", AFTER),)),
        {},
        "accept",
    ),
    (
        "reinstated before the test",
        accredited(
            events=(
                given.event("suspended", date(2026, 1, 5)),
                given.event("reinstated", given.TESTED),
            )
        ),
        {},
        "accept",
    ),
    (
        "reinstated a day late",
        accredited(
            events=(given.event("reinstated", AFTER), given.event("suspended", date(2026, 1, 5)))
        ),
        {COVERAGE: "not_in_good_standing"},
        "refuse",
    ),
    (
        "suspended for a period that was over",
        accredited(events=(given.event("suspended", date(2026, 1, 5), effective_until=BEFORE),)),
        {},
        "accept",
    ),
    (
        "withdrawn",
        accredited(events=(given.event("withdrawn", date(2025, 12, 1)),)),
        {COVERAGE: "not_in_good_standing"},
        "refuse",
    ),
    (
        "reduced by the line in question",
        accredited(
            events=(given.event("reduced", date(2025, 12, 1), scope_lines=("scope_line:1",)),)
        ),
        {COVERAGE: "not_in_good_standing"},
        "refuse",
    ),
    (
        "reduced by another line",
        accredited(
            events=(given.event("reduced", date(2025, 12, 1), scope_lines=("scope_line:2",)),)
        ),
        {},
        "accept",
    ),
    (
        "suspension without a date",
        accredited(events=(given.event("suspended", None),)),
        {COVERAGE: "event_undated"},
        "refer",
    ),
    (
        "event of a kind nobody defined",
        accredited(events=(given.event("frozen", date(2026, 1, 1)),)),
        {COVERAGE: "event_not_understood"},
        "refer",
    ),
    (
        "suspended between the days of a long test",
        Spoilt(
            report=given.report(results=(given.result(performed_until=date(2026, 2, 18)),)),
            facts=given.facts(
                accreditations=(
                    given.accreditation(
                        events=(
                            given.event("suspended", date(2026, 2, 12)),
                            given.event("reinstated", date(2026, 2, 15)),
                        )
                    ),
                )
            ),
        ),
        {COVERAGE: "not_in_good_standing"},
        "refuse",
    ),
    # The scope lines.
    (
        "scope line added a day late",
        accredited(scope_lines=(given.line(valid_from=AFTER),)),
        {COVERAGE: "not_yet"},
        "refuse",
    ),
    (
        "another edition in the scope",
        accredited(scope_lines=(given.line(method=NEW_EDITION),)),
        {COVERAGE: "edition_not_in_scope"},
        "refuse",
    ),
    (
        "undated method reference",
        accredited(scope_lines=(given.line(method=given.ETSI_UNDATED),)),
        {},
        "accept",
    ),
    (
        "undated reference, edition replaced before the test",
        Spoilt(
            facts=given.facts(
                accreditations=(
                    given.accreditation(scope_lines=(given.line(method=given.ETSI_UNDATED),)),
                ),
                method_editions=(
                    MethodEditionFact(
                        reference="edition:40",
                        label="V2.1.1",
                        edition=given.ETSI,
                        valid_from=date(2020, 6, 1),
                        valid_until=BEFORE,
                    ),
                ),
            )
        ),
        {COVERAGE: "edition_no_longer_current"},
        "refuse",
    ),
    (
        "report does not state the edition",
        with_results(given.result(method=given.ETSI_UNDATED)),
        {COVERAGE: "edition_not_stated"},
        "refer",
    ),
    (
        "method not in the scope",
        accredited(
            scope_lines=(given.line(method=MethodReference("cispr-32", "2015", "CISPR 32:2015")),)
        ),
        {COVERAGE: "method_not_in_scope"},
        "refuse",
    ),
    (
        "scope is for calibration",
        accredited(scope_lines=(given.line(activity="calibration"),)),
        {COVERAGE: "method_not_in_scope"},
        "refuse",
    ),
    (
        "scope names another characteristic",
        accredited(scope_lines=(given.line(characteristics=("firmware update",)),)),
        {COVERAGE: "method_not_in_scope"},
        "refuse",
    ),
    (
        "second line covers",
        accredited(
            scope_lines=(given.line(valid_from=AFTER), given.line(reference="scope_line:2"))
        ),
        {},
        "accept",
    ),
    (
        "second accreditation covers",
        Spoilt(
            facts=given.facts(
                accreditations=(given.accreditation(valid_until=BEFORE), given.accreditation())
            )
        ),
        {},
        "accept",
    ),
    (
        "no date of the test",
        with_results(given.result(performed_on=None)),
        {COVERAGE: "test_date_unknown", SIGNATORY: "test_date_unknown", PATH: "test_date_unknown"},
        "refer",
    ),
    (
        "one test of two outside the scope",
        with_results(
            given.result(),
            given.result(
                characteristic="emission",
                method=MethodReference("cispr-32", "2015", "CISPR 32:2015"),
            ),
        ),
        {COVERAGE: "method_not_in_scope"},
        "refuse",
    ),
    (
        "external provider without accreditation",
        with_results(given.result(body="body:77")),
        {COVERAGE: "no_accreditation", SIGNATORY: "no_accreditor"},
        "refuse",
    ),
    # The accreditor.
    ("unknown accreditor", accredited(accreditor=None), {SIGNATORY: "accreditor_unknown"}, "refer"),
    (
        "accreditor never signed",
        accredited(accreditor="body:99"),
        {SIGNATORY: "accreditor_not_signatory"},
        "refuse",
    ),
    (
        "accreditor signed for another standard",
        accredited(standard="ISO/IEC 17020"),
        {SIGNATORY: "accreditor_not_signatory"},
        "refuse",
    ),
    ("signatory of the predecessor on its last day", signed(ILAC, SUCCESSOR), {}, "accept"),
    (
        "successor does not take signatories over",
        signed(ILAC, replace(SUCCESSOR, inherits_listings=False)),
        {SIGNATORY: "accreditor_not_signatory"},
        "refuse",
    ),
    (
        "transition to the successor over",
        signed(ILAC, replace(SUCCESSOR, transition_until=date(2026, 1, 31))),
        {SIGNATORY: "accreditor_not_signatory"},
        "refuse",
    ),
    (
        "tested while the predecessor stood",
        Spoilt(
            report=given.report(results=(given.result(performed_on=date(2025, 12, 20)),)),
            facts=given.facts(arrangements=(given.mutual(), ILAC, SUCCESSOR)),
        ),
        {},
        "accept",
    ),
    (
        "covering accreditation has no signatory, the other one does not cover",
        Spoilt(
            facts=given.facts(
                accreditations=(
                    given.accreditation(accreditor="body:99"),
                    given.accreditation(valid_until=BEFORE),
                )
            )
        ),
        {SIGNATORY: "accreditor_not_signatory"},
        "refuse",
    ),
    (
        "covering accreditation has no signatory, the other one may cover",
        Spoilt(
            facts=given.facts(
                accreditations=(
                    given.accreditation(accreditor="body:99"),
                    given.accreditation(valid_from=None),
                )
            )
        ),
        {SIGNATORY: "accreditor_not_signatory"},
        "refer",
    ),
    # The recognition path.
    ("no arrangement at all", arranged(), {PATH: "not_designated"}, "refuse"),
    (
        "phase I arrangement offered a certificate",
        reported(result_type="certificate_of_conformity"),
        {COVERAGE: "method_not_in_scope", PATH: "not_designated", "report_complete": ""},
        "refuse",
    ),
    (
        "listing expired",
        arranged(given.mutual(listings=(given.listing(valid_until=date(2026, 2, 28)),))),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "listing renewed without a gap",
        arranged(
            given.mutual(
                listings=(
                    given.listing(valid_until=date(2026, 2, 15)),
                    given.listing(valid_from=date(2026, 2, 16)),
                )
            )
        ),
        {},
        "accept",
    ),
    (
        "listed only after the test",
        arranged(given.mutual(listings=(given.listing(valid_from=AFTER),))),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "party, but body not listed",
        arranged(given.mutual(listings=())),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "arrangement asks for no listing",
        arranged(given.mutual(listings=(), covers_all_bodies=True)),
        {},
        "accept",
    ),
    (
        "arrangement ended",
        arranged(given.mutual(valid_until=date(2026, 2, 28))),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "successor arrangement continues the listing",
        arranged(
            given.mutual(reference="arrangement:0", valid_until=date(2026, 2, 15)),
            given.mutual(
                listings=(), valid_from=date(2026, 2, 16), predecessors=("arrangement:0",)
            ),
        ),
        {},
        "accept",
    ),
    (
        "listing of the predecessor had an end of its own",
        arranged(
            given.mutual(
                reference="arrangement:0",
                valid_until=date(2026, 2, 15),
                listings=(given.listing(valid_until=date(2026, 2, 20)),),
            ),
            given.mutual(
                listings=(), valid_from=date(2026, 2, 16), predecessors=("arrangement:0",)
            ),
        ),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "another regulation in the scope",
        arranged(given.mutual(scope_lines=(given.scope(regulation="qcvn-65"),))),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "outward scope only",
        arranged(given.mutual(scope_lines=(given.scope(direction="outward"),))),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "HS heading covers the code",
        arranged(given.mutual(scope_lines=(given.scope(hs_codes=("8525",)),))),
        {},
        "accept",
    ),
    (
        "HS code outside",
        arranged(given.mutual(scope_lines=(given.scope(hs_codes=("8517",)),))),
        {PATH: "not_designated"},
        "refuse",
    ),
    (
        "HS scope narrower than the product",
        arranged(given.mutual(scope_lines=(given.scope(hs_codes=("8525.89.10.01",)),))),
        {PATH: "product_may_be_in_scope"},
        "refer",
    ),
    (
        "product named in other words",
        arranged(given.mutual(scope_lines=(given.scope(product_words=("video doorbell",)),))),
        {PATH: "product_may_be_in_scope"},
        "refer",
    ),
    (
        "scope never recorded",
        arranged(given.mutual(scope_lines=())),
        {PATH: "scope_not_recorded"},
        "refer",
    ),
    ("phase not stated", arranged(given.mutual(phase=None)), {PATH: "phase_not_stated"}, "refer"),
    (
        "arrangement of an unknown kind",
        arranged(given.mutual(kind="memorandum")),
        {PATH: "kind_not_understood"},
        "refer",
    ),
    (
        "body-to-body arrangement",
        arranged(
            given.mutual(
                kind="mutual_bodies", phase=None, parties=("body:50", given.LAB), listings=()
            )
        ),
        {},
        "accept",
    ),
    ("unilateral recognition", arranged(given.mutual(kind="unilateral", phase=None)), {}, "accept"),
    ("designated at home", at_home(), {}, "accept"),
    (
        "designation suspended",
        at_home(events=(given.event("suspended", date(2026, 1, 1)),)),
        {PATH: "not_in_good_standing"},
        "refuse",
    ),
    (
        "designated for another regulation",
        at_home(regulation="qcvn-65"),
        {PATH: "not_designated"},
        "refuse",
    ),
    # The edition.
    ("old edition inside the coexistence window", coexisting(date(2026, 6, 30)), {}, "accept"),
    (
        "old edition a day after the window",
        coexisting(date(2026, 7, 1)),
        {"edition_accepted": "ended"},
        "refuse",
    ),
    ("new edition inside the window", coexisting(given.ON, NEW_QCVN), {}, "accept"),
    (
        "edition the regulation never named",
        coexisting(given.ON, MethodReference("qcvn-65", "2010", "QCVN 65:2010")),
        {"edition_accepted": "edition_not_accepted"},
        "refuse",
    ),
    (
        "not tested to the regulation",
        with_results(given.result(specification=OLD_QCVN)),
        {"edition_accepted": "not_tested_to_regulation"},
        "refuse",
    ),
    (
        "accepted editions not recorded",
        Spoilt(obligation=given.obligation(editions=())),
        {"edition_accepted": "accepted_editions_unknown"},
        "refer",
    ),
    # The report.
    (
        "items lacking",
        reported(
            items={
                **given.report().items,
                "o": ItemState.ABSENT,
                "a": ItemState.NOT_APPLICABLE,
                "k": ItemState.NOT_APPLICABLE,
            }
        ),
        {"report_complete": "items_lacking"},
        "refuse",
    ),
    ("items not known", reported(items={}), {"report_complete": "items_unknown"}, "refer"),
    (
        "replaced by an amended report",
        reported(
            replacement=ReplacementFact(
                reference="report:6", label="report KR-26-5 rev. 1", replaced_on=given.ON
            )
        ),
        {"report_current": "replaced"},
        "refuse",
    ),
    (
        "refused then amended: the refused one stays refused",
        reported(
            items={**given.report().items, "o": ItemState.ABSENT},
            replacement=ReplacementFact(
                reference="report:6", label="report KR-26-5 rev. 1", replaced_on=given.ON
            ),
        ),
        {"report_complete": "items_lacking", "report_current": "replaced"},
        "refuse",
    ),
    (
        "refused then amended: the amended one is judged anew",
        reported(reference="report:6", label="report KR-26-5 rev. 1"),
        {},
        "accept",
    ),
    (
        "no longer in the list of its scheme",
        reported(events=(given.event("unlisted", date(2026, 2, 25)),)),
        {"report_current": "no_longer_listed"},
        "refer",
    ),
    (
        "replaced later",
        reported(
            replacement=ReplacementFact(
                reference="report:6", label="report KR-26-5 rev. 1", replaced_on=date(2026, 3, 2)
            )
        ),
        {},
        "accept",
    ),
    (
        "issued after the day asked",
        reported(issued_on=date(2026, 3, 2)),
        {"report_current": "not_yet"},
        "refuse",
    ),
    (
        "revoked by its issuer",
        reported(events=(given.event("withdrawn", date(2026, 2, 25)),)),
        {"report_current": "not_in_good_standing"},
        "refuse",
    ),
    ("expired", reported(valid_until=date(2026, 2, 28)), {"report_current": "ended"}, "refuse"),
    # The statements.
    ("numbers agree", with_results(given.measured("19.9", "pass")), {}, "accept"),
    (
        "statement contradicts its numbers",
        with_results(given.measured("20.1", "pass")),
        {"statements_hold": "statement_too_favourable"},
        "refuse",
    ),
    (
        "statement stricter than its numbers",
        with_results(given.measured("19.9", "fail")),
        {"statements_hold": "statement_too_strict"},
        "refuse",
    ),
    (
        "conditional statement under a binary rule",
        with_results(given.measured("19.9", "conditional_pass")),
        {"statements_hold": "statement_conditional_under_binary_rule"},
        "refuse",
    ),
    (
        "numbers without a statement",
        with_results(given.measured("19.9", None)),
        {"statements_hold": "statement_missing"},
        "refer",
    ),
    (
        "numbers without a decision rule",
        with_results(replace(given.measured("19.9", "pass"), rule=None)),
        {"statements_hold": "decision_rule_missing"},
        "refer",
    ),
    (
        "neither numbers nor statement",
        with_results(given.result(statement=None)),
        {"statements_hold": "statement_missing"},
        "refer",
    ),
    (
        "no results",
        with_results(),
        {
            COVERAGE: "no_results",
            SIGNATORY: "no_results",
            "edition_accepted": "edition_tested_unknown",
            "statements_hold": "no_results",
        },
        "refer",
    ),
]


@pytest.mark.parametrize(
    ("case", "amiss", "outcome"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_decision_table(case: Spoilt, amiss: dict[str, str], outcome: str) -> None:
    acceptance = case.evaluated()
    found = {
        condition.key: condition.reasons[0].key if condition.reasons else ""
        for condition in acceptance.conditions
        if condition.verdict is not ConditionVerdict.MET
    }
    assert (acceptance.outcome, found) == (outcome, amiss)


def test_refusal_gives_every_reason() -> None:
    spoilt = Spoilt(
        report=given.report(results=(given.measured("20.1", "pass"),)),
        facts=given.facts(bodies=(), accreditations=(given.accreditation(valid_until=BEFORE),)),
    )
    refused = [
        condition.key
        for condition in spoilt.evaluated().conditions
        if condition.verdict is ConditionVerdict.NOT_MET
    ]
    assert refused == ["body_registered", COVERAGE, "statements_hold"]


def test_missing_path_tells_what_each_path_lacks() -> None:
    condition = (
        arranged(given.mutual(phase="II", listings=(given.listing(valid_until=BEFORE),)))
        .evaluated()
        .condition(PATH)
    )
    assert [reason.key for reason in condition.reasons] == [
        "not_designated",
        "phase_does_not_cover",
        "ended",
        "no_arrangement",
    ]


def test_one_cause_is_told_once_for_all_its_tests() -> None:
    results = tuple(given.result(characteristic=name) for name in ("one", "two", "three"))
    condition = (
        Spoilt(
            report=given.report(results=results),
            facts=given.facts(accreditations=(given.accreditation(valid_until=BEFORE),)),
        )
        .evaluated()
        .condition(COVERAGE)
    )
    assert [reason.parameters["tests"] for reason in condition.reasons] == [("one", "two", "three")]


def test_verdicts_link_to_their_evidence_and_to_the_article() -> None:
    acceptance = Spoilt().evaluated()
    coverage = acceptance.condition(COVERAGE)
    assert {"accreditation:4", "scope_line:1"} <= {item.reference for item in coverage.evidence}
    labels = [item.label for item in acceptance.condition(PATH).evidence]
    assert "Viet Nam–Korea arrangement, article 5" in labels


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (
            date(2026, 3, 1),
            (
                "law-68-2006-art-57-1",
                "decree-22-2026-art-40-1",
                "decree-22-2026-art-40-2",
                "tbt-6-1",
            ),
        ),
        (date(2025, 11, 30), ("law-68-2006-art-57-1", "decree-127-2007", "tbt-6-1")),
    ],
)
def test_legal_basis_is_the_one_in_force_on_the_day(on: date, expected: tuple[str, ...]) -> None:
    tested_on = date(2025, 11, 1)
    case = Spoilt(
        report=given.report(issued_on=tested_on, results=(given.result(performed_on=tested_on),)),
        on=on,
    )
    assert case.evaluated().condition(PATH).legal_basis == expected


def test_wording_of_unilateral_article_is_marked_as_not_at_hand() -> None:
    path = given.mutual(kind="unilateral", phase=None)
    assert "decree-22-2026-art-41" in arranged(path).evaluated().condition(PATH).legal_basis
    note = bundled_terms().template("legal-basis", "decree-22-2026-art-41", "note", "en")
    assert note is not None
    assert "not at hand" in note


def test_sentences_in_both_languages() -> None:
    suspended = accredited(events=(given.event("suspended", date(2026, 2, 1)),))
    condition = suspended.evaluated().condition(COVERAGE)
    assert render(condition, "en") == (
        "The accreditation does not cover every test on its date: "
        "KT 001: suspended from 2026-02-01 (asked for 2026-02-10)."
    )
    assert render(condition, "vi") == (
        "Công nhận không bao trùm mọi phép thử vào ngày thực hiện: "
        "KT 001: đình chỉ từ 01/02/2026 (ngày xét: 10/02/2026)."
    )
    assert render(condition, "ko") == render(condition, "en")


def test_sentence_shows_numbers_the_reader_s_way() -> None:
    condition = (
        with_results(given.measured("20.1", "pass")).evaluated().condition("statements_hold")
    )
    assert "20,1 dBm" in render(condition, "vi")
    assert "20.1 dBm" in render(condition, "en")


def test_braces_in_a_name_are_shown_as_they_are() -> None:
    condition = with_results(given.result(characteristic="{0.__class__}", method=None)).evaluated()
    assert "{0.__class__}" in render(condition.condition(COVERAGE), "en")


@pytest.mark.parametrize("case", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
def test_every_sentence_is_complete_and_storable(case: Spoilt) -> None:
    data = as_data(case.evaluated())
    assert json.loads(json.dumps(data)) == data
    for condition in data["conditions"]:
        for sentence in condition["sentences"].values():
            assert sentence.endswith(".")
            assert "–" not in sentence.replace("Viet Nam–Korea", "")
            assert "_" not in sentence


def test_vocabularies_name_every_condition_and_verdict() -> None:
    terms = bundled_terms()
    assert terms.keys("acceptance-condition") == tuple(CONDITIONS)
    assert [
        (key, verdict, language)
        for key in CONDITIONS
        for verdict in ConditionVerdict
        for language in ("vi", "en")
        if not terms.sentence(key, verdict, language)
    ] == []


def test_templates_use_the_same_parameters_in_both_languages() -> None:
    terms = bundled_terms()

    def names(key: str, language: str) -> set[str]:
        template = terms.template("acceptance-reason", key, "clause", language) or ""
        return {name for _, name, _, _ in Formatter().parse(template) if name}

    keys = terms.keys("acceptance-reason")
    assert [key for key in keys if names(key, "vi") != names(key, "en")] == []


def test_decision_rules_are_read_from_their_vocabulary() -> None:
    rule = DecisionRule.from_attributes("guard_band_0_83", {"guard_factor": "0.83", "binary": True})
    assert str(rule.guard_factor) == "0.83"


def test_nothing_known_is_refused_not_accepted() -> None:
    assert Spoilt(facts=Facts()).evaluated().outcome is AcceptanceOutcome.REFUSE


def test_outcome_follows_from_the_verdicts() -> None:
    met, unknown, not_met = (
        ConditionVerdict.MET,
        ConditionVerdict.UNKNOWN,
        ConditionVerdict.NOT_MET,
    )
    assert outcome_of([met, ConditionVerdict.NOT_APPLICABLE]) is AcceptanceOutcome.ACCEPT
    assert outcome_of([met, unknown]) is AcceptanceOutcome.REFER
    assert outcome_of([unknown, not_met, met]) is AcceptanceOutcome.REFUSE


def test_obligation_that_asks_for_no_recognition() -> None:
    case = replace(arranged(), obligation=given.obligation(recognition_required=False))
    condition = case.evaluated().condition(PATH)
    assert condition.verdict is ConditionVerdict.NOT_APPLICABLE
    assert case.evaluated().outcome is AcceptanceOutcome.ACCEPT
