"""Writing to an index: one commit for a batch, merging as segments grow in number."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex, LockError
from whoosh.reading import SegmentReader, TermNotFound

from registry.errors import Busy
from registry.search.engine import SearchRecord
from registry.search.packed_postings import PackedCodec
from registry.search.posting_pool import PostingPool
from registry.search.schema import STATE, SUBJECT, document, state_document
from registry.search.snapshot import make_columns

# Segments up to this size are always merged: opening one costs more than copying it.
_SMALL = 64
# A segment is merged into one at least a third its size, so that every document is
# copied a logarithmic number of times, and no more than some ten segments remain.
_GROWTH = 3


def write(
    build: Path,
    index: FileIndex,
    upserts: Iterable[SearchRecord],
    deletes: Iterable[str],
    position: int,
) -> None:
    """Commit a batch and its position.

    Raises ``Busy`` when another writer holds Whoosh's lock. On any error nothing of
    the batch is kept.
    """
    try:
        writer: Any = index.writer(codec=PackedCodec(), compound=False)
    except LockError as error:
        raise Busy("The search index is being written by someone else.") from error
    writer.pool = PostingPool()
    try:
        _delete(writer, deletes)
        for record in upserts:
            writer.add_document(**document(record))
        writer.add_document(**state_document(position))
    except BaseException:
        writer.cancel()
        raise
    writer.commit(mergetype=merge_policy)
    make_columns(build, index)


def merge_policy(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's hook: merge some segments into the one being written, return the others."""
    kept = []
    size = writer.doc_count()
    for segment in sorted(segments, key=_live):
        live = _live(segment)
        mostly_deleted = segment.deleted_count() * 2 > segment.doc_count_all()
        if live <= max(_SMALL, size * _GROWTH) or mostly_deleted:
            if live:
                reader: Any = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
            size += live
        else:
            kept.append(segment)
    return kept


def _live(segment: Any) -> int:
    count: int = segment.doc_count_all() - segment.deleted_count()
    return count


def _delete(writer: Any, subjects: Iterable[str]) -> None:
    reader = writer.reader()
    try:
        for subject in subjects:
            _delete_term(writer, reader, SUBJECT, subject.encode())
        if reader.doc_count_all():
            for term in list(reader.lexicon(STATE)):
                _delete_term(writer, reader, STATE, term)
    finally:
        reader.close()


def _delete_term(writer: Any, reader: Any, field: str, term: bytes) -> None:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return
    for doc in matcher.all_ids():
        writer.delete_document(doc)
