"""The blueprint that the pages of notices and webhooks share."""

from flask import Blueprint

blueprint = Blueprint("notices", __name__)
