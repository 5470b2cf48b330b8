"""Every table of the registry, gathered for migrations and for tests."""

from registry import idempotency
from registry.accounts import models as accounts
from registry.assessment import models as assessment
from registry.catalog import models as catalog
from registry.credentials import models as credentials
from registry.db import Base
from registry.journal import models as journal
from registry.notices import models as notices
from registry.vocabulary import models as vocabulary

metadata = Base.metadata

__all__ = [
    "accounts",
    "assessment",
    "catalog",
    "credentials",
    "idempotency",
    "journal",
    "metadata",
    "notices",
    "vocabulary",
]
