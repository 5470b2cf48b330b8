"""Tables of the followed catalogues: whose they are, and when they were refreshed.

Which editions a catalogue holds stands on the editions' own records
(``EditionRecord.catalogue``), so that each is journalled with what it says.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Catalogue(Base):
    """Identity of a catalogue that somebody else keeps and the register follows."""

    __tablename__ = "catalogue"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)


class CatalogueRecord(Fact, Base):
    """What the register says of a followed catalogue.

    ``address`` is where its data are published, ``licence`` the terms they come under,
    in the publisher's own words or as an SPDX identifier.
    """

    __tablename__ = "catalogue_record"

    catalogue_id: Mapped[int] = mapped_column(ForeignKey("catalogue.id"), index=True)
    name: Mapped[str]
    publisher: Mapped[str]
    address: Mapped[str | None]
    licence: Mapped[str | None]
    note: Mapped[str | None]


class CatalogueRefresh(Fact, Base):
    """That a catalogue's data were taken over, and what that changed here.

    ``data_of`` is the day the data were published, with the precision known; the day
    they were taken over is that of the journal entry. ``withdrawn`` counts editions
    that had not ended here before and had afterwards, ``adopted`` those of them that
    national editions adopt; ``unlisted`` what the catalogue no longer carries.
    """

    __tablename__ = "catalogue_refresh"

    catalogue_id: Mapped[int] = mapped_column(ForeignKey("catalogue.id"), index=True)
    data_of: Mapped[str | None]
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    withdrawn: Mapped[int]
    unlisted: Mapped[int]
    adopted: Mapped[list[str]]
