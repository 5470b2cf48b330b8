"""Checkpoints (C2SP tlog-checkpoint): the journal's size and root, signed."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from registry.journal.merkle import HASH_SIZE
from registry.journal.notes import MalformedNote, Signer, Verifier, decode_base64, open_note

_SIZE = re.compile("0|[1-9][0-9]{0,18}")

# The first part of a key's name until an operator gives a key of their own.
TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed. ``root`` is the 32 bytes over the first ``size`` entries."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed_by(self, signer: Signer) -> str:
        """Return the checkpoint as a note signed by ``signer``."""
        return signer.sign(self.text())


def open_checkpoint(note: str, keys: Iterable[Verifier]) -> tuple[Checkpoint, Verifier]:
    """Return what ``note`` states and the key that signed it.

    The key must sign in the name of the checkpoint's origin. Raises the
    ``NoteError`` of ``registry.journal.notes`` that says what is wrong.
    """
    text, key = open_note(note, keys)
    checkpoint = read_text(text)
    if checkpoint.origin != key.name:
        raise MalformedNote("the key signs for another origin")
    return checkpoint, key


def read_text(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; lines after the third are passed over."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or "" in lines or not _SIZE.fullmatch(lines[1]):
        raise MalformedNote("a checkpoint is origin, size and root, each in a line")
    origin, size, root = lines[:3]
    decoded = decode_base64(root)
    if len(decoded) != HASH_SIZE:
        raise MalformedNote("a root is 32 bytes")
    return Checkpoint(origin, int(size), decoded)


def trial_name(host: str) -> str:
    """Return the name of a key made for trial use at ``host``."""
    return f"{TRIAL}/{host}/journal"


def is_trial(name: str) -> bool:
    """Whether a key of that name was made for trial use."""
    return name.split("/", 1)[0] == TRIAL
