"""Commands on organisations, users, roles and tokens, and who an actor is."""
