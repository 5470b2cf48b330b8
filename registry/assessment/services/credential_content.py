"""What a certificate says as a verifiable credential (W3C VCDM 2.0).

The shape is the Digital Conformity Credential of UNTP 0.7.0. What that has no
members for, measurement uncertainty, the decision rule and the journal's proof,
is said in members of the register's own context (``contexts``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from registry.assessment.services.contexts import context_address, term_address
from registry.assessment.services.units import common_code
from registry.credentials import multibase, status_list

UNTP_VERSION = "0.7.0"
_CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    f"https://vocabulary.uncefact.org/untp/{UNTP_VERSION}/context/",
)


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report relied on: what the snapshot says of it, and its own content and digest."""

    said: Mapping[str, Any]
    digest: str
    results: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """Everything that the credential of one version of a certificate is made of.

    ``entry`` is what the leaf hash of the journal's entry is taken over and
    ``proof`` what ``registry.journal.proofs.inclusion_for`` gives for it.
    """

    base_url: str
    issuer: str
    zone: ZoneInfo
    number: str
    version: int
    snapshot: Mapping[str, Any]
    digest: str
    valid_from: date
    valid_until: date
    edition_slug: str
    holder_scheme: str | None
    reports: Sequence[ReportFacts]
    status_list: int
    status_place: int
    entry: str
    proof: Mapping[str, Any]


def certificate_credential(facts: CredentialFacts) -> dict[str, Any]:
    """Return the claims of a certificate's credential."""
    snapshot = facts.snapshot
    return {
        "@context": [*_CONTEXTS, context_address(facts.base_url)],
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "id": _address(facts, "json"),
        "issuer": {
            "type": ["CredentialIssuer"],
            "id": facts.issuer,
            "name": _text(snapshot["register"]["authority"]),
        },
        "name": f"{facts.number}: {_text(snapshot['product']['name'])}",
        **({"description": _text(snapshot["scope"])} if snapshot["scope"] else {}),
        "validFrom": _instant(facts.valid_from, facts.zone),
        "validUntil": _instant(facts.valid_until + timedelta(days=1), facts.zone, before=True),
        "credentialStatus": status_list.entries(
            facts.base_url, facts.status_list, facts.status_place
        ),
        "credentialSubject": _attestation(facts),
    }


def _attestation(facts: CredentialFacts) -> dict[str, Any]:
    snapshot = facts.snapshot
    authority = snapshot["register"]["authority"]
    return {
        "type": ["ConformityAttestation"],
        "id": _subject(facts),
        "name": f"{facts.number}",
        "description": _text(snapshot["product"]["name"]),
        "assessorLevel": "3rdParty",
        # What was made up for showing has no authority behind it.
        "assessmentLevel": "no-endorsement" if snapshot["demonstration"] else "authority-mandate",
        "attestationType": "certification",
        "issuedToParty": _party(facts),
        "authorisation": [
            {
                "type": ["Endorsement"],
                "name": _text(snapshot["register"]["name"]),
                "issuingAuthority": {
                    "type": ["Party"],
                    "id": facts.issuer,
                    "name": _text(authority),
                },
            }
        ],
        "referenceScheme": {
            "type": ["ConformityScheme"],
            "id": term_address(facts.base_url, f"method-{snapshot['method']['key']}"),
            "name": _text(snapshot["method"]["label"]),
        },
        # The file carries this credential, so its digest cannot stand in here.
        "conformityCertificate": {
            "type": ["Link"],
            "linkURL": _address(facts, "pdf"),
            "linkName": facts.number,
            "mediaType": "application/pdf",
        },
        "conformityAssessment": [
            _assessment(facts, place, report) for place, report in enumerate(facts.reports, 1)
        ],
        "registerEntry": {
            "certificateNumber": facts.number,
            "certificateVersion": facts.version,
            "snapshotDigest": multibase.digest(facts.digest),
            "journalEntry": facts.entry,
            "leafHash": facts.proof["leaf_hash"],
            "leafIndex": facts.proof["index"],
            "treeSize": facts.proof["size"],
            "inclusionPath": list(facts.proof["path"]),
            "checkpoint": facts.proof["checkpoint"],
        },
    }


def _party(facts: CredentialFacts) -> dict[str, Any]:
    holder = facts.snapshot["holder"]
    party = {"type": ["Party"], "id": f"{_subject(facts)}#holder", "name": holder["name"]}
    if holder["identifier"]:
        party["registeredId"] = holder["identifier"]
    if holder["identifier"] and facts.holder_scheme:
        party["idScheme"] = {
            "type": ["IdentifierScheme"],
            "id": term_address(facts.base_url, f"identifier-{facts.holder_scheme}"),
            "name": facts.holder_scheme,
        }
    return party


def _assessment(facts: CredentialFacts, place: int, report: ReportFacts) -> dict[str, Any]:
    said = report.said
    where = f"{_subject(facts)}#report-{place}"
    (requirement, *_) = facts.snapshot["requirements"]
    topic = {
        "type": ["ConformityTopic"],
        "id": term_address(facts.base_url, "topic-technical-regulation"),
        "name": "Conformity with a technical regulation or standard",
    }
    named = {
        "id": f"{facts.base_url}/editions/{facts.edition_slug}",
        "name": requirement["designation"],
    }
    regulation = requirement["kind"]["en"] or ""
    reference = "referenceRegulation" if "regulation" in regulation.lower() else "referenceStandard"
    return {
        "type": ["ConformityAssessment"],
        "id": where,
        "name": f"{said['number']} ({said['laboratory']})",
        "assessmentCriteria": [{"type": ["Criterion"], **named, "conformityTopic": [topic]}],
        "assessmentDate": said["issued"],
        "assessedPerformance": [
            _performance(facts, where, number, result)
            for number, result in enumerate(report.results, 1)
        ],
        "assessedProduct": _products(facts),
        reference: [named],
        "evidence": [
            {
                "type": ["Link"],
                "linkURL": where,
                "linkName": said["number"],
                "digestMultibase": multibase.digest(report.digest),
                "mediaType": "application/json",
            }
        ],
        "conformityTopic": [topic],
        "conformance": True,
        "measurementResult": [
            _measurement(facts, where, number, result)
            for number, result in enumerate(report.results, 1)
        ],
    }


def _products(facts: CredentialFacts) -> list[dict[str, Any]]:
    product = facts.snapshot["product"]
    name = _text(product["name"])
    models: list[str | None] = [*product["models"]] or [None]
    return [
        {
            "product": {
                "type": ["Product"],
                "id": f"{_subject(facts)}#product-{place}",
                "name": name,
                **({"modelNumber": model} if model else {}),
            },
            "idVerifiedByCAB": True,
        }
        for place, model in enumerate(models, 1)
    ]


def _performance(
    facts: CredentialFacts, where: str, number: int, result: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a result as UNTP has it: a number only in a unit that it knows."""
    performance: dict[str, Any] = {
        "type": ["Performance"],
        "metric": {
            "type": ["PerformanceMetric"],
            "id": f"{where}-metric-{number}",
            "name": result["characteristic"],
        },
        "score": {"code": result["statement"] or "stated-in-report"},
    }
    unit = common_code(result["unit"])
    if result["value"] is not None and unit is not None:
        performance["measure"] = {
            "type": ["Measure"],
            "value": float(Decimal(str(result["value"]))),
            "unit": unit,
        }
    return performance


_MEASURED = {
    "characteristic": "characteristic",
    "testMethod": "method",
    "measuredValue": "value",
    "measuredUnit": "unit",
    "expandedUncertainty": "expanded_uncertainty",
    "coverageFactor": "coverage_factor",
    "lowerLimit": "limit_lower",
    "upperLimit": "limit_upper",
    "conformityStatement": "statement",
}


def _measurement(
    facts: CredentialFacts, where: str, number: int, result: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a result as it was reported, digit for digit; what was not stated is left out."""
    measurement = {
        "id": f"{where}-result-{number}",
        **{
            member: str(result[name])
            for member, name in _MEASURED.items()
            if result.get(name) is not None
        },
    }
    if result.get("decision_rule"):
        measurement["decisionRule"] = term_address(
            facts.base_url, f"decision-rule-{result['decision_rule']}"
        )
    return measurement


def _address(facts: CredentialFacts, form: str) -> str:
    """Return where this version is; the first one has the certificate's own address."""
    address = f"{facts.base_url}/certificates/{facts.number}.{form}"
    return address if facts.version == 1 else f"{address}?version={facts.version}"


def _subject(facts: CredentialFacts) -> str:
    return f"{facts.base_url}/verify/{facts.number}"


def _instant(day: date, zone: ZoneInfo, *, before: bool = False) -> str:
    """Return the first second of ``day``, or the last one ``before`` it, with its offset."""
    instant = datetime.combine(day, time.min, zone) - timedelta(seconds=1 if before else 0)
    return instant.isoformat()


def _text(text: Mapping[str, str | None] | str | None) -> str:
    """Return a text in English, or in the first language that has one."""
    if text is None or isinstance(text, str):
        return text or ""
    return text.get("en") or next((value for value in text.values() if value), "")
