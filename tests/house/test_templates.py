"""Templates parse, and keep to the Content-Security-Policy that the pages are served under."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.house.paths import TEMPLATES

EVERY = sorted(TEMPLATES.rglob("*.*"))
# Documents for paper are rendered apart, with style sheets of their own.
PAGES = [path for path in EVERY if "pdf" not in path.relative_to(TEMPLATES).parts]

INLINE_CODE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|<[^>]*\son[a-z]+\s*=\s*[\"']|javascript:",
    re.IGNORECASE,
)
OUTSIDE_RESOURCE = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc\s*=\s*[\"']?(?:https?:)?//"
    r"|<link\b[^>]*\brel\s*=\s*[\"']?(?:stylesheet|preload|icon)[^>]*\bhref\s*=\s*[\"']?(?:https?:)?//",
    re.IGNORECASE,
)


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


def test_there_are_templates() -> None:
    assert PAGES


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_template_parses(path: Path) -> None:
    Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(path.read_text("utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_has_no_inline_code_and_no_outside_resource(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not INLINE_CODE.search(source)
    assert not OUTSIDE_RESOURCE.search(source)
