"""A process of its own that decides and issues, and that is killed at a named step."""

import os
import signal
from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

from registry.assessment.services import documents, issuance
from registry.clock import FixedClock
from registry.config import Settings
from registry.container import open_registry
from registry.followers.certificates import follow
from tests.support.assessment import World

# Each step by what is patched: the module or class, the name, which call, before or after it.
STEPS: dict[str, tuple[Any, str, int, bool]] = {
    "before the number is reserved": (issuance, "reserve_number", 1, False),
    "reserved, before the commit": (issuance, "reserve_number", 1, True),
    "reserved and committed": (issuance, "grant_reserved", 1, False),
    "granted, before the snapshot": (issuance, "certificate_snapshot", 1, False),
    "journalled, before the commit": (issuance, "grant_reserved", 1, True),
    "issued, before the place in the lists": (documents, "assign_status_index", 1, False),
    "placed, before the commit": (documents, "assign_status_index", 1, True),
    "credential half written": (os, "fsync", 1, False),
    "credential stored, before its row": (documents, "CertificateDocument", 1, False),
    "before rendering": (documents, "render_certificate", 1, False),
    "rendered": (documents, "render_certificate", 1, True),
    "signed": (documents, "sign_pdf", 1, True),
    "file half written": (os, "fsync", 2, False),
    "file stored, before its row": (documents, "CertificateDocument", 2, False),
    "row made, before the commit": (documents, "CertificateDocument", 2, True),
}

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "registry.pdf.renderer"])


def issue_in_process(world: World, number: str, step: str | None) -> int:
    """Decide application ``number`` and make the documents elsewhere; return the exit code."""
    return _run(_issue, world, number, step)


def follow_in_processes(world: World, count: int) -> list[int]:
    """Let so many workers make what is missing at the same time; return their exit codes."""
    workers = [_process(_follow, world) for _ in range(count)]
    for worker in workers:
        worker.start()
    return [_ended(worker) for worker in workers]


def _run(target: Callable[..., None], world: World, *rest: Any) -> int:
    process = _process(target, world, *rest)
    process.start()
    return _ended(process)


def _process(target: Callable[..., None], world: World, *rest: Any) -> Any:
    registry = world.registry
    return _PROCESSES.Process(target=target, args=(registry.settings, registry.clock.now(), *rest))


def _ended(process: Any) -> int:
    process.join(60)
    code = process.exitcode
    if code is None:
        process.kill()
        raise TimeoutError("the process did not end")
    return int(code)


def _issue(settings: Settings, now: datetime, number: str, step: str | None) -> None:
    world = World(open_registry(settings, FixedClock(now, settings.zone)))
    if step is None:
        _issue_all(world, number)
        return
    owner, name, call, after = STEPS[step]
    with patch.object(owner, name, _killing(getattr(owner, name), call, after=after)):
        _issue_all(world, number)


def _issue_all(world: World, number: str) -> None:
    certificate = world.decide(number)
    assert certificate is not None
    documents.signed_pdf(world.registry, certificate.id)


def _follow(settings: Settings, now: datetime) -> None:
    follow(open_registry(settings, FixedClock(now, settings.zone)))


def _killing(whole: Callable[..., Any], call: int, *, after: bool) -> Callable[..., Any]:
    calls = 0

    def killed(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = whole(*arguments, **named)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return killed
