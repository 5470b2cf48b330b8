"""The list that comes with the register, as the register answers from it."""

import json
from datetime import date

import pytest

from registry.catalog.builtin import DATA_FOLDER, load_builtin_list
from registry.catalog.queries.editions import (
    EditionFacts,
    adopted_editions,
    count_editions,
    find_designation,
    in_domain,
    national_list,
    one_edition,
    relations_of,
)
from registry.catalog.queries.obligations import page_of_obligations
from registry.catalog.status import (
    IN_FORCE,
    NOT_YET_IN_FORCE,
    PREPARATION,
    SUPERSEDED,
    UNKNOWN,
    WITHDRAWN,
)
from registry.container import Registry
from registry.history import AsOf
from registry.journal.queries import head
from registry.journal.verification import verify
from registry.vocabulary.queries import terms
from tests.support.catalogue import imported

TODAY = date(2026, 11, 20)


def on(registry: Registry, designation: str, day: date) -> EditionFacts:
    with registry.units.reading() as session:
        edition = find_designation(session, designation)
        assert edition is not None, designation
        return one_edition(session, edition, AsOf(day), registry.settings.zone, drafts=False)


def test_loading_it_again_changes_nothing(registry: Registry) -> None:
    with registry.units.reading() as session:
        before = head(session)
    changed_terms, reports = load_builtin_list(registry.units)
    assert changed_terms == 0
    assert [(r.new, r.changed, r.bad) for r in reports] == [(0, 0, 0), (0, 0, 0)]
    with registry.units.reading() as session:
        assert head(session) == before
        assert list(verify(session)) == []


def test_what_somebody_changed_since_is_not_set_back(registry: Registry) -> None:
    rows = (DATA_FOLDER / "national.jsonl").read_text("utf-8").splitlines()
    changed = next(r for r in map(json.loads, rows) if r["designation"] == "QCVN 135:2024/BTTTT")
    imported(registry, [{**changed, "note": "Đã đối chiếu bản gốc"}])
    _, reports = load_builtin_list(registry.units)
    assert [(r.new, r.changed, r.held) for r in reports] == [(0, 0, 1), (0, 0, 0)]
    assert on(registry, "QCVN 135:2024/BTTTT", TODAY).record.note == "Đã đối chiếu bản gốc"


@pytest.mark.parametrize(
    "spelling", ["QCVN 135:2024/BTTTT", "QCVN 135: 2024/BTTTT", "qcvn 135 : 2024 / btttt"]
)
def test_the_camera_regulation_is_in_force_from_its_day(registry: Registry, spelling: str) -> None:
    assert on(registry, spelling, date(2024, 12, 30)).status.status == PREPARATION
    assert on(registry, spelling, date(2025, 1, 10)).status.status == NOT_YET_IN_FORCE
    assert on(registry, spelling, date(2025, 2, 14)).status.status == NOT_YET_IN_FORCE
    assert on(registry, spelling, date(2025, 2, 15)).status == (date(2025, 2, 15), IN_FORCE)
    assert on(registry, spelling, TODAY).status.status == IN_FORCE


def test_the_withdrawn_edition_names_what_replaced_it(registry: Registry) -> None:
    before = on(registry, "ISO/IEC 27002:2013", date(2022, 2, 14))
    assert before.status.status == IN_FORCE
    after = on(registry, "ISO/IEC 27002:2013", date(2022, 2, 15))
    assert after.status == (date(2022, 2, 15), WITHDRAWN)
    with registry.units.reading() as session:
        relations = relations_of(session, after.edition, AsOf(TODAY), registry.settings.zone)
    newer = {r.designation for r in relations if r.relation.type == "supersedes" and r.inward}
    assert newer == {"ISO/IEC 27002:2022"}
    assert on(registry, "ISO/IEC 27002:2022", TODAY).status.status == IN_FORCE


def test_adoption_drift_is_seen(registry: Registry) -> None:
    adopting = on(registry, "TCVN ISO/IEC 27002:2020", TODAY)
    assert adopting.status.status == UNKNOWN
    with registry.units.reading() as session:
        found = adopted_editions(
            session, [adopting.edition.id], AsOf(TODAY), registry.settings.zone
        )[adopting.edition.id]
    assert [(r.designation, r.relation.degree) for r in found] == [("ISO/IEC 27002:2013", "IDT")]
    assert found[0].other is not None
    assert found[0].other.status.status == WITHDRAWN


def test_standards_without_dates_stay_unknown(registry: Registry) -> None:
    with registry.units.reading() as session:
        listed = national_list(session, AsOf(TODAY), registry.settings.zone)
    for fact in listed:
        record = fact.record
        if not record.effective_from and not record.withdrawn_on and not record.effective_until:
            assert fact.status.status in (UNKNOWN, SUPERSEDED), fact.edition.designation


def test_both_editions_could_be_used_until_the_end_of_the_transition(registry: Registry) -> None:
    last = date(2023, 6, 30)
    assert on(registry, "QCVN 65:2013/BTTTT", last).status.status not in (SUPERSEDED, WITHDRAWN)
    ended = on(registry, "QCVN 65:2013/BTTTT", date(2023, 7, 1))
    assert ended.status == (date(2023, 7, 1), SUPERSEDED)


def test_the_list_covers_the_domains(registry: Registry) -> None:
    with registry.units.reading() as session:
        as_of = AsOf(TODAY)
        keys = [term.key for term in terms(session, "domain", as_of)]
        filled = [key for key in keys if in_domain(session, key, as_of, registry.settings.zone)]
        national, followed = count_editions(session)
    # Nothing national is known yet for blockchain; nothing is made up for it.
    assert len(keys) == 6
    assert len(filled) >= 5
    assert national > 150
    assert followed > 100


@pytest.mark.parametrize("code", ["8525.81.10", "852581", "8525", "85", "8525.8110"])
def test_the_camera_regulation_is_found_by_its_customs_codes(registry: Registry, code: str) -> None:
    with registry.units.reading() as session:
        rows = page_of_obligations(session, AsOf(TODAY), after=0, limit=50, hs=code)
    assert "QCVN 135:2024/BTTTT" in {edition.designation for _, edition in rows}
