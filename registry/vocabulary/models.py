"""Table of vocabulary terms."""

from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Term(Fact, Base):
    """What a key of a vocabulary means, from one day until another."""

    __tablename__ = "term"
    __table_args__ = (Index("ix_term_vocabulary_key", "vocabulary", "key"),)

    vocabulary: Mapped[str]
    key: Mapped[str]
    sequence: Mapped[int]
    labels: Mapped[dict[str, str]]
    attributes: Mapped[dict[str, Any]]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    source: Mapped[str | None] = mapped_column()
