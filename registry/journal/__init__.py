"""The journal: every change of fact, in order, append-only, verifiable by anyone."""
