"""Signing keys, signed documents and verifiable credentials; knows no domain and no web."""
