"""What is decided of an import, as a table, and the phases of working on it.

Submitted → waiting → approved → finished. Rows of the register's own list are approved
by another person than the one who uploaded them; rows of others need no approval. The
service checks the persons, the table who may act.
"""

from registry.state_machine import StateMachine, Transition

WAITING = "waiting"
RETURNED = "returned"
APPROVED = "approved"
FINISHED = "finished"

IMPORT = StateMachine(
    "import",
    {
        "submit": Transition(frozenset({RETURNED}), WAITING, "catalogue:import"),
        "approve": Transition(frozenset({WAITING}), APPROVED, "catalogue:approve-import"),
        "return": Transition(frozenset({WAITING}), RETURNED, "catalogue:approve-import"),
        "finish": Transition(frozenset({APPROVED}), FINISHED, "catalogue:import"),
    },
)

# Phases of a job: what the registry does with the file. In some of them a worker is at it.
READING = "reading"
UNREADABLE = "unreadable"
MAPPING = "mapping"
CHECKING = "checking"
CHECKED = "checked"
RUNNING = "running"
DONE = "done"
WORKING = (READING, CHECKING, RUNNING)

# All rows or none, or those that are sound.
ALL = "all"
GOOD = "good"
CHOICES = (ALL, GOOD)
