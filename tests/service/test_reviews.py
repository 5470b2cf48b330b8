"""What becomes of a published edition: revised, amended, confirmed, ended in part."""

from datetime import date

import pytest

from registry.actor import Actor
from registry.catalog.models import PartialEnd
from registry.catalog.queries.editions import find_slug, parts_ended
from registry.catalog.queries.reviews import due_reviews
from registry.catalog.schemas import PartialEndSchema, RestorationSchema, ReviewSchema
from registry.catalog.services.reviews import confirm_edition, end_part, restore_part
from registry.catalog.status import AMENDED, IN_FORCE, IN_FORCE_IN_PART, SUPERSEDED
from registry.container import Registry
from registry.errors import BadTransition, Denied, Invalid, NotFound
from registry.history import AsOf
from registry.journal.queries import entries, head
from registry.schema_fields import load
from tests.conftest import ActorMaker
from tests.support.catalogue import DESIGNATION, SLUG, drafted, facts, imported, published, row

PART = {"part": "2.3", "first_day": "2026-12-01", "reason": "Thông tư mới"}


@pytest.fixture
def editor(acting: ActorMaker) -> Actor:
    return acting("editor")


@pytest.fixture
def approver(acting: ActorMaker) -> Actor:
    return acting("approver")


def status(registry: Registry, day: str, position: int | None = None) -> str:
    return facts(registry, SLUG, date.fromisoformat(day), position).status.status


def parts(registry: Registry) -> list[PartialEnd]:
    with registry.units.reading() as session:
        edition = find_slug(session, SLUG)
        return list(parts_ended(session, edition.id, AsOf(registry.clock.today())))


def test_a_part_ends_and_the_edition_is_in_force_in_part(
    registry: Registry, editor: Actor, approver: Actor
) -> None:
    published(registry, editor, approver)
    with registry.units.reading() as session:
        before = head(session)
    with registry.units(approver) as uow:
        end_part(uow, SLUG, load(PartialEndSchema(), PART))
    assert status(registry, "2026-11-30") == IN_FORCE
    assert status(registry, "2026-12-01") == IN_FORCE_IN_PART
    assert status(registry, "2026-12-01", before) == IN_FORCE
    assert [(p.part, p.reason) for p in parts(registry)] == [("2.3", "Thông tư mới")]
    with registry.units.reading() as session:
        entry = entries(session, limit=1)[0]
    assert (entry.action, entry.data["part"]) == ("edition.end-part", "2.3")


def test_a_review_confirms(registry: Registry, editor: Actor, approver: Actor) -> None:
    published(registry, editor, approver)
    said = load(ReviewSchema(), {"reason": "Còn phù hợp", "reviewed_on": "2026-11-19"})
    with registry.units(approver) as uow:
        confirm_edition(uow, SLUG, said)
    shown = facts(registry, SLUG)
    assert (shown.record.stage, shown.status.status) == ("90.93", IN_FORCE)
    later = load(ReviewSchema(), {"reason": "x", "reviewed_on": "2026-11-21"})
    with pytest.raises(Invalid), registry.units(approver) as uow:
        confirm_edition(uow, SLUG, later)


def test_a_revision_coexists_and_an_amendment_counts(
    registry: Registry, editor: Actor, approver: Actor
) -> None:
    published(registry, editor, approver)
    amends = [{"type": "amends", "target": DESIGNATION}]
    amendment = {"designation": "TCVN 99001:2026/SĐ 1:2026", "effective_from": "2026-12-01"}
    published(registry, editor, approver, relations=amends, **amendment)
    assert status(registry, "2026-12-01") == AMENDED
    supersedes = [{"type": "supersedes", "target": DESIGNATION, "coexistence_until": "2027-06-30"}]
    revision = {"designation": "TCVN 99001:2027", "effective_from": "2027-01-01"}
    published(registry, editor, approver, relations=supersedes, **revision)
    assert status(registry, "2027-06-30") == AMENDED
    assert status(registry, "2027-07-01") == SUPERSEDED


def test_what_is_refused(registry: Registry, editor: Actor, approver: Actor) -> None:
    drafted(registry, editor)
    part = load(PartialEndSchema(), PART)
    with pytest.raises(BadTransition), registry.units(approver) as uow:
        end_part(uow, SLUG, part)
    with pytest.raises(Denied), registry.units(editor) as uow:
        end_part(uow, SLUG, part)
    with pytest.raises(Denied), registry.units(editor) as uow:
        confirm_edition(uow, SLUG, load(ReviewSchema(), {"reason": "x"}))


def test_a_part_that_was_recorded_wrongly_is_taken_back(
    registry: Registry, editor: Actor, approver: Actor
) -> None:
    published(registry, editor, approver)
    with registry.units(approver) as uow:
        end_part(uow, SLUG, load(PartialEndSchema(), PART))
    (part,) = parts(registry)
    with registry.units.reading() as session:
        wrong = head(session)
    data = load(RestorationSchema(), {"reason": "Nhầm số điều"})
    with registry.units(editor) as uow, pytest.raises(Denied):
        restore_part(uow, SLUG, part.id, data)
    with registry.units(approver) as uow:
        restore_part(uow, SLUG, part.id, data)
    assert status(registry, "2026-12-01") == IN_FORCE
    assert status(registry, "2026-12-01", wrong) == IN_FORCE_IN_PART, "as it was known then"
    with registry.units.reading() as session:
        entry = entries(session, limit=1)[0]
    assert (entry.action, entry.data["part"], entry.data["reason"]) == (
        "edition.restore-part",
        "2.3",
        "Nhầm số điều",
    )
    with registry.units(approver) as uow, pytest.raises(NotFound):
        restore_part(uow, SLUG, part.id, data)


def due(registry: Registry, day: str, years: int | None = None) -> dict[str, tuple[date, date]]:
    with registry.units.reading() as session:
        as_of = AsOf(date.fromisoformat(day))
        found = due_reviews(session, as_of, registry.settings.zone, years)
    return {item.edition.edition.designation: (item.last, item.due) for item in found}


def test_editions_are_due_five_years_after_publication_or_review(
    empty_registry: Registry, approver: Actor
) -> None:
    imported(
        empty_registry,
        [
            row("TCVN 1:2016", issued="2016-02-29"),
            row("TCVN 2:2019", issued="2019"),
            row("TCVN 3:2012", issued="2012", withdrawn_on="2020-01-01"),
            row("TCVN 4:2010"),
        ],
    )
    assert due(empty_registry, "2021-02-28") == {}
    assert due(empty_registry, "2021-03-01") == {
        "TCVN 1:2016": (date(2016, 2, 29), date(2021, 3, 1))
    }
    assert list(due(empty_registry, "2024-12-31")) == ["TCVN 1:2016", "TCVN 2:2019"]
    assert list(due(empty_registry, "2021-03-01", 2)) == ["TCVN 1:2016"]
    with empty_registry.units(approver) as uow:
        data = {"reviewed_on": "2026-05-05", "reason": "Còn phù hợp"}
        confirm_edition(uow, "tcvn-1:2016", load(ReviewSchema(), data))
    assert list(due(empty_registry, "2026-11-20")) == ["TCVN 2:2019"]
    assert due(empty_registry, "2031-05-05")["TCVN 1:2016"][0] == date(2026, 5, 5)


def test_an_edition_is_not_drafted_without_its_year(registry: Registry, editor: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        drafted(registry, editor, designation="TCVN 1")
    (reason,) = refused.value.fields["designation"]
    assert str(reason).startswith("Write the year as well, like TCVN 1:20")
