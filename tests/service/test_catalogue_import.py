"""Import: the same file again changes nothing, and a bad row is named rather than lost."""

import gzip
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.actor import system_actor
from registry.catalog.exporting import export_lines
from registry.catalog.importing import service
from registry.catalog.importing.formats import read_rows
from registry.catalog.importing.service import ImportReport, import_file
from registry.catalog.models import Edition, EditionRecord, Obligation, Relation
from registry.catalog.queries.editions import find_designation, national_list
from registry.catalog.status import IN_FORCE, UNKNOWN
from registry.catalog.status import WITHDRAWN as STATUS_WITHDRAWN
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import Denied
from registry.history import AsOf, known
from registry.journal.queries import entries, head
from registry.journal.verification import verify
from tests.conftest import ActorMaker
from tests.support.catalogue import facts, imported, row, write_lines

TODAY = date(2026, 11, 20)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.bad


def position(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def wrong(report: ImportReport) -> list[tuple[int, str]]:
    return [(bad.number, bad.column) for bad in report.bad_rows]


def import_lines(registry: Registry, path: Path, lines: list[Any]) -> ImportReport:
    return import_file(
        registry.units, system_actor("test"), write_lines(path, lines), national=True
    )


def test_the_same_rows_again_change_nothing(empty_registry: Registry) -> None:
    rows = [
        row("TCVN 1:2000", relations=[{"type": "supersedes", "target": "TCVN 1:1990"}]),
        row("QCVN 2:2021/BTTTT", obligations=[{"hs": ["8517.62"], "product": {"vi": "Modem"}}]),
    ]
    assert counts(imported(empty_registry, rows)) == (2, 0, 0, 0)
    before = position(empty_registry)
    reordered = [dict(reversed(item.items())) for item in reversed(rows)]
    assert counts(imported(empty_registry, reordered)) == (0, 0, 2, 0)
    assert position(empty_registry) == before


def test_a_changed_row_makes_a_new_version_and_history(
    empty_registry: Registry, clock: FixedClock
) -> None:
    imported(
        empty_registry,
        [
            row(
                "TCVN 1:2000",
                domains=["blockchain"],
                effective_from="2000-01-01",
                relations=[{"type": "references", "target": "ISO 1:1999"}],
                obligations=[{"product": {"vi": "Đèn"}, "hs": ["9405"]}],
            ),
            row("TCVN 2:2000"),
        ],
    )
    before = position(empty_registry)
    clock.instant += timedelta(days=1)
    changed = row("TCVN 1 : 2000", withdrawn_on="2026-01-01", titles={"vi": "Tên mới"})
    assert counts(imported(empty_registry, [changed, row("TCVN 2:2000")])) == (0, 1, 1, 0)
    now, then = facts(empty_registry, "tcvn-1:2000"), None
    then = facts(empty_registry, "tcvn-1:2000", position=before)
    assert (now.record.titles["vi"], now.status.status) == ("Tên mới", STATUS_WITHDRAWN)
    assert (then.record.titles["vi"], then.status.status) == ("Tên của TCVN 1:2000", IN_FORCE)
    with empty_registry.units.reading() as session:
        history = entries(session, subject=f"edition:{now.edition.id}")
        assert [entry.action for entry in history] == ["edition.import-change", "edition.import"]
        for model in (EditionRecord, Relation, Obligation):
            ended = select(model.known_until).where(model.edition_id == now.edition.id)
            assert session.scalars(ended.order_by(model.id)).first() == before + 1
        current = select(func.count()).select_from(Relation).where(known(Relation))
        assert session.scalar(current) == 0
        assert list(verify(session)) == []


def test_bad_rows_are_listed_and_good_ones_taken(empty_registry: Registry) -> None:
    report = imported(
        empty_registry,
        [
            row("TCVN 1:2000"),
            row("TCVN 2:2000", titles={}),
            row("TCVN 3:2000", issued="1st May"),
            row(
                "TCVN 4:2000",
                relations=[{"type": "amends", "target": "TCVN 1:2000"}, {"type": "x"}],
            ),
            row("TCVN 5:2000", colour="red"),
            row(""),
            {"titles": {"vi": "Không số hiệu"}},
            row("TCVN 6:2000", publisher=None, source=None),
            row("TCVN 7:2000", pages="many"),
            row(17),
        ],
    )
    assert counts(report) == (1, 0, 0, 9)
    assert wrong(report) == [
        (2, "titles"),
        (3, "issued"),
        (4, "relations.1.type"),
        (4, "relations.1.target"),
        (5, "colour"),
        (6, "designation"),
        (7, "designation"),
        (8, "publisher"),
        (8, "source"),
        (9, "pages"),
        (10, "designation"),
    ]
    values = {(bad.number, bad.column): bad.value for bad in report.bad_rows}
    assert values[3, "issued"] == "1st May"
    assert values[4, "relations.1.type"] == "x"
    assert values[10, "designation"] == "17"
    assert all(bad.reason for bad in report.bad_rows)


def test_two_spellings_of_one_edition_are_one_row_too_many(empty_registry: Registry) -> None:
    report = imported(
        empty_registry,
        [row("QCVN 135:2024/BTTTT"), row("TCVN 1:2000"), row("qcvn 135: 2024/btttt")],
    )
    assert counts(report) == (2, 0, 0, 1)
    assert wrong(report) == [(3, "designation")]
    assert "row 1" in report.bad_rows[0].reason


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("Đèn 💡", True),
        ("مصابيح", True),
        ("x" * 2_000, True),
        ("x" * 5_000_000, False),
        ("a\0b", False),
        ("a\ud800b", False),
        ("\u202ebad", False),
        ({"deep": []}, False),
        (5, False),
    ],
    ids=["emoji", "rtl", "long", "5 MB", "NUL", "surrogate", "override", "object", "number"],
)
def test_odd_titles(empty_registry: Registry, title: Any, taken: bool) -> None:
    report = imported(empty_registry, [row("TCVN 1:2000", titles={"vi": title})])
    assert counts(report) == ((1, 0, 0, 0) if taken else (0, 0, 0, 1))
    if not taken:
        assert wrong(report) == [(1, "titles.vi")]
        assert len(report.bad_rows[0].value) <= 200


def test_lines_that_are_no_rows_are_listed(empty_registry: Registry, tmp_path: Path) -> None:
    lines = [
        row("TCVN 1:2000"),
        "",
        "{not json",
        "[1, 2]",
        '"text"',
        '{"designation": "TCVN 2:2000", "pages": ' + "9" * 5_000 + "}",
        "[" * 100_000,
        b"\xff\xfe\x00",
        '{"designation": ' + '{"a":' * 900 + "1" + "}" * 901,
        json.dumps(row("TCVN 3:2000", note="a\0b")),
        row("TCVN 4:2000"),
    ]
    report = import_lines(empty_registry, tmp_path / "rows.jsonl", lines)
    assert counts(report) == (2, 0, 0, 8)
    assert [bad.number for bad in report.bad_rows] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert all(bad.reason for bad in report.bad_rows)


def test_a_damaged_archive_is_taken_as_far_as_it_goes(
    empty_registry: Registry, tmp_path: Path
) -> None:
    lines = b"".join(json.dumps(row(f"TCVN {n}:2000")).encode() + b"\n" for n in range(1, 3_000))
    packed = gzip.compress(lines)
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    report = import_file(empty_registry.units, system_actor("test"), path, national=True)
    assert report.new > 100
    assert report.bad in (1, 2)
    assert "damaged" in report.bad_rows[-1].reason
    path.write_bytes(b"no archive at all")
    report = import_file(empty_registry.units, system_actor("test"), path, national=True)
    assert (report.new, report.bad) == (0, 1)


def test_a_stopped_import_is_taken_up_again(
    empty_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 10)
    rows = [row(f"TCVN {number}:2000") for number in range(1, 36)]

    def stopping() -> Iterator[dict[str, Any]]:
        for number, item in enumerate(rows):
            if number == 25:
                raise KeyboardInterrupt
            yield item

    with pytest.raises(KeyboardInterrupt):
        imported(empty_registry, stopping())
    with empty_registry.units.reading() as session:
        assert session.scalar(select(func.count()).select_from(Edition)) == 20
        assert list(verify(session)) == []
    assert counts(imported(empty_registry, rows)) == (15, 0, 20, 0)


def test_only_who_may_import_imports(empty_registry: Registry, acting: ActorMaker) -> None:
    with pytest.raises(Denied):
        service.import_rows(empty_registry.units, acting("business"), [], national=True)


def test_an_edition_that_becomes_known_later_is_joined_to_its_relations(
    empty_registry: Registry,
) -> None:
    relation = {"type": "superseded-by", "target": "TCVN 2:2010"}
    imported(
        empty_registry, [row("TCVN 1:2000", effective_from="2000-01-01", relations=[relation])]
    )
    assert facts(empty_registry, "tcvn-1:2000").status.status == IN_FORCE
    imported(empty_registry, [row("TCVN 2:2010", effective_from="2010-06-01")])
    known_now = facts(empty_registry, "tcvn-1:2000")
    assert known_now.status == (date(2010, 6, 1), "superseded")


def test_an_end_without_a_day_counts_from_when_the_register_learned_of_it(
    empty_registry: Registry, clock: FixedClock
) -> None:
    imported(empty_registry, [row("TCVN 1:2000", effective_from="2000-01-01"), row("TCVN 2:2010")])
    clock.instant += timedelta(days=200)
    learned = clock.today()
    newer = row("TCVN 2:2010", relations=[{"type": "supersedes", "target": "TCVN 1:2000"}])
    imported(empty_registry, [newer])
    before = facts(empty_registry, "tcvn-1:2000", learned - timedelta(days=1))
    assert before.status.status == UNKNOWN
    assert facts(empty_registry, "tcvn-1:2000").status == (learned, "superseded")


def test_a_bibliographic_row_becomes_a_followed_edition(empty_registry: Registry) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": "ISO/IEC 27002:2022",
            "title": {"en": "Information security controls"},
            "publisher": "ISO/IEC",
            "stage": "60.60",
            "published": "2022-02",
            "source": "relaton-data-iso",
            "relations": [
                {"type": "obsoletes", "target": "ISO/IEC 27002:2013", "date": "2022-02-15"}
            ],
        },
        {
            "id": "ISO/IEC 27002:2013",
            "title": {"en": "Code of practice"},
            "publisher": "ISO/IEC",
            "stage": "95.99",
            "published": "2013-10",
            "source": "relaton-data-iso",
        },
    ]
    assert counts(imported(empty_registry, rows, national=False)) == (2, 0, 0, 0)
    with empty_registry.units.reading() as session:
        edition = find_designation(session, "iso/iec 27002 : 2013")
        assert edition is not None
        assert not edition.national
    assert facts(empty_registry, edition.slug).status == (date(2022, 2, 15), STATUS_WITHDRAWN)


def test_what_is_exported_can_be_imported_elsewhere(
    registry: Registry, empty_registry: Registry
) -> None:
    for which, national in (("national", True), ("followed", False)):
        lines = export_lines(registry.units, which, "jsonl", registry.settings.zone, registry.clock)
        path = registry.settings.data_dir / f"{which}.jsonl"
        path.write_bytes(b"".join(lines))
        assert len(list(read_rows(path))) > 100
        report = import_file(empty_registry.units, system_actor("test"), path, national=national)
        assert report.bad_rows == []
    assert said(empty_registry) == said(registry)


def said(registry: Registry) -> dict[str, Any]:
    """Return all that the register says of its own list, without its own identifiers."""
    with registry.units.reading() as session:
        listed = national_list(session, AsOf(TODAY), registry.settings.zone)
        names = {fact.edition.id: fact.edition.designation for fact in listed}
        says: dict[str, Any] = {
            fact.edition.designation: (without_ids(fact.record), fact.changes) for fact in listed
        }
        models: tuple[type[Relation] | type[Obligation], ...] = (Relation, Obligation)
        for model in models:
            rows: Any = session.scalars(select(model).where(known(model)).order_by(model.id))
            says[model.__name__] = sorted(
                (names[r.edition_id], repr(without_ids(r))) for r in rows if r.edition_id in names
            )
    return says


def without_ids(fact: Any) -> dict[str, Any]:
    ours = {"id", "edition_id", "known_from", "known_until", "digest"}
    columns = (column.key for column in fact.__mapper__.column_attrs)
    return {name: getattr(fact, name) for name in columns if name not in ours}
