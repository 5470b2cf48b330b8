"""Lines of the register that end, and lines taken back, with what is journalled of it."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from registry.assessment.demo import FOREIGN_LABORATORY, LABORATORY, REGULATION
from registry.assessment.models import (
    AccreditationEvent,
    AccreditationRecord,
    Arrangement,
    ArrangementListing,
    ArrangementScope,
    BodyContact,
    BodyDesignation,
    ScopeLine,
)
from registry.assessment.queries.competence import bodies_able_to_test
from registry.assessment.schemas import (
    AccreditationCorrectionSchema,
    AccreditationEventSchema,
    ArrangementScopeSchema,
    BodyAddressSchema,
    BodyContactSchema,
    BodyIdentifierSchema,
    LineEndSchema,
    RetractionSchema,
)
from registry.assessment.services.accreditations import (
    correct_accreditation,
    record_accreditation_event,
    retract_accreditation_event,
)
from registry.assessment.services.amendments import end_line, retract_line
from registry.assessment.services.arrangements import add_arrangement_scope
from registry.assessment.services.body_details import add_address, add_contact, add_identifier
from registry.catalog.designation import parse
from registry.errors import BadTransition, Denied, Invalid, NotFound, Stale
from registry.history import AsOf, known
from registry.journal.models import JournalEntry, JournalSeal
from registry.schema_fields import load
from tests.support.assessment import World

ENDED = load(LineEndSchema(), {"valid_until": "2026-01-31", "reason": "Thu hẹp phạm vi"})
WRONG = load(RetractionSchema(), {"reason": "Nhập nhầm"})


def one(world: World, model: Any, *conditions: Any) -> Any:
    with world.registry.units.reading() as session:
        return session.scalars(select(model).where(known(model), *conditions)).first()


def entry(world: World, position: int) -> JournalEntry:
    with world.registry.units.reading() as session:
        return session.get_one(JournalEntry, position)


def able(world: World, day: str, position: int | None = None) -> set[str]:
    as_of = AsOf(world.today.fromisoformat(day), position)
    with world.registry.units.reading() as session:
        return {row.slug for row in bodies_able_to_test(session, parse(REGULATION), as_of)}


def home_line(world: World) -> ScopeLine:
    line: ScopeLine = one(
        world,
        ScopeLine,
        ScopeLine.accreditation_id == home_accreditation(world).accreditation_id,
    )
    return line


def home_accreditation(world: World) -> AccreditationRecord:
    record: AccreditationRecord = one(
        world, AccreditationRecord, AccreditationRecord.number == "DEMO-LAB 001"
    )
    return record


def test_a_line_that_ends_keeps_its_past(world: World) -> None:
    line = home_line(world)
    with world.registry.units(world.actor("officer")) as uow:
        end_line(uow, "scope-line", line.id, ENDED)
        position = uow.receipts[0].position
    assert LABORATORY in able(world, "2026-01-31")
    assert LABORATORY not in able(world, "2026-02-01")
    assert LABORATORY in able(world, "2026-02-01", position - 1)
    said = json.loads(entry(world, position).data)
    assert said["says"]["valid_until"] is None
    assert (said["valid_until"], said["reason"]) == ("2026-01-31", "Thu hẹp phạm vi")


def test_a_line_retracted_never_was_but_for_those_who_ask_what_was_known(world: World) -> None:
    line = home_line(world)
    with world.registry.units(world.actor("officer")) as uow:
        retract_line(uow, "scope-line", line.id, WRONG)
        position = uow.receipts[0].position
    assert LABORATORY not in able(world, "2025-06-01")
    assert LABORATORY in able(world, "2025-06-01", position - 1)
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(NotFound):
        retract_line(uow, "scope-line", line.id, WRONG)


@pytest.mark.parametrize(
    ("kind", "model", "action"),
    [
        ("listing", ArrangementListing, "arrangement.retract-listing"),
        ("arrangement-scope-line", ArrangementScope, "arrangement.retract-scope"),
        ("designation", BodyDesignation, "body.retract-designation"),
    ],
)
def test_listings_scopes_and_designations_are_retracted(
    world: World, kind: str, model: Any, action: str
) -> None:
    line = one(world, model)
    with world.registry.units(world.actor("officer")) as uow:
        retract_line(uow, kind, line.id, WRONG)
        position = uow.receipts[0].position
    assert entry(world, position).action == action
    assert one(world, model, model.id == line.id) is None


def test_a_line_cannot_end_before_it_begins_nor_be_ended_by_others(world: World) -> None:
    line = home_line(world)
    early = {**ENDED, "valid_until": line.valid_from.replace(year=2000)}
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(Invalid):
        end_line(uow, "scope-line", line.id, early)
    with world.registry.units(world.actor("laboratory")) as uow, pytest.raises(Denied):
        end_line(uow, "scope-line", line.id, ENDED)
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(Stale):
        end_line(uow, "scope-line", line.id, ENDED, expected=line.known_from - 1)


def test_the_last_event_of_an_accreditation_can_be_taken_back(world: World) -> None:
    number = home_accreditation(world).accreditation_id
    for kind, day in (("suspended", "2026-01-10"), ("reinstated", "2026-02-10")):
        data = {"kind": kind, "effective_on": day, "reason": "Giám sát"}
        with world.registry.units(world.actor("officer")) as uow:
            record_accreditation_event(uow, number, load(AccreditationEventSchema(), data))
    suspended = one(world, AccreditationEvent, AccreditationEvent.kind == "suspended")
    reinstated = one(world, AccreditationEvent, AccreditationEvent.kind == "reinstated")
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(BadTransition):
        retract_accreditation_event(uow, suspended.id, WRONG)
    with world.registry.units(world.actor("officer")) as uow:
        retract_accreditation_event(uow, reinstated.id, WRONG)
    assert LABORATORY not in able(world, "2026-03-01")
    with world.registry.units(world.actor("officer")) as uow:
        retract_accreditation_event(uow, suspended.id, WRONG)
    assert LABORATORY in able(world, "2026-03-01")


def correction(world: World, **changes: Any) -> dict[str, Any]:
    record = home_accreditation(world)
    return load(
        AccreditationCorrectionSchema(),
        {
            "accreditor": "demo-accreditor",
            "standard": record.standard,
            "number": record.number,
            "valid_from": record.valid_from.isoformat(),
            "reason": "Sai ngày",
            **changes,
        },
    )


def test_an_accreditation_is_corrected_and_its_former_record_stays_known(world: World) -> None:
    record = home_accreditation(world)
    corrected = correction(world, number="DEMO-LAB 002", valid_until="2026-06-30")
    with world.registry.units(world.actor("officer")) as uow:
        correct_accreditation(uow, record.accreditation_id, corrected)
        position = uow.receipts[0].position
    assert LABORATORY not in able(world, "2026-07-01")
    assert LABORATORY in able(world, "2026-07-01", position - 1)
    assert home_accreditation(world) is None
    itself = {**corrected, "accreditor": LABORATORY}
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(Invalid) as refused:
        correct_accreditation(uow, record.accreditation_id, itself)
    assert list(refused.value.fields) == ["accreditor"]


def test_an_arrangement_never_covers_a_regulation_that_nobody_knows(world: World) -> None:
    line = one(world, ArrangementScope)
    with world.registry.units.reading() as session:
        slug = session.get_one(Arrangement, line.arrangement_id).slug
    for text, accepted in (("QCVN 135", True), ("QCVN 135/BYT", False), ("QCVN 77", False)):
        data = {"lines": [{"regulation": text, "result_type": "test_report"}]}
        with world.registry.units(world.actor("officer")) as uow:
            if accepted:
                lines = add_arrangement_scope(uow, slug, load(ArrangementScopeSchema(), data))
                assert lines[0].document_key == "qcvn 135 btttt"
                continue
            with pytest.raises(Invalid) as refused:
                add_arrangement_scope(uow, slug, load(ArrangementScopeSchema(), data))
            assert list(refused.value.fields) == ["lines.0.regulation"]


def test_identifiers_addresses_and_contacts_of_a_body(world: World) -> None:
    with world.registry.units(world.actor("officer")) as uow:
        identifier = {"scheme": "accreditor-list", "value": "VILAS 123"}
        add_identifier(uow, LABORATORY, load(BodyIdentifierSchema(), identifier))
        site = {"kind": "site", "address": "Khu CNC", "province": "Hà Nội", "country": "VN"}
        add_address(uow, LABORATORY, load(BodyAddressSchema(), site))
        contact = {"purpose": "technical", "name": "Bà Lan", "email": "Lan@Example.vn"}
        add_contact(uow, LABORATORY, load(BodyContactSchema(), contact))
        position = uow.receipts[-1].position
    with world.registry.units(world.actor("officer")) as uow, pytest.raises(Invalid) as refused:
        add_identifier(uow, FOREIGN_LABORATORY, load(BodyIdentifierSchema(), identifier))
    assert list(refused.value.fields) == ["value"]
    said = entry(world, position)
    assert "Lan" not in said.data
    with world.registry.units.reading() as session:
        assert "Bà Lan" in session.get_one(JournalSeal, position).content
    contact_id = one(world, BodyContact).id
    with world.registry.units(world.actor("officer")) as uow:
        retract_line(uow, "contact", contact_id, WRONG)
        position = uow.receipts[0].position
    assert json.loads(entry(world, position).data) == {"line": contact_id}


def test_a_contact_must_be_reachable_and_a_country_real() -> None:
    with pytest.raises(Invalid) as refused:
        load(BodyContactSchema(), {"purpose": "general", "name": "Bà Lan"})
    assert list(refused.value.fields) == ["email"]
    with pytest.raises(Invalid) as refused:
        load(BodyAddressSchema(), {"kind": "seat", "address": "x", "country": "XX"})
    assert list(refused.value.fields) == ["country"]
