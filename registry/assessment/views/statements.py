"""Documents for the parties of a decision, drawn when they ask for them."""

from flask import Response

from registry.accounts.permissions import SIGNED_IN
from registry.assessment.services.statements import application_refusal, report_statement
from registry.assessment.views.blueprint import blueprint
from registry.web.access import needs
from registry.web.downloads import drawn_pdf
from registry.web.edge import asked_as_of, current_actor, parts, reading


@blueprint.get("/workspace/reports/<int:report_id>.pdf")
@needs(SIGNED_IN)
def report_pdf(report_id: int) -> Response:
    """Give the statement on a report to its laboratory, its applicant or an officer."""
    with reading() as session:
        as_of = asked_as_of(session)
        made = report_statement(session, current_actor(), report_id, as_of, parts().settings)
    return drawn_pdf(made.draw, name=made.name, digest=made.digest)


@blueprint.get("/workspace/applications/<number>/refusal.pdf")
@needs(SIGNED_IN)
def refusal_pdf(number: str) -> Response:
    """Give the letter that refuses an application to its applicant or an officer."""
    with reading() as session:
        as_of = asked_as_of(session)
        made = application_refusal(session, current_actor(), number, as_of, parts().settings)
    return drawn_pdf(made.draw, name=made.name, digest=made.digest)
