"""Declarations of conformity: the public register, and the page of one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from registry.assessment.presenters.common import Reader, country_names, present_events, printed_hs
from registry.assessment.queries.declarations import DeclarationFacts
from registry.assessment.rules.declaration_status import WITHOUT_BASIS, DeclarationStatus
from registry.assessment.states import EXPIRED, NOT_YET_IN_FORCE


def present_rows(found: Iterable[DeclarationFacts]) -> list[dict[str, Any]]:
    """Return the rows of a list of declarations."""
    return [_row(facts) for facts in found]


def _row(facts: DeclarationFacts) -> dict[str, Any]:
    declaration = facts.declaration
    return {
        "number": declaration.number,
        "demonstration": declaration.demonstration,
        "declarer": facts.declarer.names,
        "product": declaration.content["product"]["name"],
        "regulations": [edition.designation for edition in facts.editions],
        "state": facts.record.state,
        "state_since": facts.record.state_since,
        "status": present_status(facts, facts.status) if facts.status else None,
        "valid_from": declaration.valid_from,
        "valid_until": declaration.valid_until,
    }


def present_status(facts: DeclarationFacts, status: DeclarationStatus) -> dict[str, Any]:
    """Return the status with the day that belongs to it: its first, or the last of validity."""
    since = {
        EXPIRED: facts.declaration.valid_until,
        NOT_YET_IN_FORCE: facts.declaration.valid_from,
    }.get(status.key, status.since)
    return {
        "key": status.key,
        "since": since,
        "reason": status.reason,
        "certificate_status": status.basis.key
        if status.basis and status.key == WITHOUT_BASIS
        else None,
    }


def present_declaration(
    facts: DeclarationFacts, reader: Reader, recorded: Mapping[int, datetime]
) -> dict[str, Any]:
    """Return the page of one declaration; ``recorded`` is when each journal position was."""
    declaration, content = facts.declaration, facts.declaration.content
    return {
        "declaration": {
            **_row(facts),
            "country": country_names(facts.declarer.country),
            "address": facts.declarer.address,
            "identifier": facts.declarer.identifier,
            "models": content["product"]["models"],
            "hs": [printed_hs(code) for code in content["product"]["hs"]],
            "description": content["product"]["description"],
            "editions": [
                {"designation": edition.designation, "slug": edition.slug}
                for edition in facts.editions
            ],
            "basis": reader.texts("declaration-basis", declaration.basis),
            "certificate": declaration.certificate_number,
            "other_certificate": _other(content["other_certificate"]),
            "reports": content["reports"],
            "documents": content["documents"],
            "signatory": content["signatory"],
            "place": content["place"],
            "issued_on": date.fromisoformat(content["issued_on"]),
            "digest": declaration.digest,
            "reasons": facts.record.reasons,
            "version": facts.version,
        },
        "findings": present_findings(facts.record.findings, reader),
        "events": present_events(facts.events, "declaration-event", reader, recorded),
    }


def present_findings(findings: Sequence[Mapping[str, Any]], reader: Reader) -> list[dict[str, Any]]:
    """Return the conditions as ``assessment/_parts.html`` shows them."""
    return [
        {
            "label": reader.texts("declaration-condition", finding["key"]),
            "verdict": finding["verdict"],
            "sentence": finding["sentences"],
            "evidence": finding["evidence"],
            "legal_basis": [reader.texts("legal-basis", key) for key in finding["legal_basis"]],
        }
        for finding in findings
    ]


def _other(certificate: Mapping[str, str] | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    return {**certificate, "issued_on": date.fromisoformat(certificate["issued_on"])}
