"""A registry as its users meet it: server processes, followers, a data folder of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from registry.config import PROJECT_ROOT

ZONE = "Asia/Ho_Chi_Minh"
_READY_WITHIN = 60.0  # seconds
_STOPPED_WITHIN = 30.0  # seconds
_CREDENTIAL = re.compile(r"^ +(?P<name>\S+)@demo\.example +(?P<password>\S+) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Site:
    """A running registry with the built-in list and the demonstration in it."""

    url: str
    data_dir: Path
    passwords: Mapping[str, str]

    @staticmethod
    def email(name: str) -> str:
        """Return the address that the demonstration person ``name`` signs in with."""
        return f"{name}@demo.example"

    def log(self) -> str:
        """Return the end of what the server has said."""
        return _log_of(self.data_dir).read_text("utf-8")[-4_000:]

    @staticmethod
    def today() -> date:
        """Return the register's day."""
        return datetime.now(ZoneInfo(ZONE)).date()


@contextmanager
def running_site(data_dir: Path) -> Iterator[Site]:
    """Set a registry up in ``data_dir`` with the registry's own commands and serve it.

    Raises RuntimeError, with what the server said, when it does not come up.
    """
    port = _free_port()
    environ = {name: value for name, value in os.environ.items() if name[:9] != "REGISTRY_"}
    environ |= {"REGISTRY_DATA_DIR": str(data_dir), "REGISTRY_TIME_ZONE": ZONE, "PORT": str(port)}
    _command(environ, "init")
    passwords = dict(_CREDENTIAL.findall(_command(environ, "demo")))
    log = _log_of(data_dir)
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "registry", "serve"],
            cwd=PROJECT_ROOT,
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, server, log)
            yield Site(url, data_dir, passwords)
        finally:
            server.terminate()
            server.wait(_STOPPED_WITHIN)


def _log_of(data_dir: Path) -> Path:
    return data_dir / "server.log"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _command(environ: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "registry", *arguments],
        cwd=PROJECT_ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"registry {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while True:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - the address is this machine's own.
                return
        except (URLError, TimeoutError, ConnectionError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not answer: {log.read_text()}") from None
        time.sleep(0.1)
