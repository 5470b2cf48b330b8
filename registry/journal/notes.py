"""Signed notes (C2SP signed-note, v1.0.0): a text, and who vouches for it.

Keys are Ed25519 (signature type 0x01). A key is written in one line, as other
programs that check transparency logs take it: ``NAME+HASH+KEY`` for checking,
``PRIVATE+KEY+NAME+HASH+KEY`` for signing.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_KEY_SIZE = 32
_ID_SIZE = 4
_PRIVATE = "PRIVATE+KEY+"
_DASH = "— "

# The specification asks verifiers for a limit of at least 16 signatures.
MOST_SIGNATURES = 16
LARGEST_NOTE = 64 * 1024

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


class NoteError(ValueError):
    """A note, or a key, that cannot be relied on; the message says why."""


class MalformedNote(NoteError):
    """It is not written as the specification asks."""


class UnknownKey(NoteError):
    """None of the keys known to the reader signed it."""


class BadSignature(NoteError):
    """It names a known key, which did not sign this text: the text was altered."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and the name that it signs under. ``public_key`` is 32 bytes (RFC 8032)."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which signatures name the key."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public_key
        return hashlib.sha256(named).digest()[:_ID_SIZE]

    def __str__(self) -> str:
        """Return the key in one line, ``NAME+HASH+KEY``."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public_key)}"

    @classmethod
    def parse(cls, line: str) -> "Verifier":
        """Read a key in one line; ``MalformedNote`` if it is none of ours."""
        name, key_id, public_key = _parts(line)
        verifier = cls(name, public_key)
        if verifier.key_id != key_id:
            raise MalformedNote("the key does not have the hash that stands beside it")
        return verifier

    def accepts(self, text: bytes, signature: bytes) -> bool:
        """Whether ``signature`` (64 bytes) of this key belongs to ``text``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key. ``seed`` is the 32 secret bytes of RFC 8032; never shown."""

    verifier: Verifier
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    @classmethod
    def make(cls, name: str) -> "Signer":
        """Make a new key that signs as ``name``; ``MalformedNote`` for a name no note can hold."""
        _check_name(name)
        return cls._of(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, line: str) -> "Signer":
        """Read ``PRIVATE+KEY+NAME+HASH+KEY``; ``MalformedNote`` if it is none of ours."""
        if not line.startswith(_PRIVATE):
            raise MalformedNote(f"a private key starts with {_PRIVATE}")
        name, key_id, seed = _parts(line.removeprefix(_PRIVATE))
        signer = cls._of(name, seed)
        if signer.verifier.key_id != key_id:
            raise MalformedNote("the key does not have the hash that stands beside it")
        return signer

    def secret_line(self) -> str:
        """Return the private key in one line."""
        key_id = self.verifier.key_id.hex()
        return f"{_PRIVATE}{self.verifier.name}+{key_id}+{_base64(_ED25519 + self.seed)}"

    def sign(self, text: str) -> str:
        """Return the note that holds ``text``, which ends with a newline, and this signature."""
        if not text.endswith("\n") or _CONTROL.search(text):
            raise MalformedNote("a note's text ends with a newline and holds no control character")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        signed = _base64(self.verifier.key_id + signature)
        return f"{text}\n{_DASH}{self.verifier.name} {signed}\n"

    @classmethod
    def _of(cls, name: str, seed: bytes) -> "Signer":
        public_key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(Verifier(name, public_key), seed)


def open_note(note: str, keys: Iterable[Verifier]) -> tuple[str, Verifier]:
    """Return the text of ``note`` and the first of ``keys`` that signed it.

    Signatures of other keys are passed over. Raises ``BadSignature`` when one in
    the name of a known key is wrong, ``UnknownKey`` when there is none of a known
    key, ``MalformedNote`` when it is no note at all.
    """
    text, signatures = split_note(note)
    known = {(key.name, key.key_id): key for key in keys}
    signed: Verifier | None = None
    for name, key_id, signature in signatures:
        key = known.get((name, key_id))
        if key is None:
            continue
        if not key.accepts(text.encode(), signature):
            raise BadSignature(f"the signature of {name} does not belong to this text")
        signed = signed or key
    if signed is None:
        raise UnknownKey("none of the known keys signed it")
    return text, signed


def split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Return the text and (name, key id, signature) of each signature, none of them checked."""
    if len(note) > LARGEST_NOTE:
        raise MalformedNote("it is longer than a note may be")
    if _CONTROL.search(note):
        raise MalformedNote("it holds control characters")
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise MalformedNote("it is not a text, an empty line and signatures")
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    if len(signatures) > MOST_SIGNATURES:
        raise MalformedNote("it holds too many signatures")
    return text + "\n", signatures


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator:
        raise MalformedNote("a signature line is “— NAME SIGNATURE”")
    _check_name(name)
    signed = decode_base64(encoded)
    if len(signed) <= _ID_SIZE:
        raise MalformedNote("a signature is too short")
    return name, signed[:_ID_SIZE], signed[_ID_SIZE:]


def _parts(line: str) -> tuple[str, bytes, bytes]:
    # The encoded key may hold a plus itself, the name may not.
    name, _, rest = line.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    _check_name(name)
    key = decode_base64(encoded)
    if not re.fullmatch("[0-9a-f]{8}", key_id) or key[:1] != _ED25519 or len(key) != 1 + _KEY_SIZE:
        raise MalformedNote("a key is NAME+HASH+KEY, of Ed25519")
    return name, bytes.fromhex(key_id), key[1:]


def _check_name(name: str) -> None:
    if not name or "+" in name or any(_is_space(character) for character in name):
        raise MalformedNote("a key's name holds neither spaces nor a plus and is not empty")


def _is_space(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Zs", "Zl", "Zp")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def decode_base64(text: str) -> bytes:
    """Return what ``text`` encodes, in the one way to write it; ``MalformedNote`` otherwise."""
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise MalformedNote("it is not base64") from None
    # Bits that no byte needs must be zero, or one signature could be written in several ways.
    if _base64(content) != text:
        raise MalformedNote("it is not base64 in its one form")
    return content
