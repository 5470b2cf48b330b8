"""Pages of foreign results: counts and reasons, one certificate, filters, files, import."""

import csv
import io

from flask.testing import FlaskClient

from registry.app import create_app
from registry.container import Registry
from registry.followers.foreign import follow as follow_foreign
from tests.support.foreign import excerpt, packed
from tests.support.visitors import account, sign_in


def visitor_of(registry: Registry) -> FlaskClient:
    app = create_app(registry, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


ENGLISH = {"Accept-Language": "en"}


def test_the_report_counts_by_outcome_and_reason(showcase: Registry) -> None:
    page = visitor_of(showcase).get("/foreign-results", headers=ENGLISH).text
    assert "<svg" in page
    assert "Why results are not accepted" in page
    assert "no decision here has legal effect" in page
    assert 'href="/foreign-results/cmvp/4389"' in page


def test_the_list_is_narrowed_and_given_as_a_file(showcase: Registry) -> None:
    client = visitor_of(showcase)
    accepted = client.get("/foreign-results?outcome=accept").text
    assert "/foreign-results/cmvp/4389" in accepted
    assert "/foreign-results/cmvp/11" not in accepted
    text = client.get("/foreign-results.csv?outcome=accept&scheme=cmvp").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["number"] for row in rows} == {"4389", "4955"}
    for wrong in ("scheme=moon", "outcome=perhaps", "cursor=x"):
        assert client.get(f"/foreign-results?{wrong}").status_code == 422


def test_one_certificate_is_explained_for_any_day(showcase: Registry) -> None:
    client = visitor_of(showcase)
    page = client.get("/foreign-results/cmvp/4389?at=2027-12-07", headers=ENGLISH).text
    assert "By the rules on" in page
    assert "[Demonstration]" in page
    assert "[Trình diễn] Thỏa thuận" not in page
    assert client.get("/foreign-results/cmvp/0").status_code == 404
    assert client.get("/foreign-results/moon/1").status_code == 404


def test_an_officer_takes_in_a_list_and_reads_what_became_of_it(showcase: Registry) -> None:
    client = visitor_of(showcase)
    assert client.get("/workspace/foreign-results").status_code == 302
    sign_in(client, showcase, account(showcase, "officer"))
    content = packed([*excerpt("cc"), {"id": "x", "scheme": "EUCC", "status": "Gone"}])
    sent = {"format": "cc", "read_on": "", "file": (content, "cc.jsonl")}
    answer = client.post("/workspace/foreign-results", data=sent)
    assert answer.status_code == 303
    waiting = client.get(answer.location, headers=ENGLISH).text
    assert "The list is being taken in" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert client.get("/foreign-results/cc/anssi-cc-2026-05").status_code == 404
    follow_foreign(showcase)
    page = client.get(answer.location, headers=ENGLISH).text
    assert "The list is taken in" in page
    assert "The status must be Active, Historical or Revoked." in page
    assert "cc.jsonl" in client.get("/workspace/foreign-results").text
    assert client.get("/workspace/foreign-results/999999").status_code == 404
    assert client.get("/foreign-results/cc/anssi-cc-2026-05").status_code == 200
    empty = client.post("/workspace/foreign-results", data={"format": "cc"})
    assert empty.status_code == 422
    late = {"format": "cc", "read_on": "2199-01-01", "file": (packed(excerpt("cc")), "cc.jsonl")}
    assert client.post("/workspace/foreign-results", data=late).status_code == 422


def test_an_officer_records_what_rests_on_a_result(showcase: Registry) -> None:
    client = visitor_of(showcase)
    sign_in(client, showcase, account(showcase, "officer"))
    wrong = client.post("/foreign-results/cmvp/4389", data={"relying": "HS-0"}, headers=ENGLISH)
    assert wrong.status_code == 422
    assert "no application or declaration of this number" in wrong.text


def test_a_laboratory_that_certificates_name_has_a_page(showcase: Registry) -> None:
    client = visitor_of(showcase)
    result = client.get("/foreign-results/cmvp/1949", headers=ENGLISH).text
    assert 'href="/foreign-laboratories/dxc-technology"' in result
    page = client.get("/foreign-laboratories/dxc-technology", headers=ENGLISH).text
    assert 'href="/foreign-results/cmvp/1949"' in page
    assert "not linked" in page
    assert "DXC Technology" in client.get("/foreign-laboratories").text
    assert client.get("/foreign-laboratories/nobody").status_code == 404
    narrowed = client.get("/foreign-results?laboratory=dxc-technology").text
    assert "/foreign-results/cmvp/1949" in narrowed
    assert "/foreign-results/cmvp/4389" not in narrowed


def test_the_page_of_a_scheme_lists_what_it_issued(showcase: Registry) -> None:
    client = visitor_of(showcase)
    page = client.get("/bodies/foreign-nist-cmvp", headers=ENGLISH).text
    assert "Foreign results of this body" in page
    assert "issuer=foreign-nist-cmvp" in page


def test_an_officer_says_which_registered_body_a_laboratory_is(showcase: Registry) -> None:
    client = visitor_of(showcase)
    sign_in(client, showcase, account(showcase, "officer"))
    address = "/foreign-laboratories/saic-va"
    assert client.post(address, data={"body": "nobody"}).status_code == 422
    sent = client.post(address, data={"body": "foreign-nist-cmvp"})
    assert sent.status_code == 302
    assert 'href="/bodies/foreign-nist-cmvp"' in client.get(address).text
    assert client.post(address, data={"body": "foreign-nist-cmvp"}).status_code == 422
    assert "SAIC-VA" in client.get("/bodies/foreign-nist-cmvp").text


def test_all_that_rests_on_lapsed_results_is_a_file(showcase: Registry) -> None:
    file = visitor_of(showcase).get("/foreign-results/relied-on.csv")
    assert file.get_data(as_text=True).removeprefix("\ufeff").startswith("scheme,number,status")
