"""Standards catalogue and conformity-assessment registry."""
