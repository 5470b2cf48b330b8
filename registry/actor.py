"""Who acts: a signed-in person, an API token on their behalf, or the registry itself."""

from dataclasses import dataclass, field

from registry.errors import Denied, NotSignedIn


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor as services see it.

    ``reference`` is what the public journal shows ("user:3", "system:import"):
    never a name or an address. ``permissions`` are the rows of the permission
    table that this actor holds now.
    """

    reference: str
    user_id: int | None = None
    organisation_id: int | None = None
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    permissions: frozenset[str] = field(default_factory=frozenset)
    everything: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether a person or the registry itself stands behind the action."""
        return self.everything or self.user_id is not None

    def may(self, permission: str) -> bool:
        """Whether the actor holds ``permission``."""
        return self.everything or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise ``NotSignedIn`` or ``Denied`` unless the actor holds ``permission``."""
        if self.may(permission):
            return
        if not self.signed_in:
            raise NotSignedIn("Please sign in first.")
        raise Denied("Your role does not allow this.")


ANYONE = Actor(reference="anyone")


def system_actor(name: str) -> Actor:
    """Return the registry itself, acting as ``name`` ("import", "demo", "worker")."""
    return Actor(reference=f"system:{name}", name=name, everything=True)
