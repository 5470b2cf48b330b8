"""Typed errors that services raise.

They say what is wrong in the words of the field and know nothing of HTTP: one
map at the edge (``registry.web.errors``) turns each of them into a page or an
RFC 9457 problem document.
"""

from collections.abc import Mapping, Sequence

# Marks a text for the catalogues; the edge looks it up there.
N_ = str

_FIELDS_WRONG = N_("Some fields need your attention.")


class RegistryError(Exception):
    """Base of every error that a user of the registry may be shown."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(RegistryError):
    """The thing named does not exist, or did not on the day or at the position asked."""


class Denied(RegistryError):
    """The actor is known but may not do this."""


class NotSignedIn(Denied):
    """Nobody, or nobody any more, is signed in; the action needs an actor."""


class Conflict(RegistryError):
    """The action contradicts a fact that the register holds."""


class Stale(Conflict):
    """The actor decided on a version of the thing that is no longer the latest."""


class BadTransition(Conflict):
    """The state machine has no such action from the present state."""


class Busy(RegistryError):
    """A shared resource is locked by someone else; the same request may succeed later."""


class Invalid(RegistryError):
    """Input that cannot be accepted.

    ``fields`` maps the path of each field ("results.0.limit_upper") to its
    messages; an error that belongs to no single field is filed under "".
    """

    def __init__(
        self,
        fields: Mapping[str, Sequence[str]],
        message: str = _FIELDS_WRONG,
    ) -> None:
        super().__init__(message)
        self.fields: dict[str, list[str]] = {path: list(texts) for path, texts in fields.items()}

    @classmethod
    def one(cls, field: str, text: str) -> "Invalid":
        """One message about one field."""
        return cls({field: [text]})
