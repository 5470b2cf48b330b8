"""Designations: the printed identifiers of normative documents.

A designation names one *edition* ("QCVN 135:2024/BTTTT", "ISO/IEC 27002:2022",
"ETSI EN 303 645 V2.1.1 (2020-06)"). Several spellings are one edition, and several
editions are one *document*. ``parse`` reads any spelling; the result carries a key
for each of the two identities.

Numbering as in ISO/IEC Guide 21-1 (adoptions), the ISO/IEC Directives (draft stages,
supplements) and the printed catalogues of TCVN/QCVN, ITU, ETSI, IEEE, NIST, W3C, JIS
and OIML. Whatever follows none of them is read generically rather than refused.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from registry.catalog import designation_words as words
from registry.errors import Invalid

MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Designation:
    """One edition's printed identifier, taken apart. Two are equal when their keys are.

    Text fields are "" when the designation does not carry them.
    """

    printed: str = field(compare=False)  # tidied: "QCVN 135: 2024/BTTTT" → "QCVN 135:2024/BTTTT"
    prefix: str = field(compare=False)  # "QCVN", "ISO/IEC", "ITU-T"
    doctype: str = field(compare=False)  # "TR", "TS", "Guide", "EN", "SP"
    draft: str = field(compare=False)  # "DIS", "CD"; "" for a published edition
    number: str = field(compare=False)  # "135", "ISO/IEC 27002", "X.509", "301 908-13"
    year: int | None = field(compare=False)  # of the edition, not of its supplement
    version: str = field(compare=False)  # "V2.1.1", "r4", "REL-96/5.0.0"
    suffix: str = field(compare=False)  # "BTTTT", the ministry's letters
    supplement: str = field(compare=False)  # "Amd 1:2022"
    key: str  # equal for two spellings of one edition and for nothing else
    document_key: str = field(compare=False)  # equal for all editions of one document

    @property
    def base_key(self) -> str:
        """Key of the edition that a supplement belongs to; the edition's own key otherwise."""
        return self.key.partition(_SUPPLEMENT_MARK)[0]

    @property
    def slug(self) -> str:
        """URL name of the document: ASCII, one to one with ``document_key``."""
        return _slug(self.document_key)

    @property
    def edition_slug(self) -> str:
        """URL name of the edition: ASCII, one to one with ``key``."""
        return _slug(self.key)


_SUPPLEMENT_MARK = " + "


def parse(text: str) -> Designation:
    """Read a designation in any spelling.

    Raises ``Invalid`` on "designation" when the text is empty, longer than
    ``MAX_LENGTH`` characters, holds control characters, or neither letter nor digit.
    """
    printed = _tidy(text)
    amended = words.AMENDMENT_FIRST.fullmatch(printed)
    if amended:
        return _supplemented(printed, amended)
    w3c = words.W3C.fullmatch(printed)
    if w3c:
        return _web_recommendation(printed, w3c)
    return _numbered(printed)


def search_forms(designation: Designation) -> tuple[str, ...]:
    """The single-token forms under which a search index should file a designation.

    Each is in the spelling of ``search_form``: the whole identifier, its tails without
    the leading publisher words, each with and without year and suffix, and the plain
    number. A query matches when its own ``search_form`` is among them.
    """
    document = designation.document_key.split(" ")
    suffix = _squash(designation.suffix) if designation.suffix else ""
    forms: dict[str, None] = {}
    for base in (designation.document_key, designation.document_key.removesuffix(" " + suffix)):
        parts = base.split(" ")
        digits = [i for i, part in enumerate(parts) if part[0].isdigit()] or [len(parts) - 1]
        for start in range(digits[0] + 1):
            forms["".join(parts[start:])] = None
            if designation.year is not None and (base == designation.document_key) <= (not suffix):
                dated = "".join(parts[start:]) + f":{designation.year}"
                forms[dated] = None
                forms[dated + suffix.replace(" ", "")] = None
    for part in document:
        forms[part] = None
        forms[part.partition("-")[0]] = None
    for whole in (designation.key, designation.base_key):
        forms[whole.replace(_SUPPLEMENT_MARK, "").replace(" ", "")] = None
    return tuple(form for form in forms if form)


def search_form(query: str) -> str:
    """A typed designation as one search token: "qcvn 135" → "qcvn135"."""
    try:
        printed = _tidy(query)
    except Invalid:
        return ""
    return _squash(printed).replace(" ", "")
