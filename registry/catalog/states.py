"""The publishing workflow of the register's own editions, as a table.

Draft → proposed → published → withdrawn. The person who approves is another
than the one who drafted; the service checks that, the table who may act.
"""

from registry.state_machine import StateMachine, Transition

DRAFT = "draft"
PROPOSED = "proposed"
PUBLISHED = "published"
WITHDRAWN = "withdrawn"

EDITION = StateMachine(
    "edition",
    {
        "revise": Transition(frozenset({DRAFT}), DRAFT, "edition:draft"),
        "submit": Transition(frozenset({DRAFT}), PROPOSED, "edition:submit"),
        "return": Transition(frozenset({PROPOSED}), DRAFT, "edition:return"),
        "approve": Transition(frozenset({PROPOSED}), PUBLISHED, "edition:approve"),
        "correct": Transition(frozenset({PUBLISHED}), PUBLISHED, "edition:correct"),
        "withdraw": Transition(frozenset({PUBLISHED}), WITHDRAWN, "edition:withdraw"),
    },
)
