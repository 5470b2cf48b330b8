"""Organisations, their people, roles and API tokens."""
