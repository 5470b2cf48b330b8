"""The certificate's PDF beside WeasyPrint alone on the same HTML."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from weasyprint import HTML

from bench.process import environment, registry_command
from bench.report import heading, spread, table
from registry.assessment.models import Certificate
from registry.config import load_settings
from registry.container import open_registry
from registry.pdf.bundle import STATIC, stylesheet_names
from registry.pdf.renderer import render_html, render_pdf

_RUNS = 9
_TEMPLATE = "certificate.html"


def run(folder: Path) -> None:
    """Render the demonstration's certificate both ways in turn."""
    data_dir = folder / "documents"
    registry_command(data_dir, ["init"])
    registry_command(data_dir, ["demo"])
    registry = open_registry(load_settings(environment(data_dir)))
    with registry.units.reading() as session:
        snapshot = session.scalars(select(Certificate.snapshot)).first()
    if snapshot is None:
        raise RuntimeError("the demonstration holds no certificate")
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    html = render_html(_TEMPLATE, snapshot)

    def ours() -> Any:
        return render_pdf(_TEMPLATE, snapshot, instant=instant)

    def plain() -> Any:
        sheets = [str(STATIC / name) for name in stylesheet_names(_TEMPLATE)]
        return HTML(string=html, base_url=f"{STATIC}/").write_pdf(stylesheets=sheets)

    _timed(ours)
    _timed(plain)
    pairs = [(_timed(ours), _timed(plain)) for _ in range(_RUNS)]
    heading(f"Certificate PDF, median of {_RUNS} pairs (smallest–largest)")
    table(
        ("", "seconds"),
        [
            ("registry", spread([ours for ours, _ in pairs])),
            ("WeasyPrint alone", spread([plain for _, plain in pairs])),
        ],
    )
    ratio = statistics.median(ours / plain for ours, plain in pairs)
    print(f"registry / WeasyPrint alone: {ratio:.2f}")


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
