"""Writes what the rows of a list say that the register does not hold, with a decision on each."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from registry.actor import Actor
from registry.assessment.foreign.deciding import (
    Held,
    decision_entry,
    end_rows,
    event_of,
    held_results,
    write_decisions,
)
from registry.assessment.foreign.formats import BadRow, ForeignRow
from registry.assessment.foreign.judging import ForeignJudge, Offered, StatusEvent
from registry.assessment.foreign.laboratories import (
    known_laboratories,
    laboratories_named,
    record_laboratories,
    validations_of,
    write_validations,
)
from registry.assessment.models import (
    Arrangement,
    ForeignList,
    ForeignResult,
    ForeignResultRecord,
    ForeignResultStatus,
)
from registry.assessment.rules.acceptance import Acceptance
from registry.assessment.services.cascade import after_foreign_lapse, after_foreign_return
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

IN_FORCE = "active"


@dataclass(slots=True)
class ForeignReport:
    """What an import did; ``lapsed`` are results that the list shows as no longer active.

    ``bad`` holds the first thousand rows that could not be taken, ``counts["bad"]`` all.
    """

    scheme: str
    read_on: date
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    bad: list[BadRow] = field(default_factory=list)
    lapsed: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list that is taken in: what holds for all its rows."""

    scheme: str
    read_on: date
    sha256: str
    earlier: ForeignList | None
    arrangement_id: int
    issuers: Mapping[str, int]
    zone: ZoneInfo

    @property
    def since(self) -> date | None:
        """The day of the list before, on which what is new had not happened."""
        return self.earlier.read_on if self.earlier else None


@dataclass(frozen=True, slots=True)
class Taking:
    """A list being taken in, on whose behalf, and what came of it so far.

    ``saved`` is told in each unit of work that writes some of it.
    """

    units: UnitOfWorkFactory
    actor: Actor
    facts: ListFacts
    report: ForeignReport
    saved: Callable[[UnitOfWork, ForeignReport], object]


@dataclass(slots=True)
class _Change:
    """A row that says something new, with the rows that the register gets for it."""

    row: ForeignRow
    held: Held | None
    id: int
    statuses: list[StatusEvent]
    added: list[StatusEvent]
    says_more: bool


class Batch:
    """Writes one batch of rows in one unit of work."""

    def __init__(self, uow: UnitOfWork, facts: ListFacts, report: ForeignReport) -> None:
        self.uow = uow
        self.facts = facts
        self.report = report
        self.arrangement = uow.session.get_one(Arrangement, facts.arrangement_id)
        self.judge = ForeignJudge(uow.session, self.arrangement, AsOf(uow.today), facts.zone)

    def take(self, rows: Sequence[ForeignRow]) -> None:
        """Write what ``rows`` say that the register does not hold."""
        held = held_results(self.uow, self.facts.scheme, [row.number for row in rows])
        named = {row.number: laboratories_named(row.content) for row in rows}
        spelt = {key: name for names in named.values() for key, name in names.items()}
        known = known_laboratories(self.uow.session, spelt)
        tested = validations_of(self.uow.session, [one.result.id for one in held.values()])

        def other_laboratories(row: ForeignRow) -> bool:
            before = held.get(row.number)
            recorded = tested[before.result.id].keys() if before else set()
            return recorded != {known.get(key) for key in named[row.number]}

        changes = [
            change
            for row in rows
            if (change := self._change(row, held.get(row.number), more=other_laboratories(row)))
        ]
        self.report.counts["unchanged"] += len(rows) - len(changes)
        if not changes:
            return
        new = {key: name for key, name in spelt.items() if key not in known}
        known |= record_laboratories(self.uow, self.facts.scheme, new)
        self._identify(changes)
        judged = [self.judge.judge(self._offered(change)) for change in changes]
        first = self.uow.record_many(
            [
                ("foreign-result.record", f"foreign-result:{change.id}", _entry(change, acceptance))
                for change, acceptance in zip(changes, judged, strict=True)
            ]
        )
        self._write(changes, first)
        write_validations(
            self.uow,
            [
                (
                    change.id,
                    position,
                    tested.get(change.id, {}),
                    [known[key] for key in named[change.row.number]],
                )
                for position, change in enumerate(changes, first)
            ],
        )
        write_decisions(
            self.uow,
            self.arrangement.id,
            [
                (change.id, first + offset, acceptance, change.held is not None)
                for offset, (change, acceptance) in enumerate(zip(changes, judged, strict=True))
            ],
        )
        self.report.outcomes.update(acceptance.outcome.value for acceptance in judged)
        self._cascade(changes)

    def _change(self, row: ForeignRow, held: Held | None, *, more: bool) -> _Change | None:
        if held is None:
            added = self._first_statuses(row)
            self.report.counts["new"] += 1
            return _Change(row, None, 0, added, added, says_more=True)
        added = []
        if held.statuses[-1].kind != row.status:
            added = [StatusEvent(row.status, None, self.facts.since, self.facts.read_on)]
            self.report.counts["status changed"] += 1
            if row.status != IN_FORCE:
                self.report.lapsed.append(held.result.id)
        says_more = held.record.digest != row.digest
        if not (added or says_more or more):
            return None
        self.report.counts["changed"] += 1
        statuses = [*(event_of(status) for status in held.statuses), *added]
        return _Change(row, held, held.result.id, statuses, added, says_more)

    def _first_statuses(self, row: ForeignRow) -> list[StatusEvent]:
        """Every certificate was active when it was issued; since when it is not, no list tells."""
        statuses = [StatusEvent(IN_FORCE, row.issued_on, None, self.facts.read_on)]
        if row.status != IN_FORCE:
            statuses.append(StatusEvent(row.status, None, None, self.facts.read_on))
        return statuses

    def _identify(self, changes: Sequence[_Change]) -> None:
        new = [change for change in changes if change.held is None]
        results = [
            ForeignResult(
                scheme=change.row.scheme,
                number=change.row.number,
                issuer_id=self.facts.issuers[change.row.issuer],
                demonstration=True,
            )
            for change in new
        ]
        self.uow.session.add_all(results)
        self.uow.session.flush()
        for change, result in zip(new, results, strict=True):
            change.id = result.id

    def _offered(self, change: _Change) -> Offered:
        row = change.row
        return Offered(
            change.id,
            row.scheme,
            row.number,
            change.held.result.issuer_id if change.held else self.facts.issuers[row.issuer],
            row.issued_on,
            row.valid_until,
            dict(row.content),
            change.statuses,
        )

    def _write(self, changes: Sequence[_Change], first: int) -> None:
        records, ended = [], []
        statuses: list[tuple[int, int, Collection[StatusEvent]]] = []
        for position, change in enumerate(changes, first):
            if change.says_more:
                if change.held is not None:
                    ended.append((change.held.record.id, position))
                row = change.row
                records.append(
                    {
                        "foreign_result_id": change.id,
                        "product": row.product,
                        "issued_on": row.issued_on,
                        "valid_until": row.valid_until,
                        "content": dict(row.content),
                        "digest": row.digest,
                        "known_from": position,
                    }
                )
            statuses.append((change.id, position, change.added))
        end_rows(self.uow, ForeignResultRecord, ended)
        if records:
            self.uow.session.execute(insert(ForeignResultRecord), records)
        write_statuses(self.uow, statuses)

    def _cascade(self, changes: Sequence[_Change]) -> None:
        """Open or close the officers' tasks where certificates that were here before moved."""
        moved = [change for change in changes if change.held is not None and change.added]
        for change in moved:
            if change.row.status == IN_FORCE:
                after_foreign_return(self.uow, change.id)
            else:
                after_foreign_lapse(self.uow, change.id, change.row.status, self.facts.read_on)


def write_statuses(
    uow: UnitOfWork, added: Sequence[tuple[int, int, Collection[StatusEvent]]]
) -> None:
    """Write status events, ``(result, position, events)`` each."""
    rows = [
        {"foreign_result_id": id_, **event._asdict(), "known_from": position}
        for id_, position, events in added
        for event in events
    ]
    if rows:
        uow.session.execute(insert(ForeignResultStatus), rows)


def _entry(change: _Change, acceptance: Acceptance) -> dict[str, Any]:
    row = change.row
    return {
        "scheme": row.scheme,
        "number": row.number,
        "status": row.status,
        "issued_on": row.issued_on,
        "valid_until": row.valid_until,
        "digest": row.digest,
        **decision_entry(acceptance),
    }
