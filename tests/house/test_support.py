"""The helpers that lend the tests a database server leave nothing behind."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.house.paths import ROOT
from tests.support import postgres


def programs_are_here() -> bool:
    try:
        postgres.programs_folder()
    except FileNotFoundError:
        return False
    return True


pytestmark = pytest.mark.skipif(not programs_are_here(), reason="PostgreSQL is not installed")

SHOW_ADDRESS = "import os, time; print(os.environ['REGISTRY_TEST_DATABASE_URL'], flush=True);"


def folder_of(url: str) -> Path:
    return Path(str(make_url(url.strip()).query["host"]))


def test_cluster_answers_and_is_gone_afterwards() -> None:
    with postgres.temporary_cluster() as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT lower('ĐỘ')")) == "độ"
        engine.dispose()
        assert folder_of(url).is_dir()
    assert not folder_of(url).exists()


def start(script: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.postgres", sys.executable, "-c", script]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_exit_code_of_the_command_is_passed_on() -> None:
    with start(SHOW_ADDRESS + "raise SystemExit(5)") as process:
        url, _ = process.communicate(timeout=60)
    assert process.returncode == 5
    assert not folder_of(url).exists()


def test_cluster_is_gone_after_termination() -> None:
    with start(SHOW_ADDRESS + "time.sleep(60)") as process:
        assert process.stdout
        url = process.stdout.readline()
        began = time.monotonic()
        process.terminate()
        process.wait(timeout=30)
    assert time.monotonic() - began < 30
    assert process.returncode != 0
    assert not folder_of(url).exists()
