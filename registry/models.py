"""Every table of the registry, gathered for migrations and for tests."""

from registry import idempotency
from registry.accounts import models as accounts
from registry.assessment import models as assessment
from registry.catalog import models as catalog
from registry.db import Base
from registry.journal import models as journal
from registry.vocabulary import models as vocabulary

metadata = Base.metadata

__all__ = ["accounts", "assessment", "catalog", "idempotency", "journal", "metadata", "vocabulary"]
