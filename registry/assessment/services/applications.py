"""An application's way up to the decision; granting it is in ``issuance``."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from registry.accounts.models import Organisation
from registry.assessment import states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    ApplicationReliance,
    Body,
    Report,
    ReportRecord,
)
from registry.assessment.queries.information_requests import requests_of
from registry.assessment.queries.references import application_at, edition_named
from registry.assessment.queries.reports import behind
from registry.assessment.queries.reuse import usable_reports
from registry.assessment.services.checks import person, refuse_own_matter
from registry.catalog.models import EditionRecord
from registry.errors import Conflict, Denied, Invalid, NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version
from registry.vocabulary.checks import require_term

NUMBER_PREFIX = "HS"
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def submit_application(uow: UnitOfWork, data: Mapping[str, Any]) -> Application:
    """Submit an application for the actor's own organisation, as ``ApplicationSchema`` loads it."""
    uow.actor.require("application:submit")
    if uow.actor.organisation_id is None:
        raise Denied(Message("An application is made by an organisation; yours is not known."))
    organisation = uow.session.get_one(Organisation, uow.actor.organisation_id)
    edition = edition_named(uow.session, data["regulation"], "regulation")
    published = uow.session.scalar(
        select(EditionRecord.id).where(
            EditionRecord.edition_id == edition.id,
            EditionRecord.state == "published",
            known(EditionRecord),
        )
    )
    if published is None:
        raise Invalid.one("regulation", Message("This edition is not published."))
    require_term(uow, "certification-method", data["method"], "method")
    relied_on = _relied_on(uow, edition.id, data["rely_on"])
    application = Application(
        number=new_number(uow.today.year),
        organisation_id=organisation.id,
        edition_id=edition.id,
        demonstration=organisation.demonstration,
    )
    uow.session.add(application)
    uow.session.flush()
    position = uow.record(
        "application.submit",
        f"application:{application.id}",
        {"state": states.SUBMITTED, "edition": edition.key},
        # The number lets a laboratory in, and the journal is public.
        sealed={
            **data,
            "number": application.number,
            "organisation": f"organisation:{organisation.id}",
        },
    )
    record = ApplicationRecord(
        application_id=application.id,
        state=states.SUBMITTED,
        state_since=uow.today,
        product=data["product"],
        method=data["method"],
        note=data["note"],
        submitted_by_user_id=person(uow),
    )
    relied = [
        ApplicationReliance(application_id=application.id, report_id=report.id)
        for report in relied_on
    ]
    uow.add(record, *relied, position=position)
    uow.session.flush()
    return application


def take_up_application(
    uow: UnitOfWork, number: str, *, expected: int | None = None
) -> Application:
    """Accept an application for assessment; the officer becomes its evaluator."""
    uow.actor.require("application:take-up")
    application, record = load_application(uow, number, expected)
    refuse_own_matter(uow, application.organisation_id)
    perform(
        uow,
        states.APPLICATION,
        "take-up",
        application.id,
        record,
        changes={"evaluator_id": person(uow), "state_since": uow.today},
    )
    return application


def review_application(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Application:
    """Review the evaluation and recommend; data as ``ReviewSchema`` loads it."""
    uow.actor.require("application:review")
    application, record = load_application(uow, number, expected)
    refuse_own_matter(uow, application.organisation_id, *_laboratories(uow, application))
    if person(uow) == record.evaluator_id:
        raise Denied(Message("Whoever evaluated an application cannot review it."))
    refuse_while_waiting(uow, application)
    perform(
        uow,
        states.APPLICATION,
        "review",
        application.id,
        record,
        changes={
            "reviewer_id": person(uow),
            "state_since": uow.today,
            "recommendation": data["recommendation"],
            "reasons": data["reasons"],
        },
        sealed=data,
    )
    return application


def refuse_application(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Application:
    """Refuse an application, with reasons; data as ``DecisionSchema`` loads it."""
    application, record = load_for_decision(uow, number, expected)
    if not data["reasons"]:
        raise Invalid.one("reasons", Message("A refusal needs its reasons in writing."))
    perform(
        uow,
        states.APPLICATION,
        "refuse",
        application.id,
        record,
        changes={
            "decision_maker_id": person(uow),
            "state_since": uow.today,
            "reasons": data["reasons"],
        },
        sealed={"reasons": data["reasons"]},
    )
    return application


def withdraw_application(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Application:
    """Take the own application back; data as ``WithdrawalSchema`` loads it."""
    uow.actor.require("application:withdraw")
    application, record = load_application(uow, number, expected)
    if uow.actor.organisation_id != application.organisation_id:
        # Whether somebody else's application exists is not for the asker to learn.
        raise NotFound(Message("There is no application of this number."))
    perform(
        uow,
        states.APPLICATION,
        "withdraw",
        application.id,
        record,
        changes={"state_since": uow.today, "reasons": data["reasons"]},
        sealed=data,
    )
    return application


def load_application(
    uow: UnitOfWork, number: str, expected: int | None = None
) -> tuple[Application, ApplicationRecord]:
    """Return an application and where it stands now; ``Stale`` if not the version expected."""
    application = application_at(uow.session, number)
    record = uow.session.scalars(
        select(ApplicationRecord).where(
            ApplicationRecord.application_id == application.id, known(ApplicationRecord)
        )
    ).one()
    check_version(record, expected)
    return application, record


def load_for_decision(
    uow: UnitOfWork, number: str, expected: int | None
) -> tuple[Application, ApplicationRecord]:
    """Return what ``load_application`` does, for a person who may decide on it.

    Four eyes (ISO/IEC 17065, 7.6.2): whoever evaluated or reviewed does not decide.
    """
    uow.actor.require("application:decide")
    application, record = load_application(uow, number, expected)
    refuse_own_matter(uow, application.organisation_id, *_laboratories(uow, application))
    if person(uow) in (record.evaluator_id, record.reviewer_id):
        raise Denied(Message("Whoever evaluated or reviewed an application cannot decide on it."))
    return application, record


def accepted_reports(uow: UnitOfWork, application: Application) -> list[Report]:
    """Return the reports of an application accepted for its regulation edition."""
    return list(
        uow.session.scalars(
            select(Report)
            .join(ReportRecord, ReportRecord.report_id == Report.id)
            .where(
                behind(application.id),
                Report.edition_id == application.edition_id,
                ReportRecord.state == states.ACCEPTED,
                known(ReportRecord),
            )
            .order_by(Report.id)
        )
    )


def _relied_on(uow: UnitOfWork, edition_id: int, ids: Sequence[int]) -> list[Report]:
    """Return earlier reports of the actor's organisation; ``Invalid`` names one it cannot use."""
    usable = {
        facts.report.id: facts.report
        for facts in usable_reports(uow.session, uow.actor, edition_id, AsOf(uow.today))
    }
    errors = {
        f"rely_on.{index}": [Message("This report cannot be relied on for this regulation.")]
        for index, report_id in enumerate(ids)
        if report_id not in usable
    }
    if errors:
        raise Invalid(errors)
    return [usable[report_id] for report_id in dict.fromkeys(ids)]


def _laboratories(uow: UnitOfWork, application: Application) -> list[int]:
    """Organisations whose results the application rests on."""
    return list(
        uow.session.scalars(
            select(Body.organisation_id)
            .join(Report, Report.body_id == Body.id)
            .where(behind(application.id))
            .distinct()
        )
    )


def refuse_while_waiting(uow: UnitOfWork, application: Application) -> None:
    """Raise ``Conflict`` while the applicant was asked and has not answered."""
    asked = requests_of(uow.session, application.id, AsOf(uow.today))
    if any(facts.record.state == states.OPEN for facts in asked):
        raise Conflict(Message("The application waits for its applicant; close the request first."))


def new_number(year: int) -> str:
    """Return a number that nobody can guess: a laboratory that has it sees what is to be tested.

    Fifty random bits in the letters and digits of Crockford's base 32, which leaves out
    those that are taken for one another.
    """
    signs = "".join(secrets.choice(_SIGNS) for _ in range(10))
    return f"{NUMBER_PREFIX}-{year}-{signs[:5]}-{signs[5:]}"
