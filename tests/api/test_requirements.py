"""The finder and obligations as resources."""

from typing import Any

import pytest

from registry.followers.search import follow
from tests.support.api import Office, fields_named

CAMERAS = "/editions/qcvn-135:2024-btttt/obligations"
TABLETS: dict[str, Any] = {
    "product": {"vi": "Máy tính bảng"},
    "hs_codes": ["8471.30.90"],
    "method": "5",
    "declaration": "designated-certification",
    "valid_from": "2026-02-01",
}


def test_code_and_day_are_answered_whole(standing: Office) -> None:
    answer = standing.program().read("/requirements?hs=8525.81&at=2026-03-01")
    (item,) = answer["items"]
    assert answer["hs"] == "8525.81"
    assert [entry["code"] for entry in answer["lineage"]] == ["XVI", "85", "8525", "852581"]
    assert (item["edition"], item["group"], item["since"]) == (
        "qcvn-135:2024-btttt",
        "applies",
        "2026-01-01",
    )
    assert {body["country"] for body in item["bodies"]} == {"VN", "KR"}
    assert [r["result_type"] for r in item["accepted_results"]] == ["test_report"]


def test_any_punctuation_gives_the_same_answer(standing: Office) -> None:
    program = standing.program()
    answers = [program.read(f"/requirements?hs={hs}") for hs in ("8525.81", "852581", "85-25-81")]
    assert answers[0] == answers[1] == answers[2]


def test_coexisting_editions_are_both_there(standing: Office) -> None:
    follow(standing.registry)
    answer = standing.program().read("/requirements?q=5 GHz&at=2023-05-01")
    windows = {i["designation"]: i["coexists_with"] for i in answer["items"] if i["coexists_with"]}
    assert windows.keys() == {"QCVN 65:2013/BTTTT", "QCVN 65:2021/BTTTT"}
    assert {window["until"] for (window,) in windows.values()} == {"2023-06-30"}


def test_miss_tells_what_is_covered(standing: Office) -> None:
    answer = standing.program().read("/requirements?hs=0101")
    assert answer["items"] == []
    assert answer["coverage"]["obligations"] >= 1


@pytest.mark.parametrize("hs", ["camera", "8", "123456789"])
def test_what_is_no_code_is_refused_by_name(standing: Office, hs: str) -> None:
    assert fields_named(standing.program().get(f"/requirements?hs={hs}")) == ["hs"]


def test_obligation_is_recorded_corrected_ended_and_taken_back(office: Office) -> None:
    editor = office.program("editor")
    made = editor.made(CAMERAS, TABLETS)
    correction = {**TABLETS, "product": {"vi": "Máy tính xách tay"}, "reason": "Sai tên"}
    stale = editor.post(f"/obligations/{made['id']}/correct", correction, If_Match='"1"')
    assert stale.status_code == 412
    corrected = editor.made(
        f"/obligations/{made['id']}/correct", correction, If_Match=f'"{made["version"]}"'
    )
    assert corrected["product"] == {"vi": "Máy tính xách tay"}
    again = editor.post(f"/obligations/{made['id']}/correct", correction)
    assert again.status_code == 404
    ended = editor.made(
        f"/obligations/{corrected['id']}/end", {"valid_until": "2026-12-31", "reason": "Hết hạn"}
    )
    assert ended["valid_until"] == "2026-12-31"
    editor.made(f"/obligations/{ended['id']}/retract", {"reason": "Ghi nhầm"})
    assert editor.read("/requirements?hs=8471.30")["items"] == []


def test_only_editors_record(office: Office) -> None:
    assert office.program("business").post(CAMERAS, TABLETS).status_code == 403
