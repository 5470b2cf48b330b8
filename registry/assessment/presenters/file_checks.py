"""Answers to uploaded files: their words, for page and command line, and their members."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from registry.assessment import file_answers, states
from registry.assessment.services.file_checks import FileCheck
from registry.assessment.stated import Stated
from registry.credentials.file_check import CREDENTIAL, OTHER, PDF, FileFindings
from registry.credentials.trust import TrustedKey
from registry.messages import Message


class Words(NamedTuple):
    """An answer in a few words, and in a sentence that says what follows from it."""

    title: Message
    sentence: Message


WORDS: Mapping[str, Words] = {
    states.IN_FORCE: Words(
        Message("Genuine and in force"),
        Message("The register signed this file as it is, and its certificate is in force."),
    ),
    states.NOT_YET_IN_FORCE: Words(
        Message("Genuine, not yet in force"),
        Message("The register signed this file as it is. What it says has not taken effect yet."),
    ),
    states.SUSPENDED: Words(
        Message("Genuine, but suspended"),
        Message(
            "The register signed this file as it is. Its certificate must not be relied on while "
            "it is suspended."
        ),
    ),
    "withdrawn": Words(
        Message("Genuine, but withdrawn"),
        Message(
            "The register signed this file as it is. Its certificate can no longer be relied on."
        ),
    ),
    states.EXPIRED: Words(
        Message("Genuine, but expired"),
        Message("The register signed this file as it is. Its validity has ended."),
    ),
    "replaced": Words(
        Message("Genuine, but replaced"),
        Message("The register signed this file as it is. Another certificate has taken its place."),
    ),
    file_answers.REVOKED: Words(
        Message("Genuine, but withdrawn or replaced"),
        Message(
            "The register signed this file as it is. Its certificate can no longer be relied on."
        ),
    ),
    file_answers.OLDER_VERSION: Words(
        Message("Genuine, but of an earlier version"),
        Message(
            "The register signed this file as it is. Another version of the certificate has taken "
            "its place, and only that one holds."
        ),
    ),
    file_answers.STATUS_UNKNOWN: Words(
        Message("Genuine; the status is not known"),
        Message(
            "The register signed this file as it is. Whether its certificate was suspended or "
            "withdrawn since has to be asked online."
        ),
    ),
    file_answers.UNKNOWN: Words(
        Message("Not in this register"),
        Message(
            "The register's key signed this file, and no certificate of this number is known as "
            "of the day asked. Tell the register: this must not happen."
        ),
    ),
    "altered": Words(
        Message("Altered after it was signed"),
        Message(
            "The register's key is named, and it did not sign these bytes: something in the file "
            "was changed."
        ),
    ),
    "added_to": Words(
        Message("Something was added after the signature"),
        Message(
            "What the register signed is intact in the file, but more follows it. A reader may "
            "show what was added in place of what was signed."
        ),
    ),
    "truncated": Words(
        Message("The file is cut off"),
        Message("The end of the file is missing, perhaps from an interrupted download."),
    ),
    "retired_key": Words(
        Message("Signed with a key after its end"),
        Message(
            "The signature says a day on which the register had already given up this key. The "
            "register did not make this file."
        ),
    ),
    "compromised_key": Words(
        Message("Signed with a key that others may hold"),
        Message(
            "The register has declared this key compromised, so its signature proves nothing. "
            "Download the certificate again: it is signed anew."
        ),
    ),
    "unknown_key": Words(
        Message("Signed by somebody else"),
        Message("No key of this register made this signature, whatever name it shows."),
    ),
    "wrong_issuer": Words(
        Message("Issued in another name"),
        Message("The credential names another issuer than this register."),
    ),
    "wrong_algorithm": Words(
        Message("Not signed as this register signs"),
        Message(
            "The credential asks to be checked without a signature, or in another way than by "
            "the register's key. That is how forgeries are made."
        ),
    ),
    "wrong_proof": Words(
        Message("The journal does not prove it"),
        Message(
            "The credential is signed, but what it says of its place in the journal does not "
            "hold. Tell the register: this must not happen."
        ),
    ),
    "other_document": Words(
        Message("Signed here, but no certificate"),
        Message("The register signed this file as it is. It is another kind of document."),
    ),
    "unsigned": Words(
        Message("Not signed"),
        Message(
            "The file holds no signature, so it proves nothing. Printing to PDF, scanning and "
            "editing lose it: compare with what the genuine certificate says."
        ),
    ),
    "encrypted": Words(
        Message("Encrypted"),
        Message(
            "The file is protected by a password and cannot be checked. The register never "
            "encrypts a certificate."
        ),
    ),
    "too_large": Words(
        Message("Too large for a certificate"),
        Message("No certificate of this register comes near this size."),
    ),
    "not_a_certificate": Words(
        Message("Not a certificate"),
        Message("The file is neither a PDF document nor a credential that can be read."),
    ),
}

ADDITIONS: Mapping[str, Message] = {
    "blank": Message("Only blank space follows; it shows nothing, yet the file is not as signed."),
    "signature": Message("Another signature follows, and may have changed what is shown."),
    "objects": Message("Objects follow that can change what every page shows."),
    "bytes": Message("Bytes follow that do not belong to a PDF document."),
}

NAMES: Mapping[str, Message] = {
    "number": Message("Certificate number"),
    "holder": Message("Holder"),
    "product": Message("Product"),
    "models": Message("Models"),
    "scope": Message("Scope"),
    "requirements": Message("Conforms to"),
    "valid_from": Message("Valid from"),
    "valid_until": Message("Valid until"),
}

KINDS: Mapping[str, Message] = {
    PDF: Message("PDF document"),
    CREDENTIAL: Message("credential"),
    OTHER: Message("another kind of file"),
}

_GOOD = frozenset({states.IN_FORCE})
_CARE = frozenset(
    {
        states.SUSPENDED,
        file_answers.OLDER_VERSION,
        file_answers.STATUS_UNKNOWN,
        "truncated",
        "other_document",
        "unsigned",
        "encrypted",
        "too_large",
        "not_a_certificate",
    }
)
_SHAPES = {
    states.IN_FORCE: "status-effective",
    states.NOT_YET_IN_FORCE: "status-future",
    states.SUSPENDED: "status-paused",
    "withdrawn": "status-ended",
    states.EXPIRED: "status-expired",
    "replaced": "status-superseded",
    file_answers.OLDER_VERSION: "status-superseded",
    "altered": "status-amended",
    "added_to": "status-amended",
}


def tone(answer: str) -> str:
    """Return how an answer is to be taken: "good", "info", "care" or "stop"."""
    if answer in _GOOD:
        return "good"
    if answer == states.NOT_YET_IN_FORCE:
        return "info"
    return "care" if answer in _CARE else "stop"


def shape(answer: str) -> str:
    """Return the icon that stands for an answer."""
    return _SHAPES.get(answer, "status-unknown" if answer in _CARE else "status-none")


def present_findings(findings: FileFindings) -> dict[str, Any]:
    """Return what was found of a file itself."""
    return {
        "kind": findings.kind,
        "sha256": findings.sha256,
        "size": findings.size,
        "signature": _signature(findings.key, findings),
        "added": findings.added,
        "added_bytes": findings.added_bytes,
        "credential_genuine": findings.claims_genuine if findings.claims is not None else None,
        "version": findings.version if findings.claims_genuine else None,
        "journal": {
            "code": findings.inclusion.code,
            "position": findings.inclusion.position,
            "size": findings.inclusion.size,
        }
        if findings.inclusion
        else None,
    }


def present_file_check(checked: FileCheck) -> dict[str, Any]:
    """Return the whole answer of the register to a file."""
    found = checked.check.found if checked.check else None
    return {
        "answer": checked.answer,
        **present_findings(checked.findings),
        "finding": checked.check.finding.value if checked.check else None,
        "number": found.certificate.number if found else None,
        "newest_version": found.said.number if found else None,
        "stated": present_stated(checked.stated),
    }


def present_stated(rows: Iterable[Stated]) -> list[dict[str, Any]]:
    """Return what a file says, beside what the register says where that is known."""
    return [
        {
            "name": row.name,
            "in_file": list(row.in_file),
            "in_register": None if row.in_register is None else list(row.in_register),
            "differs": row.differs,
        }
        for row in rows
    ]


def _signature(key: TrustedKey | None, findings: FileFindings) -> dict[str, Any] | None:
    if key is None:
        return None
    return {
        "key_id": key.key_id,
        "algorithm": key.algorithm,
        "trial": key.trial,
        "signed_at": findings.signed_at,
        "retired_on": key.retired_on,
        "compromised_since": key.compromised_since,
    }
