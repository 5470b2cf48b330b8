"""The workspace: what a signed-in person may do next, by the permissions they hold."""

from flask import Blueprint, render_template, url_for

from registry.accounts.permissions import SIGNED_IN
from registry.messages import Message
from registry.web.access import needs
from registry.web.edge import current_actor
from registry.web.i18n import translate

blueprint = Blueprint("workspace", __name__)

# Permission, endpoint, title and what one does there, in the order of the page.
_DESKS = (
    (
        "desk:use",
        "assessment.desk",
        Message("Desk"),
        Message("Everything that waits for you, the most urgent first, and why."),
    ),
    (
        "edition:read-drafts",
        "catalog.desk",
        Message("Editions"),
        Message("Draft, propose and approve standards and technical regulations."),
    ),
    (
        "programme:keep",
        "catalog.programme_page",
        Message("Programme of work"),
        Message("Plan entries and record how far they have come."),
    ),
    (
        "catalogue:read-imports",
        "catalog.imports",
        Message("Import of spreadsheets"),
        Message("Bring in a whole list from Excel or CSV: check every row before it counts."),
    ),
    (
        "body:register",
        "assessment.officer_desk",
        Message("Bodies and arrangements"),
        Message(
            "Register laboratories, their accreditations and scopes, and recognition arrangements."
        ),
    ),
    (
        "application:submit",
        "assessment.my_applications",
        Message("My applications"),
        Message("Apply for assessment of a product and follow each step."),
    ),
    (
        "declaration:submit",
        "assessment.my_declarations",
        Message("My declarations"),
        Message("Declare conformity of a product and get the receipt of its registration."),
    ),
    (
        "report:submit",
        "assessment.my_reports",
        Message("My reports"),
        Message("Submit a test report and see at once why it is accepted or refused."),
    ),
    (
        "application:read-all",
        "assessment.applications_desk",
        Message("Applications"),
        Message("Take up, review and decide applications; see every report with its conditions."),
    ),
    (
        "declaration:read-all",
        "assessment.declarations_desk",
        Message("Declarations of conformity"),
        Message("Register or refuse what businesses declare."),
    ),
    (
        "certificate:follow",
        "assessment.certificates_desk",
        Message("Certificates"),
        Message("Suspend, reinstate, withdraw, renew, reduce or replace certificates."),
    ),
    (
        "surveillance:keep",
        "assessment.surveillance",
        Message("Surveillance"),
        Message("Plan visits and samples and record what came of them."),
    ),
    (
        "webhook:keep",
        "notices.endpoints",
        Message("Webhooks"),
        Message("Let your programs be told when something of yours changes."),
    ),
    (
        SIGNED_IN,
        "notices.notices",
        Message("Notices"),
        Message("What was recorded that concerns your organisation."),
    ),
    (
        "account:manage",
        "accounts.list_users",
        Message("Accounts"),
        Message("Give people accounts and roles."),
    ),
    (
        SIGNED_IN,
        "accounts.searches",
        Message("Saved searches"),
        Message("Searches that you keep, one click away."),
    ),
    (
        SIGNED_IN,
        "accounts.account",
        Message("My account"),
        Message("Password and API tokens."),
    ),
)


@blueprint.get("/workspace")
@needs(SIGNED_IN)
def home() -> str:
    """Show the desks that the reader's roles open."""
    desks = [
        {"href": url_for(endpoint), "title": translate(title), "words": translate(words)}
        for permission, endpoint, title, words in _DESKS
        if current_actor().may(permission)
    ]
    return render_template("site/workspace.html", desks=desks)
