"""The comment page: days left, comments by form and by the template's file, answers."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook

from registry.catalog.comment_schemas import CommentPeriodSchema
from registry.catalog.services.comments import open_comment
from registry.container import Registry
from registry.schema_fields import load
from tests.conftest import ActorMaker
from tests.support.catalogue import SLUG, drafted
from tests.support.visitors import csrf_token, visitor

PAGE = f"/editions/{SLUG}/comments"
TYPED = {"clause": "5.2", "type": "ed", "comment": "=Sai chính tả", "proposed_change": "Sửa"}


@pytest.fixture
def consulted(registry: Registry, acting: ActorMaker) -> Registry:
    """Return a register with a draft that is open for comment for ten days."""
    editor = acting("editor")
    drafted(registry, editor)
    period = load(CommentPeriodSchema(), {"last_day": "2026-11-29"})
    with registry.units(editor) as uow:
        open_comment(uow, SLUG, period)
    return registry


def text(client: FlaskClient, path: str = PAGE) -> str:
    response = client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 200, response.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def send(client: FlaskClient, path: str, **typed: Any) -> Any:
    token = csrf_token(client.get(PAGE).text)
    return client.post(path, data={"csrf_token": token, **typed}, headers={"Accept-Language": "en"})


def workbook(*rows: tuple[str, ...]) -> tuple[io.BytesIO, str]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file, "comments.xlsx"


def test_everybody_reads_the_draft_and_the_days_left(
    consulted: Registry, client: FlaskClient
) -> None:
    page = text(client)
    assert "10 days left to comment" in page
    assert "Sign in to comment" in page
    assert "1 day left" in text(client, f"{PAGE}?at=2026-11-29")
    assert "is over" in text(client, f"{PAGE}?at=2026-11-30")
    assert client.get(f"/editions/{SLUG}").status_code == 200
    assert client.get("/editions/qcvn-135:2024-btttt/comments").status_code == 404


def test_a_comment_is_made_and_answered(consulted: Registry, app: Flask) -> None:
    reader = visitor(app, consulted, "officer")
    wrong = send(reader, PAGE, **{**TYPED, "clause": ""})
    assert wrong.status_code == 422
    assert "Sai chính tả" in wrong.text
    assert send(reader, PAGE, **TYPED).status_code == 302
    editor = visitor(app, consulted, "editor")
    answer = {"outcome": "accepted", "observation": "Cảm ơn"}
    assert send(editor, f"{PAGE}/1/answer", outcome="accepted").status_code == 422
    assert send(editor, f"{PAGE}/1/answer", **answer).status_code == 302
    page = text(reader)
    assert "Clause 5.2" in page
    assert "Cảm ơn" in page
    file = reader.get(f"{PAGE}.csv?lang=en").text
    assert "Clause/Subclause" in file
    assert "'=Sai chính tả" in file


@pytest.mark.parametrize(
    "heading",
    [
        ("MB/NC", "Clause/ Subclause", "Paragraph/ Figure/ Table", "Type of comment", "Comments"),
        ("Nơi góp ý", "Điều/Khoản", "Đoạn/Hình/Bảng", "Loại góp ý", "Nội dung góp ý"),
    ],
)
def test_the_template_is_taken_whole_and_once(
    consulted: Registry, app: Flask, heading: tuple[str, ...]
) -> None:
    reader = visitor(app, consulted, "officer")
    rows = [("VN", "4.1", "Hình 2", "te", "Một"), ("VN", "4.2", "", "General", "Hai")]
    for _ in range(2):
        sent = workbook(("Góp ý dự thảo",), heading, *rows)
        assert send(reader, f"{PAGE}/file", file=sent).status_code == 302
    assert "2 comments" in text(reader)
    bad = send(reader, f"{PAGE}/file", file=workbook(heading, *rows, ("VN", "", "", "xx", "Ba")))
    assert bad.status_code == 422
    # The columns are named as the template names them, in the reader's language.
    assert "Row 4, Clause/Subclause" in bad.text
    assert "Row 4, Type of comment" in bad.text
    in_vietnamese = send(
        reader, f"{PAGE}/file?lang=vi", file=workbook(heading, ("VN", "", "", "te", "Ba"))
    )
    assert "Điều/Khoản" in in_vietnamese.text
    assert send(reader, f"{PAGE}/file", file=workbook(("a", "b"))).status_code == 422
    assert send(reader, f"{PAGE}/file").status_code == 422
    again = reader.get(f"{PAGE}.xlsx?lang=vi").data
    assert send(reader, f"{PAGE}/file", file=(io.BytesIO(again), "c.xlsx")).status_code == 302
    assert "2 comments" in text(reader, f"{PAGE}?lang=en")


def test_an_editor_opens_the_period_on_the_drafts_page(
    registry: Registry, app: Flask, acting: ActorMaker
) -> None:
    drafted(registry, acting("editor"))
    editor = visitor(app, registry, "editor")
    address = f"/workspace/editions/{SLUG}"
    token = csrf_token(editor.get(address).text)
    sent = {"csrf_token": token, "last_day": "2026-11-01"}
    assert editor.post(f"{address}/open_comment", data=sent).status_code == 422
    sent["last_day"] = "2026-12-31"
    assert editor.post(f"{address}/open_comment", data=sent).status_code == 302
    assert "42 days left" in text(editor)
    assert "Take back for revision" in text(editor, address)
