"""Foreign results by program."""

from registry.followers.foreign import follow as follow_foreign
from tests.support.api import Office
from tests.support.foreign import excerpt, packed, take_in


def test_a_list_is_sent_counted_and_explained(office: Office) -> None:
    officer = office.program("officer")
    sent = officer.post(
        "/foreign-results/imports?format=cmvp",
        packed(excerpt("cmvp")).getvalue(),
        Content_Type="application/jsonl",
    )
    assert sent.status_code == 202, sent.text
    assert sent.json is not None
    assert sent.json["state"] == "waiting"
    assert officer.read("/foreign-results")["items"] == []
    follow_foreign(office.registry)
    where = sent.json["href"].removeprefix("/api/v1")
    done = officer.read(where)
    assert (done["state"], done["problem"]) == ("done", None)
    assert done["counts"]["new"] == len(excerpt("cmvp"))
    totals = officer.read("/foreign-results/totals")
    assert sum(row["total"] for row in totals["schemes"]) == len(excerpt("cmvp"))
    assert totals["affected"] == []
    page = officer.read("/foreign-results?outcome=accept")
    assert {row["number"] for row in page["items"]} == {"4389", "4955"}
    one = officer.read("/foreign-results/cmvp/4389?at=2027-12-07")
    assert (one["outcome"], one["outcome_on"]) == ("accept", "refuse")
    [unmet] = [item for item in one["conditions"] if item["verdict"] == "not_met"]
    assert unmet["key"] == "report_current"


def test_laboratories_are_listed_and_linked(office: Office) -> None:
    take_in(office.registry, "cmvp")
    officer = office.program("officer")
    rows = {row["slug"]: row for row in officer.read("/foreign-laboratories")["items"]}
    assert rows["dxc-technology"]["results"] == 1
    found = officer.read("/foreign-results?laboratory=dxc-technology")["items"]
    assert [row["number"] for row in found] == ["1949"]
    address = "/foreign-laboratories/dxc-technology"
    assert officer.read(address)["body"] is None
    linked = officer.post(f"{address}/body", {"body": "foreign-nist-cmvp"})
    assert linked.status_code == 200, linked.text
    assert officer.read(address)["body"]["slug"] == "foreign-nist-cmvp"
