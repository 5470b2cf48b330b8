"""Checkpoints of the journal, the keys that signed them, and proofs, as resources."""

from typing import Any

from flask import Response
from marshmallow import fields

from registry.api.answers import listed, page, page_parameters, representation, tagged
from registry.api.parameters import PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of
from registry.errors import Invalid, NotFound
from registry.journal.checkpoint import is_trial, read_text
from registry.journal.keys import used_keys, verifier_of
from registry.journal.models import JournalCheckpoint, JournalKey
from registry.journal.notes import split_note
from registry.journal.proofs import consistency_for, inclusion_for
from registry.journal.published import checkpoints, latest_checkpoint
from registry.web.edge import reading
from registry.web.paging import whole_number

blueprint = Resource("Proofs", "Signed checkpoints of the journal, and proofs (RFC 9162)")

_HASHES = {"description": "SHA-256 hashes in hexadecimal, as RFC 9162 orders them."}
_NOTE = {"description": "The checkpoint as a signed note (C2SP tlog-checkpoint)."}
_INTEGER = {"type": "integer", "minimum": 1}


class CheckpointAnswerSchema(AnswerSchema):
    """A signed statement of the journal's root."""

    origin = fields.String()
    size = fields.Integer(metadata={"description": "How many entries it covers."})
    root = fields.String(metadata={"description": "Root over them, hexadecimal."})
    signed_at = fields.DateTime()
    note = fields.String(metadata=_NOTE)


class KeyAnswerSchema(AnswerSchema):
    """A public key that checkpoints are or were signed with."""

    name = fields.String()
    key = fields.String(metadata={"description": "NAME+HASH+KEY, as checkers of notes take it."})
    algorithm = fields.String()
    public_key = fields.String(metadata={"description": "The 32 bytes of RFC 8032, hexadecimal."})
    trial = fields.Boolean(metadata={"description": "Made for trial use: it vouches for nothing."})
    known_from = fields.Integer(metadata={"description": "Entry that put it to use."})
    known_until = fields.Integer(
        allow_none=True, metadata={"description": "Entry that replaced it."}
    )


class InclusionAnswerSchema(AnswerSchema):
    """Proof that an entry is in the journal."""

    position = fields.Integer()
    index = fields.Integer(metadata={"description": "The leaf in the tree, counted from 0."})
    leaf_hash = fields.String()
    size = fields.Integer()
    root = fields.String()
    path = fields.List(fields.String(), metadata=_HASHES)
    checkpoint = fields.String(allow_none=True, metadata=_NOTE)


# Two of the members are words of the language, so the shape is written as a mapping.
ConsistencyAnswerSchema = AnswerSchema.from_dict(
    {
        "from": fields.Integer(),
        "to": fields.Integer(),
        "from_root": fields.String(),
        "to_root": fields.String(),
        "path": fields.List(fields.String(), metadata=_HASHES),
        "from_checkpoint": fields.String(allow_none=True, metadata=_NOTE),
        "to_checkpoint": fields.String(allow_none=True, metadata=_NOTE),
    },
    name="ConsistencyAnswerSchema",
)


@blueprint.question("/journal/checkpoint", CheckpointAnswerSchema)
def latest() -> Response:
    """Show the checkpoint published last."""
    with reading() as session:
        published = latest_checkpoint(session)
    if published is None:
        raise NotFound("No checkpoint was published yet.")
    return representation(_checkpoint(published), published.size)


@blueprint.question("/journal/checkpoints", page_of(CheckpointAnswerSchema), query=PAGING)
def list_checkpoints() -> Response:
    """List the checkpoints published, the latest first."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = checkpoints(session, before=key[0] if key else None, limit=limit + 1)
    return page(rows, limit, _checkpoint, lambda row: (row.id,))


@blueprint.question("/journal/keys", page_of(KeyAnswerSchema))
def list_keys() -> Response:
    """List the keys that checkpoints were signed with, the present one first."""
    with reading() as session:
        keys = used_keys(session)
    return listed([_key(key) for key in keys])


@blueprint.question(
    "/journal/proofs/inclusion",
    InclusionAnswerSchema,
    query=[
        query("position", "The entry to prove.", **_INTEGER),
        query(
            "size",
            "Prove it in so many entries; in the first checkpoint that covers it when left out.",
            **_INTEGER,
        ),
    ],
)
def inclusion() -> Response:
    """Prove that an entry is in the journal."""
    position, size = _number("position"), _number("size")
    if position is None:
        raise Invalid.one("position", "Name the position of an entry.")
    with reading() as session:
        return tagged(inclusion_for(session, position, size))


@blueprint.question(
    "/journal/proofs/consistency",
    ConsistencyAnswerSchema,
    query=[
        query("from", "Size of the earlier checkpoint.", **_INTEGER),
        query("to", "Size of the later checkpoint; of the latest when left out.", **_INTEGER),
    ],
)
def consistency() -> Response:
    """Prove that an earlier journal begins a later one."""
    old, new = _number("from"), _number("to")
    if old is None:
        raise Invalid.one("from", "Name the size of a checkpoint.")
    with reading() as session:
        if new is None:
            published = latest_checkpoint(session)
            if published is None:
                raise Invalid.one("to", "No checkpoint was published yet.")
            new = published.size
        return tagged(consistency_for(session, old, new))


def _number(name: str) -> int | None:
    written = text(name)
    number = whole_number(written) if written else None
    if written and not number:
        raise Invalid.one(name, "Write a whole number above zero.")
    return number


def _checkpoint(published: JournalCheckpoint) -> dict[str, Any]:
    checkpoint = read_text(split_note(published.note)[0])
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "signed_at": published.signed_at,
        "note": published.note,
    }


def _key(key: JournalKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "key": str(verifier_of(key)),
        "algorithm": "Ed25519",
        "public_key": key.public_key.hex(),
        "trial": is_trial(key.name),
        "known_from": key.known_from,
        "known_until": key.known_until,
    }
