"""Benchmarks: each figure of the registry beside a plain reference from the same run.

Machines differ and are noisy, so ratios and medians are what counts; nothing here
is a test.
"""
