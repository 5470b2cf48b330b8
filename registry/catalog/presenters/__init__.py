"""Turns facts of the catalogue into what pages and the API show."""
