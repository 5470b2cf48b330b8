"""The drift page, its files, the figure on home and domain page, the followed catalogues."""

import csv
import io
import re

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from registry.cli import main
from registry.container import Registry
from tests.support.followed import IN_2021, IN_2024, followed, refreshed

ENGLISH = {"Accept-Language": "en"}


def text(client: FlaskClient, address: str) -> str:
    response = client.get(address, headers=ENGLISH)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_drift_page_shows_figures_picture_and_adoptions(client: FlaskClient) -> None:
    page = client.get("/drift", headers=ENGLISH).text
    assert page.count('class="chart"') == 1
    words = text(client, "/drift")
    assert "adoptions 59 of a current edition 26 of one replaced or withdrawn 32" in words
    row = words[words.index("TCVN ISO/IEC 27002:2020") :][:400]
    assert "Replaced since 15 February 2022 ISO/IEC 27002:2022" in row


def test_drift_page_answers_about_parts_and_other_days(client: FlaskClient) -> None:
    words = text(client, "/drift?domain=artificial-intelligence")
    assert "4 adoptions" in words[words.index("Show these") - 400 :]
    assert "TCVN ISO 37106:2018" not in words
    then = text(client, "/drift?at=2021-10-01&domain=smart-cities")
    assert "TCVN ISO 37106:2018" in then
    assert "ISO 37106:2021" not in then
    assert "No adoption fits" in text(client, "/drift?known=2001-01-01")


@pytest.mark.parametrize("query", ["state=old", "at=yesterday", "cursor=%00"])
def test_drift_page_refuses_what_it_cannot_answer(client: FlaskClient, query: str) -> None:
    assert client.get(f"/drift?{query}").status_code == 422


def test_home_and_domain_page_show_the_one_figure(client: FlaskClient) -> None:
    assert "44 %" in text(client, "/")
    page = client.get("/domains/artificial-intelligence", headers=ENGLISH).text
    assert 'href="/drift?domain=artificial-intelligence"' in page
    assert "100 %" in page


def test_file_and_command_give_the_same_adoptions(client: FlaskClient, registry: Registry) -> None:
    response = client.get("/drift.csv")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    found = {row["designation"]: row for row in rows}
    assert len(found) == 59
    assert found["TCVN 11238:2015"]["replaced_by"] == "ISO/IEC 27000:2016 → ISO/IEC 27000:2018"
    assert found["TCVN 11238:2015"]["latest"] == "ISO/IEC 27000:2018"
    for command in (["drift"], ["export", "drift", "--form", "csv"]):
        given = CliRunner().invoke(main, command, obj=registry)
        assert given.exit_code == 0
        assert given.stdout_bytes == response.data
    part = CliRunner().invoke(
        main, ["drift", "--state", "not-known", "--form", "jsonl"], obj=registry
    )
    assert part.stdout.count("\n") == 1


def test_catalogues_page_shows_whose_they_are_and_what_refreshes_changed(
    client: FlaskClient, registry: Registry
) -> None:
    assert "No catalogue is followed yet" in text(client, "/catalogues")
    followed(registry)
    refreshed(registry, IN_2021)
    refreshed(registry, IN_2024, "2024-03-01")
    words = text(client, "/catalogues")
    assert "ISO Open Data" in words
    assert "Last refresh 20 November 2026" in words
    assert "1 March 2024" in words
    drift = text(client, "/drift")
    assert "ISO Open Data , refreshed on 20 November 2026 (data of 1 March 2024)" in drift
    assert client.post("/catalogues", data={}).status_code in (302, 400, 403)


def test_refresh_command_says_what_changed(empty_registry: Registry) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(main, list(words), obj=empty_registry)
        assert result.exit_code == 0, result.output
        return result.stdout

    run("follow", "iso", "--name", "ISO Open Data", "--publisher", "ISO")
    run("refresh", "iso", str(IN_2021))
    said = run("refresh", "iso", str(IN_2024), "--data-of", "2024-03-01")
    assert "4 new, 3 withdrawn, 0 of them adopted here; 2 held here are no longer listed" in said
    unknown = CliRunner().invoke(main, ["refresh", "iec", str(IN_2024)], obj=empty_registry)
    assert unknown.exit_code == 1
    assert "No catalogue of this name is followed." in unknown.output
