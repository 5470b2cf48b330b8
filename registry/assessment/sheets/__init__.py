"""Files of scope lines and listings: read, judged row by row, previewed, recorded."""
