"""The pages' own Jinja environment, and the labels they print."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError

from registry.pdf.bundle import TEMPLATES
from registry.pdf.figures import interval_figure, qr_code
from registry.pdf.text import long_date

Labels = Mapping[str, Mapping[str, str]]


@cache
def labels() -> Labels:
    """Return the labels of ``labels.json``: key → language → text."""
    document = json.loads(files("registry.pdf").joinpath("labels.json").read_text("utf-8"))
    return dict(document["labels"])


def label(key: str) -> Mapping[str, str]:
    """Return the label ``key`` in all its languages; ``UndefinedError`` for an unknown key."""
    try:
        return labels()[key]
    except KeyError:
        raise UndefinedError(f"no label {key!r} in labels.json") from None


def languages(first: str) -> list[str]:
    """Return the languages of a document: ``first``, then the others the labels have.

    Raises ``ValueError`` where there are no labels in ``first``.
    """
    every = list(next(iter(labels().values())))
    if first not in every:
        raise ValueError(f"no labels in language {first!r}")
    return [first, *(language for language in every if language != first)]


def _printed(value: Any) -> Any:
    """Stop the output where a page prints an unknown value instead of saying it is unknown."""
    if value is None:
        raise UndefinedError("a page tried to print an unknown value (None)")
    return value


@cache
def environment() -> Environment:
    """Return the environment of ``templates/pdf``: strict, escaping, with no view's helpers."""
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals.update(label=label, qr_code=qr_code, interval_figure=interval_figure)
    pages.filters["long_date"] = long_date
    return pages
