"""Reports a second through the API, while the server is killed and comes up again."""

import io
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

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
_WARM = 3.0  # seconds, and until every client has an answer
_STEADY = 10.0  # without a kill
_TROUBLED = 120.0  # with them
_KILLS = 3
_TIMEOUT = 20.0
_PATIENCE = 60.0
_PATH = "/api/v1/reports"
_NUMBER = "0123456789abcdef"  # stands for the number of a report


class _Used(NamedTuple):
    """Processor seconds of a server since it started: receiving requests, and its worker."""

    serving: float
    working: float


@dataclass
class _Sent:
    """The receipts that clients were given, by number of the report, and what went wrong."""

    seconds: float
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    instants: list[float] = field(default_factory=list)  # of receipts
    unanswered: int = 0
    clients: float = 0.0  # processor seconds
    server: float = 0.0

    @property
    def per_second(self) -> float:
        """Return how many reports were receipted in a second."""
        return len(self.receipts) / self.seconds

    def silence_after(self, instant: float) -> float:
        """Return for how many seconds no receipt came after an instant."""
        return min((one for one in self.instants if one > instant), default=instant) - instant


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
        clients.send(bare_server, _WARM)
        bare = clients.send(bare_server, _STEADY)
    finally:
        bare_server.kill()
    server = _Server(["-m", "registry", "serve"], data_dir)
    try:
        warm = clients.send(server, _WARM)
        _until_judged(registry)
        before = server.used().working
        steady = clients.send(server, _STEADY)
        caught_up = _until_judged(registry)
        judging = server.used().working - before
        killer = threading.Thread(target=server.trouble)
        killer.start()
        troubled = clients.send(server, _TROUBLED)
        killer.join()
        caught_up_again = _until_judged(registry)
    finally:
        server.kill()
    down = sum(troubled.silence_after(kill) for kill in server.kills)
    table(
        ("", "reports/s", "wanted"),
        [
            ("receipted", steady.per_second, "≥ 150"),
            (f"receipted, server killed {_KILLS} times", troubled.per_second, "–"),
            (
                f"  without the {down:.1f} s until it answered again",
                len(troubled.receipts) / (troubled.seconds - down),
                "–",
            ),
            ("bare Flask: one INSERT, one commit", bare.per_second, "–"),
        ],
    )
    table(
        ("processor time of a report", "ms"),
        [
            ("server: its receipt", 1_000 * steady.server / len(steady.receipts)),
            ("worker: its judgement, search, notices …", 1_000 * judging / len(steady.receipts)),
            ("client", 1_000 * steady.clients / len(steady.receipts)),
            ("bare Flask", 1_000 * bare.server / len(bare.receipts)),
            ("client of bare Flask", 1_000 * bare.clients / len(bare.receipts)),
        ],
    )
    print(
        f"the worker had judged all {caught_up:.1f} s and {caught_up_again:.1f} s after the last "
        f"receipt; {troubled.unanswered} times no answer came and the report was sent again; "
        f"{os.getloadavg()[0]:.1f} processes wanted the {os.cpu_count()} cores in the last minute"
    )
    _check(registry, warm.receipts | steady.receipts | troubled.receipts)
    registry.engine.dispose()


class _Server:
    """A server in a session of its own, so that all its processes can be killed at once."""

    def __init__(self, arguments: Sequence[str], data_dir: Path) -> None:
        self._arguments = arguments
        self._data_dir = data_dir
        self.port = free_port()
        self.kills: list[float] = []  # when they were
        self._start()

    def trouble(self) -> None:
        """Kill the server ``_KILLS`` times and start it again at once."""
        for _ in range(_KILLS):
            time.sleep(_TROUBLED / (_KILLS + 1))
            self.kills.append(time.perf_counter())
            self.kill()
            self._start()

    def kill(self) -> None:
        """End master, workers and follower as a power cut would: nobody may clean up."""
        for pid, _ in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def used(self) -> _Used:
        """Return what the server's processes used so far."""
        seconds = {True: 0.0, False: 0.0}
        for _, stat in self._processes():
            # The worker has a process group of its own.
            serving = int(stat[2]) == self._process.pid
            seconds[serving] += (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        return _Used(seconds[True], seconds[False])

    def _processes(self) -> Iterator[tuple[int, list[str]]]:
        """Yield id and state, parent, group, session … of each process of the server."""
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                stat = path.read_text().rpartition(")")[2].split()
                if int(stat[3]) == self._process.pid:
                    yield int(path.parent.name), stat

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
        self._application = application
        self._today = today
        # All requests are of one length and differ in the number of the report alone.
        body = json.dumps(self._report(_NUMBER)).encode()
        head = (
            f"POST {_PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Idempotency-Key: key-{_NUMBER}\r\n\r\n"
        )
        self._request = head.encode() + body

    def send(self, server: "_Server", seconds: float) -> _Sent:
        """Let all clients send for so many seconds, and until each has its last receipt."""
        sent = _Sent(seconds)
        used = server.used()
        own = time.process_time()
        until = time.perf_counter() + seconds
        with ThreadPoolExecutor(_CLIENTS) as pool:
            working = [pool.submit(self._work, server.port, until, sent) for _ in range(_CLIENTS)]
            for one in working:
                one.result()
        sent.clients = time.process_time() - own
        sent.server = server.used().serving - used.serving
        return sent

    def _work(self, port: int, until: float, sent: _Sent) -> None:
        connection = _Connection(port)
        while time.perf_counter() < until:
            number = secrets.token_hex(len(_NUMBER) // 2)
            request = self._request.replace(_NUMBER.encode(), number.encode())
            while (answer := connection.answer(request)) is None:
                if time.perf_counter() > until + _PATIENCE:
                    raise RuntimeError("the server does not answer any more")
                sent.unanswered += 1
                time.sleep(0.05)
            sent.receipts[number] = answer
            sent.instants.append(time.perf_counter())
        connection.close()

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


class _Connection:
    """A connection kept alive; a plain one, because clients and server share two cores."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stream: io.BufferedRWPair | None = None

    def answer(self, request: bytes) -> dict[str, Any] | None:
        """Return the receipt; None when no answer came, or the server asks to wait."""
        try:
            status, body = self._exchange(request)
        except (OSError, ValueError):
            self.close()
            return None
        if status == 503:
            return None
        if status != 202:
            raise RuntimeError(f"{status}: {body.decode()}")
        answer: dict[str, Any] = json.loads(body)
        return answer

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._stream is None:
            with socket.create_connection(("127.0.0.1", self._port), timeout=_TIMEOUT) as opened:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._stream = opened.makefile("rwb")
        self._stream.write(request)
        self._stream.flush()
        status = self._stream.readline().split(b" ", 2)[1:2]
        length = 0
        last = False
        while (line := self._stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"connection":
                last = value.strip().lower() == b"close"
        body = self._stream.read(length)
        if not status or not length or len(body) < length:
            raise ConnectionError("the answer ended early")
        if last:
            self.close()
        return int(status[0]), body


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
