"""Tables of the catalogue, one module for each thing it keeps."""

from registry.catalog.models.comments import CommentAnswer, CommentPeriod, EditionComment
from registry.catalog.models.editions import (
    Document,
    Edition,
    EditionDomain,
    EditionRecord,
    PartialEnd,
    Relation,
)
from registry.catalog.models.followed import Catalogue, CatalogueRecord, CatalogueRefresh
from registry.catalog.models.imports import ImportJob, ImportRecord
from registry.catalog.models.obligations import Obligation, ObligationCode, ObligationWord
from registry.catalog.models.programme import PlannedEntry, PlannedEntryRecord, ProgrammeStep

__all__ = [
    "Catalogue",
    "CatalogueRecord",
    "CatalogueRefresh",
    "CommentAnswer",
    "CommentPeriod",
    "Document",
    "Edition",
    "EditionComment",
    "EditionDomain",
    "EditionRecord",
    "ImportJob",
    "ImportRecord",
    "Obligation",
    "ObligationCode",
    "ObligationWord",
    "PartialEnd",
    "PlannedEntry",
    "PlannedEntryRecord",
    "ProgrammeStep",
    "Relation",
]
