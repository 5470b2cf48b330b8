"""The JSON API under /api/v1, its OpenAPI document and its docs page."""

from registry.api.setup import register_api

__all__ = ["register_api"]
