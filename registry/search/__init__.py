"""Full-text search: the engine interface and the engine on Whoosh. Knows no domain."""
