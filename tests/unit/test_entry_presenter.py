"""Small pieces of the entry page: titles in order, last days, counts."""

from datetime import date

import pytest

from registry.catalog.presenters.common import adoption, body_name, titles_in_order, until
from registry.catalog.status import IN_FORCE, NOT_YET_IN_FORCE, UNKNOWN, WITHDRAWN, Change

TITLES = {"en": "Lamps", "fr": "Lampes", "vi": "Đèn"}


@pytest.mark.parametrize(
    ("language", "order"), [("vi", ["vi", "en", "fr"]), ("en", ["en", "vi", "fr"])]
)
def test_the_readers_language_comes_first(language: str, order: list[str]) -> None:
    assert [title["lang"] for title in titles_in_order(TITLES, language)] == order


def test_languages_without_a_title_are_left_out() -> None:
    assert titles_in_order({"vi": "", "zh": "灯"}, "vi") == [{"lang": "zh", "text": "灯"}]
    assert titles_in_order({}, "vi") == []


def test_a_status_lasts_until_the_day_before_the_next() -> None:
    changes = [
        Change(None, NOT_YET_IN_FORCE),
        Change(date(2025, 2, 15), IN_FORCE),
        Change(date(2026, 1, 1), WITHDRAWN),
    ]
    assert until(changes, changes[0]) == date(2025, 2, 14)
    assert until(changes, changes[1]) == date(2025, 12, 31)
    assert until(changes, changes[2]) is None
    assert until([Change(None, UNKNOWN)], Change(None, UNKNOWN)) is None


def test_a_foreign_publisher_is_its_own_name() -> None:
    labels = {("issuing-body", "bkhcn"): {"vi": "Bộ Khoa học và Công nghệ"}}
    assert body_name(labels, "bkhcn") == {"vi": "Bộ Khoa học và Công nghệ"}
    assert body_name(labels, "ISO/IEC") == "ISO/IEC"
    assert body_name(labels, None) is None


def test_what_adopts_nothing_has_no_adoption() -> None:
    assert adoption(()) is None
