"""Supporting documents of declarations are files; nobody decides on what is their own."""

import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.actor import Actor, system_actor
from registry.assessment.demo import load_demo
from registry.assessment.intake.uploads import receive_file, remove_expired
from registry.assessment.models import Declaration
from registry.assessment.queries.declarations import (
    declaration_file,
    document_for,
    documents_of,
    registered_declarations,
)
from registry.assessment.schemas import DeclarationDecisionSchema, StatusChangeSchema
from registry.assessment.services.declaration_status import change_declaration
from registry.assessment.services.declarations import decide_declaration
from registry.assessment.services.snapshots import issuing_register
from registry.errors import Denied, NotFound
from registry.history import AsOf
from registry.schema_fields import load
from registry.storage import FileStore
from tests.support.assessment import World
from tests.support.declarations import declare, declare_on_certificate
from tests.support.files import png

CONTENT = png()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
DOCUMENT = {"title": "Hồ sơ kỹ thuật", "sha256": SHA256}


def upload(world: World, by: str = "business") -> None:
    receive_file(world.registry, world.actor(by), "ho-so.png", io.BytesIO(CONTENT))


def decide(world: World, number: str, by: Actor) -> None:
    data = load(DeclarationDecisionSchema(), {"decision": "register", "reasons": "Đã xem"})
    with world.registry.units(by) as uow:
        decide_declaration(uow, number, data, issuing_register(world.registry.settings))


class TestDocuments:
    def test_an_uploaded_file_becomes_part_and_stays(self, world: World) -> None:
        upload(world)
        declaration = declare(world, documents=[DOCUMENT])
        with world.registry.units.reading() as session:
            (held,) = documents_of(session, declaration.id)
            assert (held.sha256, held.size, held.name) == (SHA256, len(CONTENT), "ho-so.png")
            assert held.media_type == "image/png"
        settings = world.registry.settings
        world.registry.clock.instant += timedelta(days=settings.upload_days + 1)  # type: ignore[attr-defined]
        assert remove_expired(world.registry, system_actor("uploads")) == 1
        assert FileStore(settings.attachments_dir).get(SHA256) == CONTENT

    def test_what_is_only_named_is_kept_by_its_hash_alone(self, world: World) -> None:
        # Whoever merely knows the hash of another's file does not get hold of it.
        upload(world, "laboratory")
        declaration = declare(world, documents=[DOCUMENT])
        assert declaration.content["documents"] == [DOCUMENT]
        with world.registry.units.reading() as session:
            assert documents_of(session, declaration.id) == []

    def test_declarer_and_officers_read_it_and_nobody_else(self, world: World) -> None:
        upload(world)
        number = declare_on_certificate(world, documents=[DOCUMENT]).number
        as_of = AsOf(world.today)
        with world.registry.units.reading() as session:
            for name in ("business", "officer"):
                found = document_for(session, world.actor(name), number, SHA256, as_of)
                assert found.name == "ho-so.png"
            with pytest.raises(NotFound):
                document_for(session, world.actor("laboratory"), number, SHA256, as_of)
            with pytest.raises(NotFound):
                document_for(session, world.actor("officer"), number, "0" * 64, as_of)


class TestFourEyes:
    def test_nobody_decides_for_their_own_organisation(self, world: World) -> None:
        declaration = declare(world)
        inside = replace(world.actor("officer"), organisation_id=declaration.organisation_id)
        with pytest.raises(Denied, match="own organisation"):
            decide(world, declaration.number, inside)

    def test_nobody_changes_what_befell_their_own_organisation(self, world: World) -> None:
        declaration = declare_on_certificate(world)
        inside = replace(world.actor("officer"), organisation_id=declaration.organisation_id)
        data = load(StatusChangeSchema(), {"effective_on": world.day(0), "reason": "x"})
        with world.registry.units(inside) as uow, pytest.raises(Denied):
            change_declaration(uow, "suspend", declaration.number, data)

    def test_who_submitted_does_not_decide_even_after_changing_employers(
        self, world: World
    ) -> None:
        declaration, officer = declare(world), world.actor("officer")
        moved = replace(officer, user_id=declaration.submitted_by_user_id)
        with pytest.raises(Denied, match="submitted"):
            decide(world, declaration.number, moved)
        decide(world, declaration.number, officer)


def test_the_demonstration_has_one_registered_and_one_waiting_however_often_loaded(
    world: World,
) -> None:
    load_demo(world.registry)
    as_of = AsOf(world.today)
    with world.registry.units.reading() as session:
        every = session.scalars(select(Declaration)).all()
        (registered,) = registered_declarations(session, as_of)
        (waiting,) = [one for one in every if one.id != registered.declaration.id]
        facts = declaration_file(session, world.actor("officer"), waiting.number, as_of)
    assert registered.declaration.certificate_number is not None
    assert registered.status is not None
    assert registered.status.key == "in_force"
    assert facts.record.state == "submitted"
    assert all(one.demonstration for one in every)
