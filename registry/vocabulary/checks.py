"""Checks of keys that commands carry against the vocabularies of the day."""

from collections.abc import Sequence

from registry.errors import Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.queries import terms


def require_term(uow: UnitOfWork, vocabulary: str, key: str | None, field: str) -> None:
    """Raise ``Invalid`` on ``field`` unless ``key`` is a term of today; None passes."""
    check_key([term.key for term in terms(uow.session, vocabulary, AsOf(uow.today))], key, field)


def check_key(keys: Sequence[str], key: str | None, field: str) -> None:
    """Raise ``Invalid`` on ``field`` unless ``key`` is one of ``keys``; None passes."""
    if key is not None and key not in keys:
        raise Invalid.one(
            field,
            Message(
                "“{key}” is not known here; choose one of: {keys}.", key=key, keys=", ".join(keys)
            ),
        )
