"""One case from the application to the suspended certificate, each step by its own person."""

import json
import re
from datetime import timedelta

from sqlalchemy import select

from registry.assessment.queries.applications import application_file
from registry.assessment.queries.certificates import Finding, find_certificate
from registry.assessment.schemas import ReviewSchema, StatusChangeSchema
from registry.assessment.services.applications import (
    review_application,
    take_up_application,
)
from registry.assessment.services.certificates import suspend_certificate
from registry.assessment.services.documents import signed_pdf
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.journal.verification import verify
from registry.schema_fields import load
from tests.support.assessment import World


def test_a_case_from_application_to_suspension(world: World) -> None:
    units = world.registry.units
    application = world.apply()
    assert re.fullmatch(rf"HS-{world.today.year}-\w{{5}}-\w{{5}}", application.number)

    with units(world.actor("officer")) as uow:
        take_up_application(uow, application.number)
    submission = world.report(by="laboratory-kr", application=application.number)
    assert submission.state == "accepted"
    verdicts = {item["key"]: item["verdict"] for item in submission.acceptance["conditions"]}
    assert set(verdicts.values()) == {"met"}
    assert len(submission.digest) == 64

    review = load(ReviewSchema(), {"recommendation": "grant", "reasons": "Đủ điều kiện."})
    with units(world.actor("reviewer")) as uow:
        review_application(uow, application.number, review)
    certificate = world.decide(application.number)
    assert certificate is not None
    sha256 = signed_pdf(world.registry, certificate.id)
    assert world.registry.files.get(sha256).startswith(b"%PDF")

    change = load(StatusChangeSchema(), {"effective_on": world.day(5), "reason": "Giám sát"})
    with units(world.actor("officer")) as uow:
        suspend_certificate(uow, certificate.number, change)
        before_suspension = uow.receipts[-1].position - 1

    with units.reading() as session:
        typed = certificate.number.lower().replace("-", " ")
        statuses = {
            offset: find_certificate(session, typed, AsOf(world.today + timedelta(offset))).found
            for offset in (-1, 4, 5)
        }
        assert [found.status.key for found in statuses.values() if found] == [
            "not_yet_in_force",
            "in_force",
            "suspended",
        ]
        then = find_certificate(session, typed, AsOf(world.today + timedelta(5), before_suspension))
        assert then.found is not None
        assert then.found.status.key == "in_force"

        file = application_file(
            session, world.actor("business"), application.number, AsOf(world.today)
        )
        assert [step.state for step in file.steps] == [
            "submitted",
            "evaluation",
            "review",
            "granted",
        ]
        assert file.certificate is not None
        assert file.actions == []
        assert list(verify(session)) == []


def test_the_journal_shows_no_contents_of_applications_and_reports(world: World) -> None:
    application = world.apply()
    world.report(application=application.number, number="TN-SECRET")
    with world.registry.units.reading() as session:
        entries = session.scalars(
            select(JournalEntry).where(
                JournalEntry.action.in_(("application.submit", "report.submit"))
            )
        ).all()
    texts = [json.dumps(entry.data, ensure_ascii=False) for entry in entries]
    assert texts
    for text in texts:
        assert "Camera cổng" not in text
        assert "Bí mật" not in text
        assert "TN-SECRET" not in text
        assert "312" not in text
    assert all(entry.sealed_digest for entry in entries)


def test_a_reserved_number_is_unknown_until_the_certificate_is_issued(world: World) -> None:
    certificate = world.certificate()
    with world.registry.units.reading() as session:
        as_of = AsOf(world.today, certificate.issued_position - 1)
        assert find_certificate(session, certificate.number, as_of).finding is Finding.UNKNOWN
        mistyped = certificate.number[:-1] + str((int(certificate.number[-1]) + 1) % 10)
        assert find_certificate(session, mistyped, AsOf(world.today)).finding is Finding.MISTYPED
        assert find_certificate(session, "", AsOf(world.today)).finding is Finding.NOT_A_NUMBER
