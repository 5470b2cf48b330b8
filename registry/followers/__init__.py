"""What follows the journal: the search index and the certificates' PDF files.

Followers are derived. Each keeps its own position in the journal, catches up
after a crash and can be rebuilt; none of them is needed for an answer to be right.
"""
