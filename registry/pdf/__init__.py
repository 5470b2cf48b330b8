"""Documents as PDF: a template and plain data in, bytes out; knows no domain and no web."""
