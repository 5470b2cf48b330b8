"""Which regulations concern a product, on a day and as known then.

Regulations are found by the HS codes and the product words of their obligations, by
the words of the nomenclature, and by their own titles. A regulation that may be used
beside one found, or that took its place, belongs to the answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from registry.catalog.applicability import NO_LONGER, ORDER, Applicability, applicability
from registry.catalog.hs_codes import each_digits
from registry.catalog.models import Edition, Obligation, Relation
from registry.catalog.product_question import ProductQuestion
from registry.catalog.queries.editions import EditionFacts, edition_facts
from registry.catalog.queries.obligations import (
    by_obligation_ids,
    ids_of_codes,
    ids_of_editions,
    ids_of_words,
)
from registry.catalog.queries.statuses import is_published
from registry.catalog.search_records import edition_id_of
from registry.catalog.status import period
from registry.history import AsOf, known
from registry.search.engine import SearchEngine, SearchRequest

# How a regulation was found, the surest way first.
BY_CODE = "hs-code"
BY_PRODUCT = "product"
BY_HEADING = "hs-words"
BY_TITLE = "title"
BY_SUCCESSION = "succession"
WAYS = (BY_CODE, BY_PRODUCT, BY_HEADING, BY_TITLE, BY_SUCCESSION)

REGULATIONS = frozenset({"QCVN", "QCĐP"})

MOST_EDITIONS = 25
_MOST_OBLIGATIONS = 300
_MOST_TITLES = 20

_SUPERSEDES, _SUPERSEDED_BY = "supersedes", "superseded-by"


def _select_successions(position: BindParameter[int] | None) -> Select[Relation]:
    return (
        select(Relation)
        .where(
            Relation.type.in_((_SUPERSEDES, _SUPERSEDED_BY)),
            or_(
                Relation.edition_id.in_(bindparam("ids", expanding=True)),
                Relation.target_key.in_(bindparam("keys", expanding=True)),
            ),
            known(Relation, position),
        )
        .order_by(Relation.id)
    )


# Made once: making a statement takes longer than the database takes to answer it.
_EDITIONS = select(Edition).where(Edition.id.in_(bindparam("ids", expanding=True)))
_SUCCESSIONS = {
    True: _select_successions(None),
    False: _select_successions(bindparam("position", type_=Integer)),
}


@dataclass(frozen=True, slots=True)
class Obliged:
    """An obligation with its codes (digits), how it stands that day, and how it was found."""

    obligation: Obligation
    codes: Sequence[str]
    stands: Applicability
    way: str


@dataclass(frozen=True, slots=True)
class Window:
    """That this edition may be used beside ``other`` until a day, inclusive."""

    other: EditionFacts
    until: date
    other_is_newer: bool


@dataclass(frozen=True, slots=True)
class ProductRule:
    """A regulation edition that concerns the product.

    ``obligations`` is empty where the register holds no list of its products;
    ``stands`` is then the edition's own. ``replaced_by`` are published editions that
    took its place.
    """

    facts: EditionFacts
    way: str
    stands: Applicability
    obligations: Sequence[Obliged]
    windows: Sequence[Window]
    replaced_by: Sequence[EditionFacts]


@dataclass(frozen=True, slots=True)
class ProductRules:
    """The rules found; ``more`` tells that there are others, which a narrower question finds."""

    rules: Sequence[ProductRule]
    more: bool


@dataclass(frozen=True, slots=True)
class _Succession:
    older: int
    newer: int
    on: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that was found, by id: editions, their obligations, codes and ways."""

    facts: Mapping[int, EditionFacts]
    obligations: Mapping[int, Sequence[Obligation]]
    codes: Mapping[int, Sequence[str]]
    ways: Mapping[int, str]
    successions: Sequence[_Succession]
    day: date


def product_rules(
    session: Session, engine: SearchEngine, question: ProductQuestion, as_of: AsOf, zone: ZoneInfo
) -> ProductRules:
    """Return the regulations that concern the product, those that apply first."""
    ways, more = _matching(session, question, as_of)
    obligations = {o.id: o for o in by_obligation_ids(session, ways)}
    of_edition: dict[int, str] = {}
    for id_, way in ways.items():
        _keep_surest(of_edition, obligations[id_].edition_id, way)
    titled = _titled(engine, question, as_of)
    for edition_id in titled:
        _keep_surest(of_edition, edition_id, BY_TITLE)
    chosen = sorted(of_edition, key=lambda id_: WAYS.index(of_edition[id_]))
    more = more or len(chosen) > MOST_EDITIONS
    if not chosen:
        return ProductRules([], more)
    facts, successions = _with_partners(session, chosen[:MOST_EDITIONS], as_of, zone)
    for id_, way in _partners(facts, successions, chosen[:MOST_EDITIONS], as_of.at).items():
        of_edition.setdefault(id_, way)
    shown = [id_ for id_ in of_edition if id_ in facts]
    # An edition found as such is shown with all its obligations, not with those that match.
    whole = [id_ for id_ in shown if of_edition[id_] in (BY_TITLE, BY_SUCCESSION)]
    for obligation in by_obligation_ids(
        session, ids_of_editions(session, whole, as_of, limit=_MOST_OBLIGATIONS)
    ):
        obligations[obligation.id] = obligation
        ways[obligation.id] = of_edition[obligation.edition_id]
    by_edition: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in obligations.values():
        by_edition[obligation.edition_id].append(obligation)
    codes = {o.id: each_digits(o.hs_codes) for o in obligations.values()}
    found = _Found(facts, by_edition, codes, ways, successions, as_of.at)
    rules = [_rule(facts[id_], of_edition[id_], found) for id_ in shown]
    return ProductRules(_in_order(rules), more)


def _in_order(rules: Sequence[ProductRule]) -> list[ProductRule]:
    """Return what applies first, then what was found most surely; editions of one document
    stand together."""
    best: dict[int, int] = {}
    for rule in rules:
        document, way = rule.facts.edition.document_id, WAYS.index(rule.way)
        best[document] = min(best.get(document, way), way)
    documents = sorted(best, key=lambda document: best[document])
    return sorted(
        rules,
        key=lambda rule: (
            ORDER.index(rule.stands.key),
            documents.index(rule.facts.edition.document_id),
            WAYS.index(rule.way),
        ),
    )


def _matching(
    session: Session, question: ProductQuestion, as_of: AsOf
) -> tuple[dict[int, str], bool]:
    """Return the obligations found, each with the surest way, and whether there are more."""
    limit = _MOST_OBLIGATIONS + 1
    ways: dict[int, str] = {}
    more = False
    for way, ids in (
        (
            BY_CODE,
            ids_of_codes(session, [question.hs] if question.hs else [], as_of, limit=limit),
        ),
        (BY_PRODUCT, ids_of_words(session, question.words, as_of, limit=limit)),
        (BY_HEADING, ids_of_codes(session, question.headings.codes, as_of, limit=limit)),
    ):
        more = more or len(ids) == limit
        for id_ in ids[:_MOST_OBLIGATIONS]:
            ways.setdefault(id_, way)
    return ways, more


def _titled(engine: SearchEngine, question: ProductQuestion, as_of: AsOf) -> list[int]:
    """Return regulations whose title or designation holds all the words."""
    if not question.text:
        return []
    request = SearchRequest(
        text=question.text,
        filters={"kind": REGULATIONS},
        facets=(),
        at=as_of.at,
        limit=_MOST_TITLES,
    )
    result = engine.search(request)
    if result.relaxed or result.ignored:
        return []
    return [edition_id_of(subject) for subject in result.subjects]


def _keep_surest(of_edition: dict[int, str], edition_id: int, way: str) -> None:
    present = of_edition.get(edition_id, BY_SUCCESSION)
    of_edition[edition_id] = min(present, way, key=WAYS.index)


def _with_partners(
    session: Session, ids: Sequence[int], as_of: AsOf, zone: ZoneInfo
) -> tuple[dict[int, EditionFacts], list[_Succession]]:
    """Return the public editions of ``ids``, those before and after them, and how they follow."""
    editions = {e.id: e for e in session.scalars(_EDITIONS, {"ids": list(ids)})}
    keys = {edition.key: edition.id for edition in editions.values()}
    relations = session.scalars(
        _SUCCESSIONS[as_of.position is None],
        {"ids": list(ids), "keys": list(keys), "position": as_of.position},
    ).all()
    if relations:
        others = session.scalars(
            select(Edition).where(
                or_(
                    Edition.id.in_({r.edition_id for r in relations} - editions.keys()),
                    Edition.key.in_({r.target_key for r in relations} - keys.keys()),
                )
            )
        )
        for edition in others:
            editions[edition.id] = edition
            keys[edition.key] = edition.id
    found = edition_facts(session, list(editions.values()), as_of, zone, drafts=False)
    facts = {f.edition.id: f for f in found}
    return facts, list(_successions(relations, keys, facts))


def _successions(
    relations: Iterable[Relation], keys: Mapping[str, int], facts: Mapping[int, EditionFacts]
) -> Iterable[_Succession]:
    for relation in relations:
        here, there = relation.edition_id, keys.get(relation.target_key)
        if there is None:
            continue
        newer, older = (here, there) if relation.type == _SUPERSEDES else (there, here)
        if newer in facts and older in facts and is_published(facts[newer].record):
            yield _Succession(older, newer, relation.on, relation.coexistence_until)


def _partners(
    facts: Mapping[int, EditionFacts],
    successions: Iterable[_Succession],
    found: Collection[int],
    day: date,
) -> dict[int, str]:
    """Return editions that belong to the answer beside those found."""
    wanted: dict[int, str] = {}
    for succession in successions:
        if succession.older in found:
            wanted[succession.newer] = BY_SUCCESSION
        elif succession.newer in found and _open(succession, facts, day):
            wanted[succession.older] = BY_SUCCESSION
    return wanted


def _open(succession: _Succession, facts: Mapping[int, EditionFacts], day: date) -> bool:
    """Whether both editions may certainly be used on ``day``."""
    if succession.until is None or day > succession.until:
        return False
    newer = facts[succession.newer].record
    start = succession.on or newer.effective_from
    if start is None and newer.issued:
        start = period(newer.issued).latest
    return start is not None and start <= day


def _rule(facts: EditionFacts, way: str, found: _Found) -> ProductRule:
    windows = list(_windows(facts.edition.id, found))
    usable = bool(windows)
    obliged = [
        Obliged(
            o,
            found.codes.get(o.id, ()),
            applicability(facts.changes, (o.valid_from, o.valid_until), found.day, usable=usable),
            found.ways[o.id],
        )
        for o in found.obligations[facts.edition.id]
    ]
    obliged.sort(key=lambda item: ORDER.index(item.stands.key))
    stands = (
        obliged[0].stands
        if obliged
        else applicability(facts.changes, (None, None), found.day, usable=usable)
    )
    newer = [found.facts[s.newer] for s in found.successions if s.older == facts.edition.id]
    return ProductRule(
        facts=facts,
        way=way,
        stands=stands,
        obligations=obliged,
        windows=windows,
        replaced_by=newer if stands.key == NO_LONGER else [],
    )


def _windows(edition_id: int, found: _Found) -> Iterable[Window]:
    for succession in found.successions:
        if succession.until is None or not _open(succession, found.facts, found.day):
            continue
        if edition_id == succession.older:
            yield Window(found.facts[succession.newer], succession.until, other_is_newer=True)
        elif edition_id == succession.newer:
            yield Window(found.facts[succession.older], succession.until, other_is_newer=False)
