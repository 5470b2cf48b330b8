"""Schema of an imported edition.

A record of somebody else is taken as it is: what only this register's editors
must fill in is not required, and codes that its source got wrong are kept.
"""

from registry.catalog.schemas import (
    DEGREES,
    RELATION_TYPES,
    DesignationField,
    PageCount,
    PartialDate,
)
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Items,
    Part,
    Translations,
)

INVERSE_TYPES = ("superseded-by", "amended-by", "corrected-by")


class ImportedInstrumentSchema(CommandSchema):
    """The legal instrument that promulgated an edition."""

    kind = CleanText(longest=200)
    number = CleanText(longest=200)
    date = DateField(allow_none=True)
    issuer = CleanText(longest=200)
    effective = DateField(allow_none=True)


class ImportedRelationSchema(CommandSchema):
    """A relation as its source gives it."""

    type = Choice(*RELATION_TYPES, *INVERSE_TYPES, required=True)
    degree = Choice(*DEGREES, allow_none=True, load_default=None)
    target = DesignationField(required=True)
    date = PartialDate(allow_none=True, load_default=None)
    coexistence_until = DateField(allow_none=True, load_default=None)
    source_says = CleanText(longest=100, allow_none=True)
    source = CleanText(longest=1_000, allow_none=True)
    note = CleanText(longest=2_000, allow_none=True)
    instrument = CleanText(longest=200, allow_none=True)


class ImportedObligationSchema(CommandSchema):
    """To which products a regulation applies, as its source gives it."""

    hs = Items(CleanText(longest=14), most=2_000, load_default=list)
    product = Translations(load_default=dict)
    mandatory_from = DateField(allow_none=True, load_default=None)
    mandatory_until = DateField(allow_none=True, load_default=None)
    method = CleanText(longest=100, allow_none=True, load_default=None)
    declaration = CleanText(longest=100, allow_none=True, load_default=None)
    note = CleanText(longest=2_000, allow_none=True, load_default=None)
    source = CleanText(longest=1_000, allow_none=True, load_default=None)


class ImportedEditionSchema(CommandSchema):
    """One edition of a followed catalogue or of the built-in list."""

    designation = DesignationField(required=True)
    kind = CleanText(required=True, longest=40)
    publisher = CleanText(required=True, longest=200)
    titles = Translations(required=True)
    scope = Translations(longest=20_000, lines=True, load_default=dict)
    doctype = CleanText(longest=100, allow_none=True)
    stage = CleanText(longest=10, allow_none=True)
    status_source = CleanText(longest=200, allow_none=True)
    lead_ministry = CleanText(longest=200, allow_none=True)
    issued = PartialDate(allow_none=True)
    effective_from = DateField(allow_none=True)
    effective_until = DateField(allow_none=True)
    withdrawn_on = DateField(allow_none=True)
    instrument = Part(ImportedInstrumentSchema, load_default=dict, allow_none=True)
    ics = Items(CleanText(longest=20), most=60, load_default=list)
    domains = Items(CleanText(longest=100), most=20, load_default=list)
    languages = Items(CleanText(longest=40), most=60, load_default=list)
    committee = Items(CleanText(longest=500), most=60, load_default=list)
    drafted_by = CleanText(longest=500, allow_none=True)
    pages = PageCount(allow_none=True)
    url = CleanText(longest=2_000, allow_none=True)
    relations = Items(Part(ImportedRelationSchema), most=2_000, load_default=list)
    obligations = Items(Part(ImportedObligationSchema), most=100, load_default=list)
    source = CleanText(required=True, longest=2_000)
    source_id = CleanText(longest=100, allow_none=True)
    evidence = CleanText(longest=2_000, allow_none=True)
    note = CleanText(longest=4_000, lines=True, allow_none=True)
