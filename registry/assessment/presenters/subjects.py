"""Where the pages of the journal's subjects are."""

from typing import Any

from registry.assessment.presenters.common import Reader
from registry.assessment.queries.subjects import SubjectFacts

# Page and the argument that takes the thing's name; officers see more of some.
_PAGES = {
    "certificate": ("assessment.verify", "number"),
    "application": ("assessment.application", "number"),
    "report": ("assessment.report", "report_id"),
    "declaration": ("assessment.declaration_file", "number"),
    "body": ("assessment.body", "slug"),
    "accreditation": ("assessment.body", "slug"),
    "arrangement": ("assessment.arrangement", "slug"),
}
_OFFICERS = {
    "certificate": ("assessment.certificate_admin", "number"),
    "accreditation": ("assessment.body_admin", "slug"),
}


def page_of_subject(kind: str, name: str, *, officer: bool = False) -> dict[str, Any] | None:
    """Return ``{"endpoint", "arguments"}`` of a thing's page; None where it has none."""
    found = (_OFFICERS.get(kind) if officer else None) or _PAGES.get(kind)
    if found is None or not name:
        return None
    endpoint, argument = found
    return {"endpoint": endpoint, "arguments": {argument: int(name) if kind == "report" else name}}


def befallen(cause: str, kind: str, reader: Reader) -> str:
    """Return in words what befell the cause of a task: "suspended", "designation ended"."""
    foreign = cause.startswith("foreign-result:")
    return reader.label("foreign-result-status" if foreign else "task-cause", kind)


def present_subject(facts: SubjectFacts | None, *, officer: bool = False) -> dict[str, Any] | None:
    """Return a thing as a link: label, status and page; None for what is not known."""
    if facts is None:
        return None
    return {
        "kind": facts.kind,
        "label": facts.label,
        "status": facts.status,
        "page": page_of_subject(facts.kind, facts.name, officer=officer),
    }
