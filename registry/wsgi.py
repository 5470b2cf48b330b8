"""Entry point for WSGI servers: ``registry.wsgi:application``."""

from registry.app import create_app
from registry.config import load_settings
from registry.container import open_registry
from registry.garbage import collect_seldom

application = create_app(open_registry(load_settings()))
collect_seldom()
