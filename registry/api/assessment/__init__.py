"""Resources of the assessment side."""

from flask_smorest import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
