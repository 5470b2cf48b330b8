"""The facts that acceptance rules read, and nothing else.

Each fact names what it rests on: ``reference`` is the journal subject
("accreditation:4") and ``label`` what a reader calls it ("VILAS 123"), so that
every verdict can link to its evidence. Keys of bodies, documents and
arrangements are whatever stable strings the caller uses; they are only compared.

Dates are closed periods. ``valid_until`` None means that no end is known. A
``valid_from`` None means "not known" where a fact stands by itself, and "as long
as the whole it belongs to" for lines and listings.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, TypeVar

from registry.assessment.rules.decision import DecisionRule, Limits, Measurement

T = TypeVar("T")


class Label(str):
    """Words for a thing that differ by language; as a string, the register's own language."""

    __slots__ = ("texts",)

    texts: Mapping[str, str]

    def __new__(cls, texts: Mapping[str, str], first: str = "vi") -> "Label":
        """Keep ``texts`` by language code; ``first`` is what it reads as a string."""
        label = super().__new__(cls, texts.get(first) or next(iter(texts.values())))
        label.texts = texts
        return label


def in_language(label: str, language: str) -> str:
    """Return a label in a language, where it has words for it."""
    texts = label.texts if isinstance(label, Label) else {}
    return texts.get(language) or texts.get("en") or str(label)


def joined(pattern: str, *labels: str) -> str:
    """Return ``pattern`` filled with labels, in every language that one of them has."""
    languages = dict.fromkeys(
        language for label in labels if isinstance(label, Label) for language in label.texts
    )
    if not languages:
        return pattern.format(*labels)
    return Label(
        {
            language: pattern.format(*(in_language(label, language) for label in labels))
            for language in languages
        }
    )


class Evidence(NamedTuple):
    """What a verdict rests on: a journal subject and the words for it."""

    reference: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something the register holds."""

    reference: str
    label: str

    @property
    def evidence(self) -> Evidence:
        """The pointer to this fact that a verdict carries."""
        return Evidence(self.reference, self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFact(Fact):
    """A fact that holds from one day to another, both included."""

    START_MAY_BE_OPEN: ClassVar[bool] = False

    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class MethodReference:
    """A normative document, dated (``edition``) or undated (``edition`` None).

    ``label`` is the designation as a reader should see it.
    """

    document: str
    edition: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEventFact(Fact):
    """A change of standing, of a kind of the event vocabularies, from a day on.

    ``effective_until`` ends a suspension that was pronounced for a period. Where no
    source tells the day, ``effective_by`` is a day on which it had happened and
    ``effective_after`` one on which it had not.
    ``scope_lines`` names the references of the lines concerned; empty means all.
    """

    kind: str
    effective_on: date | None
    effective_until: date | None = None
    effective_after: date | None = None
    effective_by: date | None = None
    scope_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFact(DatedFact):
    """A body while the register keeps it; ``country`` is an ISO 3166-1 alpha-2 code."""

    START_MAY_BE_OPEN: ClassVar[bool] = True

    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLineFact(DatedFact):
    """One line of an accreditation's scope.

    ``activity`` None and empty ``characteristics`` mean that the line does not
    restrict them; an undated method covers whichever edition is current.
    """

    START_MAY_BE_OPEN: ClassVar[bool] = True

    method: MethodReference
    activity: str | None = None
    characteristics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditationFact(DatedFact):
    """An accreditation of ``body`` by ``accreditor`` to ``standard`` (ISO/IEC 17011)."""

    body: str
    accreditor: str | None
    accreditor_label: str
    standard: str
    events: tuple[StatusEventFact, ...] = ()
    scope_lines: tuple[ScopeLineFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationFact(DatedFact):
    """A ministry's permission for ``body`` to assess to ``regulation``."""

    body: str
    regulation: str
    activity: str | None = None
    events: tuple[StatusEventFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFact(DatedFact):
    """That an arrangement lists ``body``.

    Under a multilateral accreditation arrangement the body is an accreditor that
    signed for ``standard``; None means for whatever it accredits.
    """

    START_MAY_BE_OPEN: ClassVar[bool] = True

    body: str
    standard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementScopeFact(DatedFact):
    """One line of what an arrangement covers; None and empty mean "any".

    ``direction`` is "inward", "outward" or "both", seen from the economy that
    keeps the register. HS codes cover all codes below them.
    """

    START_MAY_BE_OPEN: ClassVar[bool] = True

    regulation: str | None = None
    product_words: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()
    result_type: str | None = None
    direction: str = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementFact(DatedFact):
    """A recognition arrangement with its scope, its listings and its succession.

    ``parties`` are country codes and body keys. ``predecessors`` are keys of
    arrangements (their ``reference``) that this one continues: who was listed there
    on its last day stays listed here until ``transition_until`` (None: without end)
    when ``inherits_listings``. ``covers_all_bodies`` says that the text asks for no
    listing of single bodies.
    """

    kind: str
    phase: str | None = None
    parties: tuple[str, ...] = ()
    article: str | None = None
    scope_lines: tuple[ArrangementScopeFact, ...] = ()
    listings: tuple[ListingFact, ...] = ()
    covers_all_bodies: bool = False
    predecessors: tuple[str, ...] = ()
    inherits_listings: bool = True
    transition_until: date | None = None


class Arrangements(tuple[ArrangementFact, ...]):
    """All arrangements, with the answers that follow from them and the terms alone.

    Many reports are judged by the same arrangements: what these say of a body on a day is
    worked out for the first that asks. Other arrangements are another tuple, which knows
    nothing of these answers.
    """

    @cached_property
    def _found(self) -> dict[Hashable, Any]:
        return {}

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return the answer for ``key``, worked out the first time it is asked."""
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFact(DatedFact):
    """An edition, from the day the regulation accepts it to the last day it does.

    Overlapping periods of two editions are their coexistence.
    """

    edition: MethodReference


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodEditionFact(DatedFact):
    """An edition of a method while it is the current one; resolves undated references."""

    edition: MethodReference


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFact(Fact):
    """The obligation a report is offered for, with the product at hand.

    ``recognition_required`` False says that the assessment method lets any body's
    result count (a first-party declaration, for instance).
    """

    regulation: str
    home_country: str
    editions: tuple[EditionFact, ...] = ()
    product_words: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()
    recognition_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFact(Fact):
    """One result of a report: a characteristic tested by a method on a date.

    ``specification`` is the document against which conformity is stated; None means
    the method itself. ``body`` None is the body that issued the report. A result
    without ``measurement`` rests on inspection or review alone. For a certificate
    each certified document is one result, performed on the day of issue.
    """

    characteristic: str
    method: MethodReference | None
    specification: MethodReference | None = None
    performed_on: date | None
    performed_until: date | None = None
    body: str | None = None
    statement: str | None = None
    measurement: Measurement | None = None
    limits: Limits | None = None
    rule: DecisionRule | None = None


class ItemState(StrEnum):
    """Whether a report carries one item of ISO/IEC 17025:2017, 7.8.2.1."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementFact(Fact):
    """The amended report that replaced this one, and since when (7.8.8)."""

    replaced_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFact(Fact):
    """A report or other result document as submitted.

    ``items`` maps the letters a to p of 7.8.2.1 to their state; a letter left out is
    not known. ``events`` are the issuer's own (a foreign certificate suspended or
    withdrawn), ``valid_until`` its own expiry.
    """

    body: str | None
    result_type: str
    issued_on: date | None
    results: tuple[ResultFact, ...] = ()
    items: Mapping[str, ItemState] = field(default_factory=dict)
    replacement: ReplacementFact | None = None
    events: tuple[StatusEventFact, ...] = ()
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the register holds that may matter; facts about other bodies do no harm."""

    bodies: tuple[BodyFact, ...] = ()
    accreditations: tuple[AccreditationFact, ...] = ()
    designations: tuple[DesignationFact, ...] = ()
    arrangements: tuple[ArrangementFact, ...] = ()
    method_editions: tuple[MethodEditionFact, ...] = ()
