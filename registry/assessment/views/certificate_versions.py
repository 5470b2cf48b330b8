"""New versions and replacements of certificates: renew, reduce the scope, replace."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.assessment.presenters.certificates import present_certificate
from registry.assessment.queries.certificates import CertificateFacts, find_certificate
from registry.assessment.schemas import RenewalSchema, ReplacementSchema, ScopeReductionSchema
from registry.assessment.services.replacement import open_replacement
from registry.assessment.services.versions import reduce_scope, renew_certificate
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import Data, FormPage, loaded, version
from registry.errors import NotFound
from registry.history import AsOf
from registry.messages import Message
from registry.schema_fields import CommandSchema
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import change, parts, reading

_ADDRESS = "/workspace/certificates/<number>"


@blueprint.route(f"{_ADDRESS}/renew", methods=["GET", "POST"])
@needs("certificate:issue")
def certificate_renew(number: str) -> Response:
    """Decide on a renewal: a later last day under the same number."""

    def command(uow: UnitOfWork, data: Data) -> str:
        renew_certificate(uow, number, data, expected=version())
        return url_for("assessment.certificate_admin", number=number)

    return _form(
        number,
        command,
        template="assessment/certificate_renew.html",
        schema=RenewalSchema(),
        said=gettext("The certificate is renewed; its new version is being made."),
        initial={"effective_on": parts().clock.today().isoformat()},
    )


@blueprint.route(f"{_ADDRESS}/reduce-scope", methods=["GET", "POST"])
@needs("certificate:change-status")
def certificate_reduce_scope(number: str) -> Response:
    """Take models or requirements out from a day on."""

    def command(uow: UnitOfWork, data: Data) -> str:
        reduce_scope(uow, number, data, expected=version())
        return url_for("assessment.certificate_admin", number=number)

    return _form(
        number,
        command,
        template="assessment/certificate_reduce.html",
        schema=ScopeReductionSchema(),
        said=gettext("The scope is reduced; the certificate’s new version is being made."),
        initial={"effective_on": parts().clock.today().isoformat()},
        many=frozenset({"models", "requirements"}),
    )


@blueprint.route(f"{_ADDRESS}/replace", methods=["GET", "POST"])
@needs("certificate:change-status")
def certificate_replace(number: str) -> Response:
    """Open the application whose grant puts another certificate in this one's place."""

    def command(uow: UnitOfWork, data: Data) -> str:
        application = open_replacement(uow, number, data, expected=version())
        return url_for("assessment.application", number=application.number)

    facts = _facts(number)
    product = facts.versions[-1].snapshot["product"]
    return _form(
        number,
        command,
        template="assessment/certificate_replace.html",
        schema=ReplacementSchema(),
        said=gettext("The application for the replacement is open; a reviewer is next."),
        initial={
            "product.name.vi": product["name"]["vi"],
            "product.name.en": product["name"]["en"],
            "product.description": (product["description"] or {}).get("vi"),
            "product.models": "\n".join(product["models"]),
            "product.hs": ", ".join(product["hs"]),
        },
        split=frozenset({"product.models", "product.hs"}),
    )


def _form(
    number: str,
    command: Callable[[UnitOfWork, Data], str],
    *,
    template: str,
    schema: CommandSchema,
    said: str,
    initial: Mapping[str, Any],
    many: frozenset[str] = frozenset(),
    split: frozenset[str] = frozenset(),
) -> Response:
    facts = _facts(number)

    def take(data: Data) -> str:
        with change() as uow:
            return command(uow, data)

    return FormPage(
        template=template,
        read=loaded(schema),
        take=take,
        said=said,
        context={
            "certificate": present_certificate(facts, None),
            "version": facts.version,
            "newest": facts.versions[-1],
        },
        initial=initial,
        many=many,
        split=split,
    ).answer()


def _facts(number: str) -> CertificateFacts:
    with reading() as session:
        found = find_certificate(session, number, AsOf(parts().clock.today())).found
    if found is None:
        raise NotFound(Message("There is no certificate of this number."))
    return found
