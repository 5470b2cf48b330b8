"""Ways through the catalogue: subjects, ministries, two editions compared."""

from flask.testing import FlaskClient


def test_the_tree_leads_from_the_fields_to_the_entries(client: FlaskClient) -> None:
    top = client.get("/ics?lang=en").text
    assert "Information technology" in top
    group = client.get("/ics/35.030?lang=en").text
    assert "IT Security" in group
    assert 'href="/search?ics=35.030"' in group


def test_a_code_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert client.get("/ics/99.999").status_code == 404


def test_a_ministry_shows_what_it_issued_and_leads(client: FlaskClient) -> None:
    page = client.get("/ministries/btttt?lang=en").text
    assert "QCVN 135:2024/BTTTT" in page
    assert "TCVN 13902:2023" not in page
    assert "leads the domain" in client.get("/ministries/bca?lang=en").text
    assert client.get("/ministries/nobody").status_code == 404


def test_a_ministry_is_asked_for_another_day(client: FlaskClient) -> None:
    assert "Not yet in force" in client.get("/ministries/btttt?lang=en&at=2025-01-10").text
    assert client.get("/ministries/btttt?at=tomorrow").status_code == 422


def test_typed_designations_lead_to_the_comparison(client: FlaskClient) -> None:
    asked = "/compare?a=ISO/IEC 27002:2013&b=iso iec 27002 : 2022&lang=en"
    page = client.get(asked, follow_redirects=True).text
    assert "Security techniques - Code of practice" in page
    assert "Information security controls" in page
    assert 'class="row-differs"' in page
    # Both belong to the same committee, so that row is not marked.
    committee = page.index("ISO/IEC JTC 1/SC 27")
    row_start = page.rindex("<tr", 0, committee)
    assert not page[row_start:committee].startswith('<tr class="row-differs"')


def test_an_unknown_designation_is_named(client: FlaskClient) -> None:
    answer = client.get("/compare?a=TCVN 1:1900&b=x&lang=en")
    assert answer.status_code == 422
    assert "is not in the register" in answer.text


def test_a_printed_entry_says_for_which_day_and_where_it_stands(client: FlaskClient) -> None:
    page = client.get("/editions/qcvn-135:2024-btttt?at=2026-03-01&lang=en").text
    printed = page[page.index('class="print-only"') :]
    printed = printed[: printed.index("</p>")]
    assert "Status on 1 March 2026; the register at journal entry" in printed
    assert "http://localhost/editions/qcvn-135:2024-btttt?at=2026-03-01" in printed


def test_the_source_of_an_obligation_reads_in_the_readers_language(client: FlaskClient) -> None:
    address = "/editions/qcvn-135:2024-btttt?lang="
    assert "ngày áp dụng: " in client.get(f"{address}vi").text
    assert "date: " in client.get(f"{address}en").text
    assert "HS list" not in client.get(f"{address}vi").text
