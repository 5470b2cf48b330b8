"""Import of catalogue records in bulk: formats, validation, writing."""
