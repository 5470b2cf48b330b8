"""Recomputes the whole journal from what it says, believing no stored hash."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.canonical import canonical_json
from registry.journal.leaf import CURRENT_HASH_VERSION, leaf_content, leaf_hash, seal_digest
from registry.journal.models import JournalEntry, JournalSeal

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a position of the journal."""

    position: int
    problem: str


def verify(session: Session, first: int = 1) -> Iterator[Fault]:
    """Yield every fault from position ``first`` on, in order.

    Checks that positions have no gap, that data is canonical JSON, that every
    leaf hash is what the entry's own content gives, and that every sealed part
    still opens its commitment.
    """
    expected = first
    statement = (
        select(JournalEntry, JournalSeal)
        .outerjoin(JournalSeal, JournalSeal.position == JournalEntry.position)
        .where(JournalEntry.position >= first)
        .order_by(JournalEntry.position)
        .execution_options(yield_per=_BATCH)
    )
    for entry, seal in session.execute(statement):
        if entry.position != expected:
            yield Fault(expected, "positions are missing")
        expected = entry.position + 1
        problem = _problem(entry) or _seal_problem(entry, seal)
        if problem:
            yield Fault(entry.position, problem)
        session.expunge(entry)


def _problem(entry: JournalEntry) -> str | None:
    if entry.hash_version != CURRENT_HASH_VERSION:
        return f"unknown hash version {entry.hash_version}"
    try:
        canonical = canonical_json(json.loads(entry.data)).decode()
    except (ValueError, RecursionError):
        return "data is not JSON"
    if canonical != entry.data:
        return "data is not in canonical form"
    content = leaf_content(
        position=entry.position,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        data=entry.data.encode(),
        sealed_digest=entry.sealed_digest,
    )
    if leaf_hash(content) != entry.leaf_hash:
        return "the leaf hash does not belong to this content"
    return None


def _seal_problem(entry: JournalEntry, seal: JournalSeal | None) -> str | None:
    if seal is None:
        return None if entry.sealed_digest is None else "the sealed part is missing"
    if entry.sealed_digest is None:
        return "a sealed part without a commitment"
    try:
        digest = seal_digest(canonical_json(json.loads(seal.content)), seal.salt)
    except (ValueError, RecursionError):
        return "the sealed part is not JSON"
    if digest != entry.sealed_digest:
        return "the sealed part does not open its commitment"
    return None
