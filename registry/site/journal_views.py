"""The public journal: a page, one entry, the whole as a file."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from registry.accounts.permissions import PUBLIC
from registry.canonical import canonical_json
from registry.journal.public import public_entry
from registry.journal.queries import EntryView, entries, entry, hashed_content, head
from registry.site.proof_views import present_checkpoint, present_proof
from registry.vocabulary.queries import all_labels, terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, parts, reading
from registry.web.i18n import localise
from registry.web.paging import decode_cursor, encode_cursor

blueprint = Blueprint("journal", __name__)

PAGE = 50
_CHUNK = 1_000
Labels = Mapping[tuple[str, str], Mapping[str, str]]


@blueprint.get("/journal")
@needs(PUBLIC)
def page() -> str:
    """Show the journal, the newest entry first."""
    cursor = decode_cursor(request.args.get("cursor"), int)
    query: dict[str, Any] = {
        name: request.args.get(name, "").strip()[:200] for name in ("subject", "action")
    }
    with reading() as session:
        position = head(session)
        rows = entries(
            session,
            before=cursor[0] if cursor else None,
            subject=query["subject"] or None,
            action=query["action"] or None,
            limit=PAGE + 1,
        )
        latest = entry(session, position) if position else None
        labels = all_labels(session)
        actions = terms(session, "journal-action", asked_as_of(session))
        checkpoint = present_checkpoint(session)
    shown = rows[:PAGE]
    more = len(rows) > PAGE
    return render_template(
        "public/journal.html",
        head=latest,
        checkpoint=checkpoint,
        query=query,
        actions=[(term.key, localise(term.labels).text) for term in actions],
        entries=[present_row(row, labels) for row in shown],
        pager={
            "first": None,
            "last": None,
            "total": None,
            "previous_href": url_for("journal.page", **query) if cursor else None,
            "next_href": url_for("journal.page", **query, cursor=encode_cursor(shown[-1].position))
            if more
            else None,
        },
    )


@blueprint.get("/journal/<int:position>")
@needs(PUBLIC)
def one(position: int) -> str:
    """Show one entry with the exact bytes that its leaf hash is taken over."""
    with reading() as session:
        found = entry(session, position)
        end = head(session)
        labels = all_labels(session)
        proof = present_proof(session, position)
    return render_template(
        "public/journal_entry.html",
        entry={**present_row(found, labels), "hash_version": found.hash_version},
        pretty=json.dumps(found.data, ensure_ascii=False, indent=2, sort_keys=True),
        canonical=hashed_content(found).decode(),
        proof=proof,
        previous_href=url_for("journal.one", position=position - 1) if position > 1 else None,
        next_href=url_for("journal.one", position=position + 1) if position < end else None,
        json_href=url_for("Journal.one", position=position),
    )


@blueprint.get("/journal/download.jsonl")
@needs(PUBLIC)
def download() -> Response:
    """Give the whole journal as JSON Lines, streamed."""
    registry = parts()

    def lines() -> Iterator[bytes]:
        after = 0
        while True:
            with registry.units.reading() as session:
                rows = entries(session, after=after, limit=_CHUNK)
            if not rows:
                return
            yield b"".join(canonical_json(public_entry(row)) + b"\n" for row in rows)
            after = rows[-1].position

    response = Response(lines(), mimetype="application/x-ndjson")
    response.headers["Content-Disposition"] = 'attachment; filename="journal.jsonl"'
    return response


def present_row(row: EntryView, labels: Labels) -> dict[str, Any]:
    """Return an entry as a table row; its subject by the name it gives itself."""
    data = row.data
    name = data.get("designation") or data.get("number") or data.get("name")
    return {
        "position": row.position,
        "recorded_at": row.recorded_at,
        "actor": labels.get(("journal-actor", row.actor), row.actor),
        "action": row.action,
        "subject": row.subject,
        "subject_label": name,
        "href": url_for("journal.one", position=row.position),
        "leaf_hash": row.leaf_hash,
        "sealed": row.sealed_digest is not None,
    }
