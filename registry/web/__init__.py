"""What all views share: access, errors, languages, paging, entity tags, headers."""
