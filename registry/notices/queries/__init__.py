"""Questions about notices and webhooks."""
