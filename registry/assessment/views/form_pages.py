"""One way to answer a form: show it, add or drop a line, take it, or show it again as typed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.history import AsOf
from registry.schema_fields import CommandSchema, load
from registry.vocabulary.queries import terms
from registry.web.edge import parts, reading
from registry.web.errors import classify
from registry.web.forms import flat, form_errors, nested
from registry.web.i18n import localise

Data = dict[str, Any]
Errors = Mapping[str, Sequence[str]]
Options = list[tuple[str, str]]

# Names of the buttons that change how many lines a form shows; they store nothing.
MORE = "more"
REMOVE = "remove"

_LINE_NUMBER = re.compile(r"\.[0-9]+\.")


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A form and what happens when it is sent.

    ``read`` turns the nested fields into a command's data, or raises ``Invalid``.
    ``take`` does what the form asks for and returns the address to go to next.
    ``lines`` names the list of which more lines can be asked for; a new line takes
    the fields ``carried`` over from the one before. ``many`` are fields with several
    values; ``split`` are texts that hold one value per line or between commas, with
    "*" for the number of a line. ``receive`` takes the files that came with the form and
    puts what they are into its fields, so that nobody sends them twice.
    """

    template: str
    read: Callable[[Data], Data]
    take: Callable[[Data], str]
    said: str
    context: Mapping[str, Any] = field(default_factory=dict)
    initial: Mapping[str, Any] = field(default_factory=dict)
    lines: str | None = None
    carried: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    split: frozenset[str] = frozenset()
    receive: Callable[[MultiDict[str, str]], None] | None = None

    def answer(self) -> Response:
        """Answer the present request."""
        if request.method == "GET":
            return self._page(self.initial, {})
        fields = self._fields()
        refused = self._received(fields)
        typed = nested(fields, self.many)
        values = flat(typed)
        if refused is not None:
            return self._page(values, form_errors(refused), status=classify(refused)[0])
        if self.lines and MORE in fields:
            return self._page(values, {}, more=True)
        if self.lines and REMOVE in fields:
            return self._page(values, {})
        pieces = {
            name: _split_text(typed, name)
            for name in values
            if _LINE_NUMBER.sub(".*.", name) in self.split
        }
        try:
            address = self.take(self.read(typed))
        except (NotFound, NotSignedIn):
            raise
        except RegistryError as error:
            return self._page(values, _errors(error, pieces), status=classify(error)[0])
        flash(self.said, "success")
        return redirect(address, 303)

    def _received(self, fields: MultiDict[str, str]) -> RegistryError | None:
        """Take the files of the form; return what one of them was refused for."""
        try:
            if self.receive is not None:
                self.receive(fields)
        except (NotFound, NotSignedIn):
            raise
        except RegistryError as error:
            return error
        return None

    def _fields(self) -> MultiDict[str, str]:
        dropped = f"{self.lines}.{request.form.get(REMOVE, '')}."
        return MultiDict(
            (name, value)
            for name, value in request.form.items(multi=True)
            if not (self.lines and name.startswith(dropped))
        )

    def _page(
        self, values: Mapping[str, Any], errors: Errors, *, status: int = 200, more: bool = False
    ) -> Response:
        shown = dict(values)
        rows = self._rows(shown)
        if more:
            shown |= {
                f"{self.lines}.{rows}.{name}": shown.get(f"{self.lines}.{rows - 1}.{name}", "")
                for name in self.carried
            }
            rows += 1
        page = render_template(
            self.template, values=shown, errors=errors, rows=range(rows), **self.context
        )
        return make_response(page, status)

    def _rows(self, values: Mapping[str, Any]) -> int:
        if self.lines is None:
            return 0
        # Names are typed by the sender too: only what `nested` makes of a list counts as a line.
        numbers = re.compile(rf"{self.lines}\.([0-9]{{1,3}})\.")
        used = [int(found[1]) for name in values if (found := numbers.match(name))]
        return max(used, default=0) + 1


def loaded(schema: CommandSchema) -> Callable[[Data], Data]:
    """Return a ``read`` that loads a form with ``schema``."""

    def read(typed: Data) -> Data:
        return load(schema, typed, form=True)

    return read


def version() -> int | None:
    """Return the version of the facts that the sender of this form looked at."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text[:18].isdigit() else None


def options(vocabulary: str) -> Options:
    """Return the terms of today, for a select."""
    with reading() as session:
        found = terms(session, vocabulary, AsOf(parts().clock.today()))
    return [(term.key, localise(term.labels).text) for term in found]


def _errors(error: RegistryError, pieces: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """File errors about one value of a split text under the text, naming the value."""
    errors: dict[str, list[str]] = {}
    for path, texts in form_errors(error).items():
        owner, _, index = path.rpartition(".")
        if owner in pieces and index.isdigit() and int(index) < len(pieces[owner]):
            value = pieces[owner][int(index)]
            errors.setdefault(owner, []).extend(f"“{value[:60]}”: {text}" for text in texts)
        else:
            errors.setdefault(path, []).extend(texts)
    return errors


def _split_text(typed: Data, path: str) -> list[str]:
    """Replace the text at ``path`` by its values, and return them."""
    *parents, name = path.split(".")
    branch: Any = typed
    for parent in parents:
        branch = branch[int(parent)] if isinstance(branch, list) else branch[parent]
    text = branch[name]
    if not isinstance(text, str):
        return []
    values = text.replace(";", "\n").replace(",", "\n").splitlines()
    branch[name] = [value.strip() for value in values if value.strip()]
    return list(branch[name])
