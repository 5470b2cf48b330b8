"""Composition root of the web application."""

from flask import Flask, g
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from registry.accounts.sessions import load_actor
from registry.config import MAX_REQUEST_BYTES, STATIC_FOLDER, TEMPLATE_FOLDER
from registry.container import Registry
from registry.routes import register_routes
from registry.site.context import init_pages
from registry.web.edge import DatabaseInteger, refuse_unprintable
from registry.web.errors import init_errors
from registry.web.headers import init_headers
from registry.web.i18n import init_i18n
from registry.web.limits import init_limits


def create_app(registry: Registry, *, testing: bool = False) -> Flask:
    """Return the WSGI application that serves ``registry``."""
    settings = registry.settings
    app = Flask("registry", template_folder=str(TEMPLATE_FOLDER), static_folder=str(STATIC_FOLDER))
    app.config.update(
        TESTING=testing,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        TRANSLATION_FOLDER=STATIC_FOLDER.parent / "registry" / "web" / "translations",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["registry"] = registry

    if settings.trusted_proxies:
        # Behind proxies the visitor's address and scheme stand in headers that the last
        # ones of the chain set; without them anyone could write those headers.
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]

    Bootstrap5(app)
    csrf = CSRFProtect(app)
    init_i18n(app, str(settings.zone))
    init_headers(app)
    init_errors(app)
    init_limits(app)
    init_pages(app)

    app.url_map.converters["int"] = DatabaseInteger
    app.before_request(refuse_unprintable)

    @app.before_request
    def identify() -> None:
        g.actor = load_actor()

    register_routes(app, csrf)
    return app
