"""What a correction changes: only what differs, and nothing that the form does not show."""

from datetime import date

from registry.catalog.corrections import differences

PRESENT = {
    "titles": {"vi": "Đèn", "fr": "Lampes"},
    "domains": ["blockchain", "smart-cities"],
    "effective_from": date(2026, 1, 1),
    "issued": None,
    "instrument": {"number": "1/2026", "url": "https://example.org"},
}


def test_the_same_in_other_words_is_no_difference() -> None:
    wanted = {
        "titles": {"vi": "Đèn"},
        "domains": ["smart-cities", "blockchain"],
        "effective_from": date(2026, 1, 1),
        "issued": None,
        "instrument": {"number": "1/2026", "kind": None},
    }
    assert differences(PRESENT, wanted) == []


def test_what_the_form_does_not_show_stays() -> None:
    (title, number) = differences(
        PRESENT, {"titles": {"vi": "Đèn đường"}, "instrument": {"number": "2/2026"}}
    )
    assert title.after == {"vi": "Đèn đường", "fr": "Lampes"}
    assert number.after == {"number": "2/2026", "url": "https://example.org"}


def test_each_field_that_differs_is_named() -> None:
    found = differences(PRESENT, {"domains": [], "effective_from": None, "issued": "2025"})
    assert [(item.field, item.before, item.after) for item in found] == [
        ("domains", ["blockchain", "smart-cities"], []),
        ("effective_from", date(2026, 1, 1), None),
        ("issued", None, "2025"),
    ]
