"""Files by API: sent once or twice, checked, approved by another person's program."""

import io
from typing import Any

import pytest

from registry.followers.imports import follow
from tests.support.api import Office, Program, fields_named, problem
from tests.support.followed import IN_2021, followed
from tests.support.spreadsheets import delimited, listed, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OWN = "/imports?list=national"


def sent(program: Program, content: bytes, query: str = OWN, **headers: str) -> dict[str, Any]:
    answer = program.post(query, content, Content_Type=headers.pop("media", XLSX), **headers)
    assert answer.status_code == 202, answer.text
    assert answer.json is not None
    assert answer.headers["Location"] == answer.json["href"]
    found: dict[str, Any] = answer.json
    return found


def test_a_list_is_sent_checked_and_approved(office: Office) -> None:
    editor = office.program("editor")
    made = sent(editor, workbook(listed("TCVN 99001:2026", "TCVN 99002:2026")))
    assert made["columns"] == ["designation", "titles.vi", "publisher", "issued", "source"]
    found = editor.read(made["href"])
    assert (found["state"], found["counts"]["new"]) == ("waiting", 2)
    problem(editor.post(f"{made['href']}/approve"), 403)
    approved = office.program("approver").made(f"{made['href']}/approve")
    assert approved["state"] == "approved"
    follow(office.registry)
    done = editor.read(made["href"])
    assert (done["state"], done["counts"]["new"]) == ("finished", 2)
    ((first, last),) = done["positions"]
    assert last == first + 1
    entry = editor.read(f"/journal/{first}")
    assert entry["action"] == "edition.import"


def test_bad_rows_are_listed_page_by_page(office: Office) -> None:
    rows = [*listed(), *[[f"TCVN {n}:2026", "", "", "x", "y"] for n in range(1, 4)]]
    editor = office.program("editor")
    made = sent(editor, delimited(rows), media="text/csv")
    found = editor.read(made["href"])
    assert (found["state"], found["counts"]["bad"]) == ("checked", 3)
    first = editor.get(f"{made['bad_rows_href']}?limit=4")
    assert first.json is not None
    assert 'rel="next"' in first.headers["Link"]
    cell = first.json["items"][0]
    assert (cell["row"], cell["column"], cell["field"], cell["value"]) == (2, 2, "titles", "")
    everything = editor.read(made["bad_rows_href"])["items"]
    assert {item["field"] for item in everything} == {"titles", "publisher", "issued"}
    returned = sent(editor, delimited(listed("TCVN 1:2026")), media="text/csv")
    back = {"reason": "Thiếu"}
    assert (
        office.program("approver").made(f"{returned['href']}/return", back)["returned"] == "Thiếu"
    )


def test_a_repeated_upload_is_answered_again(office: Office) -> None:
    editor = office.program("editor")
    content = workbook(listed("TCVN 99001:2026"))
    first = sent(editor, content, Idempotency_Key="a")
    again = editor.post(OWN, content, Content_Type=XLSX, Idempotency_Key="a")
    assert (again.status_code, again.json) == (202, first)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = editor.post(
        OWN, workbook(listed("TCVN 2:2026")), Content_Type=XLSX, Idempotency_Key="a"
    )
    problem(other, 409)


def test_a_form_is_taken_like_the_file_itself(office: Office) -> None:
    client = office.contract.app.test_client()
    headers = {**office.program("editor").headers, "Idempotency-Key": "b"}
    answers = []
    for _ in range(2):
        # Each form has a boundary of its own; the file decides whether it is the same.
        form = {"file": (io.BytesIO(delimited(listed("TCVN 99001:2026"))), "list.csv")}
        answer = client.post(
            f"/api/v1{OWN}&choice=good&columns=designation,titles.vi,,,source&publisher=bkhcn",
            data=form,
            headers=headers,
        )
        office.contract.check(answer)
        assert answer.status_code == 202
        answers.append(dict(answer.json or {}))
    assert answers[0] == answers[1]
    assert answers[0]["columns"] == ["designation", "titles.vi", "", "", "source"]
    found = office.program("editor").read(answers[0]["href"])
    assert (found["state"], found["choice"]) == ("waiting", "good")


@pytest.mark.parametrize(
    ("query", "content", "media", "status", "fields"),
    [
        ("/imports", b"a,b\nx,y", "text/csv", 422, ["list"]),
        ("/imports?list=mine", b"a,b\nx,y", "text/csv", 422, ["list"]),
        (f"{OWN}&choice=some", b"a,b\nx,y", "text/csv", 422, ["choice"]),
        (OWN, b"", XLSX, 422, ["file"]),
        (OWN, b"PK\x03\x04", XLSX, 422, ["file"]),
        (OWN, b"a,b\nx,y", "text/csv", 422, ["columns"]),
        (f"{OWN}&columns=weight,designation", b"a,b\nx,y", "text/csv", 422, ["columns.0"]),
        (
            f"{OWN}&columns=designation,designation",
            b"a,b\nx,y",
            "text/csv",
            422,
            ["columns.0", "columns.1"],
        ),
        (OWN, b"x", "image/png", 415, []),
        (OWN, b"{}", "application/json", 415, []),
        (OWN, b"--x--", "multipart/form-data; boundary=x", 422, ["file"]),
        (OWN, b"x", "multipart/form-data", 422, ["file"]),
    ],
)
def test_what_cannot_be_taken_is_named(
    standing: Office, *, query: str, content: bytes, media: str, status: int, fields: list[str]
) -> None:
    answer = standing.program("editor").post(query, content, Content_Type=media)
    assert fields_named(answer, status) == fields


def test_imports_are_for_those_who_import(standing: Office) -> None:
    problem(standing.program("business").post(OWN, b"a,b\nx,y", Content_Type="text/csv"), 403)
    problem(standing.program().get("/imports/1"), 401)
    problem(standing.program("editor").get("/imports/99999"), 404)


def test_obligations_are_a_list_of_their_own(office: Office) -> None:
    sheet = [["QCVN", "Sản phẩm", "Mã HS"], ["QCVN 135:2024/BTTTT", "Máy thử", "9027.10"]]
    made = sent(office.program("editor"), workbook(sheet), "/imports?list=obligations")
    assert (made["list"], made["columns"]) == ("obligations", ["edition", "product.vi", "hs_codes"])
    approver = office.program("approver")
    approver.made(f"{made['href']}/approve")
    follow(office.registry)
    done = approver.read(made["href"])
    assert (done["state"], done["counts"]["new"]) == ("finished", 1)


def test_a_catalogue_is_refreshed_from_a_file(office: Office) -> None:
    followed(office.registry)
    editor = office.program("editor")
    made = sent(editor, IN_2021.read_bytes(), "/catalogues/iso/refreshes?data_of=2021")
    assert (made["state"], made["list"]) == ("running", "catalogue")
    follow(office.registry)
    done = editor.read(made["href"])
    assert done["state"] == "done"
    assert (done["counts"]["withdrawn"], done["counts"]["unlisted"]) == (0, 0)
    (refresh,) = editor.read("/catalogues/iso")["refreshes"]
    assert refresh["data_of"] == "2021"
    problem(editor.post("/catalogues/none/refreshes", IN_2021.read_bytes(), Content_Type=XLSX), 404)
