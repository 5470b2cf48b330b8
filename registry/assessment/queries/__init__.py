"""Questions to the assessment side, each answered as of a day and a journal position."""
