"""The blueprints that the catalogue's pages share."""

from flask import Blueprint

catalog = Blueprint("catalog", __name__)
search_pages = Blueprint("search", __name__)
