"""Documents, their editions and what connects them: the catalogue of standards."""
