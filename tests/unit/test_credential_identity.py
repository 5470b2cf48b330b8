"""did:web identifiers, multibase digests and the register's own JSON-LD context."""

import pytest

from registry.assessment.services.contexts import context_document
from registry.credentials import multibase
from registry.credentials.identity import did, key_url

BASE = "https://registry.example.org"


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        (BASE, "did:web:registry.example.org"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
        ("https://example.org/standards/vn", "did:web:example.org:standards:vn"),
    ],
)
def test_identifier_follows_from_the_address(base_url: str, expected: str) -> None:
    assert did(base_url) == expected
    assert key_url(base_url, "abc") == f"{expected}#abc"


def test_a_digest_is_a_multihash_in_multibase() -> None:
    text = multibase.digest("00" * 32)
    assert text == "uEiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    assert multibase.read_digest(text) == "00" * 32


@pytest.mark.parametrize("text", ["", "z123", "u", "uAAAA", "u" + "A" * 46 + "é"])
def test_other_digests_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them is the same to a reader.
        multibase.read_digest(text)


def test_the_context_defines_every_member_with_an_address_of_its_own() -> None:
    terms = context_document(BASE)["@context"]
    for name, definition in terms.items():
        if name != "@version":
            address = definition if isinstance(definition, str) else definition["@id"]
            assert address == f"{BASE}/contexts/v1#{name}"
