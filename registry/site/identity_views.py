"""Who signs for the register: its did:web document and its keys, for any checker."""

from flask import Blueprint, Response, request

from registry.accounts.permissions import PUBLIC
from registry.canonical import canonical_json
from registry.credentials.identity import did_document, jwks
from registry.credentials.key_register import keys
from registry.web.access import needs
from registry.web.edge import parts, reading

blueprint = Blueprint("identity", __name__)

_SECONDS = 300


@blueprint.get("/.well-known/did.json")
@needs(PUBLIC)
def did_json() -> Response:
    """Give the document of the register's decentralised identifier."""
    with reading() as session:
        document = did_document(parts().settings.base_url, keys(session))
    return _public(document, "application/did+json")


@blueprint.get("/.well-known/jwks.json")
@needs(PUBLIC)
def jwks_json() -> Response:
    """Give the public keys of the register's credentials (RFC 7517)."""
    with reading() as session:
        document = jwks(parts().settings.base_url, keys(session))
    return _public(document, "application/jwk-set+json")


def _public(document: dict[str, object], media_type: str) -> Response:
    response = Response(canonical_json(document), mimetype=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    response.add_etag()
    response.make_conditional(request)
    return response
