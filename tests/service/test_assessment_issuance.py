"""Issuing certificates: crashes, two decisions at once, contradictions of status."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from registry.assessment.demo import LABORATORY
from registry.assessment.models import (
    Accreditation,
    AccreditationRecord,
    Body,
    Certificate,
    CertificateDocument,
    CertificateNumber,
)
from registry.assessment.schemas import (
    AccreditationEventSchema,
    DecisionSchema,
    StatusChangeSchema,
)
from registry.assessment.services import issuance
from registry.assessment.services.accreditations import record_accreditation_event
from registry.assessment.services.certificates import (
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from registry.assessment.services.documents import signed_pdf
from registry.assessment.services.issuance import issue_certificate, reserve_number
from registry.assessment.services.snapshots import issuing_register
from registry.errors import BadTransition, Conflict, Denied, Invalid, RegistryError, Stale
from registry.schema_fields import load
from tests.support.assessment import World

GRANT = load(DecisionSchema(), {"decision": "grant"})


def change(effective_on: str, reason: str = "Lý do") -> dict[str, object]:
    return load(StatusChangeSchema(), {"effective_on": effective_on, "reason": reason})


def count(world: World, model: type[Certificate] | type[CertificateNumber]) -> int:
    with world.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_crash_after_the_reservation_loses_no_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = world.reviewed()
    numbers_before = count(world, CertificateNumber)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(issuance, "certificate_snapshot", killed)
        with pytest.raises(KeyboardInterrupt):
            world.decide(application.number)
    assert count(world, CertificateNumber) == numbers_before + 1

    with world.registry.units(world.actor("decision-maker")) as uow:
        reserved = reserve_number(
            uow, application.number, GRANT, issuing_register(world.registry.settings)
        )
    certificate = world.decide(application.number)
    assert certificate is not None
    assert certificate.number == reserved
    assert count(world, CertificateNumber) == numbers_before + 1


def test_of_two_decisions_at_once_one_wins(world: World) -> None:
    application = world.reviewed()
    issued_before = count(world, Certificate)
    actor = world.actor("decision-maker")
    register = issuing_register(world.registry.settings)
    start = Barrier(2)
    outcomes: list[object] = []

    def decide() -> None:
        start.wait()
        try:
            outcomes.append(
                issue_certificate(
                    world.registry.units, actor, application.number, GRANT, register
                ).number
            )
        except RegistryError as error:
            outcomes.append(type(error))

    threads = [Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(outcome, str) for outcome in outcomes) == [False, True]
    assert BadTransition in outcomes
    assert count(world, Certificate) == issued_before + 1


def test_a_grant_needs_an_accepted_report(world: World) -> None:
    application = world.apply()
    with pytest.raises(BadTransition):
        world.decide(application.number)
    reviewed = world.reviewed()
    with world.registry.units(world.actor("laboratory")) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Certificate)) == 1
    world.report(
        number="TN-amended",
        replaces=f"TN-{reviewed.number}",
        title="",
    )
    with pytest.raises(Conflict, match="No accepted report"):
        world.decide(reviewed.number)


def test_a_refusal_needs_reasons_and_a_stale_decision_is_refused(world: World) -> None:
    application = world.reviewed()
    with pytest.raises(Invalid) as refusal:
        world.decide(application.number, decision="refuse")
    assert list(refusal.value.fields) == ["reasons"]
    with pytest.raises(Stale):
        issue_certificate(
            world.registry.units,
            world.actor("decision-maker"),
            application.number,
            GRANT,
            issuing_register(world.registry.settings),
            expected=1,
        )
    assert world.decide(application.number, decision="refuse", reasons="Không đạt") is None
    with pytest.raises(BadTransition):
        world.decide(application.number)


@pytest.mark.parametrize(
    "field",
    [
        "valid_from",
        "valid_until",
    ],
)
def test_the_validity_is_checked(world: World, field: str) -> None:
    application = world.reviewed()
    with pytest.raises(Invalid) as error:
        world.decide(application.number, **{field: world.day(-1)})
    assert list(error.value.fields) == [field]


def test_the_file_is_made_once_and_again_when_lost(world: World) -> None:
    certificate = world.certificate()
    registry = world.registry
    first = signed_pdf(registry, certificate.id)
    path = registry.files.folder / first[:2] / first
    made = path.stat().st_mtime_ns
    assert signed_pdf(registry, certificate.id) == first
    assert path.stat().st_mtime_ns == made
    path.unlink()
    second = signed_pdf(registry, certificate.id)
    with registry.units.reading() as session:
        first_row, second_row = session.scalars(
            select(CertificateDocument)
            .where(
                CertificateDocument.certificate_id == certificate.id,
                CertificateDocument.kind == "pdf",
            )
            .order_by(CertificateDocument.id)
        )
    assert second_row.size == registry.files.path(second).stat().st_size
    assert signed_pdf(registry, certificate.id) == second
    assert (first_row.sha256, second_row.sha256) == (first, second)
    # The signature is made anew; what it signs is not.
    assert first_row.unsigned_sha256 == second_row.unsigned_sha256


def test_contradictions_of_status_are_refused(world: World) -> None:
    number = world.certificate().number
    with world.registry.units(world.actor("officer")) as uow:
        with pytest.raises(Invalid) as early:
            suspend_certificate(uow, number, change(world.day(-1)))
        assert list(early.value.fields) == ["effective_on"]
        with pytest.raises(BadTransition):
            reinstate_certificate(uow, number, change(world.day(0)))
        suspend_certificate(uow, number, change(world.day(30)))
        with pytest.raises(BadTransition):
            suspend_certificate(uow, number, change(world.day(31)))
        with pytest.raises(Invalid):
            withdraw_certificate(uow, number, change(world.day(29)))
        reinstate_certificate(uow, number, change(world.day(30)))
        withdraw_certificate(uow, number, change(world.day(30)))
        for act in (suspend_certificate, reinstate_certificate, withdraw_certificate):
            with pytest.raises(BadTransition):
                act(uow, number, change(world.day(60)))


def test_a_change_of_status_needs_the_right_role_and_the_latest_version(world: World) -> None:
    number = world.certificate().number
    for name in ("business", "decision-maker", "laboratory"):
        with world.registry.units(world.actor(name)) as uow, pytest.raises(Denied):
            suspend_certificate(uow, number, change(world.day(30)))
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(Stale):
        suspend_certificate(uow, number, change(world.day(30)), expected=1)


def test_a_report_whose_acceptance_no_longer_holds_cannot_be_relied_on(world: World) -> None:
    application = world.reviewed()
    with world.registry.units(world.actor("officer")) as uow:
        accreditation = uow.session.scalars(
            select(AccreditationRecord.accreditation_id)
            .join(Accreditation, Accreditation.id == AccreditationRecord.accreditation_id)
            .join(Body, Body.id == Accreditation.body_id)
            .where(Body.slug == LABORATORY)
        ).one()
        # It becomes known only now that the accreditation was suspended before the test.
        suspension = {"kind": "suspended", "effective_on": world.day(-60), "reason": "Giám sát"}
        record_accreditation_event(uow, accreditation, load(AccreditationEventSchema(), suspension))
    with pytest.raises(Conflict, match="no longer meets every condition"):
        world.decide(application.number)
    with world.registry.units.reading() as session:
        statement = select(Certificate).where(Certificate.application_id == application.id)
        assert session.scalars(statement).all() == []
