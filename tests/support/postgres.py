"""A PostgreSQL server that lives as long as the tests that need it.

``python -m tests.support.postgres COMMAND…`` starts one in a temporary folder,
runs the command with its address in ``REGISTRY_TEST_DATABASE_URL``, and removes
both, also after Ctrl-C. Without a command it prints where the server programs
are, or fails when there are none.

The server listens on a socket in that folder only: no port can be taken, and
nobody else on the machine gets in.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

DATABASE_URL_VARIABLE = "REGISTRY_TEST_DATABASE_URL"

START_SECONDS = 30

# What is lost in a power cut need not be kept. The zone differs from UTC on
# purpose: code that forgets to convert must fail here, not at the customer's.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "timezone": "Asia/Ho_Chi_Minh",
}


def programs_folder() -> Path:
    """Return the folder of ``initdb`` and ``postgres``, the newest when there are several.

    Debian keeps them off the path, in ``/usr/lib/postgresql/VERSION/bin``.
    Raises FileNotFoundError, with what to do about it, when there is none.
    """
    if on_path := shutil.which("initdb"):
        folders = [Path(on_path).resolve().parent]
    else:
        versions = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
        folders = sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise FileNotFoundError("PostgreSQL is not installed; `make test-postgres` does that")


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """Run a new, empty server; yield the SQLAlchemy URL of its one database.

    Raises FileNotFoundError without PostgreSQL, and RuntimeError with the
    server's own words when it does not start.
    """
    programs = programs_folder()
    identity = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="registry-pg-"))
    try:
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        with _server(programs, folder, identity):
            yield f"postgresql+psycopg://registry@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> dict[str, Any]:
    """Return who is to run the server, as arguments of ``Popen``: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user 'nobody'")


@contextmanager
def _server(programs: Path, folder: Path, identity: dict[str, Any]) -> Iterator[None]:
    data = folder / "data"
    log = folder / "log"
    with log.open("wb") as output:
        # A session of its own keeps Ctrl-C away from the server: the tests
        # that use it must be able to finish first.
        popen: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": output,
            "stderr": output,
            "cwd": folder,
            "start_new_session": True,
            **identity,
        }
        initdb: list[str | Path] = [programs / "initdb", "--pgdata", data, "--username", "registry"]
        initdb += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
        if subprocess.run(initdb, check=False, **popen).returncode != 0:
            raise RuntimeError(f"initdb failed:\n{log.read_text(errors='replace')}")
        command: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder]
        command += [f"--{name}={value}" for name, value in OPTIONS.items()]
        server: subprocess.Popen[bytes] = subprocess.Popen(command, **popen)
    try:
        _wait_until_ready(server, data / "postmaster.pid", log)
        yield
    finally:
        # An immediate shutdown; there is nothing to keep.
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _wait_until_ready(server: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    """Wait for the word that the server writes into the last line of its pid file."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def run(command: Sequence[str]) -> int:
    """Run ``command`` beside a temporary server and return its exit code."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    with temporary_cluster() as url:
        child = subprocess.Popen(command, env={**os.environ, DATABASE_URL_VARIABLE: url})
        try:
            return _wait(child)
        except SystemExit:
            child.terminate()
            child.wait()
            raise


def _wait(child: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            # The terminal has told the command, too: let it close its files.
            continue


if __name__ == "__main__":
    try:
        if len(sys.argv) == 1:
            print(programs_folder())
        else:
            sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except (FileNotFoundError, RuntimeError) as error:
        sys.exit(str(error))
