"""The journal's tree as it is stored: proofs from it, checkpoints over it, two who append."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from registry.clock import FixedClock
from registry.container import Registry
from registry.db import begin_writing
from registry.errors import Conflict, Invalid, NotFound
from registry.followers.checkpoints import follow
from registry.journal import tree
from registry.journal.audit import audit
from registry.journal.checkpoint import open_checkpoint
from registry.journal.keys import trial_signer, used_keys, verifiers
from registry.journal.leaf import leaf_content
from registry.journal.merkle import verify_consistency
from registry.journal.models import JournalCheckpoint, JournalEntry, JournalNode
from registry.journal.notes import BadSignature, NoteError, Signer, UnknownKey
from registry.journal.proofs import (
    WrongProof,
    consistency_for,
    inclusion_for,
    proof_file,
    verify_inclusion,
)
from registry.journal.published import checkpoints, first_covering
from registry.journal.publishing import publish_checkpoint
from registry.journal.queries import head
from registry.unit_of_work import UnitOfWork
from tests.support import merkle as reference
from tests.support.journal import ACTOR, hexadecimal, leaf_hashes, note, published
from tests.support.tampering import unprotected


def content_of(registry: Registry, position: int) -> bytes:
    """Return what the entry's leaf hash is taken over."""
    with registry.units.reading() as session:
        found = session.get_one(JournalEntry, position)
    return leaf_content(
        position=position,
        recorded_at=found.recorded_at,
        actor=found.actor,
        action=found.action,
        subject=found.subject,
        data=found.data.encode(),
        sealed_digest=found.sealed_digest,
    )


def count(registry: Registry) -> int:
    with registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(JournalCheckpoint)) or 0


@pytest.mark.parametrize("batches", [(1,) * 40, (300, 1, 2, 15, 16, 17), (700,)], ids=str)
def test_the_stored_tree_is_the_tree_of_the_definition(
    empty_registry: Registry, batches: tuple[int, ...]
) -> None:
    for batch in batches:
        note(empty_registry, batch)
    leaves = leaf_hashes(empty_registry)
    last = len(leaves)
    sizes = {1, 2, 15, 16, 17, 255, 256, 257, last - 1, last}
    with empty_registry.units.reading() as session:
        connection = session.connection()
        for size in sorted(size for size in sizes if size <= last):
            assert tree.root(connection, size) == reference.mth(leaves[:size])
            for index in {0, size // 2, size - 1}:
                path = tree.inclusion_path(connection, index + 1, size)
                assert path == reference.path(index, leaves[:size])
            for old in {1, (size + 1) // 2, size}:
                path = tree.consistency_path(connection, old, size)
                assert path == reference.proof(old, leaves[:size])
        assert list(audit(session)) == []


def test_several_entries_of_one_unit_of_work_are_leaves_like_others(
    empty_registry: Registry,
) -> None:
    with empty_registry.units(ACTOR) as uow:
        for number in range(50):
            uow.record("note.add", f"note:{number}", {}, sealed={"n": number})
        uow.record_many([("note.add", "note:1", {})] * 50)
    leaves = leaf_hashes(empty_registry)
    with empty_registry.units.reading() as session:
        assert tree.root(session.connection(), len(leaves)) == reference.mth(leaves)
        assert list(audit(session)) == []


def test_what_is_rolled_back_leaves_no_node(empty_registry: Registry) -> None:
    with empty_registry.units.reading() as session:
        before = session.scalar(select(func.count()).select_from(JournalNode))
    with empty_registry.units.sessions() as session:
        begin_writing(session)
        uow = UnitOfWork(session, ACTOR, empty_registry.clock)
        uow.record_many([("note.add", "note:1", {})] * 64)
        session.rollback()
    with empty_registry.units.reading() as session:
        assert session.scalar(select(func.count()).select_from(JournalNode)) == before
        assert list(audit(session)) == []


def test_of_every_sixteen_entries_one_node_is_stored(empty_registry: Registry) -> None:
    note(empty_registry, 600)
    with empty_registry.units.reading() as session:
        last = head(session)
        levels = session.execute(
            select(JournalNode.level, func.count()).group_by(JournalNode.level)
        )
        assert dict(levels.all()) == {4: last >> 4, 8: last >> 8}


def test_a_missing_node_is_said_and_not_guessed(empty_registry: Registry) -> None:
    note(empty_registry, 300)
    with unprotected(empty_registry.engine) as connection:
        connection.exec_driver_sql("DELETE FROM journal_node WHERE level = 4")
    with empty_registry.units.reading() as session, pytest.raises(Conflict, match="damaged"):
        tree.root(session.connection(), head(session) - 1)


def test_a_missing_entry_is_said_and_not_passed_over(empty_registry: Registry) -> None:
    note(empty_registry, 40)
    with empty_registry.units.reading() as session:
        last = head(session)
    gap = (last - 1) // 16 * 16 + 1
    with unprotected(empty_registry.engine) as connection:
        connection.execute(delete(JournalEntry).where(JournalEntry.position == gap))
    with empty_registry.units.reading() as session, pytest.raises(Conflict, match="damaged"):
        tree.root(session.connection(), last)
    with pytest.raises(Conflict, match="damaged"):
        note(empty_registry, 16)


def test_an_inclusion_proof_is_checked_with_nothing_but_the_data(
    empty_registry: Registry,
) -> None:
    note(empty_registry, 20)
    signed = published(empty_registry)
    note(empty_registry, 20)
    with empty_registry.units.reading() as session:
        keys = verifiers(session)
        found = inclusion_for(session, 7)
    content = content_of(empty_registry, 7)
    assert found["checkpoint"] == signed
    assert found["index"] == 6
    checkpoint, key = verify_inclusion(content, found, signed, keys)
    assert (checkpoint.size, checkpoint.root.hex()) == (found["size"], found["root"])
    assert key == keys[0]
    for wrong in (
        {**found, "index": 7},
        {**found, "index": -1},
        {**found, "index": "6"},
        {**found, "index": True},
        {**found, "path": found["path"][:-1]},
        {**found, "path": found["path"][::-1]},
        {**found, "path": ["zz"]},
        {**found, "path": [None]},
        {**found, "path": None},
        {**found, "path": found["path"] * 20},
        {},
    ):
        with pytest.raises(WrongProof):
            verify_inclusion(content, wrong, signed, keys)
    with pytest.raises(WrongProof):
        verify_inclusion(content + b" ", found, signed, keys)
    with pytest.raises(UnknownKey):
        verify_inclusion(content, found, signed, [Signer.make(keys[0].name).verifier])
    altered = signed.replace(str(found["size"]), str(found["size"] + 1))
    with pytest.raises(BadSignature):
        verify_inclusion(content, found, altered, keys)


def test_no_byte_of_an_entry_or_its_path_can_be_altered(empty_registry: Registry) -> None:
    note(empty_registry, 20)
    signed = published(empty_registry)
    content = content_of(empty_registry, 9)
    with empty_registry.units.reading() as session:
        keys, found = verifiers(session), inclusion_for(session, 9)
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1
        with pytest.raises(WrongProof):
            verify_inclusion(bytes(changed), found, signed, keys)
    for step, hashed in enumerate(found["path"]):
        for at in range(0, 64, 7):
            other = hashed[:at] + ("1" if hashed[at] == "0" else "0") + hashed[at + 1 :]
            path = [*found["path"][:step], other, *found["path"][step + 1 :]]
            with pytest.raises(NoteError):
                verify_inclusion(content, {**found, "path": path}, signed, keys)


def test_an_entry_is_proven_in_the_first_checkpoint_that_covers_it(
    empty_registry: Registry,
) -> None:
    with empty_registry.units.reading() as session:
        start = head(session)
        with pytest.raises(Conflict, match="No checkpoint"):
            inclusion_for(session, 1)
    first = published(empty_registry)
    note(empty_registry)
    second = published(empty_registry)
    note(empty_registry)
    with empty_registry.units.reading() as session:
        end = head(session)
        assert inclusion_for(session, start)["checkpoint"] == first
        assert inclusion_for(session, end - 1)["checkpoint"] == second
        with pytest.raises(Conflict):
            inclusion_for(session, end)
        within = inclusion_for(session, start, end)
        assert (within["size"], within["checkpoint"]) == (end, None)
        assert within["root"] == reference.mth(leaf_hashes(empty_registry)).hex()
        for size in (start - 1, end + 1):
            with pytest.raises(Invalid):
                inclusion_for(session, start, size)
        with pytest.raises(NotFound):
            inclusion_for(session, end + 1)


def test_the_proof_file_holds_index_path_and_checkpoint(empty_registry: Registry) -> None:
    signed = published(empty_registry)
    with empty_registry.units.reading() as session:
        found = inclusion_for(session, 3)
    lines, _, rest = proof_file(found).partition("\n\n")
    assert lines.split("\n")[:2] == ["c2sp.org/tlog-proof@v1", "index 2"]
    assert len(lines.split("\n")) == 2 + len(found["path"])
    assert rest == signed


def test_any_two_checkpoints_are_shown_to_be_consistent(empty_registry: Registry) -> None:
    signed = []
    for batch in (1, 5, 40, 300):
        note(empty_registry, batch)
        signed.append(published(empty_registry))
    with empty_registry.units.reading() as session:
        keys = verifiers(session)
        opened = [open_checkpoint(text, keys)[0] for text in signed]
        for older in opened:
            for newer in opened:
                if older.size > newer.size:
                    with pytest.raises(Invalid):
                        consistency_for(session, older.size, newer.size)
                    continue
                found = consistency_for(session, older.size, newer.size)
                assert found["from_root"] == older.root.hex()
                assert found["to_checkpoint"] == signed[opened.index(newer)]
                assert verify_consistency(
                    older.size,
                    newer.size,
                    [bytes.fromhex(hashed) for hashed in found["path"]],
                    older.root,
                    newer.root,
                )
                leaves = leaf_hashes(empty_registry)[: newer.size]
                assert found["path"] == hexadecimal(reference.proof(older.size, leaves))
        for old, new in ((0, 5), (1, head(session) + 1)):
            with pytest.raises(Invalid):
                consistency_for(session, old, new)


def test_a_checkpoint_is_signed_when_the_journal_grew_and_a_minute_is_over(
    empty_registry: Registry, clock: FixedClock
) -> None:
    follow(empty_registry)
    assert count(empty_registry) == 0, "nothing is signed before there is a key"
    trial_signer(empty_registry.settings)
    follow(empty_registry)
    follow(empty_registry)
    assert count(empty_registry) == 1
    clock.instant += timedelta(hours=1)
    follow(empty_registry)
    assert count(empty_registry) == 1, "nothing was added"
    note(empty_registry)
    follow(empty_registry)
    note(empty_registry)
    clock.instant += timedelta(seconds=59)
    follow(empty_registry)
    assert count(empty_registry) == 2
    clock.instant += timedelta(seconds=1)
    follow(empty_registry)
    assert count(empty_registry) == 3
    with empty_registry.units.reading() as session:
        assert [row.size for row in checkpoints(session)] == sorted(
            (row.size for row in checkpoints(session)), reverse=True
        )
        covering = first_covering(session, 1)
        assert covering is not None
        assert covering.id == 1


def test_a_new_key_signs_and_the_old_one_stays_listed(
    empty_registry: Registry, tmp_path: Path
) -> None:
    old = published(empty_registry)
    with empty_registry.units.reading() as session:
        before = verifiers(session)
    own = Signer.make("registry.example/journal")
    path = tmp_path / "own-key"
    path.write_text(own.secret_line())
    settings = replace(empty_registry.settings, own_journal_key=path)
    rotated = replace(empty_registry, settings=settings)
    follow(rotated)
    with empty_registry.units.reading() as session:
        assert verifiers(session) == [own.verifier, *before]
        present, replaced = used_keys(session)
        assert present.known_until is None
        assert replaced.known_until == present.known_from == head(session)
        newest = checkpoints(session)[0].note
        assert open_checkpoint(newest, [own.verifier])[0].size == head(session)
        assert open_checkpoint(old, verifiers(session))[1] == before[0]
        assert list(audit(session)) == []
    with pytest.raises(Conflict, match="Another key has replaced"):
        follow(empty_registry)


def test_nothing_is_signed_that_the_last_checkpoint_does_not_begin(
    empty_registry: Registry,
) -> None:
    note(empty_registry, 40)
    published(empty_registry)
    with unprotected(empty_registry.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE journal_entry SET leaf_hash = (SELECT leaf_hash FROM journal_entry "
            "WHERE position = 1) WHERE position = (SELECT MAX(position) FROM journal_entry)"
        )
    note(empty_registry)
    with pytest.raises(Conflict, match="does not begin"):
        publish_checkpoint(empty_registry.units, trial_signer(empty_registry.settings))
    assert count(empty_registry) == 1
