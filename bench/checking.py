"""Checking through the API: a file beside pyHanko alone, 10,000 numbers beside bare look-ups."""

import hashlib
import statistics
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import Table, insert, select, text

from bench.process import environment, registry_command
from bench.report import heading, spread, table
from registry.app import create_app
from registry.assessment.models import (
    Application,
    Certificate,
    CertificateEvent,
    CertificateNumber,
)
from registry.assessment.number_lists import MOST_NUMBERS
from registry.assessment.numbers import make
from registry.assessment.services.documents import signed_credential, signed_pdf
from registry.config import load_settings
from registry.container import Registry, open_registry

_YEAR = 2031
_ROUNDS = 5
# What one statement of the plain reference names.
_CHUNK = 500
_PATH = "/api/v1/certificates/verify"
_FILE_PATH = "/api/v1/certificates/verify-file"


def run(folder: Path) -> None:
    """Fill a registry with certificates of one pattern and check them all at once."""
    data_dir = folder / "checking"
    registry_command(data_dir, ["init"])
    registry_command(data_dir, ["demo"])
    registry = open_registry(load_settings(environment(data_dir)))
    numbers = _fill(registry)
    app = create_app(registry)
    _files(registry, app)
    places = count(1)

    def ask() -> None:
        # A client of its own each time: the fair share of one address is two lists a minute.
        place = {"REMOTE_ADDR": f"192.0.2.{next(places)}"}
        answer = app.test_client().post(_PATH, json={"numbers": numbers}, environ_base=place)
        if answer.status_code != 200 or answer.get_json()["tally"] != {"in_force": len(numbers)}:
            raise RuntimeError(f"{_PATH} answered {answer.status_code}")

    heading(f"Checking {len(numbers):,} certificate numbers at once")
    rows: list[tuple[Any, ...]] = [
        ("whole request", *_times(ask)),
        ("bare SQL, numbers only", *_times(lambda: _bare(registry, numbers))),
    ]
    table(("", "seconds", "beside bare SQL"), [(n, spread(s), m / rows[1][2]) for n, s, m in rows])
    registry.engine.dispose()


def _files(registry: Registry, app: Flask) -> None:
    """Check the demonstration's certificate as its PDF, its credential and an altered PDF."""
    with registry.units.reading() as session:
        first = session.scalars(select(Certificate.id).order_by(Certificate.id)).first()
    if first is None:
        raise RuntimeError("the demonstration holds no certificate")
    pdf = registry.files.get(signed_pdf(registry, first))
    token = registry.files.get(signed_credential(registry, first))
    places = count(1)

    def ask(content: bytes, answers: Sequence[str]) -> None:
        place = {"REMOTE_ADDR": f"198.51.100.{next(places)}"}
        answer = app.test_client().post(_FILE_PATH, data=content, environ_base=place)
        if answer.status_code != 200 or answer.get_json()["answer"] not in answers:
            raise RuntimeError(f"{_FILE_PATH} answered {answer.status_code}")

    # Issued today, it may take effect tomorrow.
    genuine = ("in_force", "not_yet_in_force")
    rows = [
        ("whole request: PDF", _times(lambda: ask(pdf, genuine))),
        ("whole request: PDF, one bit altered", _times(lambda: ask(_altered(pdf), ("altered",)))),
        ("whole request: credential", _times(lambda: ask(token, genuine))),
        ("pyHanko alone", _times(lambda: _validate(pdf))),
        ("SHA-256 alone", _times(lambda: hashlib.sha256(pdf).digest())),
    ]
    alone = rows[3][1][1]
    heading(f"Checking a certificate's file of {len(pdf):,} bytes")
    table(
        ("", "ms", "beside pyHanko"),
        [(n, spread([1000 * s for s in seconds]), middle / alone) for n, (seconds, middle) in rows],
    )


def _altered(pdf: bytes) -> bytes:
    half = len(pdf) // 2
    return pdf[:half] + bytes([pdf[half] ^ 1]) + pdf[half + 1 :]


def _validate(pdf: bytes) -> None:
    """Check the signature as a program would that knows nothing of the register."""
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    root = signature.signer_cert
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    if not validate_pdf_signature(signature, context).bottom_line:
        raise RuntimeError("pyHanko finds the file false")


def _times(work: Callable[[], object]) -> tuple[list[float], float]:
    work()
    seconds = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return seconds, statistics.median(seconds)


def _bare(registry: Registry, numbers: Sequence[str]) -> None:
    with registry.engine.connect() as connection:
        for start in range(0, len(numbers), _CHUNK):
            some = numbers[start : start + _CHUNK]
            names = ", ".join(f":n{place}" for place in range(len(some)))
            found = connection.execute(
                text(f"SELECT number, valid_until FROM certificate WHERE number IN ({names})"),  # noqa: S608
                {f"n{place}": number for place, number in enumerate(some)},
            )
            if len(found.all()) != len(some):
                raise RuntimeError("certificates are missing")


def _fill(registry: Registry) -> list[str]:
    """Copy the demonstration's certificate under as many numbers as one list may hold."""
    with registry.engine.begin() as connection:
        pattern = connection.execute(select(Certificate)).mappings().one()
        event = (
            connection.execute(select(CertificateEvent).where(CertificateEvent.kind == "issued"))
            .mappings()
            .first()
        )
        application = connection.execute(select(Application)).mappings().first()
        if event is None or application is None:
            raise RuntimeError("the demonstration holds no certificate")
        numbers = [str(make("VN", _YEAR, n)) for n in range(1, MOST_NUMBERS + 1)]
        first = 1_000_000
        copies: list[tuple[Table, list[dict[str, Any]]]] = [
            (
                _table(Application),
                [
                    {**application, "id": first + n, "number": f"bench-{n}"}
                    for n in range(len(numbers))
                ],
            ),
            (
                _table(CertificateNumber),
                [
                    {
                        "number": number,
                        "year": _YEAR,
                        "serial": n + 1,
                        "application_id": first + n,
                        "reserved_position": 1,
                    }
                    for n, number in enumerate(numbers)
                ],
            ),
            (
                _table(Certificate),
                [
                    {**pattern, "id": first + n, "number": number, "application_id": first + n}
                    for n, number in enumerate(numbers)
                ],
            ),
            (
                _table(CertificateEvent),
                [
                    {**event, "id": first + n, "certificate_id": first + n}
                    for n in range(len(numbers))
                ],
            ),
        ]
        for target, rows in copies:
            connection.execute(insert(target), rows)
    return numbers


def _table(model: type[Any]) -> Table:
    found: Table = model.__table__
    return found
