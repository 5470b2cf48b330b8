"""Bytes as text that says how it is encoded (W3C Controlled Identifiers, 2.4 and 2.5)."""

import base64
import binascii

# Multibase prefix of base64url without padding; multihash prefix of SHA-256, 32 bytes.
_BASE64URL = "u"
_SHA256 = b"\x12\x20"


def encode(content: bytes) -> str:
    """Return ``content`` in multibase, base64url without padding."""
    return _BASE64URL + base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return what ``text`` encodes; ``ValueError`` unless it is base64url in multibase."""
    if not text.startswith(_BASE64URL):
        raise ValueError("only base64url is read here")
    encoded = text[1:].encode("ascii", "strict")
    try:
        return base64.b64decode(encoded + b"=" * (-len(encoded) % 4), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def digest(sha256: str) -> str:
    """Return a SHA-256 given in hexadecimal as a multihash in multibase."""
    return encode(_SHA256 + bytes.fromhex(sha256))


def read_digest(text: str) -> str:
    """Return the SHA-256 in hexadecimal that ``digest`` wrote; ``ValueError`` for others."""
    content = decode(text)
    if len(content) != 34 or not content.startswith(_SHA256):
        raise ValueError("only SHA-256 is read here")
    return content[2:].hex()
