"""The workflows of the catalogue, as tables.

An edition goes draft → (public comment) → proposed → published → withdrawn. The
person who approves is another than the one who drafted; the service checks that,
the table who may act. An entry of the programme of work goes from planned to
published, and may be dropped and taken up again.
"""

from registry.state_machine import StateMachine, Transition

DRAFT = "draft"
PUBLIC_COMMENT = "public-comment"
PROPOSED = "proposed"
PUBLISHED = "published"
WITHDRAWN = "withdrawn"

EDITION = StateMachine(
    "edition",
    {
        "revise": Transition(frozenset({DRAFT}), DRAFT, "edition:draft"),
        "open-comment": Transition(frozenset({DRAFT}), PUBLIC_COMMENT, "edition:open-comment"),
        "extend-comment": Transition(
            frozenset({PUBLIC_COMMENT}), PUBLIC_COMMENT, "edition:open-comment"
        ),
        "close-comment": Transition(frozenset({PUBLIC_COMMENT}), DRAFT, "edition:open-comment"),
        "submit": Transition(frozenset({DRAFT, PUBLIC_COMMENT}), PROPOSED, "edition:submit"),
        "return": Transition(frozenset({PROPOSED}), DRAFT, "edition:return"),
        "approve": Transition(frozenset({PROPOSED}), PUBLISHED, "edition:approve"),
        "correct": Transition(frozenset({PUBLISHED}), PUBLISHED, "edition:correct"),
        "confirm": Transition(frozenset({PUBLISHED}), PUBLISHED, "edition:confirm"),
        "end-part": Transition(frozenset({PUBLISHED}), PUBLISHED, "edition:withdraw"),
        "restore-part": Transition(frozenset({PUBLISHED}), PUBLISHED, "edition:withdraw"),
        "withdraw": Transition(frozenset({PUBLISHED}), WITHDRAWN, "edition:withdraw"),
    },
)

PLANNED = "planned"
DRAFTING = "drafting"
COMMENT = "comment"
SUBMITTED = "submitted"
DROPPED = "dropped"

_KEEP = "programme:keep"

PROGRAMME = StateMachine(
    "planned-entry",
    {
        "start": Transition(frozenset({PLANNED, COMMENT, SUBMITTED}), DRAFTING, _KEEP),
        "consult": Transition(frozenset({PLANNED, DRAFTING}), COMMENT, _KEEP),
        "submit": Transition(frozenset({DRAFTING, COMMENT}), SUBMITTED, _KEEP),
        "publish": Transition(frozenset({DRAFTING, COMMENT, SUBMITTED}), PUBLISHED, _KEEP),
        "drop": Transition(frozenset({PLANNED, DRAFTING, COMMENT, SUBMITTED}), DROPPED, _KEEP),
        "resume": Transition(frozenset({DROPPED}), PLANNED, _KEEP),
    },
)
