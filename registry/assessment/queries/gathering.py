"""Reads what the acceptance rules need, each thing once, however many reports are judged."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from registry.assessment.models import ApplicationRecord, Body, Report, ReportRecord
from registry.assessment.queries.acceptance_facts import (
    accreditation_facts,
    arrangement_facts,
    body_facts,
    body_reference,
    designation_facts,
)
from registry.assessment.queries.edition_periods import EditionPeriod, edition_periods
from registry.assessment.queries.report_facts import Product, decision_rules
from registry.assessment.rules.decision import DecisionRule
from registry.assessment.rules.facts import (
    AccreditationFact,
    Arrangements,
    BodyFact,
    DesignationFact,
    MethodEditionFact,
    MethodReference,
    ReplacementFact,
)
from registry.assessment.rules.terms import TermLike, Terms
from registry.catalog.models import Document, Edition, Obligation
from registry.history import known
from registry.vocabulary.models import Term

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Offered(NamedTuple):
    """The edition of a regulation that a report is offered for."""

    edition_id: int
    designation: str
    document_key: str


class Once(Generic[Key, Value]):
    """Values by key, loaded for many keys at a time and never twice."""

    def __init__(self, load: Callable[[Collection[Key]], Mapping[Key, Value]]) -> None:
        self._load = load
        self._held: dict[Key, Value] = {}

    def hold(self, keys: Iterable[Key]) -> None:
        """Load those of ``keys`` that are not held yet."""
        missing = {key for key in keys if key not in self._held}
        if missing:
            self._held.update(self._load(missing))

    def __getitem__(self, key: Key) -> Value:
        self.hold((key,))
        return self._held[key]


class Holdings:
    """What the register held at a journal position, as facts for the rules.

    It answers from one snapshot: what is recorded after it was first asked is not seen.
    """

    def __init__(self, session: Session, position: int | None, zone: ZoneInfo) -> None:
        self._session = session
        self._position = position
        self._zone = zone
        self.bodies: Once[int, tuple[BodyFact, ...]] = Once(
            lambda ids: _by_body(
                ids, body_facts(session, ids, position), lambda fact: fact.reference
            )
        )
        self.accreditations: Once[int, tuple[AccreditationFact, ...]] = Once(
            lambda ids: _by_body(
                ids, accreditation_facts(session, ids, position), lambda fact: fact.body
            )
        )
        self.designations: Once[int, tuple[DesignationFact, ...]] = Once(
            lambda ids: _by_body(
                ids, designation_facts(session, ids, position), lambda fact: fact.body
            )
        )
        self.periods: Once[str, tuple[EditionPeriod, ...]] = Once(self._read_periods)
        self.method_editions: Once[str, tuple[MethodEditionFact, ...]] = Once(
            lambda keys: {key: _current_editions(self.periods[key]) for key in keys}
        )
        self.offered: Once[int, Offered] = Once(self._read_offered)
        self.providers: Once[str, int | None] = Once(self._read_providers)
        self.replacements: Once[int, ReplacementFact | None] = Once(self._read_replacements)
        self._applied_for: Once[int, Product | None] = Once(self._read_applications)
        self._obliged: Once[int, Product] = Once(self._read_obligations)

    @cached_property
    def _rows_of_terms(self) -> Sequence[TermLike]:
        """All terms, as rows: there are hundreds, and none is changed."""
        return self._session.execute(
            select(
                Term.vocabulary,
                Term.key,
                Term.labels,
                Term.attributes,
                Term.valid_from,
                Term.valid_until,
            )
            .where(known(Term, self._position))
            .order_by(Term.id)
        ).all()

    @cached_property
    def terms(self) -> Terms:
        """The vocabularies of the rules."""
        return Terms(self._rows_of_terms)

    @cached_property
    def rules(self) -> dict[str, DecisionRule]:
        """The decision rules by key."""
        return decision_rules(self._rows_of_terms)

    @cached_property
    def arrangements(self) -> Arrangements:
        """Every arrangement."""
        return Arrangements(arrangement_facts(self._session, self._position))

    def product(self, report: Report) -> Product:
        """Return the product: the application's, else whatever the regulation obliges."""
        applied = None
        if report.application_id is not None:
            applied = self._applied_for[report.application_id]
        return applied or self._obliged[report.edition_id]

    def hold(self, reports: Iterable[Report]) -> None:
        """Read at once what several reports need, in a few statements for all."""
        reports = list(reports)
        results = [result for report in reports for result in report.content["results"]]
        self.providers.hold(item["provider"] for item in results if item["provider"])
        bodies = {report.body_id for report in reports}
        bodies |= {
            found
            for item in results
            if item["provider"] and (found := self.providers[item["provider"]])
        }
        for held in (self.bodies, self.accreditations, self.designations):
            held.hold(bodies)
        editions = {report.edition_id for report in reports}
        self.offered.hold(editions)
        self.replacements.hold(report.id for report in reports)
        self._obliged.hold(editions)
        self._applied_for.hold(
            report.application_id for report in reports if report.application_id is not None
        )

    def _read_periods(self, keys: Collection[str]) -> dict[str, tuple[EditionPeriod, ...]]:
        found: dict[str, list[EditionPeriod]] = {key: [] for key in keys}
        for period in edition_periods(self._session, keys, self._zone, self._position):
            found[period.document_key].append(period)
        return {key: tuple(periods) for key, periods in found.items()}

    def _read_offered(self, ids: Collection[int]) -> dict[int, Offered]:
        rows = self._session.execute(
            select(Edition.id, Edition.designation, Document.key)
            .join(Document, Document.id == Edition.document_id)
            .where(Edition.id.in_(ids))
        )
        return {row.id: Offered(*row) for row in rows}

    def _read_providers(self, slugs: Collection[str]) -> dict[str, int | None]:
        rows = self._session.execute(select(Body.slug, Body.id).where(Body.slug.in_(slugs))).all()
        return dict.fromkeys(slugs) | dict(rows)

    def _read_replacements(self, ids: Collection[int]) -> dict[int, ReplacementFact | None]:
        older = aliased(Report)
        rows = self._session.execute(
            select(older.id, Report.id, Report.number, Report.issued_on)
            .join(older, older.id == Report.replaces_id)
            .join(ReportRecord, ReportRecord.report_id == Report.id)
            .where(Report.replaces_id.in_(ids), known(ReportRecord, self._position))
            .order_by(Report.id)
        )
        found: dict[int, ReplacementFact | None] = dict.fromkeys(ids)
        for replaced, id_, number, issued_on in rows:
            # The latest of several stays.
            found[replaced] = ReplacementFact(
                reference=f"report:{id_}", label=number, replaced_on=issued_on
            )
        return found

    def _read_applications(self, ids: Collection[int]) -> dict[int, Product | None]:
        rows = self._session.execute(
            select(ApplicationRecord.application_id, ApplicationRecord.product).where(
                ApplicationRecord.application_id.in_(ids),
                known(ApplicationRecord, self._position),
            )
        )
        found: dict[int, Product | None] = dict.fromkeys(ids)
        for id_, product in rows:
            found[id_] = Product(tuple(product["name"].values()), tuple(product["hs"]))
        return found

    def _read_obligations(self, edition_ids: Collection[int]) -> dict[int, Product]:
        words: dict[int, list[str]] = defaultdict(list)
        codes: dict[int, list[str]] = defaultdict(list)
        for row in self._session.scalars(
            select(Obligation)
            .where(Obligation.edition_id.in_(edition_ids), known(Obligation, self._position))
            .order_by(Obligation.id)
        ):
            words[row.edition_id].extend(row.product.values())
            codes[row.edition_id].extend(row.hs_codes)
        return {id_: Product(tuple(words[id_]), tuple(codes[id_])) for id_ in edition_ids}


def _current_editions(periods: Iterable[EditionPeriod]) -> tuple[MethodEditionFact, ...]:
    return tuple(
        MethodEditionFact(
            reference=f"edition:{period.edition_id}",
            label=period.designation,
            valid_from=period.first,
            valid_until=period.last,
            edition=MethodReference(period.document_key, period.edition_key, period.designation),
        )
        for period in periods
        if period.certain
    )


def _by_body(
    ids: Collection[int], facts: Iterable[Value], body: Callable[[Value], str]
) -> dict[int, tuple[Value, ...]]:
    found: dict[str, list[Value]] = {body_reference(id_): [] for id_ in ids}
    for fact in facts:
        found[body(fact)].append(fact)
    return {id_: tuple(found[body_reference(id_)]) for id_ in ids}
