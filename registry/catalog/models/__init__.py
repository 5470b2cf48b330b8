"""Tables of the catalogue, one module for each thing it keeps."""

from registry.catalog.models.editions import (
    Document,
    Edition,
    EditionDomain,
    EditionRecord,
    Relation,
)
from registry.catalog.models.followed import Catalogue, CatalogueRecord, CatalogueRefresh
from registry.catalog.models.obligations import Obligation, ObligationCode, ObligationWord

__all__ = [
    "Catalogue",
    "CatalogueRecord",
    "CatalogueRefresh",
    "Document",
    "Edition",
    "EditionDomain",
    "EditionRecord",
    "Obligation",
    "ObligationCode",
    "ObligationWord",
    "Relation",
]
