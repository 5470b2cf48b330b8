"""Taking back by API that a part of an edition ended."""

from registry.catalog.queries.editions import find_slug, parts_ended
from registry.history import AsOf
from tests.conftest import ActorMaker
from tests.support.api import Office, fields_named, problem
from tests.support.catalogue import SLUG, published


def test_a_part_ends_and_is_taken_back(office: Office, acting: ActorMaker) -> None:
    published(office.registry, acting("editor"), acting("approver"))
    approver = office.program("approver")
    path = f"/editions/{SLUG}"
    part = {"part": "2.3", "first_day": "2026-12-01", "reason": "Thông tư mới"}
    tag = approver.get(path).headers["ETag"]
    approver.made(f"{path}/end-part", part, If_Match=tag)
    with office.registry.units.reading() as session:
        edition = find_slug(session, SLUG)
        (ended,) = parts_ended(session, edition.id, AsOf(office.registry.clock.today()))
    restore = f"{path}/ended-parts/{ended.id}/restore"
    # Who read the edition before the part ended does not know what is taken back.
    problem(approver.post(restore, {"reason": "Nhập nhầm"}, If_Match=tag), 412)
    tag = approver.get(path).headers["ETag"]
    assert fields_named(approver.post(restore, {}, If_Match=tag)) == ["reason"]
    problem(office.program("editor").post(restore, {"reason": "x"}, If_Match=tag), 403)
    answer = approver.made(restore, {"reason": "Nhập nhầm"}, If_Match=tag)
    entry = approver.read(f"/journal/{answer['receipt']['position']}")
    assert (entry["action"], entry["data"]["part"]) == ("edition.restore-part", "2.3")
    tag = approver.get(path).headers["ETag"]
    problem(approver.post(restore, {"reason": "Lại"}, If_Match=tag), 404)
