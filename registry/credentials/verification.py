"""Checks credentials, status lists and inclusion proofs against a trust bundle.

Pure: no network, no database, no clock; bounded in time and memory by the sizes
that ``envelope`` and ``status_list`` allow.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.credentials import envelope, multibase, status_list
from registry.credentials.trust import TrustBundle, TrustedKey
from registry.journal import merkle
from registry.journal.checkpoint import Checkpoint, open_checkpoint, read_text
from registry.journal.leaf import leaf_hash
from registry.journal.notes import NoteError, split_note

GENUINE = "genuine"
COMPROMISED_KEY = "compromised-key"
WRONG_ISSUER = "wrong-issuer"
WRONG_SHAPE = "wrong-shape"


@dataclass(frozen=True, slots=True)
class CredentialFindings:
    """What came of checking a credential.

    ``code`` is "genuine", a code of ``envelope.open_token``, "compromised-key",
    "wrong-issuer" or "wrong-shape". Only a genuine one has ``claims`` to rely on.
    ``period`` is "valid", "not-yet" or "expired" by its own dates.
    """

    code: str
    claims: Mapping[str, Any] | None = None
    key: TrustedKey | None = None
    period: str | None = None

    @property
    def genuine(self) -> bool:
        """Whether the register signed what ``claims`` say."""
        return self.code == GENUINE

    @property
    def number(self) -> str | None:
        """The certificate's number, of a genuine credential."""
        return _entry(self.claims).get("certificateNumber") if self.claims else None


@dataclass(frozen=True, slots=True)
class InclusionFindings:
    """What came of checking the journal's proof in a credential.

    ``code`` is "included", "missing", "wrong-entry" (of another certificate),
    "wrong-proof", "unknown-journal-key" or "other-journal" (the bundle's checkpoint
    of the same size has another root).
    """

    code: str
    position: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class StatusFinding:
    """What the last known list of one purpose says of a credential.

    ``is_set`` is None when nothing can be said; ``code`` then says why: "no-list",
    "wrong-list" (not the issuer's, or not this list) or a code of ``open_token``. A
    list past its validity is "outdated", and still says what it said.
    """

    purpose: str
    code: str
    is_set: bool | None = None
    made_at: datetime | None = None


class Untrusted(ValueError):
    """Not signed by the register, or not what was asked for; ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A genuine status list: its bits and from when until when it holds."""

    bits: bytes
    made_at: datetime
    valid_until: datetime | None


def verify_credential(token: str, trust: TrustBundle, moment: datetime) -> CredentialFindings:
    """Check that the register issued a credential; ``moment`` (aware) is compared with its dates.

    Whether it was suspended or withdrawn since is for ``check_status`` to say.
    """
    try:
        claims, key = _opened(token, trust)
    except Untrusted as error:
        return CredentialFindings(error.code)
    subject = claims.get("credentialSubject")
    start, end = _instant(claims.get("validFrom")), _instant(claims.get("validUntil"))
    types = claims.get("type")
    if not isinstance(types, list) or "VerifiableCredential" not in types or start is None:
        return CredentialFindings(WRONG_SHAPE)
    if not isinstance(subject, dict) or "BitstringStatusListCredential" in types:
        return CredentialFindings(WRONG_SHAPE)
    period = "valid"
    if moment < start:
        period = "not-yet"
    elif end is not None and moment > end:
        period = "expired"
    return CredentialFindings(GENUINE, claims, key, period)


def check_inclusion(claims: Mapping[str, Any], trust: TrustBundle) -> InclusionFindings:
    """Check that the journal holds the entry that a credential rests on."""
    entry = _entry(claims)
    text, note = entry.get("journalEntry"), entry.get("checkpoint")
    if not isinstance(text, str) or not isinstance(note, str):
        return InclusionFindings("missing")
    position = _position(text, entry)
    if position is None:
        return InclusionFindings("wrong-entry")
    try:
        signed, _ = open_checkpoint(note, trust.journal_keys)
    except NoteError:
        return InclusionFindings("unknown-journal-key", position)
    code = "included"
    if not _proven(leaf_hash(text.encode()), position - 1, entry.get("inclusionPath"), signed):
        code = "wrong-proof"
    elif _contradicts(signed, trust.checkpoint):
        code = "other-journal"
    return InclusionFindings(code, position, signed.size)


def _position(text: str, entry: Mapping[str, Any]) -> int | None:
    """Return the position of the entry ``text`` if it is about what the credential is about."""
    try:
        content = json.loads(text)
        position, data = content["position"], content["data"]
        stated = (data["number"], data["digest"])
        expected = (entry["certificateNumber"], multibase.read_digest(entry["snapshotDigest"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    return position if stated == expected and type(position) is int else None


def check_status(
    claims: Mapping[str, Any], trust: TrustBundle, moment: datetime
) -> list[StatusFinding]:
    """Return what the bundle's status lists say of a genuine credential, a finding a purpose."""
    entries = claims.get("credentialStatus")
    if not isinstance(entries, list):
        return []
    return [
        _status(entry, trust, moment)
        for entry in entries
        if isinstance(entry, dict) and entry.get("statusPurpose") in status_list.PURPOSES
    ]


def verify_status_list(token: str, trust: TrustBundle, purpose: str, address: str) -> OpenedList:
    """Return the bits of the list ``address``; ``Untrusted`` unless the register signed it."""
    claims, _ = _opened(token, trust)
    subject = claims.get("credentialSubject")
    made_at = _instant(claims.get("validFrom"))
    if (
        claims.get("id") != address
        or not isinstance(subject, dict)
        or subject.get("type") != "BitstringStatusList"
        or subject.get("statusPurpose") != purpose
        or made_at is None
    ):
        raise Untrusted("wrong-list")
    try:
        bits = status_list.decode(str(subject.get("encodedList")))
    except status_list.MalformedList:
        raise Untrusted("wrong-list") from None
    return OpenedList(bits, made_at, _instant(claims.get("validUntil")))


def _opened(token: str, trust: TrustBundle) -> tuple[dict[str, Any], TrustedKey]:
    """Return the claims of a token that a key of the register signed in the register's name."""
    keys = trust.credential_keys()
    jwks = {name: {**key.jwk, "alg": key.algorithm} for name, key in keys.items()}
    try:
        opened = envelope.open_token(token, jwks)
    except envelope.EnvelopeError as error:
        raise Untrusted(error.code) from None
    key = keys[opened.key_url]
    if key.compromised_since is not None:
        raise Untrusted(COMPROMISED_KEY)
    issuer = opened.claims.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    if named != trust.issuer:
        raise Untrusted(WRONG_ISSUER)
    return opened.claims, key


def _status(entry: Mapping[str, Any], trust: TrustBundle, moment: datetime) -> StatusFinding:
    purpose = str(entry["statusPurpose"])
    address, place = entry.get("statusListCredential"), entry.get("statusListIndex")
    token = trust.status_lists.get(address) if isinstance(address, str) else None
    if token is None or not isinstance(address, str):
        return StatusFinding(purpose, "no-list")
    try:
        opened = verify_status_list(token, trust, purpose, address)
        is_set = status_list.is_set(opened.bits, int(str(place)))
    except Untrusted as error:
        return StatusFinding(purpose, error.code)
    except ValueError:
        return StatusFinding(purpose, "wrong-list")
    outdated = opened.valid_until is not None and moment > opened.valid_until
    return StatusFinding(purpose, "outdated" if outdated else "current", is_set, opened.made_at)


def _proven(leaf: bytes, index: int, path: object, signed: Checkpoint) -> bool:
    if not isinstance(path, Sequence) or isinstance(path, str) or len(path) > 63:
        return False
    try:
        hashes = [bytes.fromhex(step) for step in path]
    except (TypeError, ValueError):
        return False
    return merkle.verify_inclusion(leaf, index, signed.size, hashes, signed.root)


def _contradicts(signed: Checkpoint, note: str | None) -> bool:
    """Whether two checkpoints of one size have different roots: then there are two journals."""
    if note is None:
        return False
    try:
        known = read_text(split_note(note)[0])
    except NoteError:
        return False
    return known.size == signed.size and known.root != signed.root


def _entry(claims: Mapping[str, Any] | None) -> Mapping[str, Any]:
    subject = claims.get("credentialSubject") if claims else None
    entry = subject.get("registerEntry") if isinstance(subject, dict) else None
    return entry if isinstance(entry, dict) else {}


def _instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None
