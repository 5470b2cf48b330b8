"""Runs every follower once."""

from registry.container import Registry
from registry.followers.certificates import follow as follow_certificates
from registry.followers.checkpoints import follow as follow_checkpoints
from registry.followers.foreign import follow as follow_foreign
from registry.followers.notices import follow as follow_notices
from registry.followers.reports import follow as follow_reports
from registry.followers.search import follow as follow_search
from registry.followers.uploads import follow as follow_uploads


def follow_all(registry: Registry) -> None:
    """Bring every follower up to the journal's end."""
    follow_reports(registry)
    follow_foreign(registry)
    follow_search(registry)
    follow_certificates(registry)
    follow_checkpoints(registry)
    follow_notices(registry)
    follow_uploads(registry)
