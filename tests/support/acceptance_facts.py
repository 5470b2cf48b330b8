"""A sound case of acceptance, to be spoilt one fact at a time.

A Korean laboratory, accredited by a signatory of the multilateral arrangement and
listed under a mutual arrangement of phase I, tested a camera to QCVN 135:2024.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from string import ascii_lowercase
from typing import Any

from registry.assessment.rules.acceptance import Acceptance, evaluate
from registry.assessment.rules.decision import DecisionRule, Limits, Measurement
from registry.assessment.rules.facts import (
    AccreditationFact,
    ArrangementFact,
    ArrangementScopeFact,
    BodyFact,
    EditionFact,
    Facts,
    ItemState,
    ListingFact,
    MethodReference,
    ObligationFact,
    ReportFact,
    ResultFact,
    ScopeLineFact,
    StatusEventFact,
)

LAB = "body:1"
KOLAS = "body:2"
TESTED = date(2026, 2, 10)
ISSUED = date(2026, 2, 20)
ON = date(2026, 3, 1)

QCVN_135 = MethodReference("qcvn-135", "2024", "QCVN 135:2024/BTTTT")
ETSI = MethodReference("etsi-en-303-645", "V2.1.1", "ETSI EN 303 645 V2.1.1")
ETSI_UNDATED = MethodReference("etsi-en-303-645", None, "ETSI EN 303 645")

SIMPLE = DecisionRule("simple_acceptance", Decimal(0))


def event(kind: str, on: date | None, **more: Any) -> StatusEventFact:
    return StatusEventFact(
        reference="accreditation:4", label=kind, kind=kind, effective_on=on, **more
    )


def line(**changes: Any) -> ScopeLineFact:
    base = ScopeLineFact(
        reference="scope_line:1",
        label="line 1",
        valid_from=date(2024, 1, 1),
        method=ETSI,
        activity="testing",
    )
    return replace(base, **changes)


def accreditation(**changes: Any) -> AccreditationFact:
    base = AccreditationFact(
        reference="accreditation:4",
        label="KT 001",
        body=LAB,
        accreditor=KOLAS,
        accreditor_label="KOLAS",
        standard="ISO/IEC 17025",
        valid_from=date(2024, 1, 1),
        valid_until=date(2027, 12, 31),
        scope_lines=(line(),),
    )
    return replace(base, **changes)


def listing(**changes: Any) -> ListingFact:
    base = ListingFact(
        reference="arrangement:1", label="listing 7", body=LAB, valid_from=date(2025, 1, 1)
    )
    return replace(base, **changes)


def scope(**changes: Any) -> ArrangementScopeFact:
    base = ArrangementScopeFact(
        reference="arrangement:1",
        label="line 1 of the arrangement",
        regulation="qcvn-135",
        result_type="test_report",
        direction="inward",
    )
    return replace(base, **changes)


def mutual(**changes: Any) -> ArrangementFact:
    base = ArrangementFact(
        reference="arrangement:1",
        label="Viet Nam–Korea arrangement",
        kind="mutual_government",
        phase="I",
        parties=("VN", "KR"),
        article="article 5",
        valid_from=date(2025, 1, 1),
        scope_lines=(scope(),),
        listings=(listing(),),
    )
    return replace(base, **changes)


def multilateral(**changes: Any) -> ArrangementFact:
    base = ArrangementFact(
        reference="arrangement:9",
        label="Global Accreditation Cooperation",
        kind="multilateral_accreditation",
        valid_from=date(2026, 1, 1),
        listings=(
            ListingFact(
                reference="arrangement:9",
                label="KOLAS for ISO/IEC 17025",
                body=KOLAS,
                standard="ISO/IEC 17025",
                valid_from=date(2026, 1, 1),
            ),
        ),
    )
    return replace(base, **changes)


def edition(**changes: Any) -> EditionFact:
    base = EditionFact(
        reference="edition:17",
        label="QCVN 135:2024/BTTTT",
        edition=QCVN_135,
        valid_from=date(2025, 2, 15),
    )
    return replace(base, **changes)


def obligation(**changes: Any) -> ObligationFact:
    base = ObligationFact(
        reference="obligation:3",
        label="QCVN 135:2024/BTTTT",
        regulation="qcvn-135",
        home_country="VN",
        editions=(edition(),),
        hs_codes=("8525.89.10",),
        product_words=("camera",),
    )
    return replace(base, **changes)


def result(**changes: Any) -> ResultFact:
    base = ResultFact(
        reference="report:5",
        label="default passwords",
        characteristic="default passwords",
        method=ETSI,
        specification=QCVN_135,
        performed_on=TESTED,
        statement="pass",
    )
    return replace(base, **changes)


def measured(value: str, statement: str | None, **changes: Any) -> ResultFact:
    return result(
        characteristic="power",
        statement=statement,
        measurement=Measurement(Decimal(value), Decimal("0.6"), Decimal(2), "dBm"),
        limits=Limits(None, Decimal(20), "dBm"),
        rule=SIMPLE,
        **changes,
    )


def report(**changes: Any) -> ReportFact:
    base = ReportFact(
        reference="report:5",
        label="report KR-26-5",
        body=LAB,
        result_type="test_report",
        issued_on=ISSUED,
        results=(result(),),
        items=dict.fromkeys(ascii_lowercase[:16], ItemState.PRESENT),
    )
    return replace(base, **changes)


def body(**changes: Any) -> BodyFact:
    base = BodyFact(
        reference=LAB, label="Seoul Test Lab", country="KR", valid_from=date(2024, 1, 1)
    )
    return replace(base, **changes)


def facts(**changes: Any) -> Facts:
    base = Facts(
        bodies=(body(),),
        accreditations=(accreditation(),),
        arrangements=(mutual(), multilateral()),
    )
    return replace(base, **changes)


@dataclass(frozen=True)
class Spoilt:
    """The sound case with some parts replaced."""

    report: ReportFact = field(default_factory=report)
    obligation: ObligationFact = field(default_factory=obligation)
    facts: Facts = field(default_factory=facts)
    on: date = ON

    def evaluated(self) -> Acceptance:
        return evaluate(self.report, self.obligation, self.on, self.facts)
