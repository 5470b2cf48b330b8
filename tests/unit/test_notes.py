"""Signed notes and checkpoints: published examples, and everything that must be refused."""

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.config import load_settings
from registry.errors import Invalid
from registry.journal.checkpoint import Checkpoint, is_trial, open_checkpoint, trial_name
from registry.journal.keys import signer, trial_signer
from registry.journal.notes import (
    BadSignature,
    MalformedNote,
    NoteError,
    Signer,
    UnknownKey,
    Verifier,
    open_note,
)

# The example in the documentation of Go's note package, which the format comes from.
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
    "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

KEY = Signer.make("registry.example/journal")
OTHER = Signer.make("registry.example/journal")
CHECKPOINT = Checkpoint(KEY.verifier.name, 705, bytes(range(32)))
SIGNED = CHECKPOINT.signed_by(KEY)


def test_the_published_note_opens_with_the_published_key() -> None:
    assert open_note(NOTE, [Verifier.parse(VERIFIER)]) == (TEXT, Verifier.parse(VERIFIER))


def test_the_published_private_key_makes_the_published_note() -> None:
    key = Signer.parse(SIGNER)
    assert key.sign(TEXT) == NOTE
    assert (str(key.verifier), key.secret_line()) == (VERIFIER, SIGNER)


def test_a_private_key_is_not_shown() -> None:
    assert KEY.secret_line().rpartition("+")[2] not in repr(KEY)
    assert str(KEY.seed) not in repr(KEY)


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    origin, size, root, empty, signature, end = SIGNED.split("\n")
    assert (origin, size, empty, end) == ("registry.example/journal", "705", "", "")
    assert base64.b64decode(root) == bytes(range(32))
    assert signature.startswith(f"— {origin} ")
    signed = base64.b64decode(signature.rpartition(" ")[2])
    assert (signed[:4], len(signed)) == (KEY.verifier.key_id, 68)
    assert open_checkpoint(SIGNED, [KEY.verifier]) == (CHECKPOINT, KEY.verifier)


def test_signatures_of_others_are_passed_over() -> None:
    second = SIGNED + OTHER.sign(CHECKPOINT.text()).rpartition("\n\n")[2]
    assert open_checkpoint(second, [OTHER.verifier])[1] == OTHER.verifier
    assert open_checkpoint(second, [OTHER.verifier, KEY.verifier])[1] == KEY.verifier
    with pytest.raises(UnknownKey):
        open_checkpoint(SIGNED, [OTHER.verifier])


def test_a_known_key_must_have_signed_this_text() -> None:
    with pytest.raises(BadSignature):
        open_checkpoint(SIGNED.replace("705", "706"), [KEY.verifier])


def test_a_key_signs_for_its_own_origin_only() -> None:
    elsewhere = Checkpoint("elsewhere.example", 1, bytes(32)).signed_by(KEY)
    with pytest.raises(MalformedNote, match="another origin"):
        open_checkpoint(elsewhere, [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "registry.example/journal\n705\n",
        "registry.example/journal\n0705\nAAAA\n",
        "registry.example/journal\n-1\nAAAA\n",
        "registry.example/journal\n٧\nAAAA\n",
        "registry.example/journal\n1\nAAAA\n",
        "registry.example/journal\n1\n!\n",
        "registry.example/journal\n"
        + "9" * 20
        + "\n"
        + base64.b64encode(bytes(32)).decode()
        + "\n",
        CHECKPOINT.text() + "\nmore\n",
    ],
)
def test_what_is_signed_must_be_a_checkpoint(text: str) -> None:
    with pytest.raises(MalformedNote):
        open_checkpoint(KEY.sign(text), [KEY.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        "text",
        "text\n",
        "text\n\n",
        "text\n\n— \n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n- name AAAAAAAAAAAA\n",
        "text\n\n— na+me AAAAAAAAAAAA\n",
        "text\n\n— name AAAAAAAAAAA\n",
        "text\n\n— name AAAAAAAAAAB=\n",
        SIGNED.replace("\n", "\r\n"),
        SIGNED[:-1],
        SIGNED + "\n",
        SIGNED + "x" * 70_000,
        SIGNED + SIGNED.rpartition("\n\n")[2] * 16,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(MalformedNote):
        open_note(note, [KEY.verifier])


@settings(max_examples=150)
@given(st.integers(0, len(SIGNED.encode()) - 1), st.integers(0, 7))
def test_no_bit_of_a_checkpoint_can_be_turned(at: int, bit: int) -> None:
    changed = bytearray(SIGNED.encode())
    changed[at] ^= 1 << bit
    try:
        note = changed.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(NoteError):
        open_checkpoint(note, [KEY.verifier])


@given(st.text(max_size=200))
def test_any_text_is_answered_with_a_note_error(text: str) -> None:
    with pytest.raises(NoteError):
        open_checkpoint(text, [KEY.verifier])
    for parse in (Verifier.parse, Signer.parse):
        with pytest.raises(NoteError):
            parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
def test_names_that_no_note_can_hold(name: str) -> None:
    with pytest.raises(MalformedNote):
        Signer.make(name)


@pytest.mark.parametrize(
    "line",
    [
        VERIFIER.replace("c74f20a3", "c74f20a4"),
        VERIFIER.replace("PeterNeumann", "Peter"),
        VERIFIER[:-4],
        VERIFIER.replace("+AR", "+BR"),
        SIGNER,
    ],
)
def test_keys_that_are_not_whole(line: str) -> None:
    with pytest.raises(MalformedNote):
        Verifier.parse(line)


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "REGISTRY_DATA_DIR": str(folder),
        "REGISTRY_BASE_URL": "https://registry.example",
        **more,
    }


def test_without_a_key_of_ones_own_a_trial_key_is_made_once(tmp_path: Path) -> None:
    settings = load_settings(environment(tmp_path))
    assert signer(settings) is None
    made = trial_signer(settings)
    assert made.verifier.name == trial_name("registry.example")
    assert is_trial(made.verifier.name)
    assert (tmp_path / "journal-key").stat().st_mode & 0o777 == 0o600
    # The name stays in the file, also when the address changes.
    moved = load_settings({**environment(tmp_path), "REGISTRY_BASE_URL": "https://other.example"})
    assert trial_signer(moved) == signer(moved) == made


def test_a_key_of_ones_own_is_taken_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "own-key"
    settings = load_settings(environment(tmp_path, REGISTRY_JOURNAL_KEY=str(path)))
    for content in (None, b"", b"\xff", SIGNER.removeprefix("PRIVATE+").encode()):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(Invalid) as refused:
            trial_signer(settings)
        assert list(refused.value.fields) == ["REGISTRY_JOURNAL_KEY"]
    path.write_text(SIGNER + "\n")
    assert str(trial_signer(settings).verifier) == VERIFIER
    assert not is_trial("PeterNeumann")
    assert not (tmp_path / "journal-key").exists()
