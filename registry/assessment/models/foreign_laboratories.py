"""Laboratories that lists of foreign schemes name, and what they tested."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class ForeignLaboratory(Base):
    """Identity of a laboratory under the name that a list gives.

    Lists tell neither its country nor its accreditation, so it is no body of the register
    until an officer says which one it is.
    """

    __tablename__ = "foreign_laboratory"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)


class ForeignLaboratoryLink(Fact, Base):
    """That a laboratory named in lists is a body of the register."""

    __tablename__ = "foreign_laboratory_link"

    laboratory_id: Mapped[int] = mapped_column(ForeignKey("foreign_laboratory.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)


class ForeignValidation(Fact, Base):
    """That a list names a laboratory as one which tested for a certificate."""

    __tablename__ = "foreign_validation"

    foreign_result_id: Mapped[int] = mapped_column(ForeignKey("foreign_result.id"), index=True)
    laboratory_id: Mapped[int] = mapped_column(ForeignKey("foreign_laboratory.id"), index=True)
