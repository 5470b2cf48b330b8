"""Reports a second through the API, while the server is killed and comes up again."""

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.process import environment, registry_command
from bench.report import heading, table
from bench.serving import free_port, wait_for
from registry.accounts.queries import user_by_email
from registry.accounts.schemas import CreateToken
from registry.accounts.services.authentication import actor_for_user
from registry.accounts.services.tokens import create_token
from registry.actor import Actor
from registry.assessment.demo import REGULATION, email
from registry.assessment.models import Report, ReportRequest, ReportRequestRecord
from registry.assessment.schemas import ApplicationSchema
from registry.assessment.services.applications import submit_application
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.history import known
from registry.journal.audit import audit
from registry.journal.models import JournalEntry
from registry.journal.verification import verify
from registry.schema_fields import load

_CLIENTS = 8
_STEADY = 10.0  # seconds without a kill
_TROUBLED = 30.0  # seconds with them
_KILLS = 3
_TIMEOUT = 20.0
_PATH = "/api/v1/reports"


@dataclass
class _Sent:
    """The receipts that clients were given, by number of the report, and what went wrong."""

    seconds: float
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    unanswered: int = 0

    @property
    def per_second(self) -> float:
        """Return how many reports were receipted in a second."""
        return len(self.receipts) / self.seconds


def run(folder: Path) -> None:
    """Send reports to the registry, and to a bare Flask that does nothing but store them."""
    heading(f"Reports by API: {_CLIENTS} clients, 3 results each, 2 processes, SQLite")
    data_dir = folder / "submission"
    registry_command(data_dir, ["init"])
    registry_command(data_dir, ["demo"])
    registry = open_registry(load_settings(environment(data_dir)))
    clients = _Clients(_token(registry), _application(registry), registry.clock.today())
    bare_server = _Server(["-m", "bench.bare_inserting"], data_dir)
    try:
        bare = clients.send(bare_server.port, _STEADY)
    finally:
        bare_server.kill()
    server = _Server(["-m", "registry", "serve"], data_dir)
    try:
        steady = clients.send(server.port, _STEADY)
        caught_up = _until_judged(registry)
        killer = threading.Thread(target=server.trouble)
        killer.start()
        troubled = clients.send(server.port, _TROUBLED)
        killer.join()
        caught_up_again = _until_judged(registry)
    finally:
        server.kill()
    rows = [
        ("receipted", steady.per_second, "≥ 150"),
        (f"receipted, server killed {_KILLS} times", troubled.per_second, "–"),
        ("bare Flask: one INSERT, one commit", bare.per_second, "–"),
    ]
    table(("", "reports/s", "wanted"), rows)
    print(
        f"the worker had judged all {caught_up:.1f} s and {caught_up_again:.1f} s after the last "
        f"receipt; {troubled.unanswered} times no answer came and the report was sent again"
    )
    _check(registry, steady.receipts | troubled.receipts)
    registry.engine.dispose()


class _Server:
    """A server in a session of its own, so that all its processes can be killed at once."""

    def __init__(self, arguments: Sequence[str], data_dir: Path) -> None:
        self._arguments = arguments
        self._data_dir = data_dir
        self.port = free_port()
        self._start()

    def trouble(self) -> None:
        """Kill the server ``_KILLS`` times and start it again at once."""
        for _ in range(_KILLS):
            time.sleep(_TROUBLED / (_KILLS + 1))
            self.kill()
            self._start()

    def kill(self) -> None:
        """End master, workers and follower as a power cut would: nobody may clean up."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                # After the name in brackets: state, parent, group, session.
                session = int(stat.read_text().rpartition(")")[2].split()[3])
                if session == self._process.pid:
                    os.kill(int(stat.parent.name), signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                continue
        self._process.wait()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *self._arguments],
            env=environment(self._data_dir, self.port),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.port)


class _Clients:
    """Laboratories' programs: each sends one report after the other and keeps every receipt."""

    def __init__(self, token: str, application: str, today: date) -> None:
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._application = application
        self._today = today

    def send(self, port: int, seconds: float) -> _Sent:
        """Let all clients send for so many seconds, and until each has its last receipt."""
        sent = _Sent(seconds)
        until = time.perf_counter() + seconds
        threads = [
            threading.Thread(target=self._work, args=(port, until, sent)) for _ in range(_CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sent

    def _work(self, port: int, until: float, sent: _Sent) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        while time.perf_counter() < until:
            number = secrets.token_hex(8)
            headers = {**self._headers, "Idempotency-Key": f"key-{number}"}
            body = json.dumps(self._report(number))
            while (answer := _answer(connection, body, headers)) is None:
                sent.unanswered += 1
                time.sleep(0.05)
            sent.receipts[number] = answer

    def _report(self, number: str) -> dict[str, Any]:
        tested = (self._today - timedelta(days=14)).isoformat()
        result = {
            "method": REGULATION,
            "performed_on": tested,
            "unit": "s",
            "expanded_uncertainty": "2.0",
            "coverage_factor": "2",
            "limit_lower": "300.0",
            "decision_rule": "guard_band",
            "statement": "pass",
        }
        return {
            "number": number,
            "regulation": REGULATION,
            "application": self._application,
            "issued_on": (self._today - timedelta(days=7)).isoformat(),
            "title": "Báo cáo thử nghiệm camera giám sát",
            "laboratory_address": "Khu công nghệ cao, Thủ Đức, Thành phố Hồ Chí Minh",
            "location": "Phòng thử nghiệm an toàn thông tin",
            "customer": "Công ty Camera Sao Mai",
            "item": {
                "description": "Camera SM-100, 2 mẫu",
                "condition": "nguyên vẹn",
                "received_on": tested,
            },
            "relates_only_to_items": True,
            "authorised_by": "Trưởng phòng thử nghiệm",
            "not_applicable": ["k", "n", "p"],
            "results": [
                {**result, "characteristic": "Thời gian khóa", "value": "312.0"},
                {**result, "characteristic": "Thời gian chờ phiên", "value": "340.5"},
                {**result, "characteristic": "Chu kỳ đổi khóa phiên", "value": "355.25"},
            ],
        }


def _answer(
    connection: http.client.HTTPConnection, body: str, headers: dict[str, str]
) -> dict[str, Any] | None:
    """Return the answer of a receipt; None when none came, or the server asks to wait."""
    try:
        connection.request("POST", _PATH, body.encode(), headers)
        response = connection.getresponse()
        text = response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return None
    if response.status == 503:
        return None
    if response.status != 202:
        raise RuntimeError(f"{response.status}: {text.decode()}")
    answer: dict[str, Any] = json.loads(text)
    return answer


def _check(registry: Registry, answers: dict[str, dict[str, Any]]) -> None:
    """Hold receipts, database and journal against each other; whatever differs is an error."""
    with registry.units.reading() as session:
        requests = dict(
            session.execute(
                select(ReportRequest.number, ReportRequestRecord.known_from)
                .join(ReportRequestRecord, ReportRequestRecord.request_id == ReportRequest.id)
                .where(ReportRequestRecord.state == "received")
            ).all()
        )
        leaves = {
            row.position: row.leaf_hash.hex()
            for row in session.execute(
                select(JournalEntry.position, JournalEntry.leaf_hash).where(
                    JournalEntry.action == "report.submit"
                )
            )
        }
        reports = session.scalar(select(func.count()).select_from(Report)) or 0
        judged = session.scalar(select(func.count()).where(JournalEntry.action == "report.judge"))
        faults = [*verify(session), *audit(session)]
    receipts = {number: answer["receipt"] for number, answer in answers.items()}
    kept = {number: position for number, position in requests.items() if number in receipts}
    if kept != {number: receipt["position"] for number, receipt in receipts.items()}:
        raise RuntimeError("receipts and database differ")
    if any(leaves[receipt["position"]] != receipt["leaf_hash"] for receipt in receipts.values()):
        raise RuntimeError("receipts and journal differ")
    # The demonstration's own reports are neither ours nor lost.
    others = len(requests) - len(kept)
    if not len(leaves) == len(requests) == reports == judged or others > _DEMONSTRATED:
        raise RuntimeError(f"{len(leaves)} entries, {len(requests)} requests, {reports} reports")
    if faults:
        raise RuntimeError(f"the journal does not verify: {faults[:3]}")
    print(
        f"{len(receipts):,} receipts = reports in the database = entries of receipt = judgements; "
        f"the journal verifies; none lost, none doubled"
    )


# Reports that the demonstration brings along.
_DEMONSTRATED = 1


def _until_judged(registry: Registry) -> float:
    """Wait until nothing is left to judge; return the seconds."""
    started = time.perf_counter()
    waiting = select(ReportRequestRecord.id).where(
        ReportRequestRecord.state == "received", known(ReportRequestRecord)
    )
    while time.perf_counter() - started < 600:
        with registry.units.reading() as session:
            if session.scalar(waiting.limit(1)) is None:
                return time.perf_counter() - started
        time.sleep(0.1)
    raise RuntimeError("the worker does not judge")


def _actor(registry: Registry, name: str) -> Actor:
    with registry.units.reading() as session:
        user = user_by_email(session, email(name))
        return actor_for_user(session, user.id, registry.clock.today())


def _token(registry: Registry) -> str:
    actor = _actor(registry, "laboratory")
    data = {"label": "bench", "scopes": ["reports:write"], "days": 1}
    with registry.units(actor) as uow:
        return create_token(uow, actor.user_id or 0, load(CreateToken(), data))[1]


def _application(registry: Registry) -> str:
    data = {"regulation": REGULATION, "product": {"name": {"vi": "Camera SM-100"}}, "method": "5"}
    with registry.units(_actor(registry, "business")) as uow:
        return submit_application(uow, load(ApplicationSchema(), data)).number
