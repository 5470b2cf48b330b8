"""Renewal, reduced scope and replacement: new facts, the same history, nothing forgotten."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.assessment.models import Certificate, CertificateDocument, CertificateVersion
from registry.assessment.queries.certificates import CertificateFacts, find_certificate
from registry.assessment.queries.expiry import expiring
from registry.assessment.queries.versions import replacing_number
from registry.assessment.schemas import (
    InformationRequestSchema,
    RenewalSchema,
    ReplacementSchema,
    ReviewSchema,
    ScopeReductionSchema,
    StatusChangeSchema,
)
from registry.assessment.schemas.desk import SurveillancePlanSchema, SurveillanceResultSchema
from registry.assessment.services.applications import review_application
from registry.assessment.services.certificates import (
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from registry.assessment.services.documents import signed_pdf
from registry.assessment.services.file_checks import check_registered_file
from registry.assessment.services.information_requests import ask_applicant
from registry.assessment.services.replacement import open_replacement
from registry.assessment.services.status_lists import signed_status_list
from registry.assessment.services.surveillance import finish_surveillance, plan_surveillance
from registry.assessment.services.trust import trust_bundle
from registry.assessment.services.versions import reduce_scope, renew_certificate
from registry.canonical import content_digest
from registry.credentials import status_list
from registry.credentials.pdf_verification import verify_pdf
from registry.credentials.status_indexes import status_index
from registry.errors import BadTransition, Conflict, Denied, Invalid, Stale
from registry.followers.certificates import follow
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.schema_fields import load
from tests.support.assessment import World
from tests.support.credentials import part, pdf_of, token_of


def asked(world: World, number: str, offset: int = 0, position: int | None = None) -> Any:
    """Return what is known of a certificate for the day so many days from today."""
    with world.registry.units.reading() as session:
        day = world.today.fromordinal(world.today.toordinal() + offset)
        return find_certificate(session, number, AsOf(day, position)).found


def surveyed(world: World, number: str, result: str = "conforming") -> None:
    with world.registry.units(world.actor("officer")) as uow:
        planned = plan_surveillance(
            uow,
            load(
                SurveillancePlanSchema(),
                {"certificate": number, "planned_on": world.day(0), "activity": "visit"},
            ),
        )
        done = {"done_on": world.day(0), "result": result}
        finish_surveillance(uow, planned.id, load(SurveillanceResultSchema(), done))


def renew(world: World, number: str, by: str = "decision-maker", **data: Any) -> Certificate:
    given = {"valid_until": world.day(2_000), "reason": "Giám sát đạt", **data}
    expected = given.pop("expected", None)
    with world.registry.units(world.actor(by)) as uow:
        return renew_certificate(uow, number, load(RenewalSchema(), given), expected=expected)


def reduce(world: World, number: str, **data: Any) -> Certificate:
    given = {"effective_on": world.day(10), "reason": "Mẫu không đạt", **data}
    with world.registry.units(world.actor("officer")) as uow:
        return reduce_scope(uow, number, load(ScopeReductionSchema(), given))


def change(world: World, action: Any, number: str, offset: int) -> None:
    data = load(StatusChangeSchema(), {"effective_on": world.day(offset), "reason": "Lý do"})
    with world.registry.units(world.actor("officer")) as uow:
        action(uow, number, data)


def opened(world: World, number: str, **data: Any) -> str:
    given = {"ground": "error", "reason": "In sai tên", **data}
    with world.registry.units(world.actor("officer")) as uow:
        return open_replacement(uow, number, load(ReplacementSchema(), given)).number


def reviewed(world: World, application: str) -> str:
    review = load(ReviewSchema(), {"recommendation": "grant", "reasons": "Đủ điều kiện"})
    with world.registry.units(world.actor("reviewer")) as uow:
        review_application(uow, application, review)
    return application


def two_models(world: World) -> Certificate:
    """Return a certificate of two models: a replacement names them."""
    first = world.certificate()
    product = {"name": {"vi": "Camera cổng"}, "models": ["C-1", "C-2"]}
    case = reviewed(world, opened(world, first.number, product=product))
    certificate = world.decide(case)
    assert certificate is not None
    return certificate


def test_a_renewal_is_a_version_of_the_same_number(world: World) -> None:
    certificate = world.certificate()
    surveyed(world, certificate.number)
    before = asked(world, certificate.number)
    renew(world, certificate.number, effective_on=world.day(30))
    assert asked(world, certificate.number, 29).said == before.said
    facts: CertificateFacts = asked(world, certificate.number, 30)
    assert facts.said.number == 2
    assert facts.said.valid_until == world.today.fromordinal(world.today.toordinal() + 2_000)
    assert facts.status.key == "in_force"
    assert asked(world, certificate.number, 2_000).status.key == "in_force"
    assert asked(world, certificate.number, 2_001).status.key == "expired"
    assert facts.said.digest == content_digest(facts.said.snapshot)
    assert facts.said.snapshot["version"]["replaces"] == 1
    assert facts.said.snapshot["decision_maker"]["name"] != ""
    with world.registry.units.reading() as session:
        entries = session.scalars(
            select(JournalEntry.action).order_by(JournalEntry.position.desc()).limit(2)
        ).all()
        assert entries == ["certificate.issue-version", "certificate.renew"]
        soon = expiring(session, AsOf(world.today), 1_830, kind="certificate")
        assert certificate.number not in [item.label for item in soon]


def test_what_a_renewal_needs(world: World) -> None:
    certificate = world.certificate()
    number = certificate.number
    for name in ("officer", "reviewer", "business"):
        with pytest.raises(Denied):
            renew(world, number, by=name)
    with pytest.raises(Conflict, match="none has been done"):
        renew(world, number)
    surveyed(world, number, "major")
    with pytest.raises(Conflict, match="did not find conformity"):
        renew(world, number)
    surveyed(world, number)
    with pytest.raises(Stale):
        renew(world, number, expected=1)
    for data, field in [
        ({"effective_on": world.day(-1)}, "effective_on"),
        ({"valid_until": world.day(20)}, "valid_until"),
    ]:
        with pytest.raises(Invalid) as error:
            renew(world, number, **data)
        assert list(error.value.fields) == [field]
    change(world, suspend_certificate, number, 0)
    with pytest.raises(BadTransition):
        renew(world, number)
    change(world, reinstate_certificate, number, 0)
    with pytest.raises(BadTransition):
        # After the last day there is nothing left to renew.
        renew(world, number, effective_on=world.day(1_500), valid_until=world.day(3_000))
    renew(world, number)
    assert asked(world, number).said.number == 2


def test_a_reduced_scope_leaves_the_rest_certified(world: World) -> None:
    number = two_models(world).number
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "models"),
        ({"models": ["C-3"]}, "models.0"),
        ({"models": ["C-1", "C-2"]}, "models"),
        ({"requirements": ["TCVN 1"]}, "requirements.0"),
        ({"models": ["C-1"], "effective_on": world.day(-1)}, "effective_on"),
    ]
    for data, field in wrong:
        with pytest.raises(Invalid) as error:
            reduce(world, number, **data)
        assert list(error.value.fields) == [field]
    reduce(world, number, models=["C-2"], scope={"vi": "Chỉ dùng trong nhà"})
    assert asked(world, number, 9).said.snapshot["product"]["models"] == ["C-1", "C-2"]
    said = asked(world, number, 10).said
    assert said.snapshot["product"]["models"] == ["C-1"]
    assert said.snapshot["scope"] == {"vi": "Chỉ dùng trong nhà", "en": None}
    assert said.valid_until == asked(world, number, 9).said.valid_until
    with pytest.raises(Invalid):
        reduce(world, number, models=["C-1"])


def test_the_journal_and_the_credential_say_what_is_left(world: World) -> None:
    certificate = two_models(world)
    reduce(
        world,
        certificate.number,
        effective_on=world.day(0),
        models=["C-2"],
        scope={"vi": "Chỉ dùng trong nhà"},
    )
    with world.registry.units.reading() as session:
        written = session.scalars(
            select(JournalEntry.data).where(JournalEntry.action == "certificate.reduce-scope")
        ).one()
    entry = json.loads(written)
    assert entry["models_taken_out"] == ["C-2"]
    assert entry["scope"] == {"vi": "Chỉ dùng trong nhà", "en": None}
    assert "requirements_taken_out" not in entry
    first, second = (token_of(world, certificate.id, version) for version in (1, 2))
    assert part(second, 1)["description"] == "Chỉ dùng trong nhà"
    today = AsOf(world.today)
    same = check_registered_file(world.registry, second.encode(), today)
    assert not any(row.differs for row in same.stated)
    older = check_registered_file(world.registry, first.encode(), today)
    assert older.answer == "older_version"
    assert {row.name for row in older.stated if row.differs} == {"models", "scope"}


def test_a_replacement_goes_the_whole_way_under_a_new_number(world: World) -> None:
    former = world.certificate()
    case = opened(world, former.number, ground="holder-changed")
    with pytest.raises(Conflict, match="open already"):
        opened(world, former.number)
    reviewed(world, case)
    with pytest.raises(Invalid) as longer:
        world.decide(case, valid_until=world.day(3_000))
    assert list(longer.value.fields) == ["valid_until"]
    issued = world.decide(case, valid_from=world.day(5))
    assert issued is not None
    assert issued.number != former.number
    assert issued.snapshot["replaces"] == former.number
    assert issued.valid_until == former.valid_until
    assert [item["number"] for item in issued.snapshot["reports"]] == [
        item["number"] for item in former.snapshot["reports"]
    ]
    assert asked(world, former.number, 4).status.key == "in_force"
    assert asked(world, former.number, 5).status.key == "replaced"
    assert asked(world, issued.number, 4).status.key == "not_yet_in_force"
    assert asked(world, issued.number, 5).status.key == "in_force"
    with world.registry.units.reading() as session:
        assert replacing_number(session, former.id, AsOf(world.today)) == issued.number
        earlier = AsOf(world.today, issued.issued_position - 1)
        assert replacing_number(session, former.id, earlier) is None
    with pytest.raises(BadTransition):
        world.decide(case)
    # Its papers rest on the reports of the application before it.
    assert verify_pdf(pdf_of(world, issued.id), trust_bundle(world.registry)).genuine


def test_a_certificate_that_ended_meanwhile_is_not_replaced(world: World) -> None:
    former = world.certificate()
    case = reviewed(world, opened(world, former.number))
    change(world, suspend_certificate, former.number, 0)
    with pytest.raises(BadTransition):
        world.decide(case)
    assert asked(world, former.number).status.key == "suspended"
    assert world.decide(case, decision="refuse", reasons="Đang bị đình chỉ") is None
    change(world, reinstate_certificate, former.number, 0)
    # After a refusal another one may be opened.
    assert opened(world, former.number) != case


def test_each_version_has_its_own_signed_papers(world: World) -> None:
    certificate = two_models(world)
    first = signed_pdf(world.registry, certificate.id)
    reduce(world, certificate.number, models=["C-2"], effective_on=world.day(0))
    follow(world.registry)
    second = signed_pdf(world.registry, certificate.id, 2)
    assert second != first == signed_pdf(world.registry, certificate.id)
    for sha256 in (first, second):
        found = verify_pdf(world.registry.files.get(sha256), trust_bundle(world.registry))
        assert found.genuine
    claims = part(token_of(world, certificate.id, 2), 1)
    assert claims["id"].endswith(f"/certificates/{certificate.number}.json?version=2")
    said = claims["credentialSubject"]["registerEntry"]
    assert said["certificateVersion"] == 2
    with world.registry.units.reading() as session:
        rows = session.scalars(
            select(CertificateDocument.version).where(
                CertificateDocument.certificate_id == certificate.id
            )
        ).all()
        old = status_index(session, f"certificate:{certificate.id}", 1)
        new = status_index(session, f"certificate:{certificate.id}", 2)
    assert sorted(rows) == [1, 1, 2, 2]
    assert old is not None
    assert new is not None
    revoked = signed_status_list(world.registry, "revocation", old.list_number)
    assert _bit(revoked, old.place)
    assert not _bit(revoked, new.place)


def _bit(token: str, place: int) -> bool:
    encoded = part(token, 1)["credentialSubject"]["encodedList"]
    return status_list.is_set(status_list.decode(encoded), place)


def test_no_grant_while_the_applicant_is_asked(world: World) -> None:
    application = world.reviewed()
    ask = load(InformationRequestSchema(), {"text": "Xin bổ sung", "due_on": world.day(10)})
    with world.registry.units(world.actor("decision-maker")) as uow:
        ask_applicant(uow, application.number, ask)
    with pytest.raises(Conflict, match="waits for its applicant"):
        world.decide(application.number)


def test_a_version_row_is_never_rewritten(world: World) -> None:
    number = two_models(world).number
    reduce(world, number, models=["C-2"])
    position = asked(world, number, 10).said.issued_position
    assert len(asked(world, number, 10, position - 1).versions) == 1
    with world.registry.units.reading() as session:
        rows = session.scalars(select(CertificateVersion)).all()
    assert [row.known_until for row in rows] == [None] * len(rows)


def test_what_was_known_never_changes(world: World) -> None:
    """Every answer given at a position is given again, whatever is recorded later."""
    certificate = two_models(world)
    number = certificate.number
    surveyed(world, number)
    given: dict[tuple[int, int], tuple[int, str, str]] = {}
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: reduce(world, number, models=["C-2"], effective_on=world.day(10)),
        lambda: change(world, suspend_certificate, number, 20),
        lambda: change(world, reinstate_certificate, number, 25),
        lambda: renew(world, number, effective_on=world.day(30)),
        lambda: change(world, withdraw_certificate, number, 40),
    ]
    for step in steps:
        step()
        with world.registry.units.reading() as session:
            position = session.scalars(select(func.max(JournalEntry.position))).one()
        for day in range(0, 50, 5):
            facts = asked(world, number, day, position)
            given[position, day] = (facts.said.number, facts.said.digest, facts.status.key)
    assert {number for number, _, _ in given.values()} == {1, 2, 3}
    for (position, day), answer in given.items():
        facts = asked(world, number, day, position)
        assert (facts.said.number, facts.said.digest, facts.status.key) == answer
