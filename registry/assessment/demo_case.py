"""The demonstration's first case, from application to certificate, each step by its person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from registry.accounts.models import Organisation
from registry.accounts.queries import user_by_email
from registry.accounts.services.authentication import actor_for_user
from registry.actor import Actor
from registry.assessment import states
from registry.assessment.models import Application, ApplicationRecord, Report
from registry.assessment.schemas import (
    ApplicationSchema,
    DecisionSchema,
    ReportSchema,
    ReviewSchema,
)
from registry.assessment.services.applications import (
    review_application,
    submit_application,
    take_up_application,
)
from registry.assessment.services.issuance import decide_application
from registry.assessment.services.reports import submit_report
from registry.assessment.services.snapshots import issuing_register
from registry.container import Registry
from registry.history import known
from registry.schema_fields import load

_PRODUCT = {
    "name": {
        "vi": "[Trình diễn] Camera giám sát Sao Mai",
        "en": "[Demonstration] Sao Mai surveillance camera",
    },
    "models": ["SM-100", "SM-100P"],
    "hs": ["8525.89.10"],
    "description": "Sản phẩm trình diễn, không có thật.",
}


def finish_first_case(
    registry: Registry, *, laboratory: str, regulation: str, email: Callable[[str], str]
) -> None:
    """Take the first demonstration application as far as a certificate; resumes where it is.

    ``email`` gives the address of the person of a role.
    """
    units = registry.units

    def person(role: str) -> Actor:
        with units.reading() as session:
            user = user_by_email(session, email(role))
            return actor_for_user(session, user.id, registry.clock.today())

    application = _first_application(registry)
    if application is None:
        with units(person("business")) as uow:
            data = {"regulation": regulation, "product": _PRODUCT, "method": "1"}
            number = submit_application(uow, load(ApplicationSchema(), data)).number
        state = states.SUBMITTED
    else:
        number, state = application
    if state in states.OPEN_FOR_REPORTS and not _has_report(registry, number):
        with units(person("laboratory")) as uow:
            submit_report(uow, load(ReportSchema(), _report(registry, regulation, number)))
    if state == states.SUBMITTED:
        with units(person("officer")) as uow:
            take_up_application(uow, number)
        state = states.EVALUATION
    if state == states.EVALUATION:
        review = {"recommendation": "grant", "reasons": "Trình diễn / demonstration."}
        with units(person("reviewer")) as uow:
            review_application(uow, number, load(ReviewSchema(), review))
        state = states.REVIEW
    if state == states.REVIEW:
        decide_application(
            units,
            person("decision_maker"),
            number,
            load(DecisionSchema(), {"decision": "grant"}),
            issuing_register(registry.settings),
        )


def _first_application(registry: Registry) -> tuple[str, str] | None:
    with registry.units.reading() as session:
        row = session.execute(
            select(Application.number, ApplicationRecord.state)
            .join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
            .join(Organisation, Organisation.id == Application.organisation_id)
            .where(Organisation.demonstration, known(ApplicationRecord))
            .order_by(Application.id)
        ).first()
    return None if row is None else row


def _has_report(registry: Registry, number: str) -> bool:
    with registry.units.reading() as session:
        return (
            session.scalar(
                select(Report.id)
                .join(Application, Application.id == Report.application_id)
                .where(Application.number == number)
            )
            is not None
        )


def _report(registry: Registry, regulation: str, application: str) -> dict[str, Any]:
    today = registry.clock.today()
    tested = (today - timedelta(days=14)).isoformat()
    shared = {
        "method": regulation,
        "performed_on": tested,
        "decision_rule": "guard_band",
        "statement": "pass",
        "coverage_factor": "2",
    }
    return {
        "number": "DEMO-001",
        "regulation": regulation,
        "application": application,
        "issued_on": (today - timedelta(days=7)).isoformat(),
        "title": "Báo cáo thử nghiệm (trình diễn) / Test report (demonstration)",
        "laboratory_address": "Địa chỉ trình diễn / demonstration address",
        "location": "Tại phòng thử nghiệm / at the laboratory",
        "customer": "[Trình diễn] Công ty Camera Sao Mai",
        "item": {
            "description": "Camera SM-100, 2 mẫu / 2 samples",
            "condition": "Nguyên vẹn / intact",
            "received_on": tested,
        },
        "relates_only_to_items": True,
        "authorised_by": "[Trình diễn] Trưởng phòng thử nghiệm",
        "not_applicable": ["k", "n", "p"],
        "results": [
            {
                **shared,
                "characteristic": "Thời gian khóa sau nhiều lần nhập sai / lockout time",
                "value": "312.0",
                "unit": "s",
                "expanded_uncertainty": "2.0",
                "limit_lower": "300.0",
            },
            {
                **shared,
                "characteristic": "Độ dài mật khẩu tối thiểu / minimum password length",
                "value": "10",
                "unit": "1",
                "expanded_uncertainty": "0",
                "limit_lower": "8",
            },
        ],
    }
