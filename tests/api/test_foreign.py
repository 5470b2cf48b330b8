"""Foreign results by program."""

from tests.support.api import Office
from tests.support.foreign import excerpt, packed


def test_a_list_is_sent_counted_and_explained(office: Office) -> None:
    officer = office.program("officer")
    sent = officer.post(
        "/foreign-results/imports?format=cmvp",
        packed(excerpt("cmvp")).getvalue(),
        Content_Type="application/jsonl",
    )
    assert sent.status_code == 202, sent.text
    assert sent.json is not None
    assert sent.json["counts"]["new"] == len(excerpt("cmvp"))
    totals = officer.read("/foreign-results/totals")
    assert sum(row["total"] for row in totals["schemes"]) == len(excerpt("cmvp"))
    assert totals["affected"] == []
    page = officer.read("/foreign-results?outcome=accept")
    assert {row["number"] for row in page["items"]} == {"4389", "4955"}
    one = officer.read("/foreign-results/cmvp/4389?at=2027-12-07")
    assert (one["outcome"], one["outcome_on"]) == ("accept", "refuse")
    [unmet] = [item for item in one["conditions"] if item["verdict"] == "not_met"]
    assert unmet["key"] == "report_current"
