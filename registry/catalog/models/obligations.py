"""Obligations: to which products a regulation edition applies, and how they are found."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Obligation(Fact, Base):
    """That a regulation edition applies to products from one day until another.

    ``method`` is a key of ``certification-method``, ``declaration`` one of
    ``declaration-basis``: on what the supplier's declaration of conformity rests.
    ``digest`` is taken over what is said, so that the same is not said twice.
    ``with_edition`` tells that it came with the imported record of its edition and
    is replaced with it; what an editor says stays.
    """

    __tablename__ = "obligation"
    __table_args__ = (Index("ix_obligation_edition", "edition_id", "known_until"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    product: Mapped[dict[str, str]]
    hs_codes: Mapped[list[str]]
    method: Mapped[str | None]
    declaration: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    note: Mapped[str | None]
    source: Mapped[str | None]
    digest: Mapped[str] = mapped_column(index=True)
    with_edition: Mapped[bool]


class ObligationCode(Base):
    """One HS code of an obligation, digits only, so that a prefix search finds it."""

    __tablename__ = "obligation_code"
    __table_args__ = (Index("ix_obligation_code_digits", "digits"),)

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    digits: Mapped[str] = mapped_column(primary_key=True)


class ObligationWord(Base):
    """One word of an obligation's products, as ``registry.catalog.product_words`` has it."""

    __tablename__ = "obligation_word"
    __table_args__ = (Index("ix_obligation_word_word", "word"),)

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
