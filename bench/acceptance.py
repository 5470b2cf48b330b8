"""The acceptance engine: evaluations a second, alone and with the facts read from the register."""

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench.process import environment, registry_command
from bench.report import heading, table
from registry.accounts.queries import user_by_email
from registry.accounts.services.authentication import actor_for_user
from registry.assessment.demo import REGULATION, email
from registry.assessment.models import Body, Report
from registry.assessment.queries.acceptance import GatheredFacts, Gatherer, judge
from registry.assessment.rules.acceptance import CONDITIONS
from registry.assessment.rules.sentences import as_data
from registry.canonical import content_digest
from registry.catalog.models import Edition
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.history import AsOf

REPORTS = 2_000
_RESULTS = (1, 3, 8)
_REPEATS = 5
_BARE = text("SELECT content FROM report WHERE id = :id")


def run(folder: Path) -> None:
    """Fill a registry with reports of the demonstration's laboratory and judge them."""
    data_dir = folder / "acceptance"
    registry_command(data_dir, ["init"])
    registry_command(data_dir, ["demo"])
    registry = open_registry(load_settings(environment(data_dir)))
    for results in _RESULTS:
        _write(registry, results)
    heading(f"Acceptance engine, {REPORTS:,} reports each, evaluations per second")
    with registry.units.reading() as session:
        rows = [row for results in _RESULTS for row in _rows(session, registry, results)]
    table(("", "rules alone", "facts read + rules", "with both sentences"), rows)
    print("reference: as many empty conditions · one bare SQL statement and its JSON per report")
    registry.engine.dispose()


def _rows(session: Session, registry: Registry, results: int) -> list[tuple[object, ...]]:
    as_of = AsOf(registry.clock.today())
    reports = session.scalars(
        select(Report).where(Report.number.startswith(f"BENCH-{results}-"))
    ).all()

    def gather() -> list[GatheredFacts]:
        gatherer = Gatherer(session, as_of, registry.clock.zone)
        gatherer.prepare(reports)
        return [gatherer.facts(report) for report in reports]

    gathered = gather()
    connection = session.connection()

    def bare(report: Report) -> object:
        return json.loads(connection.execute(_BARE, {"id": report.id}).scalar_one())

    return [
        (
            f"{results} results a report",
            _rate(lambda: [judge(item, as_of) for item in gathered]),
            _rate(lambda: [judge(item, as_of) for item in gather()]),
            _rate(lambda: [as_data(judge(item, as_of), item.terms) for item in gather()]),
        ),
        (
            "  reference",
            _rate(lambda: [_no_rule(item) for item in gathered]),
            _rate(lambda: [bare(report) for report in reports]),
            "",
        ),
    ]


def _write(registry: Registry, results: int) -> None:
    """Store reports as the submission keeps them: half of them have a fault."""
    with registry.units.reading() as session:
        user = user_by_email(session, email("laboratory"))
        actor = actor_for_user(session, user.id, registry.clock.today())
    with registry.units(actor) as uow:
        session = uow.session
        body = session.scalars(
            select(Body).where(Body.organisation_id == actor.organisation_id)
        ).one()
        edition = session.scalars(select(Edition).where(Edition.designation == REGULATION)).one()
        uow.record("bench.reports", "bench:acceptance", {"results": results})
        chance = random.Random(results)
        for number in range(REPORTS):
            content = _content(uow.today, results, chance)
            session.add(
                Report(
                    body_id=body.id,
                    edition_id=edition.id,
                    number=f"BENCH-{results}-{number}",
                    issued_on=uow.today - timedelta(days=2),
                    content=content,
                    digest=content_digest(content),
                    submitted_by_user_id=user.id,
                    submitted_at=uow.now,
                    demonstration=True,
                )
            )


def _content(today: date, results: int, chance: random.Random) -> dict[str, object]:
    return {
        "result_type": "test_report",
        "title": "Báo cáo thử nghiệm",
        "laboratory_address": "Hà Nội",
        "location": "Hà Nội",
        "customer": "Công ty",
        "item": {
            "description": "Camera",
            "condition": "nguyên vẹn",
            "received_on": (today - timedelta(days=20)).isoformat(),
            "sampled_on": None,
        },
        "sampling": None,
        "deviations": None,
        "external_results": None,
        "relates_only_to_items": True,
        "authorised_by": "Trưởng phòng" if chance.random() < 0.8 else None,
        "not_applicable": ["k", "n", "p"],
        "results": [
            {
                "characteristic": f"Thời gian khóa {number}",
                "method": REGULATION,
                "performed_on": (today - timedelta(days=14)).isoformat(),
                "performed_until": (today - timedelta(days=10)).isoformat(),
                "provider": None,
                "value": str(300 + chance.randrange(20)),
                "unit": "s",
                "expanded_uncertainty": "2.0",
                "coverage_factor": "2",
                "limit_lower": "300.0",
                "limit_upper": None,
                "limit_unit": "s",
                "decision_rule": "guard_band",
                "statement": "pass",
            }
            for number in range(results)
        ],
    }


def _no_rule(gathered: GatheredFacts) -> list[object]:
    return [gathered.report for _ in CONDITIONS]


def _rate(work: Callable[[], Sequence[object]]) -> str:
    """Return evaluations per second: median, smallest and largest of several runs."""
    work()
    rates = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        done = len(work())
        rates.append(done / (time.perf_counter() - started))
    middle = statistics.median(rates)
    return f"{middle:,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"
