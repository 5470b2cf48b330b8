"""What a draft lacks, what would become of it, and the one report that is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.models import Application, ReportDraft
from registry.assessment.schemas import ReportSchema
from registry.assessment.services.opinions import Submission, try_report
from registry.assessment.services.report_drafts import find_draft
from registry.assessment.services.report_requests import check_report
from registry.assessment.services.reports import submit_report
from registry.catalog.models import Edition
from registry.errors import Invalid, RegistryError, Stale
from registry.messages import Message
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """What is wrong with a draft, by field; or what would become of the report it is."""

    problems: Mapping[str, list[str]] = field(default_factory=dict)
    trial: Submission | None = None


def typed_report(session: Session, draft: ReportDraft) -> dict[str, Any]:
    """Return what was typed, with application and regulation where the draft is for one."""
    if draft.application_id is None:
        return dict(draft.content)
    application = session.get_one(Application, draft.application_id)
    edition = session.get_one(Edition, application.edition_id)
    return draft.content | {"application": application.number, "regulation": edition.slug}


def check_draft(
    session: Session, actor: Actor, draft: ReportDraft, today: date, zone: ZoneInfo
) -> DraftCheck:
    """Return what the register would say to the draft; it changes nothing."""
    try:
        data = load(ReportSchema(), typed_report(session, draft), form=True)
        checked = check_report(session, actor, today, data)
        return DraftCheck(trial=try_report(session, checked, today, zone))
    except Invalid as error:
        return DraftCheck(problems=error.fields)
    except RegistryError as error:
        return DraftCheck(problems={"": [error.message]})


def submit_draft(uow: UnitOfWork, draft_id: int, *, expected: int | None = None) -> int:
    """Submit a draft and return its report's id; again returns the same report.

    Raises ``Invalid`` by field, and ``Stale`` when it was saved after ``expected``.
    """
    draft = find_draft(uow.session, uow.actor, draft_id)
    if draft.report_id is not None:
        return draft.report_id
    if expected is not None and draft.version != expected:
        raise Stale(Message("This draft was saved from another window or device meanwhile."))
    data = load(ReportSchema(), typed_report(uow.session, draft), form=True)
    report_id = submit_report(uow, data).report.id
    draft.report_id = report_id
    # The report holds it now, and what else was typed is nobody's business any more.
    draft.content, draft.origin = {"number": data["number"]}, {}
    draft.updated_at = uow.now
    return report_id
