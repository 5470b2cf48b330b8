"""Records to which products a regulation applies, and corrects or ends what was recorded."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from registry.canonical import canonical_json
from registry.catalog.hs_codes import each_digits
from registry.catalog.models import Edition, Obligation, ObligationCode, ObligationWord
from registry.catalog.product_words import product_words
from registry.catalog.queries.obligations import stated_obligation
from registry.catalog.services.facts import current_record, edition_by_slug
from registry.errors import Conflict, Invalid, NotFound
from registry.history import known
from registry.journal.models import JournalEntry
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, check_version, plain
from registry.vocabulary.checks import require_term

_MANDATORY_KINDS = ("QCVN", "QCĐP")

# What an obligation says, under the names of its columns and of its commands.
FIELDS = (
    "product",
    "hs_codes",
    "method",
    "declaration",
    "valid_from",
    "valid_until",
    "note",
    "source",
)

_CORRECT = "edition.obligation-correct"
_END = "edition.obligation-end"
_RETRACT = "edition.obligation-retract"
_OVERRULING = (_CORRECT, _END, _RETRACT)


class Stated(NamedTuple):
    """What is said of the products of one edition, and the entry that says it."""

    edition_id: int
    data: Mapping[str, Any]
    position: int


def record_obligation(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Obligation:
    """Record that the regulation edition at ``slug`` applies to products.

    Raises ``Conflict`` when the register says the very same already.
    """
    uow.actor.require("obligation:record")
    edition = edition_by_slug(uow, slug)
    check_obligation(uow, edition, data)
    _refuse_repeated(uow, edition.id, data)
    position = uow.record("edition.obligation", f"edition:{edition.id}", public(data))
    return _write_one(uow, Stated(edition.id, data, position))


def correct_obligation(
    uow: UnitOfWork, obligation_id: int, data: Mapping[str, Any], expected: int | None = None
) -> Obligation:
    """Say what an obligation should have said; ``data`` also holds the ``reason``.

    The statement that takes its place has an id of its own.
    """
    uow.actor.require("obligation:record")
    obligation = current_obligation(uow, obligation_id)
    check_version(obligation, expected)
    edition = uow.session.get_one(Edition, obligation.edition_id)
    check_obligation(uow, edition, data)
    _refuse_repeated(uow, edition.id, data)
    return _restate(uow, obligation, _CORRECT, data, data["reason"])


def end_obligation(
    uow: UnitOfWork, obligation_id: int, data: Mapping[str, Any], expected: int | None = None
) -> Obligation:
    """Let an obligation end with the day ``valid_until``; ``data`` also holds the ``reason``."""
    uow.actor.require("obligation:record")
    obligation = current_obligation(uow, obligation_id)
    check_version(obligation, expected)
    last_day = data["valid_until"]
    if obligation.valid_from is not None and last_day < obligation.valid_from:
        raise Invalid.one("valid_until", Message("The last day lies before the first day."))
    said = {name: getattr(obligation, name) for name in FIELDS} | {"valid_until": last_day}
    return _restate(uow, obligation, _END, said, data["reason"])


def retract_obligation(
    uow: UnitOfWork, obligation_id: int, data: Mapping[str, Any], expected: int | None = None
) -> Obligation:
    """Take back an obligation that was recorded in error, for the ``reason`` in ``data``."""
    uow.actor.require("obligation:record")
    obligation = current_obligation(uow, obligation_id)
    check_version(obligation, expected)
    position = uow.record(
        _RETRACT,
        f"edition:{obligation.edition_id}",
        {"obligation": obligation.id, "reason": data["reason"]},
    )
    uow.close(obligation, position)
    return obligation


def current_obligation(uow: UnitOfWork, obligation_id: int) -> Obligation:
    """Return the obligation of that id; ``NotFound`` when it is not or no longer stated."""
    found = stated_obligation(uow.session, obligation_id)
    if found is None:
        raise NotFound("There is no such obligation, or another one took its place.")
    return found


def check_obligation(uow: UnitOfWork, edition: Edition, data: Mapping[str, Any]) -> None:
    """Raise ``Invalid`` for what obliges nobody, or names a method that is not known."""
    if current_record(uow, edition).kind not in _MANDATORY_KINDS:
        raise Invalid.one("edition", "Only a technical regulation obliges; this is a standard.")
    require_term(uow, "certification-method", data.get("method"), "method")
    require_term(uow, "declaration-basis", data.get("declaration"), "declaration")


def write_obligations(
    uow: UnitOfWork, stated: Sequence[Stated], *, with_edition: bool = False
) -> list[int]:
    """Write journalled obligations with their codes and words; return their ids in order."""
    if not stated:
        return []
    ids = uow.session.scalars(
        insert(Obligation).returning(Obligation.id, sort_by_parameter_order=True),
        [
            {
                **{name: item.data.get(name) for name in FIELDS},
                "edition_id": item.edition_id,
                "known_from": item.position,
                "digest": digest_of(item.data),
                "with_edition": with_edition,
            }
            for item in stated
        ],
    ).all()
    made = list(zip(ids, (item.data for item in stated), strict=True))
    codes = [
        {"obligation_id": id_, "digits": digits}
        for id_, data in made
        for digits in each_digits(data["hs_codes"])
    ]
    words = [
        {"obligation_id": id_, "word": word}
        for id_, data in made
        for word in product_words(*data["product"].values())
    ]
    if codes:
        uow.session.execute(insert(ObligationCode), codes)
    if words:
        uow.session.execute(insert(ObligationWord), words)
    return list(ids)


def overruled(uow: UnitOfWork, edition_ids: Collection[int]) -> set[tuple[int, str]]:
    """Return what editors corrected, ended or took back of the imported obligations.

    Given as edition and digest, so that a later import does not say it again.
    """
    rows = uow.session.execute(
        select(Obligation.edition_id, Obligation.digest)
        .join(JournalEntry, JournalEntry.position == Obligation.known_until)
        .where(
            Obligation.edition_id.in_(edition_ids),
            Obligation.with_edition.is_(True),
            JournalEntry.action.in_(_OVERRULING),
        )
    )
    return {(edition_id, digest) for edition_id, digest in rows}


def digest_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what an obligation says; what is absent or blank says nothing."""
    return hashlib.sha256(canonical_json(plain(public(data)))).hexdigest()


def public(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an obligation says, without what it leaves open."""
    return {name: data[name] for name in FIELDS if data.get(name) not in (None, "", [], {})}


def _refuse_repeated(uow: UnitOfWork, edition_id: int, data: Mapping[str, Any]) -> None:
    same = select(Obligation.id).where(
        Obligation.digest == digest_of(data), Obligation.edition_id == edition_id, known(Obligation)
    )
    if uow.session.scalar(same) is not None:
        raise Conflict("The register says the very same already.")


def _restate(
    uow: UnitOfWork, old: Obligation, action: str, data: Mapping[str, Any], reason: str
) -> Obligation:
    entry = {**public(data), "replaces": old.id, "reason": reason}
    position = uow.record(action, f"edition:{old.edition_id}", entry)
    uow.close(old, position)
    return _write_one(uow, Stated(old.edition_id, data, position))


def _write_one(uow: UnitOfWork, stated: Stated) -> Obligation:
    (id_,) = write_obligations(uow, [stated])
    return uow.session.get_one(Obligation, id_)
