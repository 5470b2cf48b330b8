"""Passwords: what is asked of them, and how they are kept (Argon2id, RFC 9106).

The rules follow NIST SP 800-63B, 5.1.1: length counts, composition does not, and
what somebody who knows the person would try first is refused.
"""

import base64
import secrets
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from registry.errors import Invalid
from registry.messages import Message

MIN_LENGTH = 12
MAX_LENGTH = 200
_MIN_DIFFERENT = 5
_MIN_TELLING = 4

# The second recommended option of RFC 9106, clause 4: 64 MiB, three passes.
PARAMETERS = profiles.RFC_9106_LOW_MEMORY
HASHER = PasswordHasher.from_parameters(PARAMETERS)

# Characters that do not look alike in print.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4
_GROUP_LENGTH = 5


def check_password(password: str, field: str, personal: Iterable[str] = ()) -> None:
    """Raise ``Invalid`` naming ``field`` unless ``password`` is fit to protect an account.

    ``personal`` are texts that others know of the person: name and e-mail address.
    """
    normal = _normalised(password)
    if len(normal) < MIN_LENGTH:
        raise Invalid.one(field, Message("Use at least {least} characters.", least=MIN_LENGTH))
    if len(normal) > MAX_LENGTH:
        raise Invalid.one(field, Message("Use at most {most} characters.", most=MAX_LENGTH))
    if len(set(normal)) < _MIN_DIFFERENT:
        raise Invalid.one(field, "The same few characters over and over are easily guessed.")
    if any(word in normal.casefold() for word in _telling(personal)):
        raise Invalid.one(field, "Leave your name and e-mail address out of the password.")


def hash_password(password: str) -> str:
    """Return the encoded Argon2id hash of ``password``, with its salt and parameters."""
    return HASHER.hash(_normalised(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` is the one that ``password_hash`` was made of.

    Without a hash (no such account) the same work is done, so that the time of
    the answer does not tell which addresses have an account.
    """
    if len(password) > 4 * MAX_LENGTH:
        return False
    try:
        HASHER.verify(password_hash or _unmatched_hash(), _normalised(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than are used now."""
    return HASHER.check_needs_rehash(password_hash)


def make_password() -> str:
    """Return a random password of 99 bits that can be read out and typed."""
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def _normalised(password: str) -> str:
    # Keyboards write "ế" as one, two or three characters; all are the same password.
    return unicodedata.normalize("NFKC", password)


def _telling(personal: Iterable[str]) -> set[str]:
    words = {
        word
        for text in personal
        for word in _normalised(text).casefold().replace("@", " ").replace(".", " ").split()
    }
    return {word for word in words if len(word) >= _MIN_TELLING}


def _unmatched_hash() -> str:
    """Return an encoded hash with the present parameters that no password is known to match."""
    salt, digest = (
        base64.b64encode(bytes(length)).decode().rstrip("=")
        for length in (HASHER.salt_len, HASHER.hash_len)
    )
    costs = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
