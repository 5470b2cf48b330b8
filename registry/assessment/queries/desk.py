"""Everything that waits for one officer, in one queue, with why it is urgent.

A row that the officer may not act on is shown all the same and says why: what the
services refuse (``registry.assessment.services``) and what is said here go together.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.actor import Actor
from registry.assessment import states
from registry.assessment.models import (
    AcceptanceDecision,
    Application,
    ApplicationRecord,
    Body,
    Declaration,
    DeclarationRecord,
    Report,
    ReportRecord,
    Task,
    TaskRecord,
)
from registry.assessment.queries.report_facts import HOME_COUNTRY
from registry.assessment.queries.subjects import describe
from registry.assessment.queries.surveillance import surveillances
from registry.assessment.rules import desk as rules
from registry.assessment.rules.desk import Risk, risks_of, score
from registry.history import AsOf, known
from registry.messages import Message
from registry.vocabulary.queries import terms

MINE = "mine"
FREE = "unassigned"
OTHERS = "others"

# Surveillance comes to the desk so many days before its day.
_SURVEILLANCE_AHEAD = 30

OWN_MATTER = Message("Nobody may act on a matter of their own organisation.")
EVALUATED = Message("Whoever evaluated an application cannot review it.")
JUDGED = Message("Whoever evaluated or reviewed an application cannot decide on it.")
OTHER_HANDS = Message("Somebody else has taken this task on.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """A row of the desk.

    ``subject`` is what is acted on ("task:7"), ``about`` the thing it concerns
    ("certificate:3") with its ``label``; ``step`` is the key of what is to be done.
    ``bar`` says why the officer may not act, None when they may. ``version`` is the
    journal position of the facts shown.
    """

    kind: str
    subject: str
    about: str
    name: str
    label: str
    step: str
    since: date
    due: date
    version: int
    age: int = 0
    risks: tuple[Risk, ...] = ()
    score: int = 0
    assigned_user_id: int | None = None
    cause: Task | None = None
    cause_label: str | None = None
    bar: Message | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    actor: Actor
    as_of: AsOf
    deadlines: Mapping[str, Mapping[str, Any]]
    risk_rules: Collection[Any]
    tasks: Collection[tuple[Task, TaskRecord]]

    def touched(self) -> frozenset[str]:
        """Return the subjects behind which something was suspended or withdrawn."""
        return frozenset(task.subject for task, _ in self.tasks)

    def may(self, step: str) -> bool:
        return step in self.deadlines and self.actor.may(self.deadlines[step]["permission"])

    def own(self, *organisations: int) -> Message | None:
        return OWN_MATTER if self.actor.organisation_id in organisations else None

    def item(self, signals: Collection[str], **values: Any) -> WorkItem:
        since, step = values["since"], values["step"]
        if "due" not in values:
            values["due"] = since + timedelta(days=self.deadlines[step]["days"])
        if values["about"] in self.touched():
            signals = {*signals, rules.SUSPENDED_BEHIND}
        risks = risks_of(signals, values["due"], self.as_of.at, self.risk_rules)
        age = max(0, (self.as_of.at - since).days)
        return WorkItem(risks=risks, age=age, score=score(risks, age), **values)


def desk(
    session: Session,
    actor: Actor,
    as_of: AsOf,
    *,
    kind: str | None = None,
    risk: str | None = None,
    assigned: str | None = None,
    actionable: bool = False,
) -> list[WorkItem]:
    """Return the actor's queue, the most urgent first.

    ``assigned`` is "mine", "unassigned" or "others"; ``actionable`` leaves out what
    the actor may only look at.
    """
    actor.require("desk:use")
    asked = _Asked(
        session,
        actor,
        as_of,
        {term.key: term.attributes for term in terms(session, "desk-deadline", as_of)},
        terms(session, "desk-risk", as_of),
        open_tasks(session, as_of),
    )
    found = [
        item
        for name, source in SOURCES.items()
        if kind in (None, name)
        for item in source(asked)
        if _wanted(item, actor, risk, assigned, actionable=actionable)
    ]
    return sorted(found, key=lambda item: (-item.score, item.due, item.subject))


def open_tasks(session: Session, as_of: AsOf) -> list[tuple[Task, TaskRecord]]:
    """Return the tasks that are open, the earliest deadline first."""
    rows = session.execute(
        select(Task, TaskRecord)
        .join(TaskRecord, TaskRecord.task_id == Task.id)
        .where(TaskRecord.state == states.OPEN, known(TaskRecord, as_of.position))
        .order_by(TaskRecord.due_on, Task.id)
    )
    return [(task, record) for task, record in rows]


def _wanted(
    item: WorkItem, actor: Actor, risk: str | None, assigned: str | None, *, actionable: bool
) -> bool:
    if risk is not None and risk not in {found.key for found in item.risks}:
        return False
    if actionable and item.bar is not None:
        return False
    holder = item.assigned_user_id
    return {
        None: True,
        MINE: holder is not None and holder == actor.user_id,
        FREE: holder is None,
        OTHERS: holder is not None and holder != actor.user_id,
    }[assigned]


def _applications(asked: _Asked) -> Iterable[WorkItem]:
    steps = ("submitted", "evaluation", "review")
    wanted = [state for state in steps if asked.may(f"application/{state}")]
    rows = asked.session.execute(
        select(Application, ApplicationRecord)
        .join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
        .where(ApplicationRecord.state.in_(wanted), known(ApplicationRecord, asked.as_of.position))
        .order_by(Application.id)
    ).all()
    behind = _behind(asked, [application.id for application, _ in rows])
    for application, record in rows:
        signals, laboratories = behind.get(application.id, (set(), set()))
        subject = f"application:{application.id}"
        yield asked.item(
            signals,
            kind="application",
            subject=subject,
            about=subject,
            name=application.number,
            label=application.number,
            step=f"application/{record.state}",
            since=record.state_since,
            version=record.known_from,
            bar=_application_bar(asked, application, record, laboratories),
        )


def _application_bar(
    asked: _Asked, application: Application, record: ApplicationRecord, laboratories: set[int]
) -> Message | None:
    actor, state = asked.actor, record.state
    parties = {application.organisation_id} | (set() if state == states.SUBMITTED else laboratories)
    if (own := asked.own(*parties)) is not None:
        return own
    if state == states.EVALUATION and actor.user_id == record.evaluator_id:
        return EVALUATED
    if state == states.REVIEW and actor.user_id in (record.evaluator_id, record.reviewer_id):
        return JUDGED
    return None


def _behind(asked: _Asked, ids: Collection[int]) -> dict[int, tuple[set[str], set[int]]]:
    """Return, by application, what its reports signal and whose laboratories made them."""
    found: dict[int, tuple[set[str], set[int]]] = {}
    for report, decision, body, country in asked.session.execute(
        _reports_query(asked.as_of).where(Report.application_id.in_(ids))
    ):
        signals, laboratories = found.setdefault(report.application_id or 0, (set(), set()))
        signals |= _signals(decision, country)
        laboratories.add(body.organisation_id)
        if f"report:{report.id}" in asked.touched():
            signals.add(rules.SUSPENDED_BEHIND)
    return found


def _reports_query(as_of: AsOf) -> Any:
    return (
        select(Report, AcceptanceDecision, Body, OrganisationRecord.country)
        .join(AcceptanceDecision, AcceptanceDecision.report_id == Report.id)
        .join(ReportRecord, ReportRecord.report_id == Report.id)
        .join(Body, Body.id == Report.body_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            ReportRecord.state != states.REPLACED,
            known(AcceptanceDecision, as_of.position),
            known(ReportRecord, as_of.position),
            known(OrganisationRecord, as_of.position),
        )
    )


def _signals(decision: AcceptanceDecision, country: str) -> set[str]:
    signals = set()
    if decision.outcome == "refer":
        signals.add(rules.REFERRED)
    if country != HOME_COUNTRY:
        signals.add(rules.FOREIGN)
    for condition in decision.conditions:
        if condition["key"] == "statements_hold" and condition["verdict"] == "not_met":
            signals.add(rules.CONTRADICTION)
        if "not_in_good_standing" in condition.get("reasons", ()):
            signals.add(rules.SUSPENDED_BEHIND)
    return signals


def _reports(asked: _Asked) -> Iterable[WorkItem]:
    if not asked.may("report/referred"):
        return
    query = _reports_query(asked.as_of).add_columns(ReportRecord, Application)
    for report, decision, body, country, record, application in asked.session.execute(
        query.outerjoin(Application, Application.id == Report.application_id)
        .where(ReportRecord.state == states.REFERRED)
        .order_by(Report.id)
    ):
        applicant = [application.organisation_id] if application else []
        yield asked.item(
            _signals(decision, country),
            kind="report",
            subject=f"report:{report.id}",
            about=f"report:{report.id}",
            name=str(report.id),
            label=report.number,
            step="report/referred",
            since=record.state_since,
            version=record.known_from,
            bar=asked.own(body.organisation_id, *applicant),
        )


def _declarations(asked: _Asked) -> Iterable[WorkItem]:
    if not asked.may("declaration/submitted"):
        return
    rows = asked.session.execute(
        select(Declaration, DeclarationRecord)
        .join(DeclarationRecord, DeclarationRecord.declaration_id == Declaration.id)
        .where(
            DeclarationRecord.state == states.SUBMITTED,
            known(DeclarationRecord, asked.as_of.position),
        )
        .order_by(Declaration.id)
    )
    for declaration, record in rows:
        subject = f"declaration:{declaration.id}"
        yield asked.item(
            (),
            kind="declaration",
            subject=subject,
            about=subject,
            name=declaration.number,
            label=declaration.number,
            step="declaration/submitted",
            since=record.state_since,
            version=record.known_from,
            bar=asked.own(declaration.organisation_id),
        )


def _tasks(asked: _Asked) -> Iterable[WorkItem]:
    causes: dict[str, str | None] = {}
    for task, record in asked.tasks:
        if record.role not in asked.actor.roles:
            continue
        facts = describe(asked.session, task.subject, asked.as_of)
        bar = asked.own(*(facts.organisations if facts else ()))
        if bar is None and record.assigned_user_id not in (None, asked.actor.user_id):
            bar = OTHER_HANDS
        if task.cause not in causes:
            cause = describe(asked.session, task.cause, asked.as_of)
            causes[task.cause] = cause.label if cause else None
        yield asked.item(
            (),
            kind="task",
            subject=f"task:{task.id}",
            about=task.subject,
            name=facts.name if facts else "",
            label=facts.label if facts else task.subject,
            step=task.kind,
            since=task.opened_on,
            due=record.due_on,
            version=record.known_from,
            assigned_user_id=record.assigned_user_id,
            cause=task,
            cause_label=causes[task.cause],
            bar=bar,
        )


def _surveillance(asked: _Asked) -> Iterable[WorkItem]:
    if not asked.may("surveillance/planned"):
        return
    until = asked.as_of.at + timedelta(days=_SURVEILLANCE_AHEAD)
    for facts in surveillances(asked.session, asked.as_of, state=states.PLANNED, until=until):
        of = facts.of
        yield asked.item(
            (),
            kind="surveillance",
            subject=f"surveillance:{facts.surveillance.id}",
            about=facts.surveillance.subject,
            name=of.name if of else "",
            label=of.label if of else facts.surveillance.subject,
            step="surveillance/planned",
            since=facts.record.planned_on,
            due=facts.record.planned_on,
            version=facts.record.known_from,
            bar=asked.own(*(of.organisations if of else ())),
        )


SOURCES: Mapping[str, Callable[[_Asked], Iterable[WorkItem]]] = {
    "application": _applications,
    "report": _reports,
    "task": _tasks,
    "declaration": _declarations,
    "surveillance": _surveillance,
}
