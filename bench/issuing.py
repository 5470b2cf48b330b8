"""From decision to stored signed file, beside WeasyPrint alone; workers; checking a file."""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from weasyprint import HTML

from bench.process import environment, registry_command
from bench.report import heading, spread, table
from registry.assessment.models import Certificate
from registry.assessment.services.documents import signed_pdf
from registry.assessment.services.trust import trust_bundle
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.credentials.pdf_verification import verify_pdf
from registry.credentials.verification import check_inclusion, verify_credential
from registry.followers.certificates import follow
from registry.pdf.bundle import STATIC, stylesheet_names
from registry.pdf.renderer import render_html, render_pdf
from tests.support.assessment import World

_RUNS = 7
_SHARED = 24  # certificates that one worker makes, and then two
_TEMPLATE = "certificate.html"


def run(folder: Path) -> None:
    """Issue, draw and check the same kind of certificate in turn."""
    data_dir = folder / "issuing"
    registry_command(data_dir, ["init"])
    registry_command(data_dir, ["demo"])
    registry = open_registry(load_settings(environment(data_dir)))
    world = World(registry)
    follow(registry)
    _end_to_end(world)
    _workers(world, data_dir)
    _checking(world)


def _end_to_end(world: World) -> None:
    applications = [world.reviewed().number for _ in range(_RUNS + 1)]
    pairs = []
    for number in applications:
        started = time.perf_counter()
        certificate = world.decide(number)
        assert certificate is not None
        signed_pdf(world.registry, certificate.id)
        taken = time.perf_counter() - started
        html = render_html(_TEMPLATE, certificate.snapshot)
        pairs.append((taken, _timed(partial(_plain, html))))
    # The first pair loads what every later one finds loaded.
    pairs = pairs[1:]
    heading(f"Decision to stored signed file, median of {_RUNS} (smallest–largest)")
    table(
        ("", "seconds"),
        [
            ("registry", spread([ours for ours, _ in pairs])),
            ("WeasyPrint alone", spread([plain for _, plain in pairs])),
        ],
    )
    ratio = statistics.median(ours / plain for ours, plain in pairs)
    print(f"registry / WeasyPrint alone: {ratio:.2f} (aim: at most 1.6)")


def _plain(html: str) -> Any:
    sheets = [str(STATIC / name) for name in stylesheet_names(_TEMPLATE)]
    return HTML(string=html, base_url=f"{STATIC}/").write_pdf(stylesheets=sheets)


def _workers(world: World, data_dir: Path) -> None:
    taken = {count: _shared(world, data_dir, count) for count in (1, 2)}
    heading(f"{_SHARED} certificates, signed by one worker process and by two")
    table(("workers", "seconds"), list(taken.items()))
    print(f"two / one: {taken[1] / taken[2]:.2f} times as fast (aim: at least 1.7)")


def _shared(world: World, data_dir: Path, count: int) -> float:
    for _ in range(_SHARED):
        world.certificate()
    # Spawned, not forked: an open database does not survive a fork.
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(count + 1)
    workers = [context.Process(target=_work, args=(data_dir, ready)) for _ in range(count)]
    for worker in workers:
        worker.start()
    ready.wait()
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    return time.perf_counter() - started


def _work(data_dir: Path, ready: Barrier) -> None:
    registry: Registry = open_registry(load_settings(environment(data_dir)))
    # What is loaded once in a worker's life is loaded before the clock starts.
    verify_pdf(_any_file(registry), trust_bundle(registry))
    with registry.units.reading() as session:
        snapshot = session.get_one(Certificate, 1).snapshot
    render_pdf(_TEMPLATE, snapshot, instant=registry.clock.now())
    ready.wait()
    follow(registry)


def _any_file(registry: Registry) -> bytes:
    return registry.files.get(signed_pdf(registry, 1))


def _checking(world: World) -> None:
    content, trust = _any_file(world.registry), trust_bundle(world.registry)

    def check() -> None:
        found = verify_pdf(content, trust)
        assert found.credential is not None
        credential = verify_credential(found.credential, trust, world.registry.clock.now())
        assert credential.claims is not None
        assert check_inclusion(credential.claims, trust).code == "included"

    check()
    heading("Checking a signed file with its credential and inclusion proof")
    times = [_timed(check) * 1000 for _ in range(25)]
    table(("", "milliseconds"), [("checked", spread(times))])
    print("(aim: at most 150)")


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
