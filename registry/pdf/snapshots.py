"""What each page of ``templates/pdf`` is told: the shapes of the frozen snapshots.

A snapshot is plain data, journalled before the document is made. Every key is
present; None means unknown or not applicable, and the page then prints nothing
or says so. Dates are ISO 8601 text; numbers that were measured are text, digit
for digit as reported. Texts in several languages are ``LocalText``; where a
plain ``str`` is allowed too, it is a name that is not translated.
"""

from typing import NotRequired, TypedDict


class LocalText(TypedDict):
    """One text per language of the document; None where there is no translation."""

    vi: str | None
    en: str | None


class StateHeading(TypedDict):
    """The heading of official documents (Decree 30/2020/NĐ-CP, Annex I)."""

    name: LocalText
    motto: LocalText


class Register(TypedDict):
    """The register that speaks: its name, its address, the authority that keeps it.

    Name and authority have a text in the document's first language at least.
    ``state_heading`` is None for a register that is not an organ of state, and
    for demonstrations.
    """

    name: LocalText
    authority: LocalText
    base_url: str
    state_heading: StateHeading | None


class Holder(TypedDict):
    """The party that a document is issued to. ``identifier``: tax code, LEI or similar.

    ``names`` are the names in the document's languages; where there are none, or in a
    document frozen without them, ``name`` is printed.
    """

    name: str
    names: NotRequired[LocalText]
    address: str | None
    country: LocalText | None
    identifier: str | None


class Product(TypedDict):
    """A product: its models (type designations) and HS codes, lists that may be empty."""

    name: LocalText
    description: LocalText | None
    models: list[str]
    hs: list[str]


class Requirement(TypedDict):
    """An edition that the product was assessed against; ``kind`` in words."""

    designation: str
    title: LocalText
    kind: LocalText


class Method(TypedDict):
    """The conformity assessment method; ``clause`` is where it is laid down."""

    key: str
    label: LocalText
    clause: LocalText | None


class ReportReference(TypedDict):
    """A test report relied on; ``accreditation`` is the laboratory's, "VILAS 123"."""

    number: str
    laboratory: str
    laboratory_names: NotRequired[LocalText]
    accreditation: str | None
    issued: str


class Result(TypedDict):
    """One characteristic of a report (ISO/IEC 17025:2017, 7.8.2, 7.8.3 and 7.8.6).

    ``value``, ``expanded_uncertainty`` (U, with ``coverage_factor`` k),
    ``lower`` and ``upper`` are in ``unit``. ``statement`` is the statement of
    conformity that the register relies on; ``laboratory_statement`` the
    laboratory's own where the two are to be shown beside each other.
    """

    characteristic: LocalText
    method: str | None
    unit: str | None
    value: str
    expanded_uncertainty: str | None
    coverage_factor: str | None
    lower: str | None
    upper: str | None
    decision_rule: LocalText | None
    statement: LocalText | None
    laboratory_statement: LocalText | None
    # Made for statements on reports; documents frozen without them are shown without.
    acceptance_lower: NotRequired[str | None]
    acceptance_upper: NotRequired[str | None]
    conformance_probability: NotRequired[str | None]
    specific_risk: NotRequired[str | None]


class Officer(TypedDict):
    """A person who answers for a step."""

    name: str
    role: LocalText


class StatusAsPrinted(TypedDict):
    """The status on the day ``on`` that the document was made."""

    label: LocalText
    on: str


class JournalReference(TypedDict):
    """The entry that the document rests on.

    ``leaf_hash`` is the RFC 9162 leaf hash in hexadecimal, None until the
    entry has been written.
    """

    position: int
    leaf_hash: str | None


class VersionNote(TypedDict):
    """That a document is a later version of the same number, and which one it replaces.

    ``kind`` says in words what made it: "renewed", "scope reduced".
    """

    number: int
    replaces: int
    replaces_decided_on: str
    kind: LocalText
    effective_on: str


class CertificateSnapshot(TypedDict):
    """The page ``certificate.html``: a certificate of conformity (ISO/IEC 17065:2012, 7.7).

    ``replaces`` is the number of the certificate it replaces, ``version`` is there from
    the second version of the same number on. ``valid_until``
    is None for a certificate without an end date.
    """

    number: str
    register: Register
    demonstration: bool
    holder: Holder
    product: Product
    requirements: list[Requirement]
    method: Method
    scope: LocalText | None
    reports: list[ReportReference]
    results: list[Result]
    valid_from: str
    valid_until: str | None
    decided_on: str
    decision_maker: Officer
    reviewer: Officer | None
    conditions_of_use: list[LocalText]
    verify_url: str
    status_as_printed: StatusAsPrinted
    journal: JournalReference
    replaces: str | None
    version: NotRequired[VersionNote]


class Condition(TypedDict):
    """One condition of acceptance.

    ``outcome`` is "met", "not_met", "not_applicable" or "unknown"; ``sentence``
    says why in a full sentence; ``evidence`` are the records looked at.
    """

    title: LocalText
    outcome: str
    sentence: LocalText
    evidence: list[str]
    legal_basis: LocalText | None


class AcceptanceSnapshot(TypedDict):
    """The page ``statement.html``: whether a test report is accepted, and why.

    ``outcome`` is "accept", "refuse" or "refer". ``reasons`` are the written
    reasons of a refusal (WTO TBT Agreement, 6.1; OIML-CS Scheme A), and
    ``appeal`` says how to object, where the law of the day tells it.
    ``status_on`` is the date that the conditions were judged for;
    ``decided_by`` is None where the rules alone decided.
    """

    number: str
    register: Register
    demonstration: bool
    addressee: Holder
    outcome: str
    report: ReportReference
    received_on: str
    product: Product
    requirement: Requirement
    status_on: str
    decided_on: str
    decided_by: Officer | None
    conditions: list[Condition]
    results: list[Result]
    reasons: list[LocalText]
    appeal: LocalText | None
    verify_url: str | None
    journal: JournalReference


class ConsideredReport(TypedDict):
    """A report that an application rested on; ``outcome`` says in words what became of it."""

    report: ReportReference
    outcome: LocalText


class RefusalSnapshot(TypedDict):
    """The page ``refusal.html``: why an application is refused (ISO/IEC 17065:2012, 7.6.6).

    ``reasons`` are in the decision maker's own words. ``appeal`` says how to object, where
    the law of the day tells it.
    """

    number: str
    register: Register
    demonstration: bool
    addressee: Holder
    product: Product
    requirement: Requirement
    method: LocalText
    submitted_on: str
    decided_on: str
    decided_by: Officer
    reasons: str
    reports: list[ConsideredReport]
    appeal: LocalText | None
    journal: JournalReference


class Signatory(TypedDict):
    """Who signed for the declarer; the function is in the declarer's own words."""

    name: str
    function: str


class SupportingDocument(TypedDict):
    """A document named by the declarer, with the SHA-256 of its bytes."""

    title: str
    sha256: str


class DeclarationSnapshot(TypedDict):
    """The page ``declaration.html``: receipt of a declaration of conformity (ISO/IEC 17050-1).

    ``evidence`` names what it rests on: certificates and reports by their numbers.
    ``digest`` is the SHA-256 of the declaration's canonical JSON.
    """

    number: str
    register: Register
    demonstration: bool
    declarer: Holder
    product: Product
    requirements: list[Requirement]
    basis: LocalText
    evidence: list[str]
    documents: list[SupportingDocument]
    signatory: Signatory
    place: str
    issued_on: str
    valid_from: str
    valid_until: str | None
    submitted_on: str
    registered_on: str
    digest: str
    verify_url: str
    journal: JournalReference
