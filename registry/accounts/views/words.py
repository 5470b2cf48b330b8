"""What roles and scopes are called in the reader's language."""

from flask_babel import lazy_gettext

from registry.accounts.views.blueprint import blueprint

ROLE_WORDS = {
    "editor": lazy_gettext("Standards editor"),
    "approver": lazy_gettext("Standards approver"),
    "officer": lazy_gettext("Accreditation and designating officer"),
    "reviewer": lazy_gettext("Certification reviewer"),
    "decision_maker": lazy_gettext("Certification decision maker"),
    "laboratory": lazy_gettext("Laboratory or other conformity assessment body"),
    "business": lazy_gettext("Business"),
    "administrator": lazy_gettext("Administrator"),
}

SCOPE_WORDS = {
    "catalogue:read": lazy_gettext("Read drafts of catalogue entries"),
    "catalogue:write": lazy_gettext(
        "Draft, submit and correct catalogue entries, record obligations and import"
    ),
    "catalogue:approve": lazy_gettext("Approve, return and withdraw catalogue entries"),
    "bodies:write": lazy_gettext(
        "Register bodies and record accreditations, designations and arrangements"
    ),
    "applications:read": lazy_gettext("Read applications"),
    "applications:write": lazy_gettext("Submit and withdraw applications"),
    "applications:process": lazy_gettext("Take up, review and decide applications"),
    "declarations:read": lazy_gettext("Read declarations of conformity"),
    "declarations:write": lazy_gettext("Submit declarations of conformity"),
    "declarations:process": lazy_gettext("Register declarations and change their status"),
    "reports:read": lazy_gettext("Read reports"),
    "reports:write": lazy_gettext("Submit reports"),
    "reports:decide": lazy_gettext("Decide on reports"),
    "certificates:issue": lazy_gettext("Issue and renew certificates"),
    "certificates:change-status": lazy_gettext(
        "Suspend, reinstate, withdraw, reduce and replace certificates"
    ),
    "desk": lazy_gettext("Read the desk, handle tasks, plan surveillance"),
    "webhooks": lazy_gettext("Keep webhook endpoints"),
}


@blueprint.context_processor
def words() -> dict[str, dict[str, str]]:
    """Give templates ``role_words`` and ``scope_words``: key → words, in table order."""
    return {
        "role_words": {key: str(text) for key, text in ROLE_WORDS.items()},
        "scope_words": {key: str(text) for key, text in SCOPE_WORDS.items()},
    }
