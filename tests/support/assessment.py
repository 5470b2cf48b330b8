"""The demonstration as a test bed: its people act, its laboratories report."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.accounts.queries import user_by_email
from registry.accounts.services.authentication import actor_for_user
from registry.actor import Actor, system_actor
from registry.assessment.demo import REGULATION, email, load_demo
from registry.assessment.models import Application, Certificate
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
from registry.assessment.services.opinions import Submission
from registry.assessment.services.reports import submit_report
from registry.assessment.services.snapshots import issuing_register
from registry.catalog.importing.formats import read_rows
from registry.catalog.importing.service import import_rows
from registry.config import PROJECT_ROOT
from registry.container import Registry
from registry.schema_fields import load
from registry.vocabulary.services import load_vocabularies

NATIONAL_LIST = PROJECT_ROOT / "registry" / "catalog" / "data" / "national.jsonl"

APPLICATION: dict[str, Any] = {
    "regulation": "qcvn 135: 2024/btttt",
    "product": {"name": {"vi": "Camera cổng"}, "models": ["C-1"], "hs": ["8525.89.10"]},
    "method": "5",
    "note": "Bí mật của doanh nghiệp",
}


@dataclass(frozen=True)
class World:
    """A register with the demonstration in it. Today is what its fixed clock says."""

    registry: Registry

    def actor(self, name: str) -> Actor:
        """Return the demonstration person "officer", "laboratory-kr" …"""
        with self.registry.units.reading() as session:
            user = user_by_email(session, email(name))
            return actor_for_user(session, user.id, self.registry.clock.today())

    @property
    def today(self) -> date:
        """Return the register's day."""
        return self.registry.clock.today()

    def day(self, offset: int) -> str:
        """Return the day so many days from today, as a form or JSON body has it."""
        return (self.today + timedelta(days=offset)).isoformat()

    def result(self, **changes: Any) -> dict[str, Any]:
        """Return a sound result with ``changes``."""
        return {
            "characteristic": "Thời gian khóa",
            "method": REGULATION,
            "performed_on": self.day(-14),
            "value": "312.0",
            "unit": "s",
            "expanded_uncertainty": "2.0",
            "coverage_factor": "2",
            "limit_lower": "300.0",
            "decision_rule": "guard_band",
            "statement": "pass",
            **changes,
        }

    def report_data(self, **changes: Any) -> dict[str, Any]:
        """Return a sound report with ``changes``, as a form or JSON body has it."""
        return {
            "number": "TN-1",
            "regulation": REGULATION,
            "issued_on": self.day(-7),
            "title": "Báo cáo thử nghiệm",
            "laboratory_address": "Hà Nội",
            "location": "Hà Nội",
            "customer": "Công ty Camera Sao Mai",
            "item": {
                "description": "Camera C-1",
                "condition": "nguyên vẹn",
                "received_on": self.day(-15),
            },
            "relates_only_to_items": True,
            "authorised_by": "Trưởng phòng",
            "not_applicable": ["k", "n", "p"],
            "results": [self.result()],
            **changes,
        }

    def apply(self) -> Application:
        """Let the business submit an application."""
        with self.registry.units(self.actor("business")) as uow:
            return submit_application(uow, load(ApplicationSchema(), APPLICATION))

    def report(self, by: str = "laboratory", **changes: Any) -> Submission:
        """Let a laboratory submit a sound report with ``changes``."""
        with self.registry.units(self.actor(by)) as uow:
            return submit_report(uow, load(ReportSchema(), self.report_data(**changes)))

    def reviewed(self) -> Application:
        """Bring an application with an accepted report up to its decision."""
        application = self.apply()
        self.report(application=application.number, number=f"TN-{application.number}")
        with self.registry.units(self.actor("officer")) as uow:
            take_up_application(uow, application.number)
        review = load(ReviewSchema(), {"recommendation": "grant", "reasons": "Đủ điều kiện"})
        with self.registry.units(self.actor("reviewer")) as uow:
            review_application(uow, application.number, review)
        return application

    def decide(self, number: str, **data: Any) -> Certificate | None:
        """Let the decision maker grant, or what ``data`` says."""
        return decide_application(
            self.registry.units,
            self.actor("decision-maker"),
            number,
            load(DecisionSchema(), {"decision": "grant", **data}),
            issuing_register(self.registry.settings),
        )

    def certificate(self) -> Certificate:
        """Issue a certificate."""
        certificate = self.decide(self.reviewed().number)
        assert certificate is not None
        return certificate


def load_demonstration(registry: Registry) -> None:
    """Load vocabularies, the one regulation and the demonstration into an empty register."""
    actor = system_actor("test")
    with registry.units(actor) as uow:
        load_vocabularies(uow)
    rows = [
        row
        for row in read_rows(NATIONAL_LIST)
        if (row.content or {}).get("designation") == REGULATION
    ]
    import_rows(registry.units, actor, rows, national=True)
    load_demo(registry)
