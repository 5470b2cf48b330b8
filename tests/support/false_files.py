"""Files that are not what they seem: certificates altered, added to, cut off and forged."""

import re
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfWriter

from registry.credentials.document_key import DocumentKey
from registry.credentials.pdf_signing import sign_pdf
from tests.support.credentials import compact, part, unpadded

Change = Callable[[bytes], bytes]


def flipped(content: bytes, place: int = 5_000) -> bytes:
    """Return the file with one bit changed."""
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def shadowed(content: bytes) -> bytes:
    """Return the file with an update after the signature that turns its first page."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = page["/MediaBox"][0].__class__(180)
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


def pointed_elsewhere(content: bytes) -> bytes:
    """Return the file with nothing but another cross-reference table after the signature."""
    before = re.findall(rb"startxref\s+(\d+)", content)[-1]
    return content + (
        b"\nxref\n0 1\n0000000000 65535 f \n5 1\n0000000015 00000 n \n"
        b"trailer\n<</Size 400/Root 5 0 R/Prev %b>>\nstartxref\n%d\n%%%%EOF\n"
        % (before, len(content) + 1)
    )


def saved_again(content: bytes) -> bytes:
    """Return the file as another program saves it: the signature no longer fits."""
    output = BytesIO()
    PdfWriter(clone_from=BytesIO(content)).write(output)
    return output.getvalue()


def unsigned(content: bytes) -> bytes:
    """Return the file as it was before it was signed."""
    return content[: content.index(b"%%EOF") + 6]


def encrypted(content: bytes) -> bytes:
    """Return the unsigned file with a password on it."""
    writer = PdfWriter(clone_from=BytesIO(unsigned(content)))
    writer.encrypt("secret", algorithm="AES-256")
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def signed_by(content: bytes, key: DocumentKey, instant: Any) -> bytes:
    """Return the file as ``key`` signs it."""
    return sign_pdf(unsigned(content), key, instant=instant, signer_name="Ai đó").content


def wrapped(content: bytes) -> bytes:
    """Return a file whose signed end was moved to make room for more before it."""
    match = re.search(rb"/ByteRange \[\d+ \d+ (\d+) \d+", content)
    assert match
    rest = int(match.group(1))
    evil = b"\n1 0 obj<</Evil true>>endobj\n"
    old, new = (b"%d %d]" % (start, len(content) - rest) for start in (rest, rest + len(evil)))
    return (content[:rest] + evil + content[rest:]).replace(old, new)


def bomb(megabytes: int = 64) -> bytes:
    """Return a stream that unpacks to so many megabytes of text like a credential's."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b'{"id":' + b" " * (1 << 20)) for _ in range(megabytes))
    head = b"\n9999 0 obj<</Type/ObjStm/N 1/First 5/Filter/FlateDecode>>stream\n"
    return head + packed + packer.flush() + b"\nendstream endobj\n"


HOSTILE: Mapping[str, bytes] = {
    "only a head": b"%PDF-1.7\n%%EOF",
    "deep arrays": b"%PDF-1.7\n1 0 obj " + b"[" * 500_000 + b"\n%%EOF",
    "deep dictionaries": b"%PDF-1.7\n1 0 obj " + b"<</A" * 300_000 + b"\n%%EOF",
    "huge table": b"%PDF-1.7\nxref\n0 99999999\n" + b"0000000000 65535 f \n" * 50_000 + b"%%EOF",
    "unpacking bomb": b"%PDF-1.7" + 50 * bomb(4) + b"%%EOF",
    "many streams": b"%PDF-1.7" + b"stream\n" * 500_000 + b"%%EOF",
    "many signatures": b"%PDF-1.7" + b"/ByteRange [0 9 9 9]<00>" * 200_000 + b"%%EOF",
    "endless digits": b"%PDF-1.7/ByteRange [" + b"9" * 1_000_000 + b"]%%EOF",
    "range beyond": b"%PDF-1.7/ByteRange [0 4 9999999999 9999999999]%%EOF",
    "range backwards": b"%PDF-1.7/ByteRange [0 60 30 5]/Contents<0011223344>%%EOF",
    "not a signature": b"%PDF-1.7/ByteRange [0 55 60 5]" + b" " * 25 + b"<00> %%EOF",
    "picture before": b"\xff\xd8\xff" + b"\0" * 100 + b"%PDF-1.4 %%EOF",
    "archive": b"PK\x03\x04" + b"\0" * 1000,
    "page": b"<!doctype html><p>VN-2026-000001-36",
    "nothing readable": bytes(range(256)) * 400,
    "deep JSON": b'{"a":' * 100_000,
    "JSON list": b"[]",
    "long token": b"e30." + b"A" * 3_000_000 + b".AA",
    "dots": b"." * 100_000,
    "half a character": b'{"id": "\xc3',
}


def forged_token(token: str, **changes: Any) -> str:
    """Return the credential with other claims under the old signature."""
    return compact(part(token, 0), {**part(token, 1), **changes}, unpadded(token.split(".")[2]))
