"""Reads a list in batches and keeps what must be known of all its rows at its end."""

from collections.abc import Iterator, Mapping
from typing import IO

from registry.assessment.foreign.formats import BadRow, ForeignRow, read_list
from registry.messages import Message

BATCH = 500
_MOST_BAD = 1_000


class ListReader:
    """One reading of a list; the same file gives the same batches each time.

    ``rows`` counts the rows read so far, ``bad`` holds the first thousand that cannot be
    taken, ``bad_rows`` counts them all, ``repeated`` those that name a certificate again.
    """

    def __init__(self, stream: IO[bytes], form: str, issuers: Mapping[str, int]) -> None:
        self._stream = stream
        self._form = form
        self._issuers = issuers
        self.rows = 0
        self.bad: list[BadRow] = []
        self.bad_rows = 0
        self.repeated = 0
        self.listed: set[str] = set()
        self.complete = True
        """Whether every row said which certificate it is of: else absence proves nothing."""

    def batches(self) -> Iterator[list[ForeignRow]]:
        """Yield the rows that can be taken, each certificate once, up to ``BATCH`` at a time."""
        batch: list[ForeignRow] = []
        for row in read_list(self._stream, self._form):
            self.rows += 1
            if (taken := self._taken(row)) is not None:
                batch.append(taken)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _taken(self, row: ForeignRow | BadRow) -> ForeignRow | None:
        if isinstance(row, ForeignRow) and row.issuer not in self._issuers:
            reason = Message("This issuer is not known here.")
            row = BadRow(row.line, "scheme_country", reason, row.number)
        if isinstance(row, BadRow):
            self._note(row)
            return None
        if row.number in self.listed:
            self.repeated += 1
            return None
        self.listed.add(row.number)
        return row

    def _note(self, row: BadRow) -> None:
        self.bad_rows += 1
        if len(self.bad) < _MOST_BAD:
            self.bad.append(row)
        if row.number is None:
            self.complete = False
        else:
            # It cannot be read, but it is there.
            self.listed.add(row.number)
