"""Results of foreign certification schemes: read from their lists, judged by the same rules."""
