"""Questions to the catalogue: as valid on a day, as known at a journal position."""
