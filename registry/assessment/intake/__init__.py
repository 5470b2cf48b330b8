"""How reports come in: drafts, spreadsheets, and files sent piece by piece."""
