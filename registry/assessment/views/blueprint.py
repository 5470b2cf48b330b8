"""The blueprint that the pages of the assessment side share."""

from flask import Blueprint

blueprint = Blueprint("assessment", __name__)
