"""Pages of accounts: signing in, one's own account, and the administration of accounts."""

from registry.accounts.views import account, administration, saved_searches, sign_in, words
from registry.accounts.views.blueprint import blueprint

__all__ = ["account", "administration", "blueprint", "saved_searches", "sign_in", "words"]
