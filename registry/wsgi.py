"""Entry point for WSGI servers: ``registry.wsgi:application``."""

from registry.app import create_app
from registry.config import load_settings
from registry.container import open_registry

application = create_app(open_registry(load_settings()))
