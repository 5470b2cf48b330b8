"""Which arrangements one arrangement continues, where its record names not all of them."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class ArrangementSuccession(Fact, Base):
    """That an arrangement continues a further one besides the predecessor in its record.

    Two arrangements may merge into one. Until ``transition_until``, inclusive, what was
    made under the predecessor is taken as before; None where nothing is said of it.
    """

    __tablename__ = "arrangement_succession"

    arrangement_id: Mapped[int] = mapped_column(ForeignKey("arrangement.id"), index=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("arrangement.id"), index=True)
    transition_until: Mapped[date | None]
    source: Mapped[str | None]
