"""The statement on a report and the refusal of an application: what they say, to whom."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import Application
from registry.assessment.schemas import ReportDecisionSchema, ReviewSchema
from registry.assessment.services.applications import review_application, take_up_application
from registry.assessment.services.reports import decide_report
from registry.assessment.services.statements import (
    Statement,
    application_refusal,
    report_statement,
)
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from tests.support.assessment import World


def statement(
    world: World, report_id: int, by: str = "laboratory", position: int | None = None
) -> Statement:
    with world.registry.units.reading() as session:
        return report_statement(
            session,
            world.actor(by),
            report_id,
            AsOf(world.today, position),
            world.registry.settings,
        )


def refusal(world: World, number: str, by: str = "business") -> Statement:
    with world.registry.units.reading() as session:
        as_of = AsOf(world.today)
        return application_refusal(session, world.actor(by), number, as_of, world.registry.settings)


def refused(world: World) -> Application:
    application = world.apply()
    world.report(application=application.number)
    with world.registry.units(world.actor("officer")) as uow:
        take_up_application(uow, application.number)
    review = load(ReviewSchema(), {"recommendation": "refuse", "reasons": "Mẫu không đúng kiểu"})
    with world.registry.units(world.actor("reviewer")) as uow:
        review_application(uow, application.number, review)
    world.decide(application.number, decision="refuse", reasons="Mẫu không đúng kiểu đã nộp.")
    return application


def words(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def rename_laboratory(uow: UnitOfWork, slug: str) -> None:
    record = uow.session.query(OrganisationRecord).filter(known(OrganisationRecord)).all()
    (found,) = [one for one in record if "Bách Việt" in one.names.get("vi", "")]
    position = uow.record("organisation.revise", f"organisation:{found.organisation_id}", {})
    uow.replace(found, found.revised(names={"vi": slug}), position)


def test_a_statement_holds_every_condition_every_number_and_the_risk(world: World) -> None:
    # JCGM 106:2012, example: y = 13.6, u = 1.8, limits 12.5 and 16.3 conform with 66.26 %.
    numbers = {
        "value": "13.6",
        "expanded_uncertainty": "3.6",
        "limit_lower": "12.5",
        "limit_upper": "16.3",
        "decision_rule": "simple_acceptance",
    }
    made = world.report(results=[world.result(**numbers)])
    document = statement(world, made.report.id)
    data = document.snapshot
    assert data["outcome"] == made.outcome
    assert len(data["conditions"]) == len(made.acceptance["conditions"])
    assert [item["outcome"] for item in data["conditions"]] == [
        item["verdict"] for item in made.acceptance["conditions"]
    ]
    assert all(item["legal_basis"] for item in data["conditions"])
    (result,) = data["results"]
    assert result["conformance_probability"] == "66.26\N{NO-BREAK SPACE}%"
    assert result["specific_risk"] == "33.74\N{NO-BREAK SPACE}%"
    printed = words(document.draw())
    assert made.report.number in printed
    for figure in ("13.6", "U = 3.6", "≥ 12.5"):
        assert figure in printed


def test_limits_are_told_in_the_unit_of_the_value(world: World) -> None:
    result = world.result(limit_lower="5", limit_unit="min")
    made = world.report(results=[result])
    (told,) = statement(world, made.report.id).snapshot["results"]
    assert (told["unit"], told["lower"]) == ("s", "300")


def test_a_refusal_by_the_rules_tells_what_is_not_met_and_how_to_object(world: World) -> None:
    made = world.report(results=[world.result(value="290.0")])
    data = statement(world, made.report.id).snapshot
    assert data["outcome"] == "refuse"
    failed = [item for item in data["conditions"] if item["outcome"] == "not_met"]
    assert data["reasons"] == [item["sentence"] for item in failed]
    assert data["decided_by"] is None
    assert "90 ngày" in data["appeal"]["vi"]
    assert "02/2011/QH13" in data["appeal"]["en"]


def test_an_officer_against_the_rules_is_named_with_the_written_reasons(world: World) -> None:
    application = world.apply()
    made = world.report(application=application.number)
    decision = load(ReportDecisionSchema(), {"outcome": "refuse", "reasons": "Mẫu bị tráo."})
    with world.registry.units(world.actor("officer")) as uow:
        decide_report(uow, made.report.id, decision)
    data = statement(world, made.report.id, "business").snapshot
    assert data["outcome"] == "refuse"
    assert data["reasons"] == [{"vi": "Mẫu bị tráo.", "en": None}]
    assert data["decided_by"]["name"] == world.actor("officer").name
    # What was said before stays to be had as it was known then.
    before = statement(world, made.report.id, "business", made.position).snapshot
    assert before["outcome"] == "accept"
    assert before["journal"]["position"] == made.position


def test_the_same_facts_give_the_same_bytes_whatever_is_renamed_later(world: World) -> None:
    made = world.report()
    first = statement(world, made.report.id)
    with world.registry.units(world.actor("officer")) as uow:
        rename_laboratory(uow, "Tên mới")
    again = statement(world, made.report.id, "officer")
    assert again.digest == first.digest
    assert again.draw() == first.draw()


@pytest.mark.parametrize("stranger", ["laboratory-kr", "business"])
def test_strangers_learn_nothing(world: World, stranger: str) -> None:
    made = world.report()
    with pytest.raises(NotFound):
        statement(world, made.report.id, stranger)


def test_a_refused_application_has_a_letter_with_the_decision_makers_reasons(
    world: World,
) -> None:
    application = refused(world)
    letter = refusal(world, application.number)
    assert letter.snapshot["reasons"] == "Mẫu không đúng kiểu đã nộp."
    assert [item["report"]["number"] for item in letter.snapshot["reports"]] == ["TN-1"]
    printed = words(letter.draw())
    assert "Mẫu không đúng kiểu đã nộp." in printed
    assert application.number in printed
    assert letter.draw() == refusal(world, application.number, "officer").draw()


def test_there_is_no_refusal_without_one_and_none_for_strangers(world: World) -> None:
    open_one = world.apply()
    with pytest.raises(NotFound):
        refusal(world, open_one.number)
    application = refused(world)
    with pytest.raises(NotFound):
        refusal(world, application.number, "laboratory")
