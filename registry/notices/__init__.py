"""Who is told of what: notices, mail and webhooks, all derived from the journal."""
