"""Adoption drift and the followed catalogues, as programs ask for them."""

import pytest

from tests.api.test_questions import pages
from tests.support.api import Office, fields_named, problem
from tests.support.followed import IN_2024, ISO, refreshed


def test_adoptions_are_listed_with_what_became_of_them(standing: Office) -> None:
    anyone = standing.program()
    everything = [item for page in pages(anyone, "/drift?limit=25") for item in page]
    assert len(everything) == 59
    found = {item["designation"]: item for item in everything}
    practice = found["TCVN ISO/IEC 27002:2020"]
    assert (practice["state"], practice["since"]) == ("replaced", "2022-02-15")
    assert [newer["designation"] for newer in practice["replaced_by"]] == ["ISO/IEC 27002:2022"]
    assert found["TCVN 13902:2023"]["state"] == "current"
    then = anyone.read("/drift?at=2021-06-01&domain=information-security&limit=200")["items"]
    states = {item["designation"]: item["state"] for item in then}
    assert states["TCVN ISO/IEC 27002:2020"] == "current"
    assert "TCVN 13902:2023" not in states
    assert [item["adopted"]["slug"] for item in anyone.read("/drift?state=not-known")["items"]] == [
        None
    ]
    assert anyone.read("/drift?known=2020-01-01")["items"] == []


def test_the_summary_adds_up(standing: Office) -> None:
    summary = standing.program().read("/drift/summary")
    share = summary["share"]
    assert (share["current"], share["outdated"], share["not_known"]) == (26, 32, 1)
    assert (share["total"], share["percent"]) == (59, 44)
    assert sum(ministry["total"] for ministry in summary["ministries"]) == 59
    assert len(summary["domains"]) == 6
    last = summary["years"][-1]
    assert {**share, "year": 2026} == last
    assert summary["sources"] == [
        {"key": None, "name": None, "refreshed_on": None, "data_of": None}
    ]


@pytest.mark.parametrize("field", ["state", "cursor", "at"])
def test_what_cannot_be_asked_is_named(standing: Office, field: str) -> None:
    assert fields_named(standing.program().get(f"/drift?{field}=nonsense")) == [field]


def test_a_catalogue_is_followed_described_and_refreshed(office: Office) -> None:
    editor = office.person("editor")
    made = editor.made("/catalogues", ISO)
    assert (made["key"], made["editions"], made["refreshes"]) == ("iso", 0, [])
    problem(editor.post("/catalogues", ISO), 409)
    said = {name: text for name, text in ISO.items() if name != "key"}
    described = editor.put("/catalogues/iso", {**said, "licence": "ODC-By-1.0"})
    assert described.status_code == 200
    refreshed(office.registry, IN_2024, "2024-03-01")
    anyone = office.program()
    shown = anyone.read("/catalogues/iso")
    assert (shown["licence"], shown["editions"]) == ("ODC-By-1.0", 13)
    assert shown["refreshes"][0]["data_of"] == "2024-03-01"
    assert anyone.read("/catalogues")["items"] == [shown]
    sources = anyone.read("/drift/summary")["sources"]
    assert [source["key"] for source in sources] == ["iso", None]
    problem(anyone.get("/catalogues/iec"), 404)
    problem(office.person("officer").post("/catalogues", ISO), 403)
