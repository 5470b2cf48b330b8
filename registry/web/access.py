"""Every route names one row of the permission table."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from registry.accounts.permissions import PERMISSIONS, PUBLIC
from registry.web.edge import current_actor

View = TypeVar("View", bound=Callable[..., Any])

ATTRIBUTE = "registry_permission"


def needs(permission: str) -> Callable[[View], View]:
    """Let only actors with ``permission`` call the view; ``PUBLIC`` lets everybody.

    An unknown permission is a programming error and stops the start.
    """
    if permission != PUBLIC and permission not in PERMISSIONS:
        raise KeyError(f"no such permission: {permission}")

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if permission != PUBLIC:
                current_actor().require(permission)
            return view(*args, **kwargs)

        setattr(checked, ATTRIBUTE, permission)
        return cast(View, checked)

    return decorate
