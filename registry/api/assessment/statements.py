"""Documents for the parties of a decision: statements on reports, refusals of applications."""

from flask import Response

from registry.accounts.permissions import SIGNED_IN
from registry.api.assessment.reports import ONE
from registry.api.parameters import AS_OF
from registry.api.resource import Resource
from registry.assessment.services.statements import application_refusal, report_statement
from registry.web.downloads import drawn_pdf
from registry.web.edge import asked_as_of, current_actor, parts, reading

blueprint = Resource("Statements", "Decisions as documents, for those whom they concern")

PDF = "application/pdf"


@blueprint.question(f"{ONE}/statement", None, query=AS_OF, permission=SIGNED_IN, produces=PDF)
def show_statement(report_id: int) -> Response:
    """Give the statement on a report as PDF: each condition, each number, the reasons."""
    with reading() as session:
        as_of = asked_as_of(session)
        made = report_statement(session, current_actor(), report_id, as_of, parts().settings)
    return drawn_pdf(made.draw, name=made.name, digest=made.digest)


@blueprint.question(
    "/applications/<number>/refusal", None, query=AS_OF, permission=SIGNED_IN, produces=PDF
)
def show_refusal(number: str) -> Response:
    """Give the letter that refuses an application as PDF, with its reasons."""
    with reading() as session:
        as_of = asked_as_of(session)
        made = application_refusal(session, current_actor(), number, as_of, parts().settings)
    return drawn_pdf(made.draw, name=made.name, digest=made.digest)
