"""What the rules need to know from the vocabularies.

Kinds, phases, legal bases and sentences are data. ``Terms`` reads them from the
register's own terms or, by ``bundled_terms``, from the files the product carries.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from types import SimpleNamespace
from typing import Any, Protocol

_VOCABULARIES = (
    "acceptance-condition",
    "acceptance-reason",
    "accreditation-event",
    "arrangement-kind",
    "arrangement-phase",
    "certificate-event",
    "decision-rule",
    "foreign-result-status",
    "legal-basis",
    "recognition-path",
    "report-item",
    "result-type",
    "statement-of-conformity",
)

# A kind that several of them have means the same in each.
_EVENTS = ("accreditation-event", "foreign-result-status", "certificate-event")


class TermLike(Protocol):
    """A vocabulary term, from the database or from a file."""

    @property
    def vocabulary(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def labels(self) -> Mapping[str, str]: ...
    @property
    def attributes(self) -> Mapping[str, Any]: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


@dataclass(frozen=True)
class LegalBasis:
    """A provision that asks for one or more conditions, while it is in force.

    Empty ``paths`` means that it applies whatever the recognition path.
    """

    key: str
    conditions: frozenset[str]
    paths: frozenset[str]
    valid_from: date | None
    valid_until: date | None

    def applies(self, condition: str, paths: frozenset[str], on: date) -> bool:
        """Whether it supports ``condition``, reached by any of ``paths``, on a day."""
        return (
            condition in self.conditions
            and (not self.paths or not paths.isdisjoint(self.paths))
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_until is None or on <= self.valid_until)
        )


class Terms:
    """Look-ups by vocabulary and key; where a key had several meanings the last given counts.

    A key that no vocabulary has gives None, which the rules treat as "unknown".
    """

    def __init__(self, terms: Iterable[TermLike]) -> None:
        self._terms: dict[str, dict[str, TermLike]] = {}
        self._legal_bases: list[LegalBasis] = []
        # Many reports are judged on one day: the provisions are the same for each.
        self._asked_for: dict[tuple[str, frozenset[str], date], tuple[str, ...]] = {}
        for term in terms:
            self._terms.setdefault(term.vocabulary, {})[term.key] = term
            if term.vocabulary == "legal-basis":
                self._legal_bases.append(_legal_basis(term))

    def keys(self, vocabulary: str) -> tuple[str, ...]:
        """All keys of a vocabulary, in its own order."""
        return tuple(self._terms.get(vocabulary, {}))

    def label(self, vocabulary: str, key: str, language: str) -> str:
        """The term's label, else the English one, else the key itself."""
        term = self._terms.get(vocabulary, {}).get(key)
        if term is None:
            return key
        return term.labels.get(language) or term.labels.get("en") or key

    def template(self, vocabulary: str, key: str, attribute: str, language: str) -> str | None:
        """A sentence template kept per language in an attribute; English when missing."""
        texts = self._attribute(vocabulary, key, attribute)
        if not isinstance(texts, Mapping):
            return None
        text = texts.get(language) or texts.get("en")
        return str(text) if text else None

    def sentence(self, condition: str, verdict: str, language: str) -> str | None:
        """The template for one verdict of one condition."""
        sentences = self._attribute("acceptance-condition", condition, "sentences")
        texts = sentences.get(verdict) if isinstance(sentences, Mapping) else None
        if not isinstance(texts, Mapping):
            return None
        text = texts.get(language) or texts.get("en")
        return str(text) if text else None

    def event_effect(self, kind: str) -> str | None:
        """What an event does to standing, or None.

        One of in_force, suspended, ended, reduced, unlisted (nobody can tell), unchanged.
        """
        for vocabulary in _EVENTS:
            effect = self._attribute(vocabulary, kind, "effect")
            if effect is not None:
                return str(effect)
        return None

    def event_vocabulary(self, kind: str) -> str:
        """The vocabulary that names this kind of event."""
        for vocabulary in _EVENTS:
            if kind in self._terms.get(vocabulary, {}):
                return vocabulary
        return _EVENTS[-1]

    def knows_arrangement_kind(self, kind: str) -> bool:
        """Whether the kind is one of the vocabulary."""
        return kind in self._terms.get("arrangement-kind", {})

    def recognition_path(self, arrangement_kind: str) -> str | None:
        """The path that arrangements of this kind open for results, or None."""
        path = self._attribute("arrangement-kind", arrangement_kind, "path")
        return None if path is None else str(path)

    def recognises_accreditors(self, arrangement_kind: str) -> bool:
        """Whether its listed parties are accreditors."""
        return bool(self._attribute("arrangement-kind", arrangement_kind, "accreditors"))

    def has_phases(self, arrangement_kind: str) -> bool:
        """Whether what is accepted depends on the phase of participation."""
        return bool(self._attribute("arrangement-kind", arrangement_kind, "phases"))

    def phase_result_types(self, phase: str) -> tuple[str, ...] | None:
        """Result types accepted in a phase."""
        types = self._attribute("arrangement-phase", phase, "result_types")
        return None if types is None else tuple(types)

    def activity(self, result_type: str) -> str | None:
        """The conformity assessment activity that gives results of this type."""
        activity = self._attribute("result-type", result_type, "activity")
        return None if activity is None else str(activity)

    def has_report_items(self, result_type: str) -> bool | None:
        """Whether ISO/IEC 17025:2017, 7.8.2.1 governs documents of this type."""
        value = self._attribute("result-type", result_type, "report_items")
        return None if value is None else bool(value)

    def laboratories_by_scheme(self, result_type: str) -> bool:
        """Whether the scheme that gives such results chooses and watches its laboratories."""
        return bool(self._attribute("result-type", result_type, "laboratories_by_scheme"))

    @cached_property
    def report_items(self) -> Mapping[str, bool]:
        """Letters of 7.8.2.1, each with whether it may be not applicable."""
        return {
            key: bool(term.attributes.get("conditional"))
            for key, term in self._terms.get("report-item", {}).items()
        }

    def legal_bases(self, condition: str, paths: frozenset[str], on: date) -> tuple[str, ...]:
        """Keys of the provisions in force on ``on`` that ask for a condition."""
        asked = (condition, paths, on)
        if asked not in self._asked_for:
            self._asked_for[asked] = tuple(
                basis.key for basis in self._legal_bases if basis.applies(*asked)
            )
        return self._asked_for[asked]

    def _attribute(self, vocabulary: str, key: str, name: str) -> Any:
        term = self._terms.get(vocabulary, {}).get(key)
        return None if term is None else term.attributes.get(name)


@cache
def bundled_terms() -> Terms:
    """The terms as the product ships them."""
    folder = resources.files("registry.vocabulary") / "data"
    return Terms(
        term
        for name in _VOCABULARIES
        for term in _read(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
    )


def _read(document: Mapping[str, Any]) -> Iterable[TermLike]:
    for item in document["terms"]:
        yield SimpleNamespace(
            vocabulary=document["vocabulary"],
            key=item["key"],
            labels=item["labels"],
            attributes=item.get("attributes") or {},
            valid_from=_date(item.get("valid_from")),
            valid_until=_date(item.get("valid_until")),
        )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _legal_basis(term: TermLike) -> LegalBasis:
    return LegalBasis(
        key=term.key,
        conditions=frozenset(term.attributes.get("conditions", ())),
        paths=frozenset(term.attributes.get("paths", ())),
        valid_from=term.valid_from,
        valid_until=term.valid_until,
    )
