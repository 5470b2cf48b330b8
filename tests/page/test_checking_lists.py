"""Checking many certificates at once, as anybody may: pasted, uploaded, downloaded."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from registry.assessment.numbers import make
from registry.assessment.queries.certificates import certificates
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services.certificates import suspend_certificate
from registry.container import Registry
from registry.history import AsOf
from registry.schema_fields import load
from tests.support.assessment import World
from tests.support.visitors import csrf_token

ENGLISH = {"Accept-Language": "en"}
NEVER_GIVEN = str(make("VN", 2026, 987654))
MISTYPED = "VN-2026-000001-99"


@pytest.fixture
def registry(demonstration: Registry) -> Registry:
    """Return a register with the demonstration in it."""
    return demonstration


@pytest.fixture
def number(registry: Registry) -> str:
    with registry.units.reading() as session:
        return certificates(session, AsOf(registry.clock.today()))[0].certificate.number


def send(client: FlaskClient, path: str = "/verify/list", **fields: Any) -> TestResponse:
    token = csrf_token(client.get("/verify/list").text)
    return client.post(path, data={"csrf_token": token, **fields}, headers=ENGLISH)


def test_every_number_gets_its_own_answer(client: FlaskClient, number: str) -> None:
    listed = f"{number}\n{number.lower().replace('-', ' ')}\n{NEVER_GIVEN}, {MISTYPED}; hello"
    page = send(client, numbers=listed)
    assert page.status_code == 200
    for words in (
        "5 numbers",
        "Genuine and in force",
        "Not in this register",
        "This number is mistyped",
        "Not a number of this register",
    ):
        assert words in page.text
    # What is not in force stands on top.
    assert page.text.index("hello") < page.text.index(f"/verify/{number}")


def test_the_answers_come_as_a_file_in_the_order_asked(client: FlaskClient, number: str) -> None:
    listed = f"{NEVER_GIVEN}\n{number}\n{MISTYPED}"
    text = send(client, numbers=listed, form="csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["answer"] for row in rows] == ["unknown", "in_force", "mistyped"]
    assert rows[1]["holder"]
    assert rows[1]["number"] == number
    book = load_workbook(io.BytesIO(send(client, numbers=listed, form="xlsx").data))
    assert [row[2].value for row in book.worksheets[0].iter_rows()] == [
        "answer",
        "unknown",
        "in_force",
        "mistyped",
    ]


def test_a_file_is_read_whatever_column_holds_the_numbers(client: FlaskClient, number: str) -> None:
    content = f"Hãng;Số giấy chứng nhận\nA;{number}\nB;{NEVER_GIVEN}\n".encode()
    page = send(client, file=(io.BytesIO(content), "list.csv"))
    assert "2 numbers" in page.text
    assert f"/verify/{number}" in page.text


def test_the_day_asked_decides(client: FlaskClient, registry: Registry, number: str) -> None:
    world = World(registry)
    data = load(StatusChangeSchema(), {"effective_on": world.day(0), "reason": "Mẫu không đạt"})
    with registry.units(world.actor("officer")) as uow:
        suspend_certificate(uow, number, data)
    assert "Genuine, but suspended" in send(client, numbers=number).text
    earlier = send(client, f"/verify/list?at={world.day(-1)}", numbers=number).text
    assert "Genuine, but suspended" not in earlier


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"numbers": ""}, "Give at least one number."),
        ({"numbers": "x\n" * 10_001}, "These are 10,001 numbers"),
        ({"file": (b"a;b\nc;d\n", "x.csv")}, "No column of this file"),
        ({"file": (b"PK\x03\x04 broken", "x.xlsx")}, "not an Excel file"),
    ],
)
def test_what_cannot_be_checked_is_said_and_kept(
    client: FlaskClient, fields: dict[str, Any], said: str
) -> None:
    if "file" in fields:
        content, name = fields["file"]
        fields = {"file": (io.BytesIO(content), name)}
    page = send(client, **fields)
    assert page.status_code == 422
    assert said in page.text
    if fields.get("numbers"):
        assert fields["numbers"].splitlines()[0] in page.text


def test_who_asks_without_end_is_told_when_to_come_back(client: FlaskClient, number: str) -> None:
    full = "\n".join([number] * 10_000)
    assert [send(client, numbers=full, form="csv").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get(f"/verify/{number}", headers=ENGLISH)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
