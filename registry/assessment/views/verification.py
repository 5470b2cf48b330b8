"""Public pages of certificates: checking a number, the list, the file."""

from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.assessment.numbers import NumberReading, make, parse
from registry.assessment.presenters.certificates import present_answer, present_rows
from registry.assessment.queries.certificates import (
    CertificateCheck,
    Finding,
    find_certificate,
)
from registry.assessment.queries.certificates import certificates as find_certificates
from registry.assessment.queries.overview import count_certificates
from registry.assessment.services.documents import signed_pdf
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.catalog.models import Edition
from registry.credentials.identity import DOCUMENT
from registry.credentials.key_register import signs_for_trial
from registry.errors import NotFound
from registry.history import AsOf
from registry.journal.queries import recorded_at
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading
from registry.web.limits import count_checks
from registry.web.paging import decode_cursor

_LONGEST_SHOWN = 60


@blueprint.get("/verify")
@needs(PUBLIC)
def verify_form() -> BaseResponse | tuple[str, int] | str:
    """Ask for a certificate number; a number given leads to its answer."""
    typed = request.args.get("number")
    if typed is None:
        return _form("", None)
    reading_of = parse(typed)
    if reading_of.number is not None:
        return redirect(url_for("assessment.verify", number=str(reading_of.number)))
    if reading_of.reading is NumberReading.MISTYPED:
        return redirect(url_for("assessment.verify", number=typed.strip().replace("/", "-")))
    problem = (
        gettext("This is not the number of a certificate: it reads like the example.")
        if typed.strip()
        else gettext("Type the number of the certificate.")
    )
    return _form(typed[:_LONGEST_SHOWN], problem), 422


@blueprint.get("/verify/<number>")
@needs(PUBLIC)
def verify(number: str) -> BaseResponse | tuple[str, int]:
    """Say whether a certificate is genuine and in force on the day asked."""
    count_checks(1)
    with reading() as session:
        as_of = asked_as_of(session)
        check = find_certificate(session, number, as_of)
        if check.finding is Finding.NOT_A_NUMBER:
            return redirect(url_for("assessment.verify_form", number=number[:_LONGEST_SHOWN]))
        if check.number is not None and check.number != number:
            args: dict[str, Any] = {**request.args, "number": check.number}
            return redirect(url_for("assessment.verify", **args))
        answer, status = _answer(session, check)
    page = render_template(
        "public/verify.html",
        number=check.number or number[:_LONGEST_SHOWN],
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        **answer,
    )
    return page, status


@blueprint.get("/certificates")
@needs(PUBLIC)
def certificates() -> str:
    """List the certificates issued, the newest first, with their status on a day."""
    cursor = decode_cursor(request.args.get("cursor"), int)
    with reading() as session:
        as_of = asked_as_of(session)
        found = find_certificates(
            session, as_of, after=cursor[0] if cursor else None, limit=PAGE + 1
        )
    address = {"at": asked_date("at"), "known": as_of.known}
    return render_template(
        "assessment/certificates.html",
        certificates=present_rows(found[:PAGE]),
        asked_on=as_of.at,
        **address,
        pager=cursor_pager(
            "assessment.certificates",
            first_page=cursor is None,
            following=found[PAGE - 1].certificate.id if len(found) > PAGE else None,
            **address,
        ),
    )


@blueprint.get("/certificates/<number>.pdf")
@needs(PUBLIC)
def certificate_pdf(number: str) -> Response:
    """Give the certificate's file; made now if it has not been made yet."""
    registry = parts()
    with reading() as session:
        check = find_certificate(session, number, AsOf(registry.clock.today()))
    if check.found is None:
        raise NotFound("There is no certificate of this number.")
    certificate = check.found.certificate
    sha256 = signed_pdf(registry, certificate.id)
    response = Response(registry.files.get(sha256), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{certificate.number}.pdf"'
    # What is signed never changes, but whether it is still true does, and it may be signed anew.
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _answer(session: Session, check: CertificateCheck) -> tuple[dict[str, Any], int]:
    """Return the answer's part of the context, and the HTTP status that says the same."""
    facts = check.found
    nothing: dict[str, Any] = {
        "since": None,
        "reason": None,
        "replaced_by": None,
        "certificate": None,
        "events": [],
        "coverage": None,
        "suggestion": check.suggestion,
        "pdf_href": None,
        "credential_href": None,
        "trial_signature": False,
        "json_href": None,
    }
    if check.finding is Finding.MISTYPED:
        return {**nothing, "outcome": "mistyped"}, 422
    if facts is None:
        return {**nothing, "outcome": "not-registered", "coverage": _coverage(session)}, 404
    edition = session.get(Edition, facts.certificate.edition_id)
    moments = {
        event.known_from: moment
        for event in facts.events
        if (moment := recorded_at(session, event.known_from)) is not None
    }
    answer = present_answer(
        facts,
        edition.slug if edition else None,
        moments,
        page_reader(session),
    )
    number = facts.certificate.number
    return {
        **nothing,
        **answer,
        "pdf_href": url_for("assessment.certificate_pdf", number=number),
        "credential_href": url_for("assessment.certificate_token", number=number),
        "trial_signature": signs_for_trial(session, DOCUMENT),
        "json_href": url_for(
            "Certificates.show_certificate",
            number=number,
            at=asked_date("at"),
            known=asked_date("known"),
        ),
    }, 200


def _form(typed: str, problem: str | None) -> str:
    today = parts().clock.today()
    with reading() as session:
        coverage = _coverage(session)
    return render_template(
        "public/verify_form.html",
        number=typed,
        errors={"number": [problem]} if problem else None,
        example=str(make(parts().settings.number_prefix, today.year, 123)),
        coverage=coverage,
    )


def _coverage(session: Session) -> dict[str, Any] | None:
    """Return since when this register is complete: from its first journal entry on."""
    first = recorded_at(session, 1)
    if first is None:
        return None
    since: date = first.astimezone(parts().settings.zone).date()
    return {"since": since, "certificates": count_certificates(session)}
