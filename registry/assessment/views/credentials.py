"""Certificates as verifiable credentials, and the status lists that they name."""

from flask import Response, request

from registry.accounts.permissions import PUBLIC
from registry.assessment.queries.certificates import find_version
from registry.assessment.services.contexts import VERSION, context_document
from registry.assessment.services.documents import signed_credential
from registry.assessment.services.status_lists import SECONDS_TO_LIVE, signed_status_list
from registry.assessment.views.blueprint import blueprint
from registry.canonical import canonical_json
from registry.credentials import envelope
from registry.credentials.status_list import PURPOSES
from registry.web.access import needs
from registry.web.edge import parts, reading

_PLAIN = "application/vc"
_CONTEXT = "application/ld+json"


@blueprint.get("/certificates/<number>.json")
@needs(PUBLIC)
def certificate_credential(number: str) -> Response:
    """Give the credential: its claims, or the signed token to who prefers that."""
    token = _token(number)
    offered = [_PLAIN, "application/json", envelope.MEDIA_TYPE]
    if request.accept_mimetypes.best_match(offered, _PLAIN) == envelope.MEDIA_TYPE:
        response = _answer(token.encode("ascii"), envelope.MEDIA_TYPE)
    else:
        response = _answer(canonical_json(envelope.unchecked_claims(token)), _PLAIN)
    response.vary.add("Accept")
    return response


@blueprint.get("/certificates/<number>.jwt")
@needs(PUBLIC)
def certificate_token(number: str) -> Response:
    """Give the credential as it was signed."""
    return _answer(_token(number).encode("ascii"), envelope.MEDIA_TYPE)


@blueprint.get(f"/status/<any({', '.join(PURPOSES)}):purpose>/<int:number>")
@needs(PUBLIC)
def status_list(purpose: str, number: int) -> Response:
    """Give the list of certificates that are withdrawn or suspended today, as it was signed."""
    token = signed_status_list(parts(), purpose, number)
    response = _answer(token.encode("ascii"), envelope.MEDIA_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={SECONDS_TO_LIVE}"
    return response


@blueprint.get(f"/contexts/{VERSION}")
@needs(PUBLIC)
def context() -> Response:
    """Say what the register's own members of a credential mean (JSON-LD)."""
    response = _answer(canonical_json(context_document(parts().settings.base_url)), _CONTEXT)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _token(number: str) -> str:
    registry = parts()
    with reading() as session:
        certificate, version = find_version(
            session, number, request.args.get("version"), registry.clock.today()
        )
    sha256 = signed_credential(registry, certificate.id, version)
    return registry.files.get(sha256).decode("ascii")


def _answer(content: bytes, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    # Checkers run in browsers of other sites as well, and nothing in here is secret.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
