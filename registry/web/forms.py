"""Turns the flat fields of an HTML form into the nested data that schemas load."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from registry.errors import Invalid, RegistryError
from registry.web.i18n import translate, translate_fields

MAX_INDEX = 500
_DEEPEST = 8  # No command has parts within parts within parts beyond that.


def nested(form: MultiDict[str, str], lists: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return ``form`` nested by its dotted names.

    "titles.vi" becomes ``{"titles": {"vi": …}}``; "relations.0.type" an item of a
    list. Fields named in ``lists`` hold all values sent under their name. Items of
    which every field is blank are left out: a form shows spare lines. So are names of
    more than eight parts, which no form of ours has.
    """
    tree: dict[str, Any] = {}
    for name in form:
        values = form.getlist(name)
        value: Any = [v for v in values if v.strip()] if name in lists else values[-1]
        path = name.split(".", _DEEPEST)
        if len(path) <= _DEEPEST:
            _put(tree, path, value)
    return {key: _listed(branch) for key, branch in tree.items()}


def form_errors(error: RegistryError) -> dict[str, list[str]]:
    """Return what a form shows of ``error``; what concerns no field is filed under ""."""
    if isinstance(error, Invalid):
        return translate_fields(error.fields)
    return {"": [translate(error.message)]}


def flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested data under dotted names, for showing it in a form again."""
    fields: dict[str, Any] = {}
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            fields |= flat(value, f"{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, item in enumerate(value):
                fields |= flat(item, f"{name}.{number}.")
        else:
            fields[name] = value
    return fields


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        branch = tree.setdefault(part, {})
        if not isinstance(branch, dict):
            return
        tree = branch
    if not isinstance(tree.get(path[-1]), dict):
        tree[path[-1]] = value


def _listed(branch: Any) -> Any:
    """Turn ``{"0": …, "1": …}`` into a list without its blank items."""
    if not isinstance(branch, dict):
        return branch
    inner = {key: _listed(value) for key, value in branch.items()}
    if inner and all(key.isascii() and key.isdigit() for key in inner):
        rows = sorted(
            ((int(key[:6]), value) for key, value in inner.items()), key=lambda row: row[0]
        )
        return [value for index, value in rows if index <= MAX_INDEX and not _blank(value)]
    return inner


def _blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(_blank(inner) for inner in value.values())
    return not value
