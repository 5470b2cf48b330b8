"""Conformity assessment: bodies, accreditations, arrangements, reports and certificates."""
