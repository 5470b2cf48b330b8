"""Documents of decisions and the end of a registration, for programs."""

from datetime import timedelta

from registry.clock import FixedClock
from tests.support.api import Office, problem

BODY = "demo-laboratory"


def test_the_statement_on_a_report_is_a_document_for_its_parties(office: Office) -> None:
    made = office.world.report()
    path = f"/reports/{made.report.id}/statement"
    answer = office.program("laboratory").get(path)
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-1.7")
    problem(office.program("laboratory-kr").get(path), 404)


def test_the_refusal_of_an_application_is_a_document_for_its_parties(office: Office) -> None:
    application = office.world.reviewed()
    business, path = office.program("business"), f"/applications/{application.number}/refusal"
    problem(business.get(path), 404)
    office.world.decide(application.number, decision="refuse", reasons="Mẫu không đúng kiểu.")
    assert business.get(path).data.startswith(b"%PDF-1.7")


def test_a_registration_ends_after_what_rests_on_it_was_listed(
    office: Office, clock: FixedClock
) -> None:
    certificate = office.world.certificate()
    clock.instant += timedelta(days=1)
    officer = office.program("officer")
    since = office.world.day(-20)
    listed = officer.read(f"/bodies/{BODY}/dependents?from={since}")
    assert certificate.number in {item["label"] for item in listed["items"]}
    problem(officer.post(f"/bodies/{BODY}/withdraw", {"effective_on": since}), 422)
    body = {"effective_on": since, "reason": "Tự xin chấm dứt"}
    ended = officer.post(f"/bodies/{BODY}/withdraw", body)
    assert ended.status_code == 200
    assert ended.json is not None
    assert ended.json["valid_until"] == office.world.day(-21)
    assert ended.json["ended_because"] == "Tự xin chấm dứt"
    past = officer.read(f"/bodies/{BODY}?known={office.world.day(-1)}")
    assert past["ended_because"] is None
    problem(office.program("laboratory").post(f"/bodies/{BODY}/withdraw", body), 403)


def test_a_registration_is_corrected_by_whoever_saw_the_present_version(office: Office) -> None:
    officer, path = office.program("officer"), f"/bodies/{BODY}"
    tag = officer.get(path).headers["ETag"]
    body = {"effective_on": office.world.day(-20), "reason": "x"}
    assert officer.post(f"{path}/withdraw", body).status_code == 200
    data = {"kinds": ["testing_laboratory"], "valid_from": "2025-01-01", "reason": "Ghi nhầm"}
    problem(officer.put(path, data, **{"If-Match": tag}), 412)
    tag = officer.get(path).headers["ETag"]
    corrected = officer.put(path, data, **{"If-Match": tag})
    assert corrected.status_code == 200
    assert officer.read(path)["valid_until"] is None
    problem(officer.put(path, {**data, "kinds": ["nothing"]}), 422)


def test_an_arrangement_is_ended_by_whoever_saw_the_present_version(office: Office) -> None:
    officer = office.program("officer")
    path = "/arrangements/demonstration-mutual-recognition-arrangement-viet-nam-repub"
    shown = officer.get(path)
    said = officer.read(path)
    names = ("titles", "kind", "phase", "parties", "valid_from", "article", "source")
    data = {name: said[name] for name in names} | {
        "valid_until": office.world.day(-1),
        "reason": "Chấm dứt",
    }
    problem(officer.put(path, data, **{"If-Match": '"1"'}), 412)
    assert officer.put(path, data, **{"If-Match": shown.headers["ETag"]}).status_code == 200
    assert officer.read(path)["in_force"] is False
