"""Status lists of the register: what befell a certificate shows as a bit, and only there."""

from datetime import timedelta

import pytest

from registry.assessment.models import Certificate
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services import certificates as service
from registry.assessment.services.status_lists import signed_status_list
from registry.assessment.services.trust import trust_bundle
from registry.clock import FixedClock
from registry.credentials import status_indexes, status_list
from registry.credentials.verification import check_status
from registry.errors import NotFound
from registry.schema_fields import load
from tests.support.assessment import World
from tests.support.credentials import part, token_of

_COMMANDS = {
    "suspend": service.suspend_certificate,
    "reinstate": service.reinstate_certificate,
    "withdraw": service.withdraw_certificate,
}


@pytest.fixture
def certificate(world: World) -> Certificate:
    return world.certificate()


def change(world: World, certificate: Certificate, action: str, days: int = 0) -> None:
    said = {"effective_on": world.day(days), "reason": "Lý do"}
    with world.registry.units(world.actor("officer")) as uow:
        _COMMANDS[action](uow, certificate.number, load(StatusChangeSchema(), said))


def bits(world: World, certificate: Certificate) -> dict[str, bool | None]:
    """Return what a checker who fetches the lists now learns of a certificate."""
    claims = part(token_of(world, certificate.id), 1)
    findings = check_status(claims, trust_bundle(world.registry), world.registry.clock.now())
    return {finding.purpose: finding.is_set for finding in findings}


def places_set(world: World, purpose: str) -> int:
    claims = part(signed_status_list(world.registry, purpose, 1), 1)
    content = status_list.decode(claims["credentialSubject"]["encodedList"])
    return sum(byte.bit_count() for byte in content)


def test_suspension_reinstatement_and_withdrawal(world: World, certificate: Certificate) -> None:
    other = world.certificate()
    assert bits(world, certificate) == {"revocation": False, "suspension": False}
    change(world, certificate, "suspend")
    assert bits(world, certificate) == {"revocation": False, "suspension": True}
    assert places_set(world, "suspension") == 1
    change(world, certificate, "reinstate")
    assert bits(world, certificate) == {"revocation": False, "suspension": False}
    change(world, certificate, "withdraw")
    assert bits(world, certificate) == {"revocation": True, "suspension": False}
    assert bits(world, other) == {"revocation": False, "suspension": False}
    assert places_set(world, "revocation") == 1


def test_what_is_decided_for_a_later_day_shows_from_that_day_on(
    world: World, certificate: Certificate, clock: FixedClock
) -> None:
    change(world, certificate, "suspend", days=3)
    assert bits(world, certificate)["suspension"] is False
    clock.instant += timedelta(days=3)
    assert bits(world, certificate)["suspension"] is True


def test_an_expired_certificate_is_neither(
    world: World, certificate: Certificate, clock: FixedClock
) -> None:
    token_of(world, certificate.id)
    clock.instant += timedelta(days=4 * 366)
    assert bits(world, certificate) == {"revocation": False, "suspension": False}


def test_a_list_is_signed_again_only_when_it_changed(
    world: World, certificate: Certificate, clock: FixedClock
) -> None:
    token_of(world, certificate.id)
    first = signed_status_list(world.registry, "suspension", 1)
    clock.instant += timedelta(minutes=10)
    assert signed_status_list(world.registry, "suspension", 1) == first
    change(world, certificate, "suspend")
    second = signed_status_list(world.registry, "suspension", 1)
    assert second != first
    clock.instant += timedelta(days=1)
    assert signed_status_list(world.registry, "suspension", 1) != second


def test_a_list_says_what_the_specification_asks(world: World) -> None:
    claims = part(signed_status_list(world.registry, "revocation", 1), 1)
    subject = claims["credentialSubject"]
    assert claims["id"] == "http://127.0.0.1:8000/status/revocation/1"
    assert claims["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert subject["type"] == "BitstringStatusList"
    assert subject["statusPurpose"] == "revocation"
    assert subject["ttl"] == 300_000
    assert len(status_list.decode(subject["encodedList"])) * 8 == 131_072


@pytest.mark.parametrize(("purpose", "number"), [("revocation", 2), ("revocation", 0), ("x", 1)])
def test_other_lists_are_not_there(world: World, purpose: str, number: int) -> None:
    with pytest.raises(NotFound):
        signed_status_list(world.registry, purpose, number)


def test_places_are_drawn_once_and_a_full_list_has_a_follower(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_indexes, "_FULL", 3)
    monkeypatch.setattr(status_indexes, "SIZE", 4)
    with world.registry.units(world.actor("officer")) as uow:
        drawn = [
            status_indexes.assign_status_index(uow, f"thing:{number}", 1) for number in range(12)
        ]
        again = status_indexes.assign_status_index(uow, "thing:0", 1)
        following = status_indexes.assign_status_index(uow, "thing:0", 2)
    places = {(index.list_number, index.place) for index in drawn}
    assert len(places) == 12
    assert again is drawn[0]
    assert (following.list_number, following.place) not in places
