"""The commands of ``registry``, one module for each group."""
