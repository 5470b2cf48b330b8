"""Finds what a file carries of a register's document, whatever was done to the file.

A false or damaged PDF is never opened as one: its cross-references, object streams and
pages could be made to use any amount of time and memory. Only its compressed streams are
looked into, a few bytes each, and a few of them further.
"""

import re
import zlib
from collections.abc import Iterator

from registry.credentials import envelope

_STREAM = re.compile(rb"stream\r?\n")
_MOST_STREAMS = 2_000
_MOST_UNPACKED = 8
_PEEK = 64
_WRITTEN_TITLE = re.compile(r"<dc:title>(.{0,4000}?)</dc:title>", re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,200}>")


def tokens_in(content: bytes) -> list[str]:
    """Return the credentials among the attachments of a PDF file, signed by whomever."""
    found = []
    for stream in _streams(content, b"{"):
        try:
            found.append(envelope.token_in(stream))
        except envelope.EnvelopeError:
            continue
    return found


def titles_in(content: bytes) -> list[str]:
    """Return the titles that a PDF file gives itself in its metadata (XMP)."""
    found = []
    for stream in _streams(content, b"<?xpacket"):
        text = stream.decode("utf-8", "replace")
        found += [_TAG.sub(" ", title).strip() for title in _WRITTEN_TITLE.findall(text)]
    return found


def _streams(content: bytes, beginning: bytes) -> Iterator[bytes]:
    """Yield what unpacks to something that begins like this, cut where it gets too long."""
    unpacked = 0
    for number, match in enumerate(_STREAM.finditer(content)):
        if number >= _MOST_STREAMS or unpacked >= _MOST_UNPACKED:
            return
        first = _unpack(content, match.end(), _PEEK)
        if first is None:
            first = content[match.end() : match.end() + _PEEK]
            if first.startswith(beginning):
                unpacked += 1
                yield content[match.end() : match.end() + envelope.LARGEST].split(b"\nendstream")[0]
        elif first.startswith(beginning):
            unpacked += 1
            yield _unpack(content, match.end(), envelope.LARGEST) or b""


def _unpack(content: bytes, start: int, most: int) -> bytes | None:
    """Return up to ``most`` bytes of what is compressed from ``start`` on, if anything is."""
    unpacker = zlib.decompressobj()
    try:
        # A few bytes need not drag the whole rest of a large file along.
        return unpacker.decompress(content[start : start + 2 * most + 1024], most)
    except zlib.error:
        return None
