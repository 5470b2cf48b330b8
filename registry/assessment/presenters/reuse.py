"""What a form offers of facts that the register holds already."""

from collections.abc import Iterable
from typing import Any

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import ApplicationDraft
from registry.assessment.presenters.common import country_names
from registry.assessment.queries.reports import ReportFacts
from registry.assessment.queries.reuse import KnownProduct


def present_reuse(
    applicant: OrganisationRecord | None,
    products: Iterable[KnownProduct],
    reports: Iterable[ReportFacts],
) -> dict[str, Any]:
    """Return who applies, which products were named before, which reports can be relied on."""
    return {
        "applicant": None
        if applicant is None
        else {
            "names": applicant.names,
            "country": country_names(applicant.country),
            "address": applicant.address,
            "identifier": applicant.identifier,
        },
        "products": [
            {
                "number": item.number,
                "name": item.product["name"],
                "models": item.product["models"],
                "regulation": item.regulation,
            }
            for item in products
        ],
        "usable_reports": [
            {
                "id": facts.report.id,
                "number": facts.report.number,
                "laboratory": facts.laboratory.names,
                "issued_on": facts.report.issued_on,
                "item": facts.report.content["item"]["description"],
            }
            for facts in reports
        ],
    }


def present_drafts(drafts: Iterable[ApplicationDraft]) -> list[dict[str, Any]]:
    """Return the drafts that a person can go on with."""
    return [
        {
            "key": draft.key,
            "name": draft.values.get("product.name.vi") or draft.values.get("product.name.en"),
            "regulation": draft.values.get("regulation"),
            "saved_at": draft.saved_at,
        }
        for draft in drafts
    ]
