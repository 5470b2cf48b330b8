"""Resources of the assessment side."""

BLUEPRINTS = ()
