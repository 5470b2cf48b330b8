"""The catalogues that the register follows, as registered facts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.catalog.models import Catalogue, CatalogueRecord
from registry.errors import Conflict, NotFound
from registry.history import known
from registry.unit_of_work import UnitOfWork

_SAID = ("name", "publisher", "address", "licence", "note")


def follow_catalogue(uow: UnitOfWork, data: Mapping[str, Any]) -> Catalogue:
    """Register a catalogue to follow (``CatalogueSchema``); ``Conflict`` if its key is taken."""
    uow.actor.require("catalogue:follow")
    if uow.session.scalar(select(Catalogue.id).where(Catalogue.key == data["key"])):
        raise Conflict("A catalogue of this name is followed already.")
    catalogue = Catalogue(key=data["key"])
    uow.session.add(catalogue)
    uow.session.flush()
    said = {name: data.get(name) for name in _SAID}
    position = uow.record(
        "catalogue.follow", f"catalogue:{catalogue.id}", {"key": catalogue.key, **said}
    )
    uow.add(CatalogueRecord(catalogue_id=catalogue.id, **said), position=position)
    return catalogue


def describe_catalogue(uow: UnitOfWork, key: str, data: Mapping[str, Any]) -> Catalogue:
    """Say anew whose a followed catalogue is; what says the same changes nothing."""
    uow.actor.require("catalogue:follow")
    catalogue = uow.session.scalar(select(Catalogue).where(Catalogue.key == key))
    if catalogue is None:
        raise NotFound("No catalogue of this name is followed.")
    present = uow.session.scalars(
        select(CatalogueRecord).where(
            CatalogueRecord.catalogue_id == catalogue.id, known(CatalogueRecord)
        )
    ).one()
    said = {name: data.get(name) for name in _SAID}
    if said == {name: getattr(present, name) for name in _SAID}:
        return catalogue
    position = uow.record("catalogue.describe", f"catalogue:{catalogue.id}", {"key": key, **said})
    uow.replace(present, present.revised(**said), position)
    return catalogue
