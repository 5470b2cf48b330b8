"""The whole cycle under faults: reserve, check, freeze, journal, render, sign, store.

Wherever it is cut off, no number is lost, none is given twice, nothing unsigned is
served, and the next attempt goes on from there.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from registry.assessment.models import (
    Application,
    ApplicationRecord,
    Certificate,
    CertificateDocument,
    CertificateNumber,
)
from registry.assessment.services.documents import signed_pdf
from registry.assessment.services.trust import trust_bundle
from registry.credentials.models import StatusIndex
from registry.credentials.pdf_verification import verify_pdf
from registry.followers.certificates import follow
from registry.history import known
from registry.journal.models import JournalEntry
from tests.support.assessment import World
from tests.support.credentials import pdf_of
from tests.support.issuing_process import STEPS, follow_in_processes, issue_in_process


class Case:
    """An application that is ready for its decision, and what became of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        application = world.reviewed()
        self.number, self.id = application.number, application.id

    def state(self) -> str:
        with self.world.registry.units.reading() as session:
            return session.scalars(
                select(ApplicationRecord.state).where(
                    ApplicationRecord.application_id == self.id, known(ApplicationRecord)
                )
            ).one()

    def reserved(self) -> str | None:
        with self.world.registry.units.reading() as session:
            return session.scalar(
                select(CertificateNumber.number).where(CertificateNumber.application_id == self.id)
            )

    def certificate(self) -> Certificate | None:
        with self.world.registry.units.reading() as session:
            return session.scalar(select(Certificate).where(Certificate.application_id == self.id))

    def resume(self) -> Certificate:
        """Go on as the next attempt does: decide where that is open, then make the papers."""
        if self.certificate() is None:
            self.world.decide(self.number)
        certificate = self.certificate()
        assert certificate is not None
        signed_pdf(self.world.registry, certificate.id)
        return certificate

    def attempt(self) -> None:
        """Decide and make the papers, as far as that goes."""
        decided = self.world.decide(self.number)
        assert decided is not None
        signed_pdf(self.world.registry, decided.id)


@pytest.fixture
def case(world: World) -> Case:
    return Case(world)


def assert_sound(case: Case) -> None:
    """Nothing is half done: what there is of the case agrees with itself."""
    registry = case.world.registry
    certificate, reserved = case.certificate(), case.reserved()
    assert (case.state() == "granted") == (certificate is not None)
    if certificate is not None:
        assert certificate.number == reserved
    trust = trust_bundle(registry)
    with registry.units.reading() as session:
        serials = session.scalars(
            select(CertificateNumber.serial).order_by(CertificateNumber.serial)
        ).all()
        assert serials == list(range(1, len(serials) + 1))
        issues = session.scalars(
            select(JournalEntry.subject).where(JournalEntry.action == "certificate.issue")
        ).all()
        assert len(issues) == len(set(issues))
        assert session.scalar(select(func.count()).select_from(Certificate)) == len(issues)
        for document in session.scalars(select(CertificateDocument)):
            content = registry.files.get(document.sha256)
            if document.kind == "pdf":
                assert verify_pdf(content, trust).genuine
    for path in registry.files.folder.rglob("*"):
        # A file is stored whole and signed, or not under its name.
        if path.is_file() and not path.name.startswith(".part-"):
            assert (
                not path.read_bytes().startswith(b"%PDF")
                or verify_pdf(path.read_bytes(), trust).genuine
            )


def assert_whole(case: Case, certificate: Certificate) -> None:
    """The case went its whole way, once."""
    assert_sound(case)
    registry = case.world.registry
    assert verify_pdf(pdf_of(case.world, certificate.id), trust_bundle(registry)).genuine
    with registry.units.reading() as session:
        kinds = session.scalars(
            select(CertificateDocument.kind)
            .where(CertificateDocument.certificate_id == certificate.id)
            .order_by(CertificateDocument.id)
        ).all()
        places = session.scalars(
            select(StatusIndex).where(StatusIndex.subject == f"certificate:{certificate.id}")
        ).all()
    assert kinds == ["credential", "pdf"]
    assert len(places) == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_process_leaves_what_the_next_one_goes_on_with(case: Case, step: str) -> None:
    assert issue_in_process(case.world, case.number, step) == -signal.SIGKILL
    assert_sound(case)
    reserved = case.reserved()
    certificate = case.resume()
    assert reserved in (None, certificate.number)
    assert_whole(case, certificate)


WRITES = [
    "certificate_number",
    "application_record",
    "certificate",
    "certificate_event",
    "status_index",
    "certificate_document",
]


@contextmanager
def refusing(engine: Engine, table: str) -> Iterator[None]:
    """Let a trigger of the database refuse every new row of a table."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(
                text(
                    "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql "
                    "AS $$ BEGIN RAISE EXCEPTION 'fault'; END $$"
                )
            )
            body = "FOR EACH ROW EXECUTE FUNCTION fault()"
        else:
            body = "BEGIN SELECT RAISE(ABORT, 'fault'); END"
        connection.execute(text(f"CREATE TRIGGER fault BEFORE INSERT ON {table} {body}"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("DROP FUNCTION fault() CASCADE"))
            else:
                connection.execute(text("DROP TRIGGER fault"))


@pytest.mark.parametrize("table", WRITES)
def test_a_trigger_that_refuses_a_write_undoes_the_step_alone(case: Case, table: str) -> None:
    with refusing(case.world.registry.engine, table), pytest.raises(DBAPIError, match="fault"):
        case.attempt()
    assert_sound(case)
    reserved = case.reserved()
    assert (reserved is None) == (table == "certificate_number")
    certificate = case.resume()
    assert reserved in (None, certificate.number)
    assert_whole(case, certificate)


def test_two_workers_at_once_make_each_document_once(world: World) -> None:
    follow(world.registry)
    cases = [Case(world) for _ in range(4)]
    certificates = [world.decide(case.number) for case in cases]
    assert follow_in_processes(world, 2) == [0, 0]
    for case, certificate in zip(cases, certificates, strict=True):
        assert certificate is not None
        assert_whole(case, certificate)


def test_a_refused_application_keeps_its_number_for_ever(case: Case) -> None:
    assert issue_in_process(case.world, case.number, "reserved and committed") == -signal.SIGKILL
    reserved = case.reserved()
    case.world.decide(case.number, decision="refuse", reasons="Không đạt")
    other = Case(case.world)
    certificate = other.resume()
    assert certificate.number != reserved
    with case.world.registry.units.reading() as session:
        assert session.scalar(select(Application.number).where(Application.id == case.id))
