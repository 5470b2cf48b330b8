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
from registry.assessment.queries.versions import replacing_number
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services import certificates as service
from registry.assessment.states import CERTIFICATE, IN_FORCE, NOT_YET_IN_FORCE, SUSPENDED
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import version
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors, nested
from registry.web.paging import decode_cursor

_COMMANDS = {
    "suspend": service.suspend_certificate,
    "reinstate": service.reinstate_certificate,
    "withdraw": service.withdraw_certificate,
}

_BEGUN_OR_NOT = frozenset({IN_FORCE, NOT_YET_IN_FORCE})

# Who may begin a new version or a replacement, from which statuses; the services decide.
_CHANGES = {
    "renew": ("certificate:issue", frozenset({IN_FORCE})),
    "reduce-scope": ("certificate:change-status", _BEGUN_OR_NOT | {SUSPENDED}),
    "replace": ("certificate:change-status", _BEGUN_OR_NOT),
}


@blueprint.get("/workspace/certificates")
@needs("certificate:follow")
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
        pager=cursor_pager(
            "assessment.certificates_desk",
            first_page=cursor is None,
            following=found[PAGE - 1].certificate.id if len(found) > PAGE else None,
        ),
    )
    return make_response(page, 422 if problem else 200)


@blueprint.get("/workspace/certificates/<number>")
@needs("certificate:follow")
def certificate_admin(number: str) -> Response:
    """Show a certificate with what may befall it from here."""
    return _page(number, {}, {})


@blueprint.post("/workspace/certificates/<number>/<any(suspend, reinstate, withdraw):action>")
@needs("certificate:change-status")
def certificate_change(number: str, action: str) -> Response:
    """Suspend, reinstate or withdraw from a day on, with the reason."""
    try:
        # The page shows one form for each action, so that each has field names of its own.
        typed = nested(request.form).get(action)
        data = load(StatusChangeSchema(), typed if isinstance(typed, dict) else {})
        with change() as uow:
            _COMMANDS[action](uow, number, data, expected=version())
    except (NotFound, NotSignedIn):
        raise
    except RegistryError as error:
        errors = {
            f"{action}.{name}" if name else "": texts for name, texts in form_errors(error).items()
        }
        return _page(number, errors, request.form, classify(error)[0])
    flash(
        gettext("The change is recorded; checking the number shows it from its day on."), "success"
    )
    return redirect(url_for("assessment.certificate_admin", number=number), 303)


def _page(
    number: str,
    errors: Mapping[str, list[str]],
    typed: Mapping[str, str],
    status: int = 200,
) -> Response:
    today = parts().clock.today()
    with reading() as session:
        as_of = AsOf(today)
        facts = _facts(find_certificate(session, number, as_of).found)
        replaced_by = replacing_number(session, facts.certificate.id, as_of)
        context = present_answer(facts, None, {}, page_reader(session), replaced_by=replaced_by)
    page = render_template(
        "assessment/certificate_admin.html",
        **context,
        version=facts.version,
        actions=CERTIFICATE.actions_from(facts.status.key, current_actor()),
        changes=_changes(facts.status.key),
        errors=errors,
        typed=typed,
        today=today,
    )
    return make_response(page, status)


def _changes(status: str) -> list[str]:
    """Return what the reader may do to what the certificate says, from its status of today."""
    actor = current_actor()
    return [
        action
        for action, (permission, sources) in _CHANGES.items()
        if status in sources and actor.may(permission)
    ]


def _facts(found: CertificateFacts | None) -> CertificateFacts:
    if found is None:
        raise NotFound("There is no certificate of this number.")
    return found
