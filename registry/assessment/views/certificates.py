"""The certificates desk: suspend, reinstate, withdraw."""

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.assessment.presenters.certificates import present_answer, present_rows
from registry.assessment.queries.certificates import (
    CertificateFacts,
    Finding,
    find_certificate,
)
from registry.assessment.queries.certificates import certificates as find_certificates
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services import certificates as service
from registry.assessment.states import CERTIFICATE
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import version
from registry.assessment.views.verification import certificates_pager
from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.vocabulary.queries import all_labels
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors
from registry.web.i18n import current_language
from registry.web.paging import decode_cursor

PAGE = 50

_COMMANDS = {
    "suspend": service.suspend_certificate,
    "reinstate": service.reinstate_certificate,
    "withdraw": service.withdraw_certificate,
}


@blueprint.get("/workspace/certificates")
@needs("certificate:change-status")
def certificates_desk() -> Response:
    """List the certificates, the newest first; ``?number=`` leads to one of them."""
    typed = request.args.get("number", "").strip()[:60]
    problem = None
    as_of = AsOf(parts().clock.today())
    cursor = decode_cursor(request.args.get("cursor"), int)
    with reading() as session:
        if "number" in request.args:
            check = find_certificate(session, typed, as_of)
            if check.finding is Finding.FOUND:
                return redirect(url_for("assessment.certificate_admin", number=check.number))
            problem = gettext("There is no certificate of this number.")
        found = find_certificates(
            session, as_of, after=cursor[0] if cursor else None, limit=PAGE + 1
        )
    page = render_template(
        "assessment/certificates_desk.html",
        certificates=present_rows(found[:PAGE]),
        typed=typed,
        errors={"number": [problem]} if problem else {},
        pager=certificates_pager("assessment.certificates_desk", found, PAGE, cursor, {}),
    )
    return make_response(page, 422 if problem else 200)


@blueprint.get("/workspace/certificates/<number>")
@needs("certificate:change-status")
def certificate_admin(number: str) -> Response:
    """Show a certificate with what may befall it from here."""
    return _page(number, {}, {})


@blueprint.post(
    "/workspace/certificates/<number>/<any(suspend, reinstate, withdraw):action>"
)
@needs("certificate:change-status")
def certificate_change(number: str, action: str) -> Response:
    """Suspend, reinstate or withdraw from a day on, with the reason."""
    form = request.form.to_dict()
    try:
        data = load(StatusChangeSchema(), form, form=True)
        with change() as uow:
            _COMMANDS[action](uow, number, data, expected=version())
    except (NotFound, NotSignedIn):
        raise
    except RegistryError as error:
        errors = {_field(action, name): texts for name, texts in form_errors(error).items()}
        typed = {_field(action, name): text for name, text in form.items()}
        return _page(number, errors, typed, classify(error)[0])
    flash(gettext("The change is recorded; checking the number shows it from its day on."), "success")
    return redirect(url_for("assessment.certificate_admin", number=number), 303)


def _field(action: str, name: str) -> str:
    """The page shows several forms with the same fields; each action has its own names."""
    return f"{action}.{name}" if name else ""


def _page(
    number: str,
    errors: Mapping[str, list[str]],
    typed: Mapping[str, str],
    status: int = 200,
) -> Response:
    today = parts().clock.today()
    with reading() as session:
        facts = _facts(find_certificate(session, number, AsOf(today)).found)
        context = present_answer(facts, None, {}, all_labels(session), current_language())
    page = render_template(
        "assessment/certificate_admin.html",
        **context,
        version=facts.version,
        actions=CERTIFICATE.actions_from(facts.status.key, current_actor()),
        errors=errors,
        typed=typed,
        today=today,
    )
    return make_response(page, status)


def _facts(found: CertificateFacts | None) -> CertificateFacts:
    if found is None:
        raise NotFound("There is no certificate of this number.")
    return found
