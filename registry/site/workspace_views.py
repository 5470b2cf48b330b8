"""The workspace: what a signed-in person may do next, by the permissions they hold."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from registry.accounts.permissions import SIGNED_IN
from registry.web.access import needs
from registry.web.edge import current_actor

blueprint = Blueprint("workspace", __name__)

# Permission, endpoint, title and what one does there, in the order of the page.
_DESKS = (
    (
        "edition:read-drafts",
        "catalog.desk",
        "Editions",
        "Draft, propose and approve standards and technical regulations.",
    ),
    (
        "body:register",
        "assessment.officer_desk",
        "Bodies and arrangements",
        "Register laboratories, their accreditations and scopes, and recognition arrangements.",
    ),
    (
        "application:submit",
        "assessment.my_applications",
        "My applications",
        "Apply for assessment of a product and follow each step.",
    ),
    (
        "report:submit",
        "assessment.my_reports",
        "My reports",
        "Submit a test report and see at once why it is accepted or refused.",
    ),
    (
        "application:read-all",
        "assessment.applications_desk",
        "Applications",
        "Take up, review and decide applications; see every report with its conditions.",
    ),
    (
        "certificate:change-status",
        "assessment.certificates_desk",
        "Certificates",
        "Suspend, reinstate or withdraw certificates.",
    ),
    (
        "account:manage",
        "accounts.users",
        "Accounts",
        "Give people accounts and roles.",
    ),
    (
        SIGNED_IN,
        "accounts.account",
        "My account",
        "Password and API tokens.",
    ),
)


@blueprint.get("/workspace")
@needs(SIGNED_IN)
def home() -> str:
    """Show the desks that the reader's roles open."""
    desks = [
        {"href": url_for(endpoint), "title": gettext(title), "words": gettext(words)}
        for permission, endpoint, title, words in _DESKS
        if current_actor().may(permission)
    ]
    return render_template("site/workspace.html", desks=desks)
