"""A followed catalogue is refreshed: only what changed is journalled, and it says what."""

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from registry.actor import system_actor
from registry.catalog.builtin import DATA_FOLDER
from registry.catalog.drift import CURRENT, NOT_KNOWN, REPLACED, Drift, drift_on
from registry.catalog.importing import refresh
from registry.catalog.importing.jobs import one_import, open_refresh, try_again
from registry.catalog.importing.service import import_file
from registry.catalog.importing.states import DONE
from registry.catalog.importing.uploads import store_catalogue
from registry.catalog.models import ImportJob
from registry.catalog.queries.catalogues import one_catalogue
from registry.catalog.queries.drift import adoptions
from registry.catalog.queries.editions import find_designation, relations_of
from registry.catalog.schemas import CatalogueDescriptionSchema, CatalogueSchema
from registry.catalog.services.catalogues import describe_catalogue, follow_catalogue
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import Conflict, Denied, Invalid, NotFound
from registry.followers.imports import follow
from registry.history import AsOf
from registry.journal.queries import entries, head
from registry.journal.verification import verify
from registry.schema_fields import load
from tests.conftest import ActorMaker
from tests.support.catalogue import facts, imported, row
from tests.support.followed import IN_2021, IN_2024, ISO, adopted, followed, refreshed

TODAY = date(2026, 11, 20)


def position(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def drifts(registry: Registry, at: date = TODAY, known: int | None = None) -> dict[str, Drift]:
    with registry.units.reading() as session:
        found = adoptions(session, AsOf(at, known), registry.settings.zone)
    return {a.adopting.designation: drift_on(a, at) for a in found}


def states(registry: Registry, at: date = TODAY, known: int | None = None) -> dict[str, str]:
    return {name: drift.state for name, drift in drifts(registry, at, known).items()}


def test_a_catalogue_is_taken_over_with_its_relations(empty_registry: Registry) -> None:
    followed(empty_registry)
    report = refreshed(empty_registry, IN_2021, "2021-12")
    assert (report.rows.new, report.rows.bad, report.withdrawn, report.unlisted) == (11, 0, (), 0)
    edition = facts(empty_registry, "iso-iec-27000:2016")
    assert edition.status == (date(2018, 2, 7), "withdrawn")
    record = edition.record
    assert (record.catalogue, record.source_id, record.stage) == ("iso", "66435", "95.99")
    assert (record.kind, record.doctype) == ("international", "international-standard")
    assert record.committee == ["ISO/IEC JTC 1/SC 27"]
    assert record.url == "https://www.iso.org/standard/66435.html"
    with empty_registry.units.reading() as session:
        corrigendum = find_designation(session, "ISO/IEC 27002:2013/Cor 1:2014")
        assert corrigendum is not None
        stated = relations_of(session, corrigendum, AsOf(TODAY), empty_registry.settings.zone)
        assert [(r.relation.type, r.designation) for r in stated] == [
            ("corrects", "ISO/IEC 27002:2013")
        ]
    # A draft that will replace an edition has not replaced it.
    assert facts(empty_registry, "iso-iec-27002:2013").status.status == "in-force"


def test_a_refresh_says_what_changed_and_what_of_it_is_adopted_here(
    empty_registry: Registry, clock: FixedClock
) -> None:
    adopted(empty_registry)
    followed(empty_registry)
    refreshed(empty_registry, IN_2021)
    assert states(empty_registry) == {
        "TCVN 13902:2023": NOT_KNOWN,
        "TCVN ISO 37106:2018": REPLACED,
        "TCVN ISO/IEC 27001:2019": CURRENT,
        "TCVN ISO/IEC 27002:2020": CURRENT,
    }
    before = position(empty_registry)
    clock.instant += timedelta(days=3)
    report = refreshed(empty_registry, IN_2024, "2024-03-01")
    assert (report.rows.new, report.rows.changed, report.rows.unchanged) == (4, 3, 6)
    assert report.withdrawn == (
        "ISO/IEC 27001:2013",
        "ISO/IEC 27002:2013",
        "ISO/IEC 27002:2013/Cor 1:2014",
    )
    assert report.adopted == ("ISO/IEC 27001:2013", "ISO/IEC 27002:2013")
    assert report.unlisted == 2
    now = drifts(empty_registry)
    drift = now["TCVN ISO/IEC 27002:2020"]
    assert (drift.state, drift.since) == (REPLACED, date(2022, 2, 15))
    assert [newer.designation for newer in drift.chain] == ["ISO/IEC 27002:2022"]
    assert now["TCVN 13902:2023"].state == CURRENT
    # As the register stood before, it knew of none of this.
    assert states(empty_registry, known=before)["TCVN ISO/IEC 27002:2020"] == CURRENT
    with empty_registry.units.reading() as session:
        latest = entries(session, limit=1)[0]
        # Four new, three changed, and the refresh itself.
        assert head(session) == before + 8
        assert list(verify(session)) == []
        catalogue = one_catalogue(session, "iso", AsOf(TODAY))
    assert latest.action == "catalogue.refresh"
    assert latest.data["adopted"] == ["ISO/IEC 27001:2013", "ISO/IEC 27002:2013"]
    assert (latest.data["withdrawn"], latest.data["unlisted"]) == (3, 2)
    assert catalogue.editions == 15
    assert catalogue.refreshed_on(empty_registry.settings.zone) == TODAY + timedelta(days=3)


def test_the_same_file_again_changes_nothing(empty_registry: Registry) -> None:
    followed(empty_registry)
    refreshed(empty_registry, IN_2024, "2024-03-01")
    before = position(empty_registry)
    report = refreshed(empty_registry, IN_2024, "2024-03-01")
    assert (report.rows.new, report.rows.changed, report.rows.unchanged) == (0, 0, 13)
    assert position(empty_registry) == before
    # That the publisher's data of a later day say the same is news.
    refreshed(empty_registry, IN_2024, "2024-04-01")
    assert position(empty_registry) == before + 1


def test_an_id_that_the_file_does_not_carry_is_known_from_before(
    empty_registry: Registry, tmp_path: Path
) -> None:
    followed(empty_registry)
    refreshed(empty_registry, IN_2024)
    rows = [json.loads(line) for line in IN_2024.read_text("utf-8").splitlines()]
    newest = next(row for row in rows if row["id"] == 75652)
    newest["replaces"] = [54533, 66806, 999_999_999]
    newest["ownerCommittee"] = "ISO/IEC JTC 1"
    path = tmp_path / "part.jsonl"
    path.write_text(json.dumps(newest) + "\n", "utf-8")
    report = refreshed(empty_registry, path)
    assert (report.rows.changed, report.rows.bad, report.unlisted) == (1, 0, 12)
    with empty_registry.units.reading() as session:
        edition = find_designation(session, "ISO/IEC 27002:2022")
        assert edition is not None
        stated = relations_of(session, edition, AsOf(TODAY), empty_registry.settings.zone)
    assert {r.designation for r in stated if not r.inward} == {
        "ISO/IEC 27002:2013",
        "ISO/IEC 27002:2013/Cor 1:2014",
    }


def test_what_a_catalogue_holds_is_changed_by_that_catalogue_only(registry: Registry) -> None:
    followed(registry)
    report = refreshed(registry, IN_2024)
    # The built-in list knows most of these already; its domains are the register's own.
    assert report.rows.held == 0
    assert facts(registry, "iso-iec-27002:2022").record.domains
    before = position(registry)
    again = import_file(
        registry.units, system_actor("test"), DATA_FOLDER / "followed.jsonl", national=False
    )
    assert again.held > 0
    assert (again.new, again.changed) == (0, 0)
    assert position(registry) == before
    assert facts(registry, "iso-iec-27002:2013").record.catalogue == "iso"


def test_bad_rows_do_not_keep_the_others_out(empty_registry: Registry, tmp_path: Path) -> None:
    followed(empty_registry)
    lines = IN_2024.read_text("utf-8").splitlines()[:3]
    broken = [
        {"id": 1, "deliverableType": "IS", "reference": None},
        {"id": 2, "deliverableType": "IS", "reference": "ISO 2:1973", "publicationDate": "soon"},
        {"id": 3, "deliverableType": "IS", "reference": "ISO 3:1973", "title": "no languages"},
        {"id": 4, "deliverableType": "IS", "reference": "ISO 4:1997", "replaces": 7},
    ]
    path = tmp_path / "iso.jsonl"
    path.write_text("\n".join([*lines, "{no json", *map(json.dumps, broken)]), "utf-8")
    report = refreshed(empty_registry, path)
    assert (report.rows.new, report.rows.bad) == (4, 4)
    assert [bad.column for bad in report.rows.bad_rows] == ["", "designation", "issued", "titles"]


def test_followed_catalogues_are_registered_facts(empty_registry: Registry) -> None:
    followed(empty_registry)
    before = position(empty_registry)
    described = {name: text for name, text in ISO.items() if name != "key"}
    with empty_registry.units(system_actor("test")) as uow:
        describe_catalogue(uow, "iso", load(CatalogueDescriptionSchema(), described))
    assert position(empty_registry) == before
    described["licence"] = "ODC-By-1.0"
    with empty_registry.units(system_actor("test")) as uow:
        describe_catalogue(uow, "iso", load(CatalogueDescriptionSchema(), described))
    with empty_registry.units.reading() as session:
        now = one_catalogue(session, "iso", AsOf(TODAY))
        then = one_catalogue(session, "iso", AsOf(TODAY, before))
        with pytest.raises(NotFound):
            one_catalogue(session, "iso", AsOf(TODAY, before - 1))
    assert (now.record.licence, then.record.licence) == ("ODC-By-1.0", None)
    with pytest.raises(Conflict):
        followed(empty_registry)


def test_only_who_may_follow_follows(empty_registry: Registry, acting: ActorMaker) -> None:
    business = acting("business")
    with pytest.raises(Denied), empty_registry.units(business) as uow:
        follow_catalogue(uow, load(CatalogueSchema(), ISO))
    with pytest.raises(NotFound):
        refreshed(empty_registry, IN_2024)


@pytest.mark.parametrize(
    ("field", "value"), [("key", "ISO Open"), ("address", "ftp://iso.org"), ("publisher", " ")]
)
def test_a_catalogue_needs_a_name_a_publisher_and_a_web_address(field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(CatalogueSchema(), {**ISO, field: value})
    assert list(refused.value.fields) == [field]


def test_a_followed_row_never_touches_the_registers_own_list(
    empty_registry: Registry, tmp_path: Path
) -> None:
    imported(empty_registry, [row("TCVN 1:2024", titles={"vi": "Đèn"})])
    path = tmp_path / "foreign.jsonl"
    path.write_text(json.dumps(row("TCVN 1:2024", titles={"vi": "Khác"})) + "\n")
    report = import_file(empty_registry.units, system_actor("test"), path, national=False)
    (bad,) = report.bad_rows
    assert (bad.column, str(bad.reason)) == (
        "designation",
        "This edition belongs to the register's own list.",
    )
    assert facts(empty_registry, "tcvn-1:2024").record.titles == {"vi": "Đèn"}


def desk_refresh(registry: Registry, content: bytes, data_of: str | None = None) -> ImportJob:
    stored = store_catalogue(registry.files, "iso.jsonl.gz", content)
    with registry.units(system_actor("test")) as uow:
        number = open_refresh(uow, stored, "iso", data_of).id
    follow(registry)
    with registry.units.reading() as session:
        return one_import(session, number).job


def test_an_uploaded_catalogue_is_taken_over_by_the_worker(empty_registry: Registry) -> None:
    adopted(empty_registry)
    followed(empty_registry)
    job = desk_refresh(empty_registry, gzip.compress(IN_2021.read_bytes()), "2021-12")
    assert (job.phase, job.counts["new"], job.counts["withdrawn"]) == (DONE, 11, 0)
    job = desk_refresh(empty_registry, IN_2024.read_bytes())
    assert job.counts["withdrawn"] > 0
    assert job.counts["adopted"] == len(job.written["adopted"]) > 0
    with empty_registry.units.reading() as session:
        latest, first = one_catalogue(session, "iso", AsOf(TODAY)).refreshes
    assert list(latest.facts.adopted) == job.written["adopted"]
    assert first.facts.data_of == "2021-12"


def test_a_refresh_that_was_stopped_tells_all_that_ended(
    empty_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopted(empty_registry)
    followed(empty_registry)
    refreshed(empty_registry, IN_2021)
    whole = refresh._record

    def stopped(*_: object) -> None:
        raise RuntimeError("stopped")

    monkeypatch.setattr(refresh, "_record", stopped)
    job = desk_refresh(empty_registry, IN_2024.read_bytes())
    assert job.counts == {}
    monkeypatch.setattr(refresh, "_record", whole)
    with empty_registry.units(system_actor("test")) as uow:
        try_again(uow, job.id)
    follow(empty_registry)
    with empty_registry.units.reading() as session:
        job = one_import(session, job.id).job
    assert job.counts["withdrawn"] > 0


def test_only_json_lines_make_a_catalogue(empty_registry: Registry) -> None:
    with pytest.raises(Invalid):
        store_catalogue(empty_registry.files, "iso.csv", b"id;reference")
    with empty_registry.units(system_actor("test")) as uow, pytest.raises(NotFound):
        open_refresh(
            uow, store_catalogue(empty_registry.files, "x", IN_2021.read_bytes()), "iec", None
        )


def test_an_endless_line_is_refused(empty_registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b'{"a": "' + b"x" * 5_000_000))
    report = import_file(empty_registry.units, system_actor("test"), path, national=False)
    assert (report.bad, report.rows) == (1, 1)
