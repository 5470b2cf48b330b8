"""Runs ``registry`` commands as whole processes and reads what they used."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    """What one process took: wall seconds, processor seconds, peak memory in MB."""

    wall: float
    cpu: float
    peak_mb: float


def environment(data_dir: Path, port: int | None = None) -> dict[str, str]:
    """Return the environment of a registry that lives in ``data_dir`` alone."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith("REGISTRY_")}
    # Whoever tests may not want compiled files about; a server that starts again has them.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    extra = {"REGISTRY_DATA_DIR": str(data_dir)}
    if port is not None:
        extra["PORT"] = str(port)
    return kept | extra


def registry_command(data_dir: Path, arguments: Sequence[str], *, show: bool = False) -> Usage:
    """Run one command to its end; its progress is shown when ``show`` is set."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "registry", *arguments],
        env=environment(data_dir),
        stdout=None if show else subprocess.DEVNULL,
        stderr=None if show else subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"registry {' '.join(arguments)} ended with {process.returncode}")
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
