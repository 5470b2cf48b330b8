"""Files of scope lines and listings that somebody is about to import, or did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class SheetImport(Base):
    """An uploaded file of rows about one thing, kept by its ``content_hash``.

    A working table without a journal: what an import changes is journalled like what a
    form changes. ``kind`` says what the rows are, ``subject`` what they are of
    ("accreditation:3"). ``counts`` is what the import did, empty until then.
    """

    __tablename__ = "sheet_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    content_hash: Mapped[str]
    filename: Mapped[str]
    form: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    finished_at: Mapped[datetime | None]
    choice: Mapped[str | None]
    counts: Mapped[dict[str, Any]]
