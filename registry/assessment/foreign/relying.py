"""Notes that an application or a declaration rests on a foreign result."""

from sqlalchemy import select

from registry.assessment.models import Application, Declaration, ForeignReliance, ForeignResult
from registry.errors import Conflict, Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork


def rely_on(uow: UnitOfWork, scheme: str, number: str, relying: str) -> ForeignReliance:
    """Record that the application or declaration numbered ``relying`` rests on a result.

    Raises ``NotFound`` for the result, ``Invalid`` naming "relying", ``Conflict`` when it
    is recorded already.
    """
    uow.actor.require("foreign-result:import")
    result = uow.session.scalar(
        select(ForeignResult).where(ForeignResult.scheme == scheme, ForeignResult.number == number)
    )
    if result is None:
        raise NotFound(Message("There is no such foreign result."))
    subject = _subject(uow, relying.strip())
    recorded = select(ForeignReliance.id).where(
        ForeignReliance.foreign_result_id == result.id,
        ForeignReliance.subject == subject,
        known(ForeignReliance),
    )
    if uow.session.scalar(recorded) is not None:
        raise Conflict(Message("This is recorded already."))
    position = uow.record(
        "foreign-result.rely", f"foreign-result:{result.id}", {"subject": subject}
    )
    reliance = ForeignReliance(foreign_result_id=result.id, subject=subject, since=uow.today)
    uow.add(reliance, position=position)
    uow.session.flush()
    return reliance


def _subject(uow: UnitOfWork, number: str) -> str:
    for model, kind in ((Application, "application"), (Declaration, "declaration")):
        id_ = uow.session.scalar(select(model.id).where(model.number == number))
        if id_ is not None:
            return f"{kind}:{id_}"
    raise Invalid.one(
        "relying", Message("The register knows no application or declaration of this number.")
    )
