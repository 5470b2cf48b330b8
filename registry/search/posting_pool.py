"""Postings gathered by term while documents are added.

Whoosh collects one tuple per posting, sorts them in runs on disk and merges the runs.
Gathering by term needs neither: only the terms are sorted, once. It takes some 40 bytes
of memory for each posting, so the pool of a quarter of a million records stays below
the memory of importing them.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from whoosh.codec.whoosh3 import W3FieldWriter

# (field, term, document number, weight, posting value), as Whoosh passes postings around.
Posting = tuple[str, bytes, int, float, bytes]


class PostingPool:
    """Stands in for Whoosh's pool of the same purpose; documents come in ascending order."""

    def __init__(self) -> None:
        # For each term: document, value, document, value …
        self._fields: defaultdict[str, dict[bytes, list[Any]]] = defaultdict(dict)

    def add(self, posting: Posting) -> None:
        """Take one posting in."""
        field, term, doc, _, value = posting
        terms = self._fields[field]
        postings = terms.get(term)
        if postings is None:
            terms[term] = [doc, value]
        else:
            postings.append(doc)
            postings.append(value)

    def iter_postings(self) -> "PostingPool":
        """Return the pool itself, for ``PackedFieldWriter`` to empty."""
        return self

    def empty(self) -> Iterator[tuple[str, list[tuple[bytes, list[Any]]]]]:
        """Yield each field with its terms, all in order, and forget it."""
        for field in sorted(self._fields):
            terms = self._fields.pop(field)
            yield field, [(term, terms.pop(term)) for term in sorted(terms)]

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()


class PackedFieldWriter(W3FieldWriter):
    """Writes the terms of a pool list by list instead of posting by posting."""

    def add_postings(self, schema: Any, lengths: Any, items: PostingPool) -> None:
        """Write all fields of the pool; ``lengths`` is not used."""
        for field, terms in items.empty():
            self.start_field(field, schema[field])  # type: ignore[no-untyped-call]
            writer: Any = self._postwriter
            for term, postings in terms:
                self.start_term(term)  # type: ignore[no-untyped-call]
                writer.add_list(postings[0::2], postings[1::2])
                self.finish_term()  # type: ignore[no-untyped-call]
            self.finish_field()  # type: ignore[no-untyped-call]
