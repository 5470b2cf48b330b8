"""Public pages of certificates: checking a number, the list, the file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.assessment import states
from registry.assessment.numbers import NumberReading, make, parse
from registry.assessment.presenters.certificates import present_answer, present_rows
from registry.assessment.queries.certificates import (
    CertificateCheck,
    Finding,
    find_certificate,
    find_version,
)
from registry.assessment.queries.certificates import certificates as find_certificates
from registry.assessment.queries.declarations import registered_declaration
from registry.assessment.queries.overview import count_certificates
from registry.assessment.queries.versions import replacing_number
from registry.assessment.services.documents import signed_pdf
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.catalog.models import Edition
from registry.credentials.identity import DOCUMENT
from registry.credentials.key_register import signs_for_trial
from registry.errors import NotFound
from registry.history import AsOf
from registry.journal.queries import recorded_at, recorded_at_each
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
        return verify_page("", None)
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
    return verify_page(typed[:_LONGEST_SHOWN], {"number": [problem]}), 422


@blueprint.get("/verify/<number>")
@needs(PUBLIC)
def verify(number: str) -> BaseResponse:
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
        if check.finding is Finding.UNKNOWN and _is_declaration(session, number, as_of):
            args = {**request.args, "number": check.number}
            return redirect(url_for("assessment.declaration", **args))
        answer, status = _answer(session, check, as_of)
    page = render_template(
        "public/verify.html",
        number=check.number or number[:_LONGEST_SHOWN],
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        **answer,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


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
    """Give the file of the version that holds today, or of ``?version=``; made now if need be."""
    registry = parts()
    with reading() as session:
        certificate, version = find_version(
            session, number, request.args.get("version"), registry.clock.today()
        )
    sha256 = signed_pdf(registry, certificate.id, version)
    response = Response(registry.files.get(sha256), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{certificate.number}.pdf"'
    # What is signed never changes, but whether it is still true does, and it may be signed anew.
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _is_declaration(session: Session, number: str, as_of: AsOf) -> bool:
    """Whether a number is not a certificate's but that of a registered declaration."""
    try:
        registered_declaration(session, number, as_of)
    except NotFound:
        return False
    return True


def _answer(session: Session, check: CertificateCheck, as_of: AsOf) -> tuple[dict[str, Any], int]:
    """Return the answer's part of the context, and the HTTP status that says the same."""
    facts = check.found
    nothing: dict[str, Any] = {
        "since": None,
        "reason": None,
        "replaced_by": None,
        "certificate": None,
        "versions": [],
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
        return {**nothing, "outcome": "not-registered", "coverage": coverage(session)}, 404
    edition = select(Edition.slug).where(Edition.id == facts.certificate.edition_id)
    answer = present_answer(
        facts,
        session.scalar(edition),
        recorded_at_each(session, {event.known_from for event in facts.events}),
        page_reader(session),
        replaced_by=replacing_number(session, facts.certificate.id, as_of)
        if any(event.kind == states.REPLACED for event in facts.events)
        else None,
    )
    number = facts.certificate.number
    version = facts.said.number if len(facts.versions) > 1 else None
    return {
        **nothing,
        **answer,
        "pdf_href": url_for("assessment.certificate_pdf", number=number, version=version),
        "credential_href": url_for("assessment.certificate_token", number=number, version=version),
        "trial_signature": signs_for_trial(session, DOCUMENT),
        "json_href": url_for(
            "Certificates.show_certificate",
            number=number,
            at=asked_date("at"),
            known=asked_date("known"),
        ),
    }, 200


def verify_page(typed: str, errors: Mapping[str, Sequence[str]] | None) -> str:
    """Return the page that asks for a number or a file."""
    today = parts().clock.today()
    with reading() as session:
        covered = coverage(session)
    return render_template(
        "public/verify_form.html",
        number=typed,
        errors=errors,
        example=str(make(parts().settings.number_prefix, today.year, 123)),
        coverage=covered,
    )


def coverage(session: Session) -> dict[str, Any] | None:
    """Return since when this register is complete: from its first journal entry on."""
    first = recorded_at(session, 1)
    if first is None:
        return None
    since: date = first.astimezone(parts().settings.zone).date()
    return {"since": since, "certificates": count_certificates(session)}
