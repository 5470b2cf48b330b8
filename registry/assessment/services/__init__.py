"""What changes the assessment side: one function for each command, on a unit of work."""
