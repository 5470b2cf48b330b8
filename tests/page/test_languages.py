"""Which language a reader gets: asked for, chosen before, or what the browser prefers."""

import pytest
from flask.testing import FlaskClient

LANGUAGE_COOKIE = "language"


def language(client: FlaskClient, path: str = "/", accept: str | None = None) -> str:
    headers = {"Accept-Language": accept} if accept is not None else {}
    page = client.get(path, headers=headers).text
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "vi"),
        ("", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.8", "en"),
        ("vi-VN", "vi"),
        ("fr", "vi"),
        ("fr,en;q=0.5", "en"),
        ("*", "vi"),
        ("en;q=0,vi;q=0.1", "vi"),
        (";;;", "vi"),
    ],
)
def test_the_browser_is_listened_to(client: FlaskClient, accept: str | None, expected: str) -> None:
    assert language(client, accept=accept) == expected


def test_what_is_asked_for_counts_first_and_is_remembered(client: FlaskClient) -> None:
    assert language(client, "/?lang=en", "vi") == "en"
    assert language(client, "/", "vi") == "en"
    assert language(client, "/search?q=camera&lang=vi", "en") == "vi"
    assert language(client, "/nix", "en") == "vi"


@pytest.mark.parametrize("wish", ["fr", "", "EN", "../en", "%00", "vi,en"])
def test_a_language_that_is_not_here_is_not_remembered(client: FlaskClient, wish: str) -> None:
    response = client.get(f"/?lang={wish}", headers={"Accept-Language": "en"})
    assert "Set-Cookie" not in response.headers
    client.set_cookie(LANGUAGE_COOKIE, "xx")
    assert language(client, accept="en") == "en"


def test_each_page_leads_to_itself_in_the_other_language(client: FlaskClient) -> None:
    page = client.get("/search?q=camera&kind=QCVN&lang=vi").text
    assert 'hreflang="en"' in page
    links = [part.partition('"')[0] for part in page.split('hreflang="en" href="')[1:]]
    assert links
    for link in links:
        assert link.startswith("/search?")
        assert {"q=camera", "kind=QCVN", "lang=en"} <= set(link.partition("?")[2].split("&amp;"))


def test_titles_say_in_which_language_they_are(client: FlaskClient) -> None:
    page = client.get("/editions/tcvn-iso-iec-27002:2020?lang=en").text
    assert 'lang="en">Information technology' in page
    assert 'lang="vi">Công nghệ thông tin' in page
    assert page.index('lang="en">Information technology') < page.index('lang="vi">Công nghệ')


def test_dates_and_numbers_are_written_as_their_readers_do(client: FlaskClient) -> None:
    path = "/editions/qcvn-135:2024-btttt"
    assert "15 tháng 2 năm 2025" in client.get(f"{path}?lang=vi").text
    english = client.get(f"{path}?lang=en").text
    assert "15 February 2025" in english
