"""The permission table: who may do what. Every route and every transition names one row.

Names read ``resource:action``. A role is a column, a permission a row; nothing
else in the code decides by role.
"""

ROLES: dict[str, str] = {
    "editor": "Standards editor",
    "approver": "Standards approver",
    "officer": "Accreditation and designating officer",
    "reviewer": "Certification reviewer",
    "decision_maker": "Certification decision maker",
    "laboratory": "Laboratory or other conformity assessment body",
    "business": "Business",
    "administrator": "Administrator",
}

# A permission that everybody holds, signed in or not, and one that every account holds.
PUBLIC = "public:read"
SIGNED_IN = "account:use"

_ALL = frozenset(ROLES)

PERMISSIONS: dict[str, frozenset[str]] = {
    SIGNED_IN: _ALL,
    "token:manage-own": _ALL,
    "account:manage": frozenset({"administrator"}),
    "contact:read": frozenset({"officer", "administrator"}),
    # Catalogue
    "edition:read-drafts": frozenset({"editor", "approver"}),
    "edition:draft": frozenset({"editor"}),
    "edition:open-comment": frozenset({"editor"}),
    "comment:make": _ALL,
    "comment:answer": frozenset({"editor"}),
    "edition:submit": frozenset({"editor"}),
    "edition:approve": frozenset({"approver"}),
    "edition:return": frozenset({"approver"}),
    "edition:correct": frozenset({"editor"}),
    "edition:confirm": frozenset({"approver"}),
    "edition:withdraw": frozenset({"approver"}),
    "obligation:record": frozenset({"editor"}),
    "programme:keep": frozenset({"editor"}),
    "catalogue:follow": frozenset({"editor", "administrator"}),
    "catalogue:import": frozenset({"editor", "administrator"}),
    "catalogue:read-imports": frozenset({"editor", "approver", "administrator"}),
    "catalogue:approve-import": frozenset({"approver"}),
    # Bodies and arrangements
    "body:register": frozenset({"officer"}),
    "accreditation:record": frozenset({"officer"}),
    "designation:record": frozenset({"officer"}),
    "arrangement:record": frozenset({"officer"}),
    "foreign-result:import": frozenset({"officer"}),
    # Assessment
    "application:submit": frozenset({"business"}),
    "application:read-own": frozenset({"business"}),
    "application:read-all": frozenset({"officer", "reviewer", "decision_maker"}),
    "application:withdraw": frozenset({"business"}),
    "application:take-up": frozenset({"officer"}),
    "application:review": frozenset({"reviewer"}),
    "application:decide": frozenset({"decision_maker"}),
    "application:ask": frozenset({"officer", "reviewer", "decision_maker"}),
    "application:answer": frozenset({"business"}),
    "declaration:submit": frozenset({"business"}),
    "declaration:read-own": frozenset({"business"}),
    "declaration:read-all": frozenset({"officer"}),
    "declaration:decide": frozenset({"officer"}),
    "declaration:change-status": frozenset({"officer"}),
    "report:submit": frozenset({"laboratory"}),
    "file:upload": frozenset({"laboratory", "business"}),
    "report:read-own": frozenset({"laboratory", "business"}),
    "report:read-all": frozenset({"officer", "reviewer", "decision_maker"}),
    "report:decide": frozenset({"officer"}),
    "certificate:issue": frozenset({"decision_maker"}),
    "certificate:change-status": frozenset({"officer"}),
    "certificate:follow": frozenset({"officer", "decision_maker"}),
    # Desk, surveillance, webhooks
    "desk:use": frozenset({"officer", "reviewer", "decision_maker"}),
    "task:handle": frozenset({"officer", "reviewer", "decision_maker"}),
    "surveillance:keep": frozenset({"officer"}),
    "webhook:keep": frozenset({"laboratory", "business"}),
}


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Return the permissions that somebody with ``roles`` holds."""
    return frozenset(name for name, holders in PERMISSIONS.items() if holders & roles) | {PUBLIC}
