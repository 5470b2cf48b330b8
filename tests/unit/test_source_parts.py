from registry.catalog.presenters.common import source_parts


def test_addresses_in_a_source_are_links_that_show_whose_they_are() -> None:
    source = "date: https://www.example.org/a/b ; HS list: https://c-prav.com/2024."
    assert source_parts(source) == [
        {"text": {"en": "date: ", "vi": "ngày áp dụng: "}, "href": None},
        {"text": "example.org", "href": "https://www.example.org/a/b"},
        {"text": {"en": "; HS list: ", "vi": "; danh mục mã HS: "}, "href": None},
        {"text": "c-prav.com", "href": "https://c-prav.com/2024"},
        {"text": ".", "href": None},
    ]


def test_a_source_without_address_stays_text() -> None:
    assert source_parts("Thông tư 19/2024") == [{"text": "Thông tư 19/2024", "href": None}]
    assert source_parts("javascript:alert(1)") == [{"text": "javascript:alert(1)", "href": None}]
