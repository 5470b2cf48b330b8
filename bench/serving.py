"""Requests a second under the production server, beside a bare Flask "hello" under the same."""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from bench.process import environment, registry_command
from bench.report import heading, spread, table
from registry.assessment.models import Certificate
from registry.config import load_settings
from registry.container import open_registry

_CLIENTS = 4
_SECONDS = 4.0
_ROUNDS = 3


def run(folder: Path) -> None:
    """Ask the entry page and the check of a certificate, in turn with the bare server."""
    data_dir = folder / "pages"
    registry_command(data_dir, ["init"])
    registry_command(data_dir, ["demo"])
    with open_registry(load_settings(environment(data_dir))).units.reading() as session:
        number = session.scalars(select(Certificate.number)).one()
    pages = {
        "entry page": "/documents/qcvn-135-btttt",
        "certificate check": f"/verify/{number}",
        "API: one edition": "/api/v1/editions/qcvn-135:2024-btttt",
    }
    with _server(data_dir, bare=False) as ours, _server(data_dir, bare=True) as bare:
        figures: dict[str, list[float]] = {name: [] for name in pages}
        hello: list[float] = []
        for _ in range(_ROUNDS):
            hello.append(_requests_per_second(bare, "/"))
            for name, path in pages.items():
                figures[name].append(_requests_per_second(ours, path))
    heading(f"Requests/s, {_CLIENTS} clients, {_ROUNDS} rounds of {_SECONDS:g} s")
    base = statistics.median(hello)
    rows = [(name, spread(f), statistics.median(f) / base) for name, f in figures.items()]
    table(("", "requests/s", "of bare Flask"), [*rows, ("bare Flask", spread(hello), 1.0)])


@contextmanager
def _server(data_dir: Path, *, bare: bool) -> Iterator[int]:
    """Run the registry, or a bare Flask under the same gunicorn settings; yield its port."""
    port = free_port()
    arguments = ["-m", "bench.bare_server"] if bare else ["-m", "registry", "serve"]
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=environment(data_dir, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _requests_per_second(port: int, path: str) -> float:
    done = [0] * _CLIENTS
    until = time.perf_counter() + _SECONDS

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < until:
            connection.request("GET", path, headers={"Accept-Language": "vi"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{path} answered {response.status}")
            done[client] += 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / _SECONDS


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Return as soon as somebody listens on ``port``."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
