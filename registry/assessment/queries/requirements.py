"""Which rules apply to a product, who can test it, and whose results are accepted.

One answer from the catalogue and the assessment side together, for any day and as
known at any position.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from registry.assessment.queries.able_bodies import AbleForRegulation, able_for_regulations
from registry.assessment.queries.accepted_results import AcceptedResult, accepted_results
from registry.catalog.applicability import NO_LONGER
from registry.catalog.designation import parse
from registry.catalog.product_question import ProductQuestion
from registry.catalog.queries.obligations import Coverage, coverage
from registry.catalog.queries.product_rules import ProductRule, product_rules
from registry.history import AsOf
from registry.search.engine import SearchEngine


@dataclass(frozen=True, slots=True)
class Requirement:
    """A rule that concerns the product, with what a business needs to meet it."""

    rule: ProductRule
    bodies: Sequence[AbleForRegulation] = field(default_factory=list)
    accepted: Sequence[AcceptedResult] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Requirements:
    """The answer; where nothing is found ``coverage`` tells how much there was to find.

    ``more`` tells that further regulations match, which a narrower question finds.
    """

    question: ProductQuestion
    as_of: AsOf
    found: Sequence[Requirement]
    more: bool
    coverage: Coverage | None


def requirements(
    session: Session, engine: SearchEngine, question: ProductQuestion, as_of: AsOf, zone: ZoneInfo
) -> Requirements:
    """Return what applies to the product asked for, what is still to come and what is not known."""
    if question.blank:
        return Requirements(question, as_of, [], more=False, coverage=coverage(session, as_of))
    answer = product_rules(session, engine, question, as_of, zone)
    current = {r.facts.edition.id: r for r in answer.rules if r.stands.key != NO_LONGER}
    designations = {id_: parse(r.facts.edition.designation) for id_, r in current.items()}
    keys = {id_: designation.document_key for id_, designation in designations.items()}
    able = able_for_regulations(session, list(designations.values()), as_of)
    accepted = accepted_results(
        session,
        {id_: (keys[id_], _codes(rule, question)) for id_, rule in current.items()},
        as_of,
    )
    found = [
        Requirement(
            rule,
            able.get(rule.facts.edition.key, ()),
            accepted.get(rule.facts.edition.id, ()),
        )
        for rule in answer.rules
    ]
    said = None if found else coverage(session, as_of)
    return Requirements(question, as_of, found, answer.more, said)


def _codes(rule: ProductRule, question: ProductQuestion) -> frozenset[str]:
    """Return the codes that the product may have: the one asked for, else those of the rule."""
    if question.hs:
        return frozenset({question.hs})
    return frozenset(code for item in rule.obligations for code in item.codes)
