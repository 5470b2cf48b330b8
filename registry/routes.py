"""Every blueprint of the application, and where it is mounted."""

from flask import Flask
from flask_wtf import CSRFProtect

from registry.accounts.views import blueprint as accounts
from registry.api import register_api
from registry.assessment.views import blueprint as assessment
from registry.catalog.views import catalog, search_pages
from registry.notices.views import blueprint as notices
from registry.site import identity_views, journal_views, proof_views, public_views, workspace_views


def register_routes(app: Flask, csrf: CSRFProtect) -> None:
    """Mount pages and API. Pages need a CSRF token to change anything, the API a bearer token."""
    for blueprint in (
        public_views.blueprint,
        search_pages,
        catalog,
        assessment,
        notices,
        journal_views.blueprint,
        proof_views.blueprint,
        identity_views.blueprint,
        workspace_views.blueprint,
        accounts,
    ):
        app.register_blueprint(blueprint)
    register_api(app, csrf)
