"""Pages that belong to no single part: home, journal, open data, workspace, problems."""
