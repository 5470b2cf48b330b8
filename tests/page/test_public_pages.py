"""Every page that anybody may read: in both languages, under the policy, whatever is asked."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.accounts.permissions import ROLES
from registry.assessment.models import Certificate, Declaration, DeclarationRegistration
from registry.config import LANGUAGES
from registry.container import Registry
from tests.support.routes import Route, address, public_pages, routes, variable_parts
from tests.support.visitors import Text, visitor

# What is there under the name of an argument, and where one name means several things.
EXAMPLES: dict[str, object] = {
    "position": 1,
    "key": "information-security",
    "code": "35",
    "kind": "invalid",
    "name": "swagger-ui.css",
    "catalog.ministry/key": "bkhcn",
    "catalog/slug": "qcvn-135:2024-btttt",
    "assessment.foreign_one/scheme": "cmvp",
    "assessment.foreign_one/number": "4389",
    "assessment.status_list/number": 1,
    "catalog.document/slug": "qcvn-135-btttt",
}
CHOSEN = {"which", "form", "table", "purpose"}  # The address itself lists what these may be.
# Pages of a draft open for comment and of a planned entry, which this register does not hold,
# a calendar whose address is its owner's secret, and an address that only leads to a form.
ELSEWHERE = {
    "assessment.calendar_feed",
    "assessment.verify_file_form",
    "catalog.comments",
    "catalog.comments_file",
    "catalog.programme_entry",
}


UNFILLED = re.compile(r"%\(\w+\)s|\{\{ |\{% ")


def slug_listed(client: FlaskClient, path: str) -> str:
    """Return the slug of the first entry that the list at ``path`` leads to."""
    page = client.get(path).text
    found = re.search(rf'href="{path}/([a-z0-9~:-]+)"', page)
    assert found, page
    return found[1]


@pytest.fixture
def pages(showcase: Registry, showcase_app: Flask) -> list[tuple[Route, str]]:
    """Every public page, with an address at which it shows something."""
    client = showcase_app.test_client()
    with showcase.units.reading() as session:
        number = session.scalars(select(Certificate.number)).first()
        declared = session.scalars(select(Declaration.number).join(DeclarationRegistration)).first()
    examples = EXAMPLES | {
        "number": number,
        "assessment.declaration/number": declared,
        "assessment.declaration_pdf/number": declared,
        "assessment.body/slug": slug_listed(client, "/bodies"),
        "assessment.arrangement/slug": slug_listed(client, "/arrangements"),
        "assessment.foreign_laboratory/slug": slug_listed(client, "/foreign-laboratories"),
    }
    found = []
    for route in public_pages(showcase_app):
        if route.rule.endpoint in ELSEWHERE:
            continue
        arguments = {}
        for name in variable_parts(route) - CHOSEN:
            specific = f"{route.rule.endpoint}/{name}"
            part = route.rule.endpoint.partition(".")[0]
            names = (specific, f"{part}/{name}", name)
            example = next((examples[n] for n in names if n in examples), None)
            assert example is not None, f"{specific} needs an example in this test"
            arguments[name] = example
        found.append((route, address(showcase_app, route, **arguments)))
    return found


def untranslated() -> list[str]:
    """Return English sentences that a Vietnamese page must not show."""
    with open("registry/web/translations/vi/LC_MESSAGES/messages.po", "rb") as file:
        catalogue = read_po(file)
    texts = [m.id for m in catalogue if isinstance(m.id, str) and m.string and m.id != m.string]
    return [
        text for text in texts if len(text.split()) >= 3 and "%(" not in text and "{" not in text
    ]


def test_every_public_page_is_there_in_both_languages(
    showcase_app: Flask, pages: list[tuple[Route, str]]
) -> None:
    client = showcase_app.test_client()
    english = untranslated()
    assert len(english) > 200
    assert len(pages) > 20
    wrong = []
    for _, path in pages:
        for language in LANGUAGES:
            with client.get(path, headers={"Accept-Language": language}) as response:
                page = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
                if response.status_code != 200:
                    wrong.append(f"{path}: {response.status_code}")
            if page:
                wrong += [f"{path}: {fault}" for fault in faults_of_words(page, language, english)]
    assert wrong == [], "\n".join(wrong)


def faults_of_words(page: str, language: str, english: list[str]) -> Iterator[str]:
    """Yield what is wrong with the words of a page in ``language``."""
    shown = Text(page)
    if f'<html lang="{language}">' not in page:
        yield f"does not say that it is in {language}"
    if found := UNFILLED.search(" ".join(words for _, words in shown.pieces)):
        yield f"{found[0]} is not filled in"
    if language == "vi":
        said = " ".join(shown.in_language("vi"))
        yield from (f"not in Vietnamese: {text}" for text in english if text in said)


def test_no_page_has_inline_code(showcase_app: Flask, pages: list[tuple[Route, str]]) -> None:
    client = showcase_app.test_client()
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=\s*[\"']|<[^>]*\son[a-z]+\s*=")
    outside = re.compile(
        r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//(?!localhost)"
    )
    for _, path in pages:
        with client.get(path) as response:
            if response.mimetype == "text/html":
                assert not inline.search(response.get_data(as_text=True)), path
                found = outside.search(response.get_data(as_text=True))
                assert not found, (path, found)


@pytest.mark.parametrize("parameter", ["at", "known"])
@pytest.mark.parametrize(
    "value", ["soon", "2026-02-30", "20261120", "2026-W10-1", "0001-01-01", "💡"]
)
def test_a_malformed_date_is_named(client: FlaskClient, parameter: str, value: str) -> None:
    for path in ("/", "/editions/qcvn-135:2024-btttt", "/domains/information-security"):
        response = client.get(path, query_string={parameter: value, "lang": "en"})
        assert response.status_code == 422, path
        assert f'<span class="code">{parameter}</span>' in response.text


def test_the_search_page_names_a_malformed_date(client: FlaskClient) -> None:
    response = client.get("/search?q=camera&at=soon&lang=en")
    assert response.status_code == 422
    assert '<span class="code">at</span>' in response.text


ODD = ("'", '"><i>', "%00", "💡", "..", "a" * 3_000, "1" * 40, "-1", "²", "%ff")
QUERY = (
    *("q", "page", "cursor", "limit", "subject", "action", "number", "sort", "domain", "kind"),
    *("lang", "hs", "next", "_anchor", "_scheme", "_external", "_method", "endpoint", "self"),
)


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_no_address_is_an_error_of_ours(
    showcase: Registry, showcase_app: Flask, value: str
) -> None:
    """Whatever stands in an address or its query, also for somebody who may open every desk."""
    client = visitor(showcase_app, showcase, *ROLES)
    for route in routes(showcase_app):
        if route.method == "GET" and not route.api and route.rule.arguments:
            path = re.sub("<[^<>]*>", lambda _: value, route.rule.rule)
            with client.get(path) as response:
                assert response.status_code < 500, path
    together = "&".join(f"{name}={value}" for name in QUERY if name != "cursor")
    for path in ("/", "/journal", "/certificates", "/verify", "/editions/qcvn-135-btttt"):
        with client.get(f"{path}?{together}") as response:
            assert response.status_code < 500, path
    for name in QUERY:
        with client.get(f"/search?{name}={value}") as response:
            assert response.status_code < 500, name


def test_what_is_typed_is_shown_as_text(client: FlaskClient) -> None:
    for path, name in (("/search", "q"), ("/journal", "subject"), ("/verify", "number")):
        page = client.get(path, query_string={name: '"><script>alert(1)</script>'}).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page or "script" not in page


class TestHome:
    def test_it_offers_search_domains_and_the_check_of_a_certificate(
        self, client: FlaskClient
    ) -> None:
        page = client.get("/?lang=vi").text
        assert 'action="/search"' in page
        assert 'href="/verify"' in page
        for key in ("smart-cities", "information-security", "blockchain"):
            assert f'href="/domains/{key}' in page

    def test_a_register_without_entries_has_a_home_page(self, empty_registry: Registry) -> None:
        from registry.app import create_app  # noqa: PLC0415 - for this one register.

        client = create_app(empty_registry, testing=True).test_client()
        for path in ("/", "/search?q=x", "/about", "/open-data", "/journal", "/domains/blockchain"):
            assert client.get(path).status_code == 200, path


class TestSearch:
    @pytest.mark.parametrize("query", ["camera giám sát", "camera giam sat", "CAMERA GIÁM SÁT"])
    def test_vietnamese_is_found_with_and_without_diacritics(
        self, client: FlaskClient, query: str
    ) -> None:
        page = client.get("/search", query_string={"q": query}).text
        first = page.index("/editions/qcvn-135:2024-btttt")
        assert (
            first < page.index("/editions/", first + 40) if page.count("/editions/") > 1 else True
        )

    @pytest.mark.parametrize(
        "query", ["qcvn 135", "QCVN 135: 2024/BTTTT", "27002", "TCVN ISO/IEC 27002"]
    )
    def test_designations_are_found_in_any_spelling(self, client: FlaskClient, query: str) -> None:
        page = client.get("/search", query_string={"q": query}).text
        slug = "tcvn-iso-iec-27002:2020" if "27002" in query else "qcvn-135:2024-btttt"
        assert f"/editions/{slug}" in page

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("qcvn 135 xyzzy", "<q>xyzzy</q>"),
            ("camera year:20x", "<q>year:20x</q>"),
            ("camera khí tượng", "No entry has all these words"),
        ],
    )
    def test_it_says_which_words_were_left_out(
        self, client: FlaskClient, query: str, said: str
    ) -> None:
        page = client.get("/search", query_string={"q": query, "lang": "en"}).text
        assert said in page
        assert "Left out of the search" not in client.get("/search?q=camera&lang=en").text

    def test_each_example_of_how_to_ask_finds_something(self, client: FlaskClient) -> None:
        page = client.get("/search?lang=en").text
        examples = page[page.index('class="search-help"') :].partition("</details>")[0]
        links = [unescape(link) for link in re.findall(r'href="([^"]+)"', examples)]
        assert len(links) == 6
        for link in links:
            answer = client.get(link).text
            assert 'class="result"' in answer, link
            assert "<q>" not in answer, link

    def test_a_designation_that_stands_for_the_title_is_shown_once(
        self, client: FlaskClient
    ) -> None:
        page = client.get("/search?q=sửa+đổi+1+qcvn+102&lang=en").text
        entry = page[page.index('<li class="result"') :]
        assert entry.count("result-title") == 0

    def test_known_on_a_day_is_passed_to_the_entries(self, client: FlaskClient) -> None:
        page = client.get("/search?q=qcvn+135&known=2026-01-31&lang=en").text
        assert "as it was known on 31 January 2026" in page
        assert "/editions/qcvn-135:2024-btttt?known=2026-01-31" in page

    @pytest.mark.parametrize(
        "query", ["27002", "27002:2013", '"ISO 27002"', '"ISO/IEC 27002:2013"', '"IEC 27002"']
    )
    def test_an_adoption_is_found_by_any_name_of_what_it_adopts(
        self, client: FlaskClient, query: str
    ) -> None:
        page = client.get("/search", query_string={"q": f"adopts:{query}"}).text
        assert "/editions/tcvn-iso-iec-27002:2020" in page

    def test_facets_narrow_the_list(self, client: FlaskClient) -> None:
        all_of_them = client.get("/search?q=an+toàn&lang=en").text
        page = client.get("/search?q=an+toàn&domain=information-security&kind=TCVN&lang=en").text
        assert "/editions/qcvn" in all_of_them
        assert "/editions/qcvn" not in page
        assert "/editions/tcvn" in page
        assert "kind=TCVN" in page

    def test_nothing_found_offers_other_questions(self, client: FlaskClient) -> None:
        page = client.get("/search?q=xyzzyqwert&lang=en")
        assert page.status_code == 200
        assert "/search?q=" in page.text

    def test_facts_come_from_the_database_when_the_index_is_late(
        self, registry: Registry, client: FlaskClient
    ) -> None:
        registry.search.apply([], [], registry.search.position() + 1)
        assert client.get("/search?q=camera").status_code == 200
