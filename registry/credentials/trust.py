"""What a checker believes: the register's keys, its last checkpoint and status lists.

One JSON file without secrets. It is not signed: whoever could forge the file could
sign it with a key of their own too, so it has to come by a way that is trusted, or
be compared by its SHA-256 with what the register publishes elsewhere.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from registry.credentials.identity import CREDENTIAL, DOCUMENT, did, key_url
from registry.credentials.models import SigningKey
from registry.journal.notes import Verifier

FORMAT = "standards-registry-trust@1"
LARGEST = 64 * 1024 * 1024


class MalformedBundle(ValueError):
    """The file is no trust bundle that this program reads; the message says why."""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key of the register; see ``registry.credentials.models.SigningKey``."""

    key_id: str
    use: str
    algorithm: str
    jwk: Mapping[str, Any]
    certificate: bytes | None
    trial: bool
    valid_from: datetime
    valid_until: datetime | None
    retired_on: date | None
    compromised_since: date | None


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """Everything that checking needs, as of ``made_at``.

    ``status_lists`` are the signed lists by their addresses, ``checkpoint`` the
    journal's last signed note.
    """

    made_at: datetime
    base_url: str
    name: Mapping[str, str | None]
    keys: tuple[TrustedKey, ...]
    journal_keys: tuple[Verifier, ...]
    checkpoint: str | None
    status_lists: Mapping[str, str] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """The register's decentralised identifier."""
        return did(self.base_url)

    def credential_keys(self) -> dict[str, TrustedKey]:
        """Return the keys of credentials by their full names."""
        return {
            key_url(self.base_url, key.key_id): key for key in self.keys if key.use == CREDENTIAL
        }

    def document_key(self, key_id: str) -> TrustedKey | None:
        """Return the key of documents whose certificate has this SHA-256."""
        return next(
            (key for key in self.keys if key.use == DOCUMENT and key.key_id == key_id), None
        )

    def to_json(self) -> str:
        """Return the bundle as a file's text."""
        body = {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "base_url": self.base_url,
            "issuer": self.issuer,
            "name": dict(self.name),
            "keys": [_written(key) for key in self.keys],
            "journal_keys": [str(key) for key in self.journal_keys],
            "checkpoint": self.checkpoint,
            "status_lists": dict(self.status_lists),
        }
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def trusted(keys: Iterable[SigningKey]) -> tuple[TrustedKey, ...]:
    """Return rows of the key register as keys that a checker believes."""
    return tuple(
        TrustedKey(
            key_id=key.key_id,
            use=key.use,
            algorithm=key.algorithm,
            jwk=key.jwk,
            certificate=key.certificate,
            trial=key.trial,
            valid_from=key.valid_from,
            valid_until=key.valid_until,
            retired_on=key.retired_on,
            compromised_since=key.compromised_since,
        )
        for key in keys
    )


def read_bundle(text: str) -> TrustBundle:
    """Read what ``to_json`` wrote; ``MalformedBundle`` for anything else."""
    if len(text) > LARGEST:
        raise MalformedBundle("it is larger than a trust bundle can be")
    try:
        body = json.loads(text)
        if not isinstance(body, dict) or body.get("format") != FORMAT:
            raise MalformedBundle(f"it is not of the format {FORMAT}")
        return TrustBundle(
            made_at=_instant(body["made_at"]),
            base_url=_text(body["base_url"]),
            name=dict(body["name"]),
            keys=tuple(_read(key) for key in body["keys"]),
            journal_keys=tuple(Verifier.parse(_text(line)) for line in body["journal_keys"]),
            checkpoint=None if body["checkpoint"] is None else _text(body["checkpoint"]),
            status_lists={_text(k): _text(v) for k, v in dict(body["status_lists"]).items()},
        )
    except KeyError as error:
        raise MalformedBundle(f"it lacks {error}") from None
    except MalformedBundle:
        raise
    except (TypeError, AttributeError, RecursionError, ValueError) as error:
        raise MalformedBundle(str(error)) from None


def _written(key: TrustedKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "use": key.use,
        "algorithm": key.algorithm,
        "public_key": dict(key.jwk),
        "certificate": base64.b64encode(key.certificate).decode() if key.certificate else None,
        "trial": key.trial,
        "valid_from": key.valid_from.isoformat(),
        "valid_until": key.valid_until.isoformat() if key.valid_until else None,
        "retired_on": key.retired_on.isoformat() if key.retired_on else None,
        "compromised_since": key.compromised_since.isoformat() if key.compromised_since else None,
    }


def _read(key: Mapping[str, Any]) -> TrustedKey:
    certificate, until = key["certificate"], key["valid_until"]
    retired, compromised = key["retired_on"], key["compromised_since"]
    return TrustedKey(
        key_id=_text(key["key_id"]),
        use=_text(key["use"]),
        algorithm=_text(key["algorithm"]),
        jwk=dict(key["public_key"]),
        certificate=base64.b64decode(certificate, validate=True) if certificate else None,
        trial=bool(key["trial"]),
        valid_from=_instant(key["valid_from"]),
        valid_until=_instant(until) if until else None,
        retired_on=date.fromisoformat(retired) if retired else None,
        compromised_since=date.fromisoformat(compromised) if compromised else None,
    )


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise MalformedBundle("an instant lacks its time zone")
    return instant


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedBundle(f"{value!r:.40} is not text")
    return value
