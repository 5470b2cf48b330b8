"""Pages of foreign results: counts and reasons, one certificate, filters, files, import."""

import csv
import io

from flask.testing import FlaskClient

from registry.app import create_app
from registry.container import Registry
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
    page = client.post("/workspace/foreign-results", data=sent, headers=ENGLISH)
    assert page.status_code == 200
    assert "The status must be Active, Historical or Revoked." in page.text
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
