"""What was made of a certificate for handing out: signed PDF files and credentials."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class CertificateDocument(Base):
    """A signed making of one version of a certificate, by content hash; never changed.

    ``kind`` is "credential" or "pdf"; "unsigned-pdf" is what was made before files were
    signed, and is never served. No fact: what it says is frozen elsewhere, and
    it can be made again. A signature differs from making to making, so each has a
    row of its own, and the latest is served. ``unsigned_sha256`` is the digest of what
    was signed. ``level`` is that of ETSI EN 319 142-1 for a PDF, "JWS" for a credential.
    """

    __tablename__ = "certificate_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    key_id: Mapped[str]
    unsigned_sha256: Mapped[str]
    level: Mapped[str]
    note: Mapped[str | None]
    made_at: Mapped[datetime]


class CertificateClaim(Base):
    """That a worker is making a certificate's documents; a working table without history.

    It keeps workers from doing the same work twice. A claim that lapsed may be taken over.
    """

    __tablename__ = "certificate_claim"

    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificate.id"), primary_key=True, autoincrement=False
    )
    claimed_until: Mapped[datetime]
