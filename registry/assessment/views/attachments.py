"""Files of reports, for those whom the report concerns."""

from werkzeug.wrappers import Response

from registry.accounts.permissions import SIGNED_IN
from registry.assessment.services.attachments import attachment_for
from registry.assessment.views.blueprint import blueprint
from registry.history import AsOf
from registry.storage import FileStore
from registry.web.access import needs
from registry.web.downloads import stranger_file
from registry.web.edge import current_actor, parts, reading


@blueprint.get("/workspace/reports/<int:report_id>/attachments/<sha256>")
@needs(SIGNED_IN)
def report_attachment(report_id: int, sha256: str) -> Response:
    """Give a file of a report to its laboratory, its applicant or those who handle it."""
    with reading() as session:
        found = attachment_for(
            session, current_actor(), report_id, sha256, AsOf(parts().clock.today())
        )
    store = FileStore(parts().settings.attachments_dir)
    return stranger_file(store.path(found.sha256), found.media_type, found.name, found.sha256)
