"""How files are handed out: what strangers made never to be run, what is drawn only if changed."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from flask import Response, request, send_file

# Kinds that browsers show without running anything of the file's own.
_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
_ANY = "application/octet-stream"


def stranger_file(path: Path, media_type: str, name: str, digest: str) -> Response:
    """Answer with a file that was uploaded, to be saved and not opened in this site's name.

    ``media_type`` is what its content was found to be; anything a browser could run is
    sent as plain bytes. The sandbox holds even where a browser shows it all the same.
    """
    response = send_file(
        path, mimetype=media_type if media_type in _SHOWN else _ANY, conditional=True, etag=digest
    )
    plain = name.encode("ascii", "replace").decode().replace('"', "'").replace("\\", "_")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def drawn_pdf(draw: Callable[[], bytes], *, name: str, digest: str) -> Response:
    """Answer with a PDF that follows from data of this ``digest``; not drawn for who has it."""
    response = Response(mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(digest)
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(draw())
    return response
