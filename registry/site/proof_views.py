"""What proves the journal, as pages and plain files: checkpoint, keys, proof of an entry."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from registry.accounts.permissions import PUBLIC
from registry.errors import Conflict, NotFound
from registry.journal import merkle
from registry.journal.checkpoint import is_trial, read_text
from registry.journal.keys import used_keys, verifiers
from registry.journal.models import JournalCheckpoint
from registry.journal.notes import split_note
from registry.journal.proofs import inclusion_for, proof_file
from registry.journal.published import latest_checkpoint
from registry.web.access import needs
from registry.web.edge import reading

blueprint = Blueprint("proofs", __name__)


@blueprint.get("/journal/checkpoint")
@needs(PUBLIC)
def checkpoint() -> Response:
    """Give the last checkpoint as the signed note that it is."""
    with reading() as session:
        published = latest_checkpoint(session)
    if published is None:
        raise NotFound("No checkpoint was published yet.")
    return _plain(published.note)


@blueprint.get("/journal/keys")
@needs(PUBLIC)
def keys() -> Response:
    """Give the keys that checkpoints were signed with, one a line, the present one first."""
    with reading() as session:
        lines = [f"{key}\n" for key in verifiers(session)]
    return _plain("".join(lines))


@blueprint.get("/journal/<int:position>/proof")
@needs(PUBLIC)
def proof(position: int) -> Response:
    """Give the proof of an entry as a file that needs nothing else (C2SP tlog-proof)."""
    with reading() as session:
        found = inclusion_for(session, position)
    response = _plain(proof_file(found))
    name = f"journal-{position}.tlog-proof"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def present_checkpoint(session: Session) -> dict[str, Any] | None:
    """Return the last checkpoint as the journal's page shows it; ``None`` before the first."""
    published = latest_checkpoint(session)
    if published is None:
        return None
    return {
        **_stated(published),
        "signed_at": published.signed_at,
        "signers": [
            {
                "line": str(verifier),
                "trial": is_trial(key.name),
                "position": key.known_from,
                "present": key.known_until is None,
            }
            for key, verifier in zip(used_keys(session), verifiers(session), strict=True)
        ],
    }


def present_proof(session: Session, position: int) -> dict[str, Any] | None:
    """Return the proof of an entry step by step; ``None`` while no checkpoint covers it."""
    try:
        found = inclusion_for(session, position)
    except Conflict:
        return None
    return {**found, "steps": list(_steps(found))}


def _steps(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each step up the tree: the two hashes that are joined, and what they give."""
    spans = merkle.inclusion_spans(found["index"], found["size"])
    hashed = bytes.fromhex(found["leaf_hash"])
    steps = []
    for (first, end), sibling in zip(spans, map(bytes.fromhex, found["path"]), strict=True):
        on_the_left = end <= found["index"]
        left, right = (sibling, hashed) if on_the_left else (hashed, sibling)
        hashed = merkle.node_hash(left, right)
        steps.append(
            {
                "sibling": sibling.hex(),
                "first": first + 1,
                "last": end,
                "on_the_left": on_the_left,
                "joined": f"01{left.hex()}{right.hex()}",
                "result": hashed.hex(),
            }
        )
    return steps


def _stated(published: JournalCheckpoint) -> dict[str, Any]:
    stated = read_text(split_note(published.note)[0])
    return {
        "origin": stated.origin,
        "size": stated.size,
        "root": stated.root.hex(),
        "note": published.note,
        "trial": is_trial(stated.origin),
    }


def _plain(text: str) -> Response:
    response = Response(text, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
