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

RECEIVED = "received"
JUDGED = "judged"
RETURNED = "returned"

REPORT_REQUEST = StateMachine(
    "report-request",
    {
        "replace": Transition(frozenset({RECEIVED}), RECEIVED, "report:submit"),
        "judge": Transition(frozenset({RECEIVED}), JUDGED, "report:submit"),
        "return": Transition(frozenset({RECEIVED}), RETURNED, "report:submit"),
    },
)
"""A report's way into the register. The receipt puts it into *received*, and until it is
judged its laboratory may send it anew. Judged, it becomes a report, which goes its own way
by the table above. What cannot be taken any more, although it could when it was sent, is
returned with reasons, and its number is free again."""

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

REGISTERED = "registered"

DECLARATION = StateMachine(
    "declaration",
    {
        "register": Transition(frozenset({SUBMITTED}), REGISTERED, "declaration:decide"),
        "refuse": Transition(frozenset({SUBMITTED}), REFUSED, "declaration:decide"),
        "take-back": Transition(frozenset({SUBMITTED}), WITHDRAWN, "declaration:submit"),
    },
)
"""A declaration's way into the register. The rules put it into its first state: registered
where the register itself shows the basis, else submitted to an officer, who registers or
refuses it in writing. Its declarer may take it back until then."""

DECLARATION_STATUS = StateMachine(
    "declaration",
    {
        "suspend": Transition(
            frozenset({IN_FORCE, NOT_YET_IN_FORCE}), "suspended", "declaration:change-status"
        ),
        "reinstate": Transition(frozenset({SUSPENDED}), "reinstated", "declaration:change-status"),
        "withdraw": Transition(
            frozenset({IN_FORCE, NOT_YET_IN_FORCE, SUSPENDED}),
            "withdrawn",
            "declaration:change-status",
        ),
    },
)
"""What may befall a registered declaration, read like the table of certificates."""

OPEN = "open"
ANSWERED = "answered"
CLOSED = "closed"

INFORMATION_REQUEST = StateMachine(
    "information-request",
    {
        "answer": Transition(frozenset({OPEN}), ANSWERED, "application:answer"),
        "close": Transition(frozenset({OPEN}), CLOSED, "application:ask"),
    },
)
"""A request for information on an application. It begins open; the applicant answers it,
or the office that asked closes it without an answer."""

OPEN = "open"
DONE = "done"
CLOSED = "closed"

TASK = StateMachine(
    "task",
    {
        "assign": Transition(frozenset({OPEN}), OPEN, "task:handle"),
        "finish": Transition(frozenset({OPEN}), DONE, "task:handle"),
    },
)
"""A task's way. What made it needless, such as a reinstatement, closes it without a
person: that needs no permission of its own."""

PLANNED = "planned"
DROPPED = "dropped"

SURVEILLANCE = StateMachine(
    "surveillance",
    {
        "plan": Transition(frozenset(), PLANNED, "surveillance:keep"),
        "move": Transition(frozenset({PLANNED}), PLANNED, "surveillance:keep"),
        "finish": Transition(frozenset({PLANNED}), DONE, "surveillance:keep"),
        "drop": Transition(frozenset({PLANNED}), DROPPED, "surveillance:keep"),
    },
)
"""A surveillance activity's way (ISO/IEC 17065, 7.9): planned, moved, done with a result."""
