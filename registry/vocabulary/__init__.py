"""Vocabularies: domains, ministries, methods, stages … as dated data, never as code."""
