"""The state tables of the assessment side: who may take what from where to where."""

from registry.state_machine import StateMachine, Transition

SUBMITTED = "submitted"
EVALUATION = "evaluation"
REVIEW = "review"
GRANTED = "granted"
REFUSED = "refused"
WITHDRAWN = "withdrawn"

# While one of these lasts, results may be submitted for the application.
OPEN_FOR_REPORTS = frozenset({SUBMITTED, EVALUATION})
DECIDED = frozenset({GRANTED, REFUSED, WITHDRAWN})

APPLICATION = StateMachine(
    "application",
    {
        "submit": Transition(frozenset(), SUBMITTED, "application:submit"),
        "take-up": Transition(frozenset({SUBMITTED}), EVALUATION, "application:take-up"),
        "review": Transition(frozenset({EVALUATION}), REVIEW, "application:review"),
        "grant": Transition(frozenset({REVIEW}), GRANTED, "application:decide"),
        "refuse": Transition(frozenset({REVIEW}), REFUSED, "application:decide"),
        "withdraw": Transition(
            frozenset({SUBMITTED, EVALUATION, REVIEW}), WITHDRAWN, "application:withdraw"
        ),
    },
)
"""An application's way, by the steps of ISO/IEC 17065, 7.2 to 7.6.

An officer's *take-up* is the application review of 7.3: it accepts the
application, names that officer its evaluator and begins the evaluation, so
"accepted for review" and "evaluation" are one state. Reports are judged as they
arrive; when what is there suffices, a reviewer *reviews* it (7.5) and leaves a
recommendation; a third person *grants* or *refuses* (7.6).
"""

ACCEPTED = "accepted"
REFERRED = "referred"
REPLACED = "replaced"

# Which state the rules' outcome puts a report into.
STATE_AFTER = {"accept": ACCEPTED, "refuse": REFUSED, "refer": REFERRED}

REPORT = StateMachine(
    "report",
    {
        "accept": Transition(frozenset({REFUSED, REFERRED}), ACCEPTED, "report:decide"),
        "refuse": Transition(frozenset({ACCEPTED, REFERRED}), REFUSED, "report:decide"),
        "replace": Transition(frozenset({ACCEPTED, REFUSED, REFERRED}), REPLACED, "report:submit"),
    },
)
"""A report's way. The rules put it into its first state on receipt: accepted,
refused, or referred to an officer, who may also decide otherwise than the rules
did, in writing. An amended report (ISO/IEC 17025, 7.8.8) replaces an earlier one."""

IN_FORCE = "in_force"
NOT_YET_IN_FORCE = "not_yet_in_force"
SUSPENDED = "suspended"
EXPIRED = "expired"

CERTIFICATE = StateMachine(
    "certificate",
    {
        "suspend": Transition(
            frozenset({IN_FORCE, NOT_YET_IN_FORCE}), "suspended", "certificate:change-status"
        ),
        "reinstate": Transition(frozenset({SUSPENDED}), "reinstated", "certificate:change-status"),
        "withdraw": Transition(
            frozenset({IN_FORCE, NOT_YET_IN_FORCE, SUSPENDED}),
            "withdrawn",
            "certificate:change-status",
        ),
    },
)
"""What may befall a certificate (ISO/IEC 17065, 7.11). The sources are its statuses
on the effective day, as computed from its events; the target is the kind of the
event recorded."""

ACCREDITATION = StateMachine(
    "accreditation",
    {
        "extended": Transition(frozenset({IN_FORCE}), "extended", "accreditation:record"),
        "reduced": Transition(frozenset({IN_FORCE, SUSPENDED}), "reduced", "accreditation:record"),
        "suspended": Transition(frozenset({IN_FORCE}), "suspended", "accreditation:record"),
        "reinstated": Transition(frozenset({SUSPENDED}), "reinstated", "accreditation:record"),
        "withdrawn": Transition(
            frozenset({IN_FORCE, SUSPENDED}), "withdrawn", "accreditation:record"
        ),
    },
)
"""What may befall an accreditation (ISO/IEC 17011, 7.11), read like the table above."""
