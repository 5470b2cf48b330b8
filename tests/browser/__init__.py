"""Journeys through a running registry in a real browser."""
