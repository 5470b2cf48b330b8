"""Statuses whose day no list tells: certain before and after, open in between; and each
condition depends on its own dates only."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.assessment.rules.acceptance import CONDITIONS, Acceptance, evaluate
from registry.assessment.rules.facts import (
    ArrangementFact,
    ArrangementScopeFact,
    BodyFact,
    EditionFact,
    Facts,
    ListingFact,
    MethodReference,
    ObligationFact,
    ReportFact,
    ResultFact,
    StatusEventFact,
)

ISSUED = date(2022, 3, 1)
DAYS = st.dates(date(2022, 3, 1), date(2026, 12, 31))
_STANDARD = MethodReference("fips-140", "3", "FIPS 140-3")

REPORT = ReportFact(
    reference="foreign-result:1",
    label="CMVP 1",
    body="body:1",
    result_type="scheme_certificate",
    issued_on=ISSUED,
    results=(
        ResultFact(
            reference="foreign-result:1",
            label="CMVP 1",
            characteristic="FIPS 140-3",
            method=_STANDARD,
            performed_on=ISSUED,
            statement="pass",
        ),
    ),
)
OBLIGATION = ObligationFact(
    reference="arrangement:1",
    label="A",
    regulation="r",
    home_country="VN",
    editions=(
        EditionFact(
            reference="arrangement:1",
            label="FIPS 140-3",
            valid_from=date(2019, 3, 22),
            edition=_STANDARD,
        ),
    ),
)
FACTS = Facts(
    bodies=(BodyFact(reference="body:1", label="B", country="US"),),
    arrangements=(
        ArrangementFact(
            reference="arrangement:1",
            label="A",
            kind="mutual_bodies",
            valid_from=date(2000, 1, 1),
            scope_lines=(
                ArrangementScopeFact(
                    reference="arrangement:1", label="A", result_type="scheme_certificate"
                ),
            ),
            listings=(ListingFact(reference="arrangement:1", label="A: B", body="body:1"),),
        ),
    ),
)


def verdicts(acceptance: Acceptance) -> dict[str, str]:
    return {condition.key: condition.verdict.value for condition in acceptance.conditions}


def with_event(kind: str, after: date | None, by: date | None) -> ReportFact:
    event = StatusEventFact(
        reference="foreign-result:1",
        label="CMVP 1",
        kind=kind,
        effective_on=None,
        effective_after=after,
        effective_by=by,
    )
    return replace(REPORT, events=(event,))


@settings(max_examples=80, deadline=None)
@given(
    kind=st.sampled_from(["historical", "revoked"]),
    after=st.none() | DAYS,
    gap=st.integers(1, 400),
    day=DAYS,
)
def test_a_status_is_open_only_between_two_lists(
    kind: str, after: date | None, gap: int, day: date
) -> None:
    by = (after or date(2024, 1, 1)) + timedelta(days=gap)
    found = verdicts(evaluate(with_event(kind, after, by), OBLIGATION, day, FACTS))
    if day >= by:
        expected = "not_met"
    elif after is not None and day <= after:
        expected = "met"
    else:
        expected = "unknown"
    assert found.pop("report_current") == expected
    calm = verdicts(evaluate(REPORT, OBLIGATION, day, FACTS))
    assert found == {key: verdict for key, verdict in calm.items() if key != "report_current"}


@settings(max_examples=60, deadline=None)
@given(day=DAYS, by=st.none() | DAYS)
def test_becoming_active_without_a_date_does_no_harm(day: date, by: date | None) -> None:
    report = with_event("active", None, by)
    assert evaluate(report, OBLIGATION, day, FACTS).outcome == "accept"


@settings(max_examples=80, deadline=None)
@given(day=DAYS, changed=DAYS, what=st.sampled_from(["edition", "body", "arrangement", "report"]))
def test_a_changed_date_moves_only_the_conditions_that_depend_on_it(
    day: date, changed: date, what: str
) -> None:
    report, obligation, facts = REPORT, OBLIGATION, FACTS
    depend = {
        "edition": {"edition_accepted"},
        "body": {"body_registered"},
        "arrangement": {"recognition_path"},
        "report": {"report_current"},
    }[what]
    if what == "edition":
        edition = replace(OBLIGATION.editions[0], valid_until=changed)
        obligation = replace(OBLIGATION, editions=(edition,))
    elif what == "body":
        facts = replace(FACTS, bodies=(replace(FACTS.bodies[0], valid_until=changed),))
    elif what == "arrangement":
        ended = replace(FACTS.arrangements[0], valid_until=changed)
        facts = replace(FACTS, arrangements=(ended,))
    else:
        report = replace(REPORT, valid_until=changed)
    before = verdicts(evaluate(REPORT, OBLIGATION, day, FACTS))
    after = verdicts(evaluate(report, obligation, day, facts))
    moved = {key for key in CONDITIONS if before[key] != after[key]}
    assert moved == (depend if day > changed else set())
