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
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from registry.catalog import designation_words as words
from registry.catalog.designation_spelling import (
    SUPPLEMENT_MARK,
    compact,
    fold,
    join,
    slug,
    squash,
    tidy,
)
from registry.errors import Invalid


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
    suffix: str = field(compare=False)  # "BTTTT": the letters of the issuing body
    supplement: str = field(compare=False)  # "Amd 1:2022"
    key: str  # equal for two spellings of one edition and for nothing else
    document_key: str = field(compare=False)  # equal for all editions of one document

    @property
    def base_key(self) -> str:
        """Key of the edition that a supplement belongs to; the edition's own key otherwise."""
        return self.key.partition(SUPPLEMENT_MARK)[0]

    @property
    def slug(self) -> str:
        """URL name of the document, ASCII: "qcvn-135-btttt", "tcvn-iso-iec-27002"."""
        return slug(self.document_key)

    @property
    def edition_slug(self) -> str:
        """URL name of the edition, ASCII: "qcvn-135:2024-btttt"."""
        return slug(self.key)


# An import meets each designation several times: as row, as target, as identity.
@lru_cache(maxsize=16_384)
def parse(text: str) -> Designation:
    """Read a designation in any spelling.

    Raises ``Invalid`` on "designation" when the text is empty, longer than 200
    characters, holds control characters, or neither letter nor digit.
    """
    printed = tidy(text)
    if printed[0] in "AaCcDdĐđSs":
        amendment = words.AMENDMENT_FIRST.fullmatch(printed)
        if amendment:
            return _read_amendment(printed, amendment)
    if printed[:4] in ("W3C ", "w3c "):
        recommendation = words.W3C.fullmatch(printed)
        if recommendation:
            return _read_web_recommendation(printed, recommendation)
    return _read_numbered(printed)


def search_form(query: str) -> str:
    """A typed designation as one search token, "" when it cannot be one.

    "qcvn 135" and "QCVN135" → "qcvn135"; "27001:2022" → "27001:2022".
    """
    try:
        return compact(parse(query).key)
    except Invalid:
        return ""


def search_forms(designation: Designation) -> tuple[str, ...]:
    """The single tokens under which a search index should file a designation.

    A typed query finds the edition when its ``search_form`` is one of them: the whole
    identifier, its tails without leading publisher words ("iec27002", "27002"), each
    with and without year, version and suffix, and its single words.
    """
    suffix_words = squash(designation.suffix).split()
    document = designation.document_key.split()
    document = document[: len(document) - len(suffix_words)]
    suffix = "".join(suffix_words)
    first = next((i for i, word in enumerate(document) if word[0].isdigit()), len(document))
    number = "".join(document[first:])
    stems = ["".join(document[start:]) for start in range(first + 1)]
    stems += [document[0] + number] if document else []
    year = f":{designation.year}" if designation.year else ""
    marks = ("", year, suffix, year + suffix, compact(squash(designation.version)))
    forms = [stem + mark for stem in stems if stem for mark in marks]
    forms += [*document, suffix, number.partition("-")[0]]
    forms += [compact(designation.base_key), compact(designation.key)]
    return tuple(dict.fromkeys(filter(None, forms)))


def base_first(designation: Designation) -> str:
    """The printed designation with what a supplement belongs to before the supplement.

    "Sửa đổi 1:2022 QCVN 102:2016/BTTTT" → "QCVN 102:2016/BTTTT Sửa đổi 1:2022"; others as printed.
    """
    amendment = words.AMENDMENT_FIRST.fullmatch(designation.printed)
    if amendment is None:
        return designation.printed
    return f"{amendment['base']} {designation.supplement}"


def adoption_forms(designation: Designation) -> tuple[str, ...]:
    """How people name an adopted edition: as printed, by number alone, with one publisher.

    "ISO/IEC 27001:2022" is also asked for as "27001:2022" and "ISO 27001:2022".
    """
    year = f":{designation.year}" if designation.year else ""
    number = f"{designation.number}{year}"
    publishers = designation.prefix.split("/")
    forms = [designation.printed, number, *(f"{name} {number}" for name in publishers)]
    return tuple(dict.fromkeys(form for form in forms if form.strip()))


def looks_like_designation(query: str) -> bool:
    """Whether a typed query names a document rather than describes one.

    True for "qcvn 135", "QCVN135", "27001:2022", "135/BTTTT", "ITU-T X.509"; false for
    "camera giám sát" and for "wifi 6".
    """
    try:
        text = tidy(query)
    except Invalid:
        return False
    if words.BARE_QUERY.fullmatch(text) or words.AMENDMENT_FIRST.fullmatch(text):
        return True
    if text.upper().startswith("W3C "):
        return len(text.split()) == 2
    head, rest = _split_head(text)
    family = _read_head(head).family
    if family not in words.ANNOUNCING:
        return False
    names = [name for name in re.split(r"[ /:.-]+", fold(head).upper()) if name]
    longest = 4 if family in words.SERIAL else 1
    return (
        bool(rest)
        and all(len(name) <= longest or name in words.ANNOUNCING for name in names[1:])
        and all(words.QUERY_TAIL.fullmatch(word) for word in rest.split())
    )


class _Head(NamedTuple):
    """What stands before the number."""

    family: str  # the first publisher's name in capitals, without diacritics
    prefix: str
    doctype: str
    draft: str
    series: str  # letters that belong to the number: "X.", "ISO/IEC "
    edition_key: str
    document_key: str


class _Tail(NamedTuple):
    """What stands after number and year."""

    year: str = ""
    month: str = ""  # "-06"
    version: str = ""
    suffix: str = ""
    supplement: str = ""
    draft: str = ""
    variant_key: str = ""  # language, redline, consolidated
    supplement_key: str = ""


_NO_TAIL = _Tail()


def _read_numbered(printed: str) -> Designation:
    head_text, rest = _split_head(printed)
    head = _read_head(head_text)
    if head.family in ("ETSI", "EN"):
        rest = words.GROUPED_DIGITS.sub(r"\1\2", rest, count=1)
    elif head.family in ("NIST", "NBS"):
        rest = words.SPELLED_REVISION.sub("r", rest)
    elif head.family in words.STAGED:
        rest = words.LANGUAGE.sub("", rest)
    number, year, version, after = _read_number(head.family, rest)
    tail = _read_tail(after, head.family in words.NATIONAL) if after else _NO_TAIL
    year = year or tail.year
    version = version or tail.version
    draft = head.draft or tail.draft
    number_key = squash(number)
    if head.family in words.NATIONAL:
        number_key = words.LEADING_ZEROS.sub("", number_key)
    document_number = words.BALLOT.sub("", number_key) if head.draft else number_key
    dated_number = f"{number_key}:{year}{tail.month}" if year else number_key
    suffix_key = squash(tail.suffix)
    key = join(head.edition_key, dated_number, suffix_key, tail.variant_key, squash(version))
    # Words that are usually dropped ("Std") are all that some texts have.
    key = key or squash(printed)
    if tail.supplement_key:
        key += SUPPLEMENT_MARK + tail.supplement_key
    return Designation(
        printed=printed,
        prefix=head.prefix,
        doctype=head.doctype,
        draft=draft,
        number=head.series + number,
        year=int(year) if year else None,
        version=version,
        suffix=tail.suffix,
        supplement=tail.supplement,
        key=key,
        document_key=join(head.document_key, document_number, suffix_key) or squash(printed),
    )


def _split_head(printed: str) -> tuple[str, str]:
    match = words.HEAD.fullmatch(printed)
    assert match is not None  # The pattern takes any text.
    return match[1], match[2]


@lru_cache(maxsize=4096)
def _read_head(text: str) -> _Head:
    """The publisher's names, draft stage and type of document; the rest is the series."""
    for pattern, name in words.HEAD_SYNONYMS:
        text = pattern.sub(name, text, count=1)
    prefix: list[str] = []
    family = doctype = draft = ""
    end = 0
    for match in words.HEAD_WORD.finditer(text):
        word = match[0].rstrip("-.#")
        name = fold(word).upper()
        if not family:
            family = name
            known = name in words.PUBLISHERS
            prefix.append(words.NATIONAL.get(name, name if known else word))
        elif name in words.NOISE:
            pass
        elif family in words.NATIONAL:
            break
        elif family in words.TYPED and not doctype:
            doctype = name
        elif name in words.STAGES and words.STAGED.intersection(prefix):
            draft = name
        elif name in words.TYPES and words.STAGED.intersection(prefix):
            doctype = words.TYPES[name]
        elif name in words.DRAFT_TYPES and words.STAGED.intersection(prefix):
            draft, doctype = name, words.DRAFT_TYPES[name]
        elif name in words.PUBLISHERS and not doctype and not draft:
            prefix.append(name)
        else:
            break
        end = match.end()
    series = text[end:].lstrip(" /:-")
    names = "/".join(prefix)
    stage_and_type = draft if draft.endswith(doctype.upper()) else f"{draft} {doctype}"
    return _Head(
        family,
        names,
        doctype,
        draft,
        series,
        edition_key=squash(f"{names} {stage_and_type} {series}"),
        document_key=squash(f"{names} {doctype} {series}"),
    )


def _read_number(family: str, rest: str) -> tuple[str, str, str, str]:
    """Number, year, version ("" where there is none) and the text after them."""
    match = words.NUMBER.match(rest)
    if match is None:
        return "", "", "", rest
    number, year, version = match[1].replace(" ", ""), match[2] or "", ""
    if not year and family in words.HYPHEN_YEAR:
        hyphenated = words.HYPHENATED_YEAR.fullmatch(number)
        if hyphenated:
            number, year = hyphenated[1], hyphenated[2]
    if family in ("NIST", "NBS"):
        revised = words.REVISED.fullmatch(number)
        if revised:
            number, version = revised[1], revised[2]
    return number, year, version, rest[match.end() :]


@lru_cache(maxsize=4096)
def _read_tail(text: str, national: bool) -> _Tail:
    if national:
        text = words.ADOPTED.sub("", text, count=1)
    supplement = draft = supplement_key = ""
    match = words.SUPPLEMENT.search(text)
    if match:
        supplement = match["text"].strip()
        draft = (match["draft"] or match["ballot"] or "").upper()
        supplement_key = _supplement_key(supplement)
        if "+" in match["joint"]:
            # "+AMD1:2019 CSV" is the edition with its amendment in it, not the amendment.
            supplement_key = "with " + supplement_key
        text = text[: match.start()]
    year = version = ""
    month: str | None = None
    dated = words.DATE.search(text)
    if dated:
        year, month = dated[2], dated[1] or dated[3]
        text = text.replace(dated[0], " ", 1)
    versioned = words.VERSION.search(text)
    if versioned:
        version = versioned[1]
        text = text.replace(versioned[0], " ", 1)
    variants = words.VARIANT.findall(text)
    text = words.VARIANT.sub(" ", text).strip(" /:-,.;")
    late_year = words.TAIL_YEAR.search(text)
    if late_year and not year:
        year, text = late_year[1], text[: late_year.start()]
    return _Tail(
        year,
        f"-{month}" if month else "",
        version,
        text,
        supplement,
        draft,
        squash(" ".join(variants)),
        supplement_key,
    )


def _supplement_key(text: str) -> str:
    key = words.LEADING_ZEROS.sub("", squash(text))
    for pattern, word in words.SUPPLEMENT_SYNONYMS:
        key = pattern.sub(word, key, count=1)
    return key


def _read_amendment(printed: str, match: re.Match[str]) -> Designation:
    """ "Sửa đổi 1:2022 QCVN 102:2016/BTTTT": the supplement is printed before its base."""
    base = parse(match["base"])
    year = f":{match['year']}" if match["year"] else ""
    supplement = f"{match['kind']} {match['number']}{year}"
    key = base.key + SUPPLEMENT_MARK + _supplement_key(supplement)
    return replace(base, printed=printed, supplement=supplement, key=key)


def _read_web_recommendation(printed: str, match: re.Match[str]) -> Designation:
    """ "W3C REC-xml-20081126": maturity, short name and day of the edition."""
    maturity, date = (match["maturity"] or "").upper(), match["date"] or ""
    name = squash(match["name"])
    return Designation(
        printed=printed,
        prefix="W3C",
        doctype=maturity,
        draft="",
        number=match["name"],
        year=int(date[:4]) if date else None,
        version=date,
        suffix="",
        supplement="",
        key=join("w3c", name, maturity.lower(), date),
        document_key=join("w3c", name),
    )
