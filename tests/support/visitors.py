"""Visitors of the pages: anybody, and people signed in with the roles they hold."""

import re
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient

from registry.accounts.models import User
from registry.accounts.schemas import CreateUser, OrganisationData
from registry.accounts.services.organisations import register_organisation
from registry.accounts.services.users import create_user
from registry.actor import system_actor
from registry.container import Registry
from registry.schema_fields import load

PASSWORD = "ba con trâu đen ăn cỏ"


def account(registry: Registry, *roles: str) -> User:
    """Open an account that holds ``roles``, in an organisation of its own."""
    name = "-".join(roles) or "nobody"
    organisation = {"names": {"vi": f"Tổ chức {name}"}, "country": "VN"}
    typed = {
        "email": f"{name}@example.vn",
        "name": f"Người {name}",
        "password": PASSWORD,
        "roles": list(roles),
    }
    with registry.units(system_actor("test")) as uow:
        made = register_organisation(uow, load(OrganisationData(), organisation))
        return create_user(uow, load(CreateUser(), {**typed, "organisation_id": made.id}))


def sign_in(client: FlaskClient, registry: Registry, user: User) -> None:
    """Give ``client`` the session that signing in would give it."""
    with client.session_transaction() as session:
        session["user"] = user.id
        session["epoch"] = user.session_epoch
        session["since"] = registry.clock.now().isoformat()


def visitor(app: Flask, registry: Registry, *roles: str) -> FlaskClient:
    """Return a client signed in with an account of its own that holds ``roles``."""
    client = app.test_client()
    sign_in(client, registry, account(registry, *roles))
    return client


def csrf_token(page: str) -> str:
    """Return the token of the first form of ``page`` that changes something."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


class Text(HTMLParser):
    """The text that a reader is shown, element by element, with its language."""

    VOID = frozenset({"meta", "link", "img", "input", "br", "hr", "source", "wbr", "path", "use"})
    UNSEEN = frozenset({"script", "style"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.languages: list[tuple[str, str | None]] = []
        self.pieces: list[tuple[str | None, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the language from here on."""
        if tag not in self.VOID:
            inherited = self.languages[-1][1] if self.languages else None
            self.languages.append((tag, dict(attrs).get("lang") or inherited))

    def handle_endtag(self, tag: str) -> None:
        """Forget the language of the element that ends."""
        names = [name for name, _ in self.languages]
        if tag in names:
            del self.languages[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        words = " ".join(data.split())
        if words and self.languages and self.languages[-1][0] not in self.UNSEEN:
            self.pieces.append((self.languages[-1][1], words))

    def language(self) -> str | None:
        """Return the language that the page itself is in."""
        return self.pieces[0][0] if self.pieces else None

    def in_language(self, language: str) -> list[str]:
        """Return the pieces that say they are in ``language``."""
        return [words for spoken, words in self.pieces if spoken == language]
