"""Passwords and token secrets, without a database."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.accounts import passwords
from registry.accounts.passwords import (
    check_password,
    hash_password,
    make_password,
    needs_rehash,
    verify_password,
)
from registry.accounts.permissions import PERMISSIONS, PUBLIC, ROLES, SIGNED_IN
from registry.accounts.tokens import (
    NEVER_BY_TOKEN,
    SCOPE_NAMES,
    SCOPES,
    fingerprint,
    make_secret,
    permissions_of_scopes,
)
from registry.accounts.views.words import ROLE_WORDS, SCOPE_WORDS
from registry.errors import Invalid

GOOD = "ba con trâu đen ăn cỏ"


@contextmanager
def naming(field: str) -> Iterator[None]:
    """Let a refusal pass only when it names ``field``."""
    try:
        yield
    except Invalid as refused:
        if list(refused.fields) != [field]:
            pytest.fail(f"named {list(refused.fields)}")
        raise


def test_password_matches_its_own_hash_only() -> None:
    stored = hash_password(GOOD)
    assert not needs_rehash(stored)
    assert stored.startswith("$argon2id$v=19$")
    assert GOOD not in stored
    assert verify_password(stored, GOOD)
    assert not verify_password(stored, GOOD + " ")


def test_work_of_a_hash_is_what_rfc_9106_recommends() -> None:
    cost = passwords.PARAMETERS
    assert (cost.memory_cost, cost.time_cost, cost.parallelism) == (64 * 1024, 3, 4)


def test_same_password_is_hashed_differently_each_time() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


def test_keyboards_that_compose_letters_differently_type_the_same_password() -> None:
    stored = hash_password(unicodedata.normalize("NFC", GOOD))
    assert verify_password(stored, unicodedata.normalize("NFD", GOOD))


def test_without_an_account_the_same_work_is_done_and_nothing_matches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verified: list[str] = []

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    class Watched:
        """The hasher, noting what it is given to verify."""

        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

        def verify(self, encoded: str, password: str) -> bool:
            verified.append(encoded)
            return hasher.verify(encoded, password)

    monkeypatch.setattr(passwords, "HASHER", Watched())
    assert not verify_password(None, GOOD)
    assert len(verified) == 1
    # The stand-in is taken for a real hash of the present parameters.
    assert not hasher.check_needs_rehash(verified[0])


def test_damaged_hash_matches_nothing() -> None:
    assert not verify_password("no hash at all", GOOD)


def test_overlong_password_is_refused_without_work() -> None:
    assert not verify_password(None, "x" * 1_000_000)


def test_hash_of_other_parameters_is_made_anew() -> None:
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(GOOD)
    assert needs_rehash(older)
    assert verify_password(older, GOOD)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "at least 12"),
        ("short", "at least 12"),
        ("12345678901", "at least 12"),
        ("x" * 201, "at most 200"),
        ("abababababababab", "same few"),
        ("nguyenvana-2026", "name"),
        ("NGUYENVANA-2026", "name"),
        ("trần-thị-bưởi-123", "name"),
    ],
)
def test_unfit_password_is_refused_with_the_field(password: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password, "password", personal=("nguyenvana@lab.vn", "Trần Thị Bưởi"))
    assert says in refused.value.fields["password"][0]


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery staple", "🐃🌾🏞️🛖🎋🥢🍚🐟🦆🐓🌧️☀️"]
)
def test_fit_password_is_accepted(password: str) -> None:
    check_password(password, "password", personal=("an@lab.vn", "An"))


def test_made_password_is_fit_and_new_each_time() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password, "password")
        assert re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", password)


@given(st.text(max_size=300), st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_judged_and_refused_by_its_field(text: str, name: str) -> None:
    with suppress(Invalid), naming("password"):
        check_password(text, "password", personal=(name,))


def test_secret_has_the_promised_form() -> None:
    secret = make_secret()
    assert re.fullmatch(r"vnr_[A-Za-z0-9_-]{43}", secret)
    assert secret != make_secret()
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint(secret))


def test_every_scope_names_existing_permissions_and_none_that_need_a_person() -> None:
    for name, permissions in SCOPES.items():
        assert permissions <= PERMISSIONS.keys(), name
        assert not permissions & NEVER_BY_TOKEN, name
    assert not NEVER_BY_TOKEN & set(SCOPE_NAMES)


def test_scopes_add_up_and_unknown_ones_give_nothing() -> None:
    always = {PUBLIC, SIGNED_IN}
    assert permissions_of_scopes([]) == always
    assert permissions_of_scopes(["forgotten:scope", "account:manage"]) == always
    assert permissions_of_scopes(["reports:write", "application:submit"]) == always | {
        "report:submit",
        "report:read-own",
        "file:upload",
        "application:submit",
    }


def test_every_role_and_scope_has_words() -> None:
    assert list(ROLE_WORDS) == list(ROLES)
    assert list(SCOPE_WORDS) == list(SCOPES)
