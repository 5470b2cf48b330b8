"""What rests here on results of foreign schemes: applications, certificates, declarations."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment import states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    Certificate,
    Declaration,
    DeclarationEvent,
    ForeignReliance,
    ForeignResult,
)
from registry.assessment.queries.certificates import facts_of
from registry.assessment.queries.dependents import (
    APPLICATION,
    CERTIFICATE,
    DECLARATION,
    OVER,
    PENDING,
    Dependent,
)
from registry.assessment.status import status_on
from registry.history import AsOf, known

# Key of declaration-basis: results of a foreign body that are recognised.
RECOGNISED = "recognised-results"

# What people write before a number: the scheme, its standard, the word for a certificate.
_SAID_BEFORE = re.compile(
    r"^(?:(?:nist|cmvp|fips(?:[ -]140-[1-3])?|cert(?:ificate|\.)?|no\.?|number|số)(?![^\W_])"
    r"[\s:#№-]*|[#№]\s*)+",
    re.IGNORECASE,
)


def foreign_dependents(session: Session, result_id: int, as_of: AsOf) -> list[Dependent]:
    """Return what rests on one foreign result and is not over, by kind.

    An officer recorded that an application or a declaration rests on it, or the declaration
    names it itself; a certificate rests on what its application rests on.
    """
    result = session.get_one(ForeignResult, result_id)
    subjects = session.scalars(
        select(ForeignReliance.subject).where(
            ForeignReliance.foreign_result_id == result_id, known(ForeignReliance, as_of.position)
        )
    ).all()
    applications = _numbers(subjects, APPLICATION)
    declarations = _numbers(subjects, DECLARATION) | {
        declaration.id for declaration in declarations_naming(session, result.number)
    }
    label = f"{result.scheme.upper()} {result.number}"
    return [
        *_applications(session, applications, label, as_of),
        *_certificates(session, applications, label, as_of),
        *_declarations(session, declarations, label, as_of),
    ]


def declarations_naming(session: Session, number: str | None = None) -> list[Declaration]:
    """Return the declarations whose basis names a foreign certificate, or that of ``number``."""
    rows = session.scalars(
        select(Declaration).where(Declaration.basis == RECOGNISED).order_by(Declaration.id)
    )
    return [
        declaration
        for declaration in rows
        if (other := declaration.content.get("other_certificate"))
        and (number is None or number in numbers_meant(other["number"]))
    ]


def numbers_meant(written: str) -> frozenset[str]:
    """Return the numbers in schemes' lists that a declarer can mean by what is ``written``.

    "CMVP 4390", "FIPS 140-3 certificate #4390" and "4390" are one number, and so are
    "ANSSI-CC-2026/05" and "anssi-cc-2026-05". In doubt a declaration is listed: an officer
    looks at it.
    """
    bare = _SAID_BEFORE.sub("", written.strip())
    return frozenset({written.strip(), bare, bare.lower().replace("/", "-")} - {""})


def _numbers(subjects: Iterable[str], kind: str) -> set[int]:
    return {int(subject.partition(":")[2]) for subject in subjects if subject.startswith(kind)}


def _applications(session: Session, ids: set[int], label: str, as_of: AsOf) -> Iterable[Dependent]:
    for application, state in session.execute(
        select(Application, ApplicationRecord.state)
        .join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
        .where(
            Application.id.in_(ids),
            ApplicationRecord.state.in_(PENDING),
            known(ApplicationRecord, as_of.position),
        )
        .order_by(Application.id)
    ):
        subject = f"application:{application.id}"
        yield Dependent(APPLICATION, subject, application.number, state, as_of.at, (label,))


def _certificates(
    session: Session, applications: set[int], label: str, as_of: AsOf
) -> Iterable[Dependent]:
    certificates = session.scalars(
        select(Certificate)
        .where(Certificate.application_id.in_(applications))
        .order_by(Certificate.id)
    ).all()
    for facts in facts_of(session, certificates, as_of):
        certificate, state = facts.certificate, facts.status.key
        if state not in OVER:
            subject = f"certificate:{certificate.id}"
            yield Dependent(CERTIFICATE, subject, certificate.number, state, as_of.at, (label,))


def _declarations(session: Session, ids: set[int], label: str, as_of: AsOf) -> Iterable[Dependent]:
    for declaration in session.scalars(
        select(Declaration).where(Declaration.id.in_(ids)).order_by(Declaration.id)
    ):
        events = session.scalars(
            select(DeclarationEvent)
            .where(
                DeclarationEvent.declaration_id == declaration.id,
                known(DeclarationEvent, as_of.position),
            )
            .order_by(DeclarationEvent.id)
        ).all()
        # Before its registration nobody relies on it but its maker, who is told as well.
        state = status_on(declaration, events, as_of.at).key if events else states.SUBMITTED
        if state not in OVER:
            subject = f"declaration:{declaration.id}"
            yield Dependent(DECLARATION, subject, declaration.number, state, as_of.at, (label,))
