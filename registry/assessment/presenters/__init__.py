"""Turns the facts of the assessment side into what its pages show."""
