"""Signed documents and credentials for tests: made by a register, or forged."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from registry.assessment.services.documents import signed_credential, signed_pdf
from tests.support.assessment import World


def token_of(world: World, certificate_id: int, version: int = 1) -> str:
    """Return a certificate's credential as it was signed."""
    sha256 = signed_credential(world.registry, certificate_id, version)
    return world.registry.files.get(sha256).decode("ascii")


def pdf_of(world: World, certificate_id: int) -> bytes:
    """Return a certificate's signed PDF file."""
    return world.registry.files.get(signed_pdf(world.registry, certificate_id))


def part(token: str, number: int) -> dict[str, Any]:
    """Return header (0) or claims (1) of a token, read by hand."""
    value: dict[str, Any] = json.loads(unpadded(token.split(".")[number]))
    return value


def unpadded(text: str) -> bytes:
    """Return what base64url without padding encodes."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def padless(content: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def compact(header: Mapping[str, Any], claims: Mapping[str, Any], signature: bytes) -> str:
    """Return a token of these parts, whether or not the signature belongs to them."""
    parts = [json.dumps(dict(value)).encode() for value in (header, claims)]
    return ".".join(map(padless, [*parts, signature]))


def der_signature(token: str) -> bytes:
    """Return the ES256 signature of a token as other programs take it (RFC 7518, 3.4)."""
    raw = unpadded(token.split(".")[2])
    return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
