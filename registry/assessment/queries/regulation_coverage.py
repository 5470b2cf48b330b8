"""Which technical regulations in force could be tested to on a day, and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from registry.assessment.queries.able_bodies import AbleForRegulation, able_for_regulations
from registry.catalog.designation import parse
from registry.catalog.queries.editions import EditionFacts, in_domain, national_list
from registry.catalog.queries.product_rules import REGULATIONS
from registry.catalog.status import AMENDED, IN_FORCE, IN_FORCE_IN_PART
from registry.history import AsOf

_HELD = frozenset({IN_FORCE, IN_FORCE_IN_PART, AMENDED})


@dataclass(frozen=True, slots=True)
class CoveredRegulation:
    """A regulation in force on the day, with the bodies that could test to it.

    ``bodies`` are accredited, designated or both (see ``AbleForRegulation``).
    """

    facts: EditionFacts
    bodies: Sequence[AbleForRegulation] = field(default_factory=list)

    @property
    def ministry(self) -> str:
        """The key of the ministry that answers for it."""
        return self.facts.record.lead_ministry or self.facts.record.publisher


@dataclass(frozen=True, slots=True)
class RegulationCoverage:
    """The regulations in force, those that nobody can test to first, and the bodies by slug."""

    regulations: Sequence[CoveredRegulation]
    bodies: Sequence[AbleForRegulation]

    @property
    def uncovered(self) -> int:
        """How many regulations nobody could test to."""
        return sum(not regulation.bodies for regulation in self.regulations)


def regulation_coverage(
    session: Session, as_of: AsOf, zone: ZoneInfo, *, domain: str = "", ministry: str = ""
) -> RegulationCoverage:
    """Return who could test to which regulation on the day, of one domain or ministry if named."""
    chosen = [
        facts
        for facts in (
            in_domain(session, domain, as_of, zone)
            if domain
            else national_list(session, as_of, zone)
        )
        if facts.record.kind in REGULATIONS
        and facts.status.status in _HELD
        and ministry in ("", facts.record.lead_ministry, facts.record.publisher)
    ]
    designations = [parse(facts.edition.designation) for facts in chosen]
    able = able_for_regulations(session, designations, as_of)
    regulations = [
        CoveredRegulation(facts, able.get(designation.key, []))
        for facts, designation in zip(chosen, designations, strict=True)
    ]
    # The order of the list holds among those that as many bodies can test to.
    regulations.sort(key=lambda regulation: len(regulation.bodies))
    return RegulationCoverage(regulations, _bodies(regulations))


def level(body: AbleForRegulation) -> str:
    """Return how far a body's ability is attested: "both", "accredited" or "designated"."""
    if body.accreditations and body.designated_for:
        return "both"
    return "accredited" if body.accreditations else "designated"


def counts_by(
    coverage: RegulationCoverage, keys_of: Mapping[int, Sequence[str]]
) -> dict[str, tuple[int, int]]:
    """Return for each key how many regulations there are and how many nobody can test to.

    ``keys_of`` gives the keys of each regulation by the id of its edition.
    """
    counts: dict[str, tuple[int, int]] = {}
    for regulation in coverage.regulations:
        for key in keys_of[regulation.facts.edition.id]:
            all_, none = counts.get(key, (0, 0))
            counts[key] = (all_ + 1, none + (not regulation.bodies))
    return counts


def _bodies(regulations: Sequence[CoveredRegulation]) -> list[AbleForRegulation]:
    by_slug = {body.slug: body for regulation in regulations for body in regulation.bodies}
    return [by_slug[slug] for slug in sorted(by_slug)]
