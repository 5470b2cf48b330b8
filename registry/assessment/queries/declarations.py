"""Declarations of conformity: the public register, and the desks of those concerned."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.actor import Actor
from registry.assessment import numbers, states
from registry.assessment.models import (
    Certificate,
    CertificateEvent,
    Declaration,
    DeclarationDocument,
    DeclarationEdition,
    DeclarationEvent,
    DeclarationRecord,
    DeclarationRegistration,
)
from registry.assessment.queries.references import declaration_at
from registry.assessment.rules.declaration_status import DeclarationStatus, declaration_status
from registry.catalog.models import Edition
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.search.analysis import fold, normalise

READ_OWN = "declaration:read-own"
READ_ALL = "declaration:read-all"

# How many rows a search by words reads at a time while it looks for matches.
_CHUNK = 500

_Row = Row[Declaration, DeclarationRecord, OrganisationRecord]


@dataclass(frozen=True, slots=True)
class DeclarationFacts:
    """A declaration with where it stands on the day asked.

    ``status`` and ``registration`` are None until it is registered; ``events`` are in
    the order in which they take effect.
    """

    declaration: Declaration
    record: DeclarationRecord
    declarer: OrganisationRecord
    editions: Sequence[Edition]
    events: Sequence[DeclarationEvent]
    status: DeclarationStatus | None
    registration: DeclarationRegistration | None

    @property
    def version(self) -> int:
        """The journal position of the newest fact, for ``expected``."""
        return max([self.record.known_from, *(event.known_from for event in self.events)])


def registered_declarations(
    session: Session,
    as_of: AsOf,
    *,
    text: str = "",
    after: int | None = None,
    limit: int = 50,
) -> list[DeclarationFacts]:
    """Return up to ``limit`` registered declarations, the newest first.

    ``text`` is a number in any spelling, or words of declarer, product, model or
    regulation, diacritics and case aside; ``after`` is the last id shown.
    """
    query = (
        _query(as_of)
        .where(DeclarationRecord.state == states.REGISTERED)
        .order_by(Declaration.id.desc())
    )
    number = numbers.parse(text).number
    words = [] if number else _plain(text).split()
    if number is not None:
        query = query.where(Declaration.number == str(number))
    found: list[DeclarationFacts] = []
    while True:
        chunk = query if after is None else query.where(Declaration.id < after)
        size = _CHUNK if words else limit
        rows = session.execute(chunk.limit(size)).all()
        facts = _facts(session, rows, as_of)
        found += [item for item in facts if _matches(item, words)]
        if len(found) >= limit or len(rows) < size:
            return found[:limit]
        after = facts[-1].declaration.id


def registered_declaration(session: Session, text: str, as_of: AsOf) -> DeclarationFacts:
    """Return a registered declaration by its number in any spelling; ``NotFound`` otherwise."""
    number = numbers.parse(text).number
    facts = _one(session, str(number), as_of) if number is not None else None
    if facts is None or facts.status is None:
        raise NotFound(Message("There is no declaration of this number."))
    return facts


def declarations(
    session: Session,
    actor: Actor,
    as_of: AsOf,
    *,
    state: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[DeclarationFacts]:
    """Return up to ``limit`` declarations that the actor may see, the newest first."""
    query = _query(as_of).order_by(Declaration.id.desc()).limit(limit)
    if not actor.may(READ_ALL):
        actor.require(READ_OWN)
        query = query.where(Declaration.organisation_id == actor.organisation_id)
    if state is not None:
        query = query.where(DeclarationRecord.state == state)
    if after is not None:
        query = query.where(Declaration.id < after)
    return _facts(session, session.execute(query).all(), as_of)


def declaration_file(session: Session, actor: Actor, number: str, as_of: AsOf) -> DeclarationFacts:
    """Return one declaration as its declarer and officers see it; ``NotFound`` for others."""
    declaration = declaration_at(session, number)
    facts = _one(session, declaration.number, as_of)
    own = actor.may(READ_OWN) and actor.organisation_id == declaration.organisation_id
    if facts is None or not (own or actor.may(READ_ALL)):
        raise NotFound(Message("There is no declaration of this number."))
    return facts


def documents_of(session: Session, declaration_id: int) -> Sequence[DeclarationDocument]:
    """Return the supporting documents that came as files, in the order they were named."""
    return session.scalars(
        select(DeclarationDocument)
        .where(DeclarationDocument.declaration_id == declaration_id)
        .order_by(DeclarationDocument.id)
    ).all()


def document_for(
    session: Session, actor: Actor, number: str, sha256: str, as_of: AsOf
) -> DeclarationDocument:
    """Return one file for its declarer and officers; ``NotFound`` for others."""
    facts = declaration_file(session, actor, number, as_of)
    for document in documents_of(session, facts.declaration.id):
        if document.sha256 == sha256:
            return document
    raise NotFound(Message("There is no such file."))


def _one(session: Session, number: str, as_of: AsOf) -> DeclarationFacts | None:
    rows = session.execute(_query(as_of).where(Declaration.number == number)).all()
    return next(iter(_facts(session, rows, as_of)), None)


def _query(as_of: AsOf) -> Select[Declaration, DeclarationRecord, OrganisationRecord]:
    return (
        select(Declaration, DeclarationRecord, OrganisationRecord)
        .join(DeclarationRecord, DeclarationRecord.declaration_id == Declaration.id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Declaration.organisation_id)
        .where(known(DeclarationRecord, as_of.position), known(OrganisationRecord, as_of.position))
    )


def _facts(session: Session, rows: Sequence[_Row], as_of: AsOf) -> list[DeclarationFacts]:
    ids = [declaration.id for declaration, _, _ in rows]
    editions: dict[int, list[Edition]] = defaultdict(list)
    for declaration_id, edition in session.execute(
        select(DeclarationEdition.declaration_id, Edition)
        .join(Edition, Edition.id == DeclarationEdition.edition_id)
        .where(DeclarationEdition.declaration_id.in_(ids))
        .order_by(Edition.key)
    ):
        editions[declaration_id].append(edition)
    events: dict[int, list[DeclarationEvent]] = defaultdict(list)
    for event in session.scalars(
        select(DeclarationEvent)
        .where(DeclarationEvent.declaration_id.in_(ids), known(DeclarationEvent, as_of.position))
        .order_by(DeclarationEvent.effective_on, DeclarationEvent.id)
    ):
        events[event.declaration_id].append(event)
    registrations = {
        registration.declaration_id: registration
        for registration in session.scalars(
            select(DeclarationRegistration).where(DeclarationRegistration.declaration_id.in_(ids))
        )
    }
    named = {d.certificate_number for d, _, _ in rows if d.certificate_number is not None}
    bases = _certificates(session, named, as_of)
    return [
        DeclarationFacts(
            declaration,
            record,
            declarer,
            editions[declaration.id],
            events[declaration.id],
            declaration_status(
                declaration,
                events[declaration.id],
                bases.get(declaration.certificate_number or ""),
                as_of.at,
            )
            if record.state == states.REGISTERED
            else None,
            registrations.get(declaration.id) if record.state == states.REGISTERED else None,
        )
        for declaration, record, declarer in rows
    ]


def _certificates(
    session: Session, named: Iterable[str], as_of: AsOf
) -> dict[str, tuple[Certificate, list[CertificateEvent]]]:
    found = session.scalars(select(Certificate).where(Certificate.number.in_(list(named)))).all()
    events: dict[int, list[CertificateEvent]] = defaultdict(list)
    for event in session.scalars(
        select(CertificateEvent)
        .where(
            CertificateEvent.certificate_id.in_([certificate.id for certificate in found]),
            known(CertificateEvent, as_of.position),
        )
        .order_by(CertificateEvent.effective_on, CertificateEvent.id)
    ):
        events[event.certificate_id].append(event)
    return {item.number: (item, events[item.id]) for item in found}


def _matches(facts: DeclarationFacts, words: Sequence[str]) -> bool:
    if not words:
        return True
    product = facts.declaration.content["product"]
    text = _plain(
        " ".join(
            [
                facts.declaration.number,
                *facts.declarer.names.values(),
                *product["name"].values(),
                *product["models"],
                *(edition.designation for edition in facts.editions),
            ]
        )
    )
    return all(word in text for word in words)


def _plain(text: str) -> str:
    return fold(normalise(text))
