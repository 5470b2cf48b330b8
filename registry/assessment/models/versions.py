"""What becomes of a certificate while it lasts: its later versions, and its replacement."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class CertificateVersion(Fact, Base):
    """What a certificate says from ``effective_on`` on, frozen like the first version.

    The certificate's own row is version 1, so ``version`` begins with 2. ``kind`` is
    that of the event recorded with it: "renewed" or "scope_reduced".
    """

    __tablename__ = "certificate_version"
    __table_args__ = (UniqueConstraint("certificate_id", "version"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str]
    snapshot: Mapped[dict[str, Any]]
    digest: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    effective_on: Mapped[date]
    reason: Mapped[str]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class CertificateReplacement(Fact, Base):
    """That an application is for another certificate in the place of one that is there.

    ``ground`` is "holder-changed", "error" or "other". The certificate is replaced only
    when the application is granted; a refusal leaves it as it was.
    """

    __tablename__ = "certificate_replacement"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    ground: Mapped[str]
    reason: Mapped[str]
