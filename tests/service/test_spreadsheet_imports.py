"""Imports of spreadsheets: checked first, approved by a second person, resumed when killed."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry.accounts.permissions import permissions_of
from registry.actor import Actor, system_actor
from registry.catalog.exporting import export_lines
from registry.catalog.importing import jobs, service, uploads, working
from registry.catalog.importing.problems import bad_rows_file, read_problems
from registry.catalog.importing.states import (
    ALL,
    CHECKED,
    FINISHED,
    GOOD,
    MAPPING,
    READING,
    UNREADABLE,
    WAITING,
)
from registry.catalog.importing.uploads import layout_of, store_upload
from registry.catalog.models import EditionRecord, ImportJob, Relation
from registry.catalog.spreadsheets import stored
from registry.catalog.spreadsheets.layouts import Layout
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import BadTransition, Conflict, Denied, Invalid, NotFound
from registry.followers.imports import follow
from registry.history import known
from registry.journal.queries import entries, head
from registry.journal.verification import verify
from tests.service.test_catalogue_import import said
from tests.support.catalogue import drafted, facts, imported, row
from tests.support.spreadsheets import delimited, listed, workbook
from tests.support.visitors import account


class Desk:
    """Two people with a file between them."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.editor = self.person("editor")
        self.approver = self.person("approver")

    def person(self, role: str) -> Actor:
        """Return somebody with an account who holds ``role``."""
        user = account(self.registry, role)
        held = permissions_of(frozenset({role}))
        return Actor(f"user:{user.id}", user_id=user.id, permissions=held)

    def upload(self, content: bytes, *, national: bool = True, choice: str | None = None) -> int:
        """Upload a file; return the number of its import."""
        stored = store_upload(self.registry.files, "danh mục.xlsx", content)
        with self.registry.units(self.editor) as uow:
            return jobs.open_import(uow, stored, national=national, choice=choice).id

    def checked(self, content: bytes, *, national: bool = True) -> int:
        """Upload a file, confirm its columns and let it be checked."""
        number = self.upload(content, national=national)
        job = self.facts(number).job
        layout = layout_of(job.layout)
        assert layout is not None
        self.layout(number, layout)
        self.work(number)
        return number

    def layout(self, number: int, layout: Layout) -> None:
        """Say how the file is read."""
        with self.registry.units(self.editor) as uow:
            jobs.set_layout(uow, number, layout, 1)

    def submit(self, number: int, choice: str) -> None:
        """Submit, and import where no approval is needed."""
        with self.registry.units(self.editor) as uow:
            jobs.submit_import(uow, number, choice)
        self.work(number)

    def approve(self, number: int, actor: Actor | None = None) -> None:
        """Approve, and import."""
        with self.registry.units(actor or self.approver) as uow:
            jobs.approve_import(uow, number)
        self.work(number)

    def work(self, number: int) -> None:
        """Do what is due."""
        working.work_on(self.registry.units, self.registry.files, number)

    def facts(self, number: int) -> jobs.ImportFacts:
        """Return where the import stands."""
        with self.registry.units.reading() as session:
            return jobs.one_import(session, number)

    def counts(self, number: int) -> tuple[int, int, int, int]:
        """Return what the import did or would do: new, changed, unchanged, bad."""
        found = self.facts(number).job.counts
        return found["new"], found["changed"], found["unchanged"], found["bad"]

    def problems(self, number: int) -> list[tuple[int, int | None, str]]:
        """Return row, column and value of each bad cell."""
        job = self.facts(number).job
        return [(p.row, p.place, p.value) for p in read_problems(self.registry.files, job.problems)]

    def position(self) -> int:
        """Return how many entries the journal has."""
        with self.registry.units.reading() as session:
            return head(session)


@pytest.fixture
def desk(empty_registry: Registry) -> Desk:
    """Return an editor and an approver before an empty register."""
    return Desk(empty_registry)


def actions(desk: Desk, number: int) -> list[str]:
    with desk.registry.units.reading() as session:
        return [entry.action for entry in reversed(entries(session, subject=f"import:{number}"))]


def test_the_national_list_is_imported_by_two_persons(desk: Desk) -> None:
    number = desk.upload(workbook(listed("TCVN 1 : 2024", "TCVN 2:2024")))
    assert desk.facts(number).state == MAPPING
    number = desk.checked(workbook(listed("TCVN 1 : 2024", "TCVN 2:2024")))
    assert (desk.facts(number).state, desk.counts(number)) == (CHECKED, (2, 0, 0, 0))
    before = desk.position()
    desk.submit(number, ALL)
    assert desk.facts(number).state == WAITING
    with pytest.raises(Denied):
        desk.approve(number, desk.editor)
    both = Actor(desk.editor.reference, desk.editor.user_id, permissions=desk.approver.permissions)
    with pytest.raises(Denied, match="second person"):
        desk.approve(number, both)
    assert desk.position() == before + 1
    desk.approve(number)
    found = desk.facts(number)
    assert (found.state, desk.counts(number)) == (FINISHED, (2, 0, 0, 0))
    assert found.job.written["positions"] == [[before + 3, before + 4]]
    assert actions(desk, number) == ["import.submit", "import.approve", "import.finish"]
    edition = facts(desk.registry, "tcvn-1:2024")
    assert edition.edition.national
    assert (edition.record.publisher, edition.record.issued) == ("bkhcn", "2024-12-31")
    with desk.registry.units.reading() as session:
        (entry,) = entries(session, subject=f"edition:{edition.edition.id}")
        assert (entry.action, entry.actor) == ("edition.import", desk.editor.reference)
        assert "danh mục" not in json.dumps([e.data for e in entries(session)], ensure_ascii=False)
        assert list(verify(session)) == []


def test_what_others_publish_needs_no_approval(desk: Desk) -> None:
    sheet = [["Reference", "Title", "Kind", "Publisher", "Source"]]
    sheet.append(["ISO 1:2022", "Lamps", "international", "ISO", "iso.org"])
    number = desk.checked(delimited(sheet), national=False)
    desk.submit(number, ALL)
    assert desk.facts(number).state == FINISHED
    assert not facts(desk.registry, "iso-1:2022").edition.national


def test_the_same_file_again_changes_nothing_and_says_so(desk: Desk) -> None:
    content = workbook(listed("TCVN 1:2024", "TCVN 2:2024", title="Đèn"))
    number = desk.checked(content)
    desk.submit(number, ALL)
    desk.approve(number)
    before = desk.position()
    again = desk.checked(content)
    assert again != number
    assert desk.counts(again) == (0, 0, 2, 0)
    with desk.registry.units.reading() as session:
        job = session.get_one(ImportJob, again)
        earlier = jobs.earlier_import(session, job)
        assert earlier is not None
        assert earlier.id == number
    with pytest.raises(Conflict, match="says all of it already"):
        desk.submit(again, ALL)
    # The same facts in another form of file are the same facts.
    assert desk.counts(
        desk.checked(delimited(listed("TCVN 2:2024", "TCVN 1 : 2024", title="Đèn")))
    ) == (
        0,
        0,
        2,
        0,
    )
    assert desk.position() == before


def test_a_file_somebody_is_busy_with_is_not_opened_twice(desk: Desk) -> None:
    content = workbook(listed("TCVN 1:2024"))
    number = desk.upload(content)
    assert desk.upload(content) == number
    assert desk.upload(content, national=False) != number


BAD = [
    *listed("TCVN 1:2024"),
    ["TCVN 2:2024", "Sai ngày", "BKHCN", "12/31/2024", "x"],
    ["", "Không số hiệu", "BKHCN", "", "x"],
    ["TCVN 1 : 2024", "Trùng", "BKHCN", "", "x"],
    ["TCVN 3:2024", "", "Bộ Lạ", "", ""],
    ["TCVN 4:2024", "a\0b", "BKHCN", "", "x"],
]


def test_every_bad_row_is_named_and_given_back(desk: Desk) -> None:
    number = desk.checked(delimited(BAD, ";"))
    assert desk.counts(number) == (1, 0, 0, 5)
    assert desk.problems(number) == [
        (3, 3, "12/31/2024"),
        (4, 0, ""),
        (5, 0, "TCVN 1 : 2024"),
        (6, 1, ""),
        (6, 2, "Bộ Lạ"),
        (6, 4, ""),
        (7, 1, "a\0b"),
    ]
    with pytest.raises(Invalid, match="attention"):
        desk.submit(number, ALL)
    job = desk.facts(number).job
    given = b"".join(bad_rows_file(desk.registry.files, job, "Lý do", str, "vi"))
    assert given.startswith(b"\xef\xbb\xbf")
    lines = given.decode("utf-8-sig").splitlines()
    assert lines[0].endswith(",Nguồn,Lý do")
    assert lines[1].startswith("TCVN 2:2024,Sai ngày,BKHCN,12/31/2024,x,")
    assert "Ngày ban hành: Write a day" in lines[1], "a reason names the column that it is about"
    assert len(lines) == 6
    mended = desk.checked(given.replace(b"12/31/2024", b"31/12/2024"))
    assert desk.counts(mended)[0] == 2, "one more is good, and the double is the only one now"
    desk.submit(number, GOOD)
    desk.approve(number)
    assert desk.counts(number) == (1, 0, 0, 5)


def test_all_or_none_leaves_the_register_alone(desk: Desk) -> None:
    number = desk.checked(workbook(listed("TCVN 1:2024", "TCVN 2:2024")))
    desk.submit(number, ALL)
    # Between submission and approval somebody drafts one of the editions.
    drafted(desk.registry, desk.editor, designation="TCVN 2:2024")
    before = desk.position()
    desk.approve(number)
    assert desk.facts(number).state == FINISHED
    assert desk.counts(number) == (0, 0, 0, 1)
    assert [value for _, _, value in desk.problems(number)] == ["TCVN 2:2024"]
    assert desk.position() == before + 2
    with pytest.raises(NotFound):
        facts(desk.registry, "tcvn-1:2024")


def test_a_sheet_adds_to_what_stands_and_takes_nothing_away(desk: Desk) -> None:
    imported(
        desk.registry,
        [
            row(
                "TCVN 1:2024",
                titles={"vi": "Đèn", "fr": "Lampe"},
                effective_from="2025-01-01",
                domains=["blockchain"],
                relations=[
                    {"type": "supersedes", "target": "TCVN 1:1990", "date": "2025-01-01"},
                    {
                        "type": "adopts",
                        "degree": "IDT",
                        "target": "ISO 1:2022",
                        "source": "Lời nói đầu",
                    },
                ],
                obligations=[{"product": {"vi": "Đèn"}, "hs": ["9405"]}],
            )
        ],
    )
    sheet = [["Số hiệu", "Tên tiếng Anh", "Ngày hiệu lực", "Chấp nhận"]]
    sheet.append(["tcvn 1: 2024", "Lamp", "", "ISO 1:2022; ISO 2:2022 (MOD)"])
    number = desk.checked(workbook(sheet))
    assert desk.counts(number) == (0, 1, 0, 0)
    desk.submit(number, ALL)
    desk.approve(number)
    record = facts(desk.registry, "tcvn-1:2024").record
    assert record.titles == {"vi": "Đèn", "fr": "Lampe", "en": "Lamp"}
    assert record.effective_from == date(2025, 1, 1)
    assert record.domains == ["blockchain"]
    with desk.registry.units.reading() as session:
        stated = session.scalars(select(Relation).where(known(Relation)).order_by(Relation.id))
        assert [(r.type, r.degree, r.target_designation, r.source) for r in stated] == [
            ("supersedes", None, "TCVN 1:1990", None),
            ("adopts", "IDT", "ISO 1:2022", "Lời nói đầu"),
            ("adopts", "MOD", "ISO 2:2022", None),
        ]


def test_rows_of_another_list_are_refused(desk: Desk) -> None:
    imported(desk.registry, [row("TCVN 1:2024")])
    imported(
        desk.registry, [row("ISO 1:2022", kind="international", publisher="ISO")], national=False
    )
    sheet = [["Số hiệu", "Tên tiếng Anh"], ["TCVN 1:2024", "a"], ["ISO 1:2022", "b"]]
    assert desk.problems(desk.checked(workbook(sheet)))[0][0] == 3
    assert desk.problems(desk.checked(workbook(sheet), national=False))[0][0] == 2


def test_defaults_are_for_new_entries_only(desk: Desk) -> None:
    imported(desk.registry, [row("TCVN 1:2024", publisher="bca")])
    sheet = [["Số hiệu", "Tên"], ["TCVN 1:2024", "Mới"], ["TCVN 2:2024", "Hai"]]
    number = desk.upload(workbook(sheet))
    layout = layout_of(desk.facts(number).job.layout)
    assert layout is not None
    given = {"publisher": "bkhcn", "source": "Danh mục"}
    desk.layout(number, Layout(layout.sheet, 1, 1, layout.paths, given))
    desk.work(number)
    desk.submit(number, ALL)
    desk.approve(number)
    assert desk.counts(number) == (1, 1, 0, 0)
    assert facts(desk.registry, "tcvn-1:2024").record.publisher == "bca"
    assert facts(desk.registry, "tcvn-2:2024").record.publisher == "bkhcn"


def test_an_import_is_returned_mended_and_submitted_again(desk: Desk) -> None:
    number = desk.checked(workbook(listed("TCVN 1:2024")))
    desk.submit(number, ALL)
    with pytest.raises(BadTransition):
        desk.layout(number, Layout("", 1, 1, ("designation",)))
    with desk.registry.units(desk.approver) as uow:
        jobs.return_import(uow, number, {"reason": "Thiếu nguồn"})
    found = desk.facts(number)
    assert found.state == CHECKED
    assert found.record is not None
    assert found.record.reason == "Thiếu nguồn"
    with pytest.raises(BadTransition):
        desk.approve(number)
    desk.submit(number, GOOD)
    desk.approve(number)
    assert desk.facts(number).state == FINISHED
    assert len(actions(desk, number)) == 5


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every tenth row end a unit of work."""
    monkeypatch.setattr(service, "BATCH", 10)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("choice", [ALL, GOOD])
def test_a_killed_import_is_taken_up_again_and_counts_the_same(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    number = desk.checked(workbook(listed(*(f"TCVN {n}:2024" for n in range(1, 36)))))
    desk.submit(number, choice)
    with desk.registry.units(desk.approver) as uow:
        jobs.approve_import(uow, number)
    kill_after(monkeypatch, 2)
    with pytest.raises(KeyboardInterrupt):
        desk.work(number)
    written = 0 if choice == ALL else 30
    assert desk.facts(number).job.written.get("new", 0) == written
    assert desk.facts(number).state == "approved"
    monkeypatch.undo()
    follow(desk.registry)
    assert desk.facts(number).state == "approved", "the dead worker's claim still holds"
    clock.instant += timedelta(minutes=3)
    follow(desk.registry)
    assert (desk.facts(number).state, desk.counts(number)) == (FINISHED, (35, 0, 0, 0))
    assert actions(desk, number).count("import.finish") == 1
    with desk.registry.units.reading() as session:
        positions = desk.facts(number).job.written["positions"]
        told = [entry for first, last in positions for entry in range(first, last + 1)]
        imported_at = [e.position for e in entries(session, action="edition.import", limit=100)]
        assert sorted(told) == sorted(imported_at)
        assert list(verify(session)) == []


def kill_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    """Let the process die when that many batches are done."""
    counted = iter(range(batches))

    def dying(self: Any, rows: int) -> None:
        if next(counted, None) is None:
            raise KeyboardInterrupt
        progress(self, rows)

    progress: Callable[[Any, int], None] = working._Progress.__call__
    monkeypatch.setattr(working._Progress, "__call__", dying)


def test_one_that_fails_does_not_keep_others_waiting_and_stops_after_some_tries(
    desk: Desk, clock: FixedClock
) -> None:
    broken = desk.upload(workbook(listed("TCVN 1:2024")), choice=ALL)
    sound = desk.upload(workbook(listed("TCVN 2:2024")), choice=ALL)
    stored = desk.registry.files.path(desk.facts(broken).job.content_hash)
    kept = stored.read_bytes()
    stored.write_bytes(b"altered on disk")
    for _ in range(5):
        follow(desk.registry)
        clock.instant += timedelta(minutes=3)
    assert desk.facts(sound).state == WAITING
    assert desk.facts(broken).job.attempts == working.MOST_ATTEMPTS
    stored.write_bytes(kept)
    with desk.registry.units(desk.editor) as uow:
        jobs.try_again(uow, broken)
    follow(desk.registry)
    assert desk.facts(broken).state == WAITING


def test_json_lines_are_imported_by_upload_too(desk: Desk) -> None:
    lines = [row("TCVN 1:2024"), row("TCVN 2:2024", issued="x"), {"designation": "TCVN 3:2024"}]
    content = "\n".join(json.dumps(line) for line in lines).encode() + b"\n{no json\n"
    number = desk.upload(content)
    desk.work(number)
    assert desk.counts(number) == (1, 0, 0, 3)
    job = desk.facts(number).job
    given = [
        json.loads(x)
        for x in b"".join(bad_rows_file(desk.registry.files, job, "", str, "vi")).splitlines()
    ]
    assert [line.get("designation") for line in given] == ["TCVN 2:2024", "TCVN 3:2024", None]
    assert given[0]["reason"].startswith("issued: ")
    assert all(line["reason"] for line in given)
    del given[0]["issued"]
    again = desk.upload(json.dumps(given[0]).encode())
    desk.work(again)
    assert desk.counts(again) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (delimited(listed()), "no rows"),
        (b"\x1f\x8b\x08", "Unpack"),
        (b'{"designation": "TCVN 1:2024"}\n' * 50_001, "50,000"),
        (b"designation\n" + b"TCVN 1:2024\n" * 50_001, "50,000"),
    ],
    ids=["empty", "headings only", "gzip", "long", "long table"],
)
def test_what_cannot_be_taken_is_not_stored(desk: Desk, content: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.upload(content)
    assert reason in refused.value.fields["file"][0]
    assert not desk.registry.files.folder.exists()


def exported(registry: Registry, form: str) -> bytes:
    chunks: Iterator[bytes] = export_lines(
        registry.units, "national", form, registry.settings.zone, registry.clock
    )
    return b"".join(chunks)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_as_a_spreadsheet_holds_the_same_facts(
    registry: Registry, empty_registry: Registry, form: str
) -> None:
    content = exported(registry, form)
    for target, counts in ((registry, (0, 0, 212, 0)), (empty_registry, (212, 0, 0, 0))):
        stored = store_upload(target.files, f"list.{form}", content)
        with target.units(system_actor("test")) as uow:
            number = jobs.open_import(uow, stored, national=True, choice=ALL).id
        working.work_on(target.units, target.files, number)
        with target.units.reading() as session:
            found = session.get_one(ImportJob, number).counts
        assert (found["new"], found["changed"], found["unchanged"], found["bad"]) == counts
    with empty_registry.units(system_actor("second")) as uow:
        jobs.approve_import(uow, number)
    working.work_on(empty_registry.units, empty_registry.files, number)
    here, there = said(registry), said(empty_registry)
    assert here.pop("Obligation")
    # Obligations have a file of their own.
    assert there.pop("Obligation") == []
    assert there == here
    with empty_registry.units.reading() as session:
        assert session.scalars(select(EditionRecord).where(known(EditionRecord))).all()


def test_a_long_workbook_is_read_once_by_the_worker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_QUICK_BYTES", 10)
    number = desk.upload(workbook(listed(*(f"TCVN {n}:2024" for n in range(1, 40)))))
    assert desk.facts(number).state == READING
    desk.work(number)
    job = desk.facts(number).job
    assert (job.phase, job.rows_total) == (MAPPING, 39)
    # What was read is kept: the workbook itself is not needed any more.
    monkeypatch.setattr(stored, "each_sheet", lambda *_: pytest.fail("read twice"))
    monkeypatch.setattr(uploads, "read_tables", lambda *_: pytest.fail("read twice"))
    layout = layout_of(job.layout)
    assert layout is not None
    desk.layout(number, layout)
    desk.work(number)
    assert desk.counts(number) == (39, 0, 0, 0)


def test_a_long_file_that_was_sent_to_be_imported_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_QUICK_BYTES", 10)
    number = desk.upload(workbook(listed("TCVN 1:2024")), choice=ALL)
    desk.work(number)
    assert desk.facts(number).state == WAITING
    unreadable = desk.upload(workbook([["Ngày"], ["x"]]), choice=ALL)
    desk.work(unreadable)
    facts_ = desk.facts(unreadable)
    assert facts_.state == UNREADABLE
    (problem,) = read_problems(desk.registry.files, facts_.job.problems)
    assert "designation" in str(problem.reason)


def test_a_stored_sheet_is_a_sequence_of_its_rows(desk: Desk) -> None:
    files = desk.registry.files
    kept = stored.store_sheets(files, files.put(workbook(listed("A", "B"))), lambda _: None)
    (table,) = stored.stored_sheets(files, kept)
    assert [row.number for row in table.rows] == [1, 2, 3]
    assert (table.rows[-1].number, table.rows[1].cells[0], len(table.rows[:2])) == (3, "A", 2)
    with pytest.raises(IndexError):
        table.rows[3]
