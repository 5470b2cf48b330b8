"""Publishing by two persons: each step, each refusal, and what stays answerable afterwards."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry.actor import Actor
from registry.catalog.exporting import export_lines
from registry.catalog.models import Edition
from registry.catalog.queries.editions import (
    count_editions,
    find_designation,
    in_workflow,
    relations_of,
)
from registry.catalog.schemas import CorrectionSchema, EditionSchema, WithdrawalSchema
from registry.catalog.services import editions as service
from registry.catalog.services.obligations import record_obligation
from registry.catalog.states import DRAFT, PROPOSED, PUBLISHED, WITHDRAWN
from registry.catalog.status import IN_FORCE, PREPARATION
from registry.catalog.status import WITHDRAWN as STATUS_WITHDRAWN
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import BadTransition, Denied, Invalid, NotFound, RegistryError, Stale
from registry.followers.search import follow
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.journal.queries import entries
from registry.journal.verification import verify
from registry.schema_fields import load
from registry.search.engine import SearchRequest
from registry.unit_of_work import UnitOfWork
from tests.conftest import ActorMaker
from tests.support.catalogue import (
    DESIGNATION,
    SLUG,
    drafted,
    edition_data,
    facts,
    loaded,
    proposed,
    published,
)


@pytest.fixture
def editor(acting: ActorMaker) -> Actor:
    return acting("editor")


@pytest.fixture
def approver(acting: ActorMaker) -> Actor:
    return acting("approver")


def refused(
    registry: Registry,
    actor: Actor,
    error: type[RegistryError],
    change: Callable[[UnitOfWork], object],
) -> RegistryError:
    """Run a change that must be refused; return the error. Nothing may be left of it."""
    with registry.units.reading() as session:
        before = entries(session, limit=1)[0].position

    def run() -> None:
        with registry.units(actor) as uow:
            change(uow)

    with pytest.raises(error) as caught:
        run()
    with registry.units.reading() as session:
        assert entries(session, limit=1)[0].position == before
    return caught.value


def correction(**changes: Any) -> dict[str, Any]:
    return load(CorrectionSchema(), {"reason": "Nhầm", "changes": changes})


def withdrawal(day: str) -> dict[str, Any]:
    return load(WithdrawalSchema(), {"withdrawn_on": day, "reason": "Thay thế"})


def found(registry: Registry, text: str) -> tuple[str, ...]:
    follow(registry)
    request = SearchRequest(text, {}, (), registry.clock.today(), limit=5)
    result = registry.search.search(request)
    return () if result.relaxed else result.subjects


def exported(registry: Registry) -> dict[str, Any]:
    lines = export_lines(
        registry.units, "national", "jsonl", registry.settings.zone, registry.clock
    )
    records = [json.loads(line) for line in lines]
    return {record["designation"]: record for record in records}


class TestTwoPersons:
    def test_a_draft_is_published_by_a_second_person(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        edition = published(registry, editor, approver)
        known = facts(registry, SLUG)
        assert (known.record.state, known.record.stage) == (PUBLISHED, "60.60")
        assert known.record.drafted_by_user_id == editor.user_id
        assert known.record.approved_by_user_id == approver.user_id
        assert known.status.status == IN_FORCE
        assert known.status.since == date(2026, 11, 15)
        with registry.units.reading() as session:
            history = entries(session, subject=f"edition:{edition.id}")
            assert list(verify(session)) == []
        assert [(e.action, e.actor) for e in reversed(history)] == [
            ("edition.draft", editor.reference),
            ("edition.submit", editor.reference),
            ("edition.approve", approver.reference),
        ]

    def test_whoever_drafted_cannot_approve_also_with_both_roles(
        self, registry: Registry, acting: ActorMaker
    ) -> None:
        both = acting("editor", "approver")
        proposed(registry, both)
        refused(registry, both, Denied, lambda uow: service.approve_edition(uow, SLUG))
        with registry.units(acting("approver")) as uow:
            service.approve_edition(uow, SLUG)

    def test_a_returned_proposal_is_a_draft_again_with_its_reason(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        proposed(registry, editor)
        with registry.units(approver) as uow:
            service.return_proposal(uow, SLUG, {"reason": "Thiếu phạm vi"})
        assert facts(registry, SLUG, drafts=True).record.state == DRAFT
        with registry.units(editor) as uow:
            service.revise_draft(uow, SLUG, loaded(scope={"vi": "Áp dụng cho đèn"}))
            service.submit_draft(uow, SLUG)
        record = facts(registry, SLUG, drafts=True).record
        assert (record.state, record.scope) == (PROPOSED, {"vi": "Áp dụng cho đèn"})

    @pytest.mark.parametrize("action", ["draft", "submit", "approve", "return", "withdraw"])
    def test_a_role_that_may_not_act_is_denied_and_learns_no_state(
        self, registry: Registry, editor: Actor, acting: ActorMaker, action: str
    ) -> None:
        drafted(registry, editor)
        steps: dict[str, Callable[[UnitOfWork], object]] = {
            "draft": lambda uow: service.draft_edition(uow, loaded(designation="TCVN 9:2026")),
            "submit": lambda uow: service.submit_draft(uow, SLUG),
            "approve": lambda uow: service.approve_edition(uow, SLUG),
            "return": lambda uow: service.return_proposal(uow, SLUG, {"reason": "x"}),
            "withdraw": lambda uow: service.withdraw_edition(uow, SLUG, withdrawal("2020-01-01")),
        }
        refused(registry, acting("business", "laboratory"), Denied, steps[action])

    def test_steps_out_of_order_are_refused(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        drafted(registry, editor)
        refused(registry, approver, BadTransition, lambda uow: service.approve_edition(uow, SLUG))
        with registry.units(editor) as uow:
            service.submit_draft(uow, SLUG)
        refused(registry, editor, BadTransition, lambda uow: service.submit_draft(uow, SLUG))
        refused(
            registry, editor, BadTransition, lambda uow: service.revise_draft(uow, SLUG, loaded())
        )
        refused(
            registry,
            approver,
            BadTransition,
            lambda uow: service.withdraw_edition(uow, SLUG, withdrawal("2026-12-01")),
        )

    def test_who_looked_at_an_earlier_version_is_told_so(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        drafted(registry, editor)
        looked_at = facts(registry, SLUG, drafts=True).record.known_from
        with registry.units(editor) as uow:
            service.revise_draft(uow, SLUG, loaded(note="neu"), looked_at)
        refused(registry, editor, Stale, lambda uow: service.submit_draft(uow, SLUG, looked_at))
        refused(
            registry,
            editor,
            Stale,
            lambda uow: service.revise_draft(uow, SLUG, loaded(), looked_at),
        )

    def test_an_unknown_edition_is_not_found(self, registry: Registry, editor: Actor) -> None:
        refused(registry, editor, NotFound, lambda uow: service.submit_draft(uow, "nix"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"designation": ""}, "designation"),
            ({"designation": "?!"}, "designation"),
            ({"designation": None}, "designation"),
            ({"designation": ["TCVN 1:2000"]}, "designation"),
            ({"kind": "ISO"}, "kind"),
            ({"titles": {}}, "titles"),
            ({"titles": {"vi": " "}}, "titles"),
            ({"titles": {"vi": "x" * 5_000_000}}, "titles.vi"),
            ({"titles": {"vi": "a\0b"}}, "titles.vi"),
            ({"titles": {"vi": "\u202egnol"}}, "titles.vi"),
            ({"titles": {"Vietnamese": "Tên"}}, "titles.Vietnamese"),
            ({"titles": "Tên"}, "titles"),
            ({"issued": "2026-13"}, "issued"),
            ({"issued": "soon"}, "issued"),
            ({"effective_from": "15/11/2026"}, "effective_from"),
            ({"effective_from": "2026-02-30"}, "effective_from"),
            ({"effective_from": "20261115"}, "effective_from"),
            ({"effective_from": "2026-01-01"}, "effective_from"),
            ({"effective_until": "2026-11-01"}, "effective_until"),
            ({"effective_until": "0001-01-01"}, "effective_until"),
            ({"ics": ["35.240.40.1"]}, "ics.0"),
            ({"ics": "35"}, "ics"),
            ({"domains": ["smart-cities"] * 21}, "domains"),
            ({"pages": -1}, "pages"),
            ({"pages": "²"}, "pages"),
            ({"pages": 10**12}, "pages"),
            ({"pages": True}, "pages"),
            ({"url": "javascript:alert(1)"}, "url"),
            ({"source": None}, "source"),
            ({"instrument": {"date": "tomorrow"}}, "instrument.date"),
            ({"instrument": 3}, "instrument"),
            ({"relations": [{"type": "likes", "target": "ISO 1:2000"}]}, "relations.0.type"),
            ({"relations": [{"type": "amends", "target": "?"}]}, "relations.0.target"),
            ({"relations": [{"type": "amends"}]}, "relations.0.target"),
            ({"relations": [{"type": "adopts", "target": "ISO 1:2000"}]}, "relations.0.degree"),
            ({"relations": ["amends"]}, "relations.0"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_what_a_schema_refuses_is_named(self, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as caught:
            load(EditionSchema(), edition_data(**changes))
        assert list(caught.value.fields) == [field]
        assert all(texts for texts in caught.value.fields.values())

    @pytest.mark.parametrize("title", ["Đèn 💡 thông minh", "مصابيح الشوارع", "Ｗide", "e\u0301"])
    def test_emoji_and_right_to_left_letters_are_text(
        self, registry: Registry, editor: Actor, title: str
    ) -> None:
        drafted(registry, editor, titles={"vi": title})
        kept = facts(registry, SLUG, drafts=True).record.titles["vi"]
        assert kept == {"e\u0301": "é"}.get(title, title)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"designation": "QCVN 135: 2024/BTTTT"}, "designation"),
            ({"designation": "qcvn 135:2024/btttt"}, "designation"),
            ({"domains": ["smart-cities", "weaving"]}, "domains.1"),
            ({"publisher": "nobody"}, "publisher"),
            ({"lead_ministry": "nobody"}, "lead_ministry"),
            ({"relations": [{"type": "amends", "target": DESIGNATION}]}, "relations.0.target"),
        ],
    )
    def test_what_contradicts_the_register_is_named(
        self, registry: Registry, editor: Actor, changes: dict[str, Any], field: str
    ) -> None:
        error = refused(
            registry, editor, Invalid, lambda uow: service.draft_edition(uow, loaded(**changes))
        )
        assert isinstance(error, Invalid)
        assert list(error.fields) == [field]

    @pytest.mark.parametrize("type_", ["supersedes", "amends", "corrects"])
    def test_two_editions_cannot_stand_in_the_same_relation_both_ways(
        self, registry: Registry, editor: Actor, type_: str
    ) -> None:
        newer = {"type": type_, "target": "TCVN 99002:2026"}
        drafted(registry, editor, relations=[newer])
        other = loaded(
            designation="TCVN 99002:2026",
            relations=[
                {"type": "references", "target": "ISO 9001:2015"},
                {"type": type_, "target": "tcvn 99001 : 2026"},
            ],
        )
        error = refused(registry, editor, Invalid, lambda uow: service.draft_edition(uow, other))
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["relations.1.target"]

    def test_a_draft_keeps_its_designation(self, registry: Registry, editor: Actor) -> None:
        drafted(registry, editor)
        other = loaded(designation="TCVN 99002:2026")
        error = refused(
            registry, editor, Invalid, lambda uow: service.revise_draft(uow, SLUG, other)
        )
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["designation"]

    def test_nothing_is_withdrawn_before_it_is_in_force(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        published(registry, editor, approver)
        early = withdrawal("2026-11-14")
        error = refused(
            registry, approver, Invalid, lambda uow: service.withdraw_edition(uow, SLUG, early)
        )
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["withdrawn_on"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"effective_until": "2026-11-01"}, "changes.effective_until"),
            ({"issued": "2027"}, "changes.effective_from"),
            ({"publisher": "nobody"}, "changes.publisher"),
            (
                {"relations": [{"type": "amends", "target": DESIGNATION}]},
                "changes.relations.0.target",
            ),
        ],
    )
    def test_a_correction_must_fit_what_is_not_corrected(
        self,
        registry: Registry,
        editor: Actor,
        approver: Actor,
        changes: dict[str, Any],
        field: str,
    ) -> None:
        published(registry, editor, approver)
        error = refused(
            registry,
            editor,
            Invalid,
            lambda uow: service.correct_edition(uow, SLUG, correction(**changes)),
        )
        assert isinstance(error, Invalid)
        assert list(error.fields) == [field]

    def test_another_designation_is_no_correction(self) -> None:
        with pytest.raises(Invalid) as caught:
            correction(designation="TCVN 99002:2026")
        assert list(caught.value.fields) == ["changes.designation"]

    def test_a_standard_obliges_nobody(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        published(registry, editor, approver)
        error = refused(
            registry,
            editor,
            Invalid,
            lambda uow: record_obligation(uow, SLUG, {"product": {"vi": "Đèn"}, "hs_codes": []}),
        )
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["edition"]


class TestWhoSeesWhat:
    @pytest.mark.parametrize("step", [drafted, proposed])
    def test_drafts_are_seen_by_nobody_outside(
        self, registry: Registry, editor: Actor, step: Callable[..., Edition]
    ) -> None:
        with registry.units.reading() as session:
            before = count_editions(session)
        edition = step(
            registry, editor, relations=[{"type": "supersedes", "target": "QCVN 135:2024/BTTTT"}]
        )
        with pytest.raises(NotFound):
            facts(registry, SLUG)
        assert facts(registry, SLUG, drafts=True).status.status == PREPARATION
        assert found(registry, DESIGNATION) == ()
        assert DESIGNATION not in exported(registry)
        with registry.units.reading() as session:
            assert count_editions(session) == before
            replaced = find_designation(session, "QCVN 135:2024/BTTTT")
            assert replaced is not None
            relations = relations_of(
                session, replaced, AsOf(registry.clock.today()), registry.settings.zone
            )
            assert edition.id not in {r.other.edition.id for r in relations if r.other}
        # What a draft is going to replace is not replaced yet.
        assert facts(registry, replaced.slug).status.status == IN_FORCE

    def test_the_journal_keeps_what_a_draft_says_sealed_until_it_is_approved(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        edition = proposed(registry, editor, note="Chưa công bố")
        with registry.units.reading() as session:
            for entry in entries(session, subject=f"edition:{edition.id}"):
                assert "Chưa công bố" not in entry.canonical_data
                assert "Đèn đường" not in entry.canonical_data
        with registry.units(approver) as uow:
            service.approve_edition(uow, SLUG)
        with registry.units.reading() as session:
            content = entries(session, subject=f"edition:{edition.id}", limit=1)[0].data["content"]
        assert content["titles"]["vi"] == "Đèn đường thông minh"
        assert content["note"] == "Chưa công bố"

    def test_what_is_approved_is_found_by_everybody(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        edition = published(
            registry,
            editor,
            approver,
            relations=[{"type": "references", "target": "ISO 9001:2015"}],
        )
        assert found(registry, "den duong thong minh")[0] == f"edition:{edition.id}"
        assert exported(registry)[DESIGNATION]["status"] == IN_FORCE
        with registry.units.reading() as session:
            listed = entries(session, subject=f"edition:{edition.id}", limit=1)[0]
            assert DESIGNATION not in [e.designation for e, _ in in_workflow(session, (DRAFT,))]
        assert listed.data["content"]["relations"] == [
            {"target": "ISO 9001:2015", "type": "references"}
        ]


class TestCorrections:
    def test_a_correction_is_journalled_and_the_old_answer_stays(
        self, registry: Registry, editor: Actor, approver: Actor, clock: FixedClock
    ) -> None:
        edition = published(registry, editor, approver)
        old = facts(registry, SLUG)
        clock.instant += timedelta(days=3)
        with registry.units(editor) as uow:
            service.correct_edition(
                uow,
                SLUG,
                correction(
                    effective_from="2026-12-01",
                    domains=["blockchain"],
                    relations=[{"type": "references", "target": "ISO 9001:2015"}],
                ),
            )
        with registry.units.reading() as session:
            entry = entries(session, subject=f"edition:{edition.id}", limit=1)[0]
        assert entry.action == "edition.correct"
        assert entry.data["reason"] == "Nhầm"
        assert entry.data["before"] == {
            "effective_from": "2026-11-15",
            "domains": ["smart-cities"],
            "relations": [],
        }
        assert entry.data["after"]["effective_from"] == "2026-12-01"
        assert entry.data["after"]["relations"][0]["target"] == "ISO 9001:2015"
        new = facts(registry, SLUG)
        assert new.record.effective_from == date(2026, 12, 1)
        assert new.record.titles == old.record.titles
        before = facts(registry, SLUG, position=entry.position - 1)
        assert before.record.effective_from == date(2026, 11, 15)
        assert before.record.domains == ["smart-cities"]
        assert before.changes == old.changes

    def test_a_corrected_coexistence_is_not_lost(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        relation = {"type": "supersedes", "target": "TCVN 13902:2023", "date": "2026-11-15"}
        published(registry, editor, approver, relations=[relation])
        with registry.units(editor) as uow:
            longer = {**relation, "coexistence_until": "2027-06-30"}
            service.correct_edition(uow, SLUG, correction(relations=[longer]))
        with registry.units.reading() as session:
            edition = session.scalars(select(Edition).where(Edition.slug == SLUG)).one()
            as_of = AsOf(registry.clock.today())
            kept = relations_of(session, edition, as_of, registry.settings.zone)
        assert [r.relation.coexistence_until for r in kept] == [date(2027, 6, 30)]

    def test_a_withdrawn_edition_says_so_from_its_day_and_takes_no_step_more(
        self, registry: Registry, editor: Actor, approver: Actor
    ) -> None:
        published(registry, editor, approver)
        with registry.units(approver) as uow:
            service.withdraw_edition(uow, SLUG, withdrawal("2027-01-01"))
        assert facts(registry, SLUG).record.state == WITHDRAWN
        assert facts(registry, SLUG, date(2026, 12, 31)).status.status == IN_FORCE
        assert facts(registry, SLUG, date(2027, 1, 1)).status.status == STATUS_WITHDRAWN
        refused(
            registry,
            editor,
            BadTransition,
            lambda uow: service.correct_edition(uow, SLUG, correction(note="x")),
        )
        with registry.units.reading() as session:
            assert session.scalars(
                select(JournalEntry.action).order_by(JournalEntry.position.desc()).limit(1)
            ).all() == ["edition.withdraw"]
