"""Laboratories that lists name: recorded by name, and linked to bodies by officers."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.foreign.deciding import end_rows
from registry.assessment.models import (
    Body,
    ForeignLaboratory,
    ForeignLaboratoryLink,
    ForeignValidation,
)
from registry.errors import Conflict, Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.slugs import ascii_slug, free_slug
from registry.unit_of_work import UnitOfWork


def laboratories_named(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the laboratories of a certificate's steps: how they are written, by key."""
    names = (step["laboratory"] for step in content["steps"])
    return {name_key(name): name for name in names if name}


def name_key(name: str) -> str:
    """Return a name for comparison: case and white space do not count."""
    return " ".join(name.split()).casefold()


def known_laboratories(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Return the ids of the laboratories that are recorded, by key."""
    rows = session.execute(
        select(ForeignLaboratory.name_key, ForeignLaboratory.id).where(
            ForeignLaboratory.name_key.in_(keys)
        )
    ).all()
    return dict(rows)


def record_laboratories(uow: UnitOfWork, scheme: str, named: Mapping[str, str]) -> dict[str, int]:
    """Record laboratories that no list named before; ``named`` is spelling by key."""
    if not named:
        return {}
    taken = set(uow.session.scalars(select(ForeignLaboratory.slug)))
    found = []
    for key, name in named.items():
        slug = free_slug(ascii_slug({"en": name}, "laboratory"), taken)
        taken.add(slug)
        found.append(ForeignLaboratory(slug=slug, name=name, name_key=key))
    uow.session.add_all(found)
    uow.session.flush()
    uow.record_many(
        [
            (
                "foreign-laboratory.record",
                f"foreign-laboratory:{laboratory.id}",
                {"name": laboratory.name, "slug": laboratory.slug, "scheme": scheme},
            )
            for laboratory in found
        ]
    )
    return {laboratory.name_key: laboratory.id for laboratory in found}


def validations_of(session: Session, ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return, by result, the ids of its laboratories with the rows that say so."""
    found: dict[int, dict[int, int]] = {id_: {} for id_ in ids}
    for row in session.scalars(
        select(ForeignValidation).where(
            ForeignValidation.foreign_result_id.in_(ids), known(ForeignValidation)
        )
    ):
        found[row.foreign_result_id][row.laboratory_id] = row.id
    return found


def write_validations(
    uow: UnitOfWork, changes: Iterable[tuple[int, int, Mapping[int, int], Collection[int]]]
) -> None:
    """Write who tested, ``(result, position, rows held by laboratory, laboratories now)`` each."""
    ended = []
    for result_id, position, held, now in changes:
        ended += [(row_id, position) for id_, row_id in held.items() if id_ not in now]
        for laboratory_id in sorted(set(now) - held.keys()):
            validation = ForeignValidation(foreign_result_id=result_id, laboratory_id=laboratory_id)
            uow.add(validation, position=position)
    end_rows(uow, ForeignValidation, ended)
    uow.session.flush()


def link_laboratory(uow: UnitOfWork, slug: str, body_slug: str) -> ForeignLaboratoryLink:
    """Record that a laboratory named in lists is the registered body ``body_slug``.

    A link to another body ends. Raises ``NotFound``, ``Invalid`` naming "body", ``Conflict``
    when it is recorded already.
    """
    uow.actor.require("foreign-result:import")
    laboratory = uow.session.scalar(select(ForeignLaboratory).where(ForeignLaboratory.slug == slug))
    if laboratory is None:
        raise NotFound(Message("There is no such laboratory."))
    body = uow.session.scalar(select(Body).where(Body.slug == body_slug.strip()))
    if body is None:
        raise Invalid.one("body", Message("The register knows no such body."))
    before = uow.session.scalar(
        select(ForeignLaboratoryLink).where(
            ForeignLaboratoryLink.laboratory_id == laboratory.id, known(ForeignLaboratoryLink)
        )
    )
    if before is not None and before.body_id == body.id:
        raise Conflict(Message("This is recorded already."))
    position = uow.record(
        "foreign-laboratory.link",
        f"foreign-laboratory:{laboratory.id}",
        {"laboratory": laboratory.slug, "body": body.slug},
    )
    link = ForeignLaboratoryLink(laboratory_id=laboratory.id, body_id=body.id)
    if before is None:
        uow.add(link, position=position)
    else:
        link = before.revised(body_id=body.id)
        uow.replace(before, link, position)
    uow.session.flush()
    return link
