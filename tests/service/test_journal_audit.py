"""Tampering with tree, keys and checkpoints, and with entries in a way that leaf hashes miss."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from registry.cli import main
from registry.container import Registry
from registry.journal.audit import audit, open_kept
from registry.journal.keys import trial_signer, verifiers
from registry.journal.leaf import leaf_hash
from registry.journal.notes import NoteError, Signer
from registry.journal.queries import head
from registry.journal.verification import Fault, verify
from tests.service.test_journal_tree import content_of
from tests.support.journal import note, published
from tests.support.tampering import unprotected

GROWN = 300


@pytest.fixture
def journal(empty_registry: Registry) -> Registry:
    """A journal with a tree of two stored levels, and checkpoints of three sizes."""
    for _ in range(3):
        note(empty_registry, GROWN // 3)
        published(empty_registry)
    return empty_registry


def faults(registry: Registry, first: int = 1) -> list[Fault]:
    with registry.units.reading() as session:
        return list(audit(session, first))


def end(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def tamper(registry: Registry, statement: str, **values: object) -> None:
    with unprotected(registry.engine) as connection:
        assert connection.execute(text(statement), values).rowcount > 0


def rewrite(registry: Registry, position: int) -> None:
    """Change an entry as somebody does who knows how leaf hashes are made."""
    tamper(
        registry, "UPDATE journal_entry SET subject = 'note:x' WHERE position = :at", at=position
    )
    tamper(
        registry,
        "UPDATE journal_entry SET leaf_hash = :hash WHERE position = :at",
        hash=leaf_hash(content_of(registry, position)),
        at=position,
    )


def test_a_sound_journal_has_no_faults_from_anywhere(journal: Registry) -> None:
    last = end(journal)
    for first in (1, 2, 16, 17, 200, last, last + 1, last + 10):
        assert faults(journal, first) == [], first


def test_an_entry_rewritten_with_its_leaf_hash_is_found(journal: Registry) -> None:
    position = end(journal) - 40
    rewrite(journal, position)
    with journal.units.reading() as session:
        assert list(verify(session)) == []
    found = faults(journal)
    block = (position + 15) // 16 * 16
    assert found[0].position == block
    assert f"positions {block - 15} to {block}" in found[0].problem
    # The node above, and the checkpoint that signed what stood there.
    assert [fault for fault in found if "another root" in fault.problem]
    assert all(fault.position >= position for fault in found)


def test_a_tree_made_to_fit_is_found_by_what_was_signed(journal: Registry) -> None:
    position = end(journal)
    rewrite(journal, position)
    assert [(fault.position, "another root" in fault.problem) for fault in faults(journal)] == [
        (position, True)
    ]


TAMPERINGS = {
    "a node": "UPDATE journal_node SET hash = (SELECT hash FROM journal_node WHERE level = 8 "
    "AND number = 0) WHERE level = 4 AND number = 3",
    "a deleted node": "DELETE FROM journal_node WHERE level = 4 AND number = 2",
    "a deleted upper node": "DELETE FROM journal_node WHERE level = 8",
    "a node too many": "UPDATE journal_node SET number = 9999 WHERE level = 4 AND number = 5",
    "a checkpoint's root": "UPDATE journal_checkpoint SET note = replace(note, '=', 'A') "
    "WHERE id = 2",
    "a checkpoint that is no note": "UPDATE journal_checkpoint SET note = '' WHERE id = 2",
    "a checkpoint's size": "UPDATE journal_checkpoint SET size = size - 1 WHERE id = 2",
    "another key": "UPDATE journal_key SET public_key = (SELECT leaf_hash FROM journal_entry "
    "WHERE position = 1)",
    "a key's name": "UPDATE journal_key SET name = 'elsewhere'",
    "no key": "DELETE FROM journal_key",
}


@pytest.mark.parametrize("change", TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampering_is_found(journal: Registry, change: str) -> None:
    tamper(journal, change)
    found = faults(journal)
    assert found
    assert len(found) <= 4


def test_what_was_cut_off_is_found(journal: Registry) -> None:
    last = end(journal)
    tamper(journal, "DELETE FROM journal_entry WHERE position > :at", at=last - 20)
    found = faults(journal)
    assert {fault.position for fault in found} == {last - 19}
    assert len(found) == 2, "tree and checkpoint both go on"
    tamper(journal, "DELETE FROM journal_checkpoint WHERE size > :at", at=last - 20)
    assert len(faults(journal)) == 1


def test_a_gap_ends_the_comparison(journal: Registry) -> None:
    tamper(journal, "DELETE FROM journal_entry WHERE position = 100")
    with journal.units.reading() as session:
        assert list(verify(session)) == [Fault(100, "positions are missing")]
    assert faults(journal) == []


def test_a_start_amid_a_broken_tree_is_said(journal: Registry) -> None:
    tamper(journal, "DELETE FROM journal_node WHERE level = 4 AND number = 16")
    assert faults(journal, 301) == [Fault(300, "the tree of the entries before lacks nodes")]


def test_a_kept_checkpoint_shows_a_journal_that_was_made_anew(
    journal: Registry, tmp_path: Path
) -> None:
    signer = trial_signer(journal.settings)
    note(journal, 5)
    kept = published(journal)
    last = end(journal)
    # Whoever holds database and key rewrites the last entry and signs again.
    rewrite(journal, last)
    tamper(journal, "DELETE FROM journal_checkpoint WHERE size = :at", at=last)
    note(journal)
    published(journal)
    assert faults(journal) == []
    with journal.units.reading() as session:
        claim = open_kept(kept, [signer.verifier], "kept")
        for first in (1, last, last + 1):
            assert [fault.position for fault in audit(session, first, [claim])] == [last]
        with pytest.raises(NoteError):
            open_kept(kept, [Signer.make(signer.verifier.name).verifier], "kept")


def test_the_command_says_what_it_found(journal: Registry, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["journal", *arguments], obj=journal)
        return result.exit_code, result.output

    last = end(journal)
    with journal.units.reading() as session:
        (key,) = verifiers(session)
    code, note_text = run("checkpoint")
    assert code == 0
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(note_text, "utf-8")
    assert run("verify") == (0, f"Positions 1 to {last} verified.\n")
    same = f"{kept} is of this journal: its first {last} entries are as signed.\n"
    for options in ((), ("--from", "200"), ("--from", str(last + 1)), ("--key", str(key))):
        code, output = run("verify", "--checkpoint", str(kept), *options)
        assert (code, output.endswith(same)) == (0, True), output
    other = Signer.make(key.name)
    code, output = run("verify", "--checkpoint", str(kept), "--key", str(other.verifier))
    assert (code, "none of the known keys" in output) == (1, True)
    for bad in (b"", b"\xff", b"x" * 100_000):
        kept.write_bytes(bad)
        assert run("verify", "--checkpoint", str(kept))[0] == 1
    assert run("verify", "--key", "nonsense")[0] == 2
    assert run("verify", "--from", "0")[0] == 2
    rewrite(journal, last)
    code, output = run("verify")
    assert code == 1
    assert f"position {last}: checkpoint 3 states another root" in output


def test_the_command_makes_keys_and_overwrites_none(journal: Registry, tmp_path: Path) -> None:
    target = tmp_path / "key"
    arguments = ["journal", "new-key", "registry.example/journal", str(target)]
    made = CliRunner().invoke(main, arguments, obj=journal)
    assert made.exit_code == 0
    assert str(Signer.parse(target.read_text()).verifier) == made.output.strip()
    assert target.stat().st_mode & 0o777 == 0o600
    again = CliRunner().invoke(main, arguments, obj=journal)
    assert (again.exit_code, "never overwritten" in again.output) == (1, True)
    assert CliRunner().invoke(main, ["journal", "new-key", "a b", "x"], obj=journal).exit_code == 2
