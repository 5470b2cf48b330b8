"""Declarations of conformity on a real database: registered at once, by an officer, or refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry.assessment.models import Declaration, DeclarationRegistration
from registry.assessment.numbers import parse
from registry.assessment.queries.declarations import (
    declaration_file,
    declarations,
    registered_declaration,
    registered_declarations,
)
from registry.assessment.schemas import (
    DeclarationDecisionSchema,
    DeclarationSchema,
    StatusChangeSchema,
)
from registry.assessment.services.certificates import suspend_certificate
from registry.assessment.services.declaration_receipts import render_receipt
from registry.assessment.services.declaration_status import change_declaration
from registry.assessment.services.declarations import (
    decide_declaration,
    submit_declaration,
    take_back_declaration,
)
from registry.assessment.services.snapshots import issuing_register
from registry.errors import BadTransition, Conflict, Denied, Invalid, NotFound, Stale
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.journal.queries import head
from registry.schema_fields import load
from tests.support.assessment import World
from tests.support.declarations import declaration_data, declare, declare_on_certificate


def decide(world: World, number: str, by: str = "officer", **data: Any) -> Declaration:
    with world.registry.units(world.actor(by)) as uow:
        return decide_declaration(
            uow,
            number,
            load(DeclarationDecisionSchema(), data),
            issuing_register(world.registry.settings),
        )


def change(world: World, action: str, number: str, day: int = 0, **more: Any) -> Declaration:
    data = load(StatusChangeSchema(), {"effective_on": world.day(day), "reason": "Hậu kiểm"})
    with world.registry.units(world.actor("officer")) as uow:
        return change_declaration(uow, action, number, data, **more)


def status(world: World, number: str, day: int = 0, position: int | None = None) -> str:
    as_of = AsOf(world.today + timedelta(days=day), position)
    with world.registry.units.reading() as session:
        found = registered_declaration(session, number, as_of).status
    assert found is not None
    return found.key


def verdicts(world: World, number: str) -> dict[str, str]:
    with world.registry.units.reading() as session:
        facts = declaration_file(session, world.actor("officer"), number, AsOf(world.today))
    return {finding["key"]: finding["verdict"] for finding in facts.record.findings}


def test_a_declaration_on_a_certificate_in_force_here_is_registered_at_once(world: World) -> None:
    declaration = declare_on_certificate(world)
    assert set(verdicts(world, declaration.number).values()) == {"met"}
    assert status(world, declaration.number) == "in_force"
    assert parse(declaration.number.lower().replace("-", " ")).number is not None
    with world.registry.units.reading() as session:
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.subject == f"declaration:{declaration.id}")
        ).all()
    assert [entry.action for entry in entries] == ["declaration.submit", "declaration.register"]
    assert declaration.number not in entries[0].data
    assert declaration.number in entries[1].data


def test_own_assessment_waits_for_an_officer(world: World) -> None:
    declaration = declare(world)
    assert verdicts(world, declaration.number)["evidence_stands"] == "unknown"
    with world.registry.units.reading() as session, pytest.raises(NotFound):
        registered_declaration(session, declaration.number, AsOf(world.today))
    decide(world, declaration.number, decision="register", reasons="Đã xem hồ sơ")
    assert status(world, declaration.number) == "in_force"


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        ({"product": {"name": {"vi": "Camera"}, "models": ["Z-9"]}}, "evidence_covers"),
        ({"product": {"name": {"vi": "Camera"}}}, "evidence_covers"),
        ({"valid_until": "2199-01-01"}, "within_certificate"),
        ({"valid_until": None}, "within_certificate"),
    ],
)
def test_what_the_certificate_does_not_cover_goes_to_an_officer(
    world: World, changes: dict[str, Any], condition: str
) -> None:
    declaration = declare_on_certificate(world, **changes)
    assert verdicts(world, declaration.number)[condition] == "not_met"
    with pytest.raises(Invalid, match="attention"):
        decide(world, declaration.number, decision="register")
    with pytest.raises(Invalid, match="attention"):
        decide(world, declaration.number, decision="refuse")
    decide(world, declaration.number, decision="refuse", reasons="Không bao trùm")
    with world.registry.units.reading() as session, pytest.raises(NotFound):
        registered_declaration(session, declaration.number, AsOf(world.today))


def test_its_certificate_takes_it_along_from_the_same_day(world: World) -> None:
    declaration = declare_on_certificate(world)
    with world.registry.units.reading() as session:
        before = head(session)
    data = load(StatusChangeSchema(), {"effective_on": world.day(3), "reason": "Thử lại"})
    with world.registry.units(world.actor("officer")) as uow:
        suspend_certificate(uow, str(declaration.certificate_number), data)
    assert status(world, declaration.number, 2) == "in_force"
    assert status(world, declaration.number, 3) == "without_basis"
    assert status(world, declaration.number, 3, before) == "in_force"


def test_what_befalls_a_declaration_is_dated_and_in_order(world: World) -> None:
    declaration = declare_on_certificate(world)
    change(world, "suspend", declaration.number, 2)
    assert [status(world, declaration.number, day) for day in (1, 2)] == ["in_force", "suspended"]
    with pytest.raises(BadTransition):
        change(world, "suspend", declaration.number, 3)
    with pytest.raises(Invalid, match="attention"):
        change(world, "reinstate", declaration.number, 1)
    with pytest.raises(Stale):
        change(world, "reinstate", declaration.number, 4, expected=1)
    change(world, "reinstate", declaration.number, 4)
    change(world, "withdraw", declaration.number, 6)
    shown = [status(world, declaration.number, day) for day in (3, 4, 6, 400)]
    assert shown == ["suspended", "in_force", "withdrawn", "withdrawn"]


def test_only_a_registered_declaration_has_a_status(world: World) -> None:
    declaration = declare(world)
    with pytest.raises(Conflict):
        change(world, "suspend", declaration.number)
    with world.registry.units(world.actor("business")) as uow:
        take_back_declaration(uow, declaration.number)
    with pytest.raises(BadTransition):
        decide(world, declaration.number, decision="register", reasons="x")


def test_nobody_decides_for_their_own_organisation(world: World) -> None:
    declaration = declare(world)
    insider = replace(
        world.actor("officer"), organisation_id=world.actor("business").organisation_id
    )
    data = load(DeclarationDecisionSchema(), {"decision": "register", "reasons": "x"})
    with world.registry.units(insider) as uow, pytest.raises(Denied):
        decide_declaration(uow, declaration.number, data, issuing_register(world.registry.settings))
    stranger = replace(world.actor("business"), organisation_id=None)
    with world.registry.units(stranger) as uow, pytest.raises(NotFound):
        take_back_declaration(uow, declaration.number)
    with world.registry.units.reading() as session, pytest.raises(NotFound):
        declaration_file(session, stranger, declaration.number, AsOf(world.today))


BAD: list[tuple[dict[str, Any], str]] = [
    ({"regulations": []}, "regulations"),
    ({"regulations": ["QCVN 999:2024/BTTTT"]}, "regulations.0"),
    ({"basis": "hearsay"}, "basis"),
    ({"certificate": "VN-2026-000999-00"}, "certificate"),
    ({"reports": ["NONE-1"]}, "reports.0"),
    ({"documents": [{"title": "Hồ sơ", "sha256": "xyz"}]}, "documents.0.sha256"),
    ({"signatory": {"name": "An"}}, "signatory.function"),
    ({"valid_until": "2020-01-01"}, "valid_until"),
    ({"valid_from": "2020-01-01"}, "valid_from"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_what_is_wrong_is_named(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        declare(world, **changes)
    assert field in caught.value.fields


def test_a_foreign_result_recognised_here_is_a_basis(world: World) -> None:
    application = world.apply()
    world.report(by="laboratory-kr", application=application.number, number="KR-9")
    declaration = declare(world, basis="recognised-results", reports=["KR-9"])
    assert verdicts(world, declaration.number)["evidence_stands"] == "met"
    world.report(application=application.number, number="VN-9")
    home = declare(world, basis="recognised-results", reports=["VN-9"])
    assert verdicts(world, home.number)["evidence_stands"] == "not_met"


def test_the_public_register_is_searched_by_any_word(world: World) -> None:
    declaration = declare_on_certificate(world)
    waiting = declare(world)
    today = AsOf(world.today)
    with world.registry.units.reading() as session:
        for text in (declaration.number, "CONG camera c-1", "c-1"):
            found = registered_declarations(session, today, text=text)
            assert [item.declaration.number for item in found] == [declaration.number], text
        for text in ("", "sao mai", "CONG camera", "qcvn 135"):
            found = registered_declarations(session, today, text=text)
            assert found[0].declaration.number == declaration.number, text
            assert waiting.number not in {item.declaration.number for item in found}
        assert registered_declarations(session, today, text="tủ lạnh") == []
        assert registered_declarations(session, AsOf(world.today, 1)) == []
        own = declarations(session, world.actor("business"), today)
        # The newest two are of this test, the others of the demonstration.
        assert [item.record.state for item in own] == ["submitted", "registered"] * 2
        assert declarations(session, world.actor("officer"), today, state="refused") == []
        after = declarations(session, world.actor("officer"), today, after=own[0].declaration.id)
    assert [item.declaration.number for item in after][:1] == [declaration.number]
    assert len(after) == len(own) - 1


def test_the_receipt_is_drawn_once_from_what_was_frozen(world: World) -> None:
    declaration = declare_on_certificate(
        world, documents=[{"title": "Hồ sơ kỹ thuật", "sha256": "AB" * 32}]
    )
    registry = world.registry
    first = render_receipt(registry.units, registry.files, declaration.id)
    assert registry.files.get(first).startswith(b"%PDF-1.7")
    assert render_receipt(registry.units, registry.files, declaration.id) == first
    with registry.units.reading() as session:
        kept = session.get_one(DeclarationRegistration, declaration.id)
    assert kept.snapshot["documents"][0]["sha256"] == "ab" * 32
    assert kept.snapshot["verify_url"].endswith(declaration.number)
    waiting = declare(world)
    with pytest.raises(NotFound):
        render_receipt(registry.units, registry.files, waiting.id)


def test_a_declaration_cannot_be_made_without_an_organisation(world: World) -> None:
    nobody = replace(world.actor("business"), organisation_id=None)
    with world.registry.units(nobody) as uow, pytest.raises(Denied):
        submit_declaration(
            uow,
            load(DeclarationSchema(), declaration_data(world)),
            issuing_register(world.registry.settings),
        )
