"""Accounts on a real database: users, roles, tokens, organisations, repeated requests."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from sqlalchemy import select

from registry import idempotency
from registry.accounts import passwords, queries
from registry.accounts.cli import token_commands, user_commands
from registry.accounts.models import OrganisationRecord, RoleGrant, User
from registry.accounts.permissions import PUBLIC, SIGNED_IN
from registry.accounts.schemas import (
    ChangePassword,
    CreateToken,
    CreateUser,
    GrantRole,
    OrganisationData,
)
from registry.accounts.services import authentication, organisations, tokens, users
from registry.actor import ANYONE, Actor, system_actor
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn, Stale
from registry.history import known
from registry.journal.models import JournalEntry, JournalSeal
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWorkFactory

SYSTEM = system_actor("test")
PASSWORD = "ba con trâu đen ăn cỏ"

Opens = Callable[..., int]


@pytest.fixture
def units(empty_registry: Registry, clock: FixedClock) -> UnitOfWorkFactory:
    """The units of work, on 2 March 2026, of a register in which nobody has an account."""
    clock.instant = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    return empty_registry.units


@pytest.fixture
def opens(units: UnitOfWorkFactory) -> Opens:
    """Open an account and return its id: ``opens("an@lab.vn", "editor")``."""

    def opens_account(email: str, *roles: str, organisation_id: int | None = None) -> int:
        data = load(
            CreateUser(),
            {
                "email": email,
                "name": "Nguyễn Văn An",
                "password": PASSWORD,
                "roles": list(roles),
                "organisation_id": organisation_id,
            },
        )
        with units(SYSTEM) as uow:
            return users.create_user(uow, data).id

    return opens_account


def actor(units: UnitOfWorkFactory, user_id: int) -> Actor:
    with units.reading() as session:
        return authentication.actor_for_user(session, user_id, units.clock.today())


def last_entry(units: UnitOfWorkFactory) -> tuple[str, str, Any, Any]:
    """Return action, subject, public data and sealed data of the newest journal entry."""
    with units.reading() as session:
        entry = session.scalars(
            select(JournalEntry).order_by(JournalEntry.position.desc()).limit(1)
        ).one()
        seal = session.get(JournalSeal, entry.position)
        sealed = json.loads(seal.content) if seal else None
        return entry.action, entry.subject, json.loads(entry.data), sealed


def organisation(units: UnitOfWorkFactory, **given: Any) -> int:
    data: Mapping[str, Any] = {
        "names": {"vi": "Phòng thử nghiệm Đại Việt"},
        "country": "VN",
        **given,
    }
    with units(SYSTEM) as uow:
        return organisations.register_organisation(uow, load(OrganisationData(), data)).id


class TestUsers:
    def test_account_is_opened_with_its_roles_and_journalled_without_personal_data(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = opens("  Van.An@Example.VN ", "editor", "approver", "editor")
        assert actor(units, user_id).roles == {"editor", "approver"}
        action, subject, data, sealed = last_entry(units)
        assert (action, subject) == ("user.create", f"user:{user_id}")
        assert data == {"roles": ["approver", "editor"], "organisation": None}
        assert sealed == {"email": "van.an@example.vn", "name": "Nguyễn Văn An"}

    def test_address_is_taken_in_any_case(self, opens: Opens) -> None:
        opens("an@example.vn")
        with pytest.raises(Invalid) as refused:
            opens("AN@Example.vn")
        assert list(refused.value.fields) == ["email"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "nobody"),
            ("email", ""),
            ("email", "a@b.vn\0"),
            ("email", "x" * 250 + "@b.vn"),
            ("name", ""),
            ("name", "x" * 5_000_000),
            ("name", "An\u202eNguyen"),
            ("password", ""),
            ("password", "x" * 5_000_000),
            ("password", 12),
            ("password", "\0" * 12),
            ("organisation_id", "one"),
            ("organisation_id", "9" * 40),
            ("organisation_id", True),
            ("roles", "editor"),
            ("language", "xx"),
            ("is_admin", "yes"),
        ],
    )
    def test_bad_input_names_its_field(self, field: str, value: Any) -> None:
        good = {"email": "an@b.vn", "name": "An", "password": PASSWORD}
        with pytest.raises(Invalid) as refused:
            load(CreateUser(), {**good, field: value})
        assert list(refused.value.fields) == [field]
        assert all(refused.value.fields[field])

    def test_unknown_role_is_named_by_its_place(self) -> None:
        with pytest.raises(Invalid) as refused:
            load(
                CreateUser(),
                {"email": "a@b.vn", "name": "A", "password": PASSWORD, "roles": ["editor", "king"]},
            )
        assert list(refused.value.fields) == ["roles.1"]

    def test_laboratory_and_business_accounts_need_an_organisation(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        for role in ("laboratory", "business"):
            with pytest.raises(Invalid) as refused:
                opens("an@example.vn", role)
            assert list(refused.value.fields) == ["organisation_id"]
        with pytest.raises(Invalid) as refused:
            opens("an@example.vn", "editor", organisation_id=999)
        assert list(refused.value.fields) == ["organisation_id"]
        user_id = opens("an@example.vn", "laboratory", organisation_id=organisation(units))
        assert actor(units, user_id).organisation_id is not None

    def test_only_administrators_open_accounts(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        editor = actor(units, opens("an@example.vn", "editor"))
        data = load(CreateUser(), {"email": "b@b.vn", "name": "B", "password": PASSWORD})
        with pytest.raises(Denied), units(editor) as uow:
            users.create_user(uow, data)
        with pytest.raises(NotSignedIn), units(ANYONE) as uow:
            users.create_user(uow, data)

    def test_closed_account_cannot_be_used(self, units: UnitOfWorkFactory, opens: Opens) -> None:
        administrator = actor(units, opens("boss@example.vn", "administrator"))
        user_id = opens("an@example.vn", "editor")
        with units(administrator) as uow:
            users.close_user(uow, user_id)
        assert last_entry(units)[:3] == ("user.close", f"user:{user_id}", {})
        with units.reading() as session:
            with pytest.raises(Denied):
                authentication.authenticate(session, "an@example.vn", PASSWORD)
            with pytest.raises(NotSignedIn):
                authentication.actor_for_user(session, user_id, units.clock.today())
        with pytest.raises(Conflict), units(administrator) as uow:
            users.close_user(uow, user_id)

    def test_administrators_do_not_lock_themselves_out(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = opens("boss@example.vn", "administrator")
        administrator = actor(units, user_id)
        with pytest.raises(Conflict), units(administrator) as uow:
            users.close_user(uow, user_id)
        with pytest.raises(Conflict), units(administrator) as uow:
            users.revoke_role(uow, user_id, "administrator")


class TestRoles:
    def test_role_holds_from_its_first_to_its_last_day(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = opens("an@example.vn")
        period = {"role": "editor", "valid_from": "2026-04-01", "valid_until": "2026-04-30"}
        with units(SYSTEM) as uow:
            users.grant_role(uow, user_id, load(GrantRole(), period))
        action, subject, data, sealed = last_entry(units)
        assert (action, subject, data, sealed) == ("role.grant", f"user:{user_id}", period, None)
        with units.reading() as session:
            held = {
                day: queries.roles_on(session, [user_id], date.fromisoformat(day))
                for day in ("2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01")
            }
        editor = {user_id: {"editor"}}
        assert held == {
            "2026-03-31": {},
            "2026-04-01": editor,
            "2026-04-30": editor,
            "2026-05-01": {},
        }

    def test_role_ends_at_once_and_its_past_stays_known(
        self, units: UnitOfWorkFactory, opens: Opens, clock: FixedClock
    ) -> None:
        user_id = opens("an@example.vn", "editor")
        clock.instant += timedelta(days=10)
        with units(SYSTEM) as uow:
            users.revoke_role(uow, user_id, "editor")
        assert not actor(units, user_id).roles
        with units.reading() as session:
            yesterday = clock.today() - timedelta(days=1)
            assert queries.roles_on(session, [user_id], yesterday) == {user_id: {"editor"}}
            assert session.query(RoleGrant).count() == 2
        with pytest.raises(Conflict), units(SYSTEM) as uow:
            users.revoke_role(uow, user_id, "editor")

    def test_role_ended_on_its_first_day_never_held(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = opens("an@example.vn", "editor")
        with units(SYSTEM) as uow:
            users.revoke_role(uow, user_id, "editor")
        with units.reading() as session:
            assert queries.role_grants(session, user_id) == []
            assert session.query(RoleGrant).count() == 1

    def test_role_can_end_with_a_day_to_come(self, units: UnitOfWorkFactory, opens: Opens) -> None:
        user_id = opens("an@example.vn", "editor")
        with units(SYSTEM) as uow:
            users.revoke_role(uow, user_id, "editor", date(2026, 12, 31))
        assert actor(units, user_id).roles == {"editor"}
        with units.reading() as session:
            (grant,) = queries.role_grants(session, user_id)
        assert grant.valid_until == date(2026, 12, 31)

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [
            ("2026-03-02", None, "role"),
            ("2027-01-01", "2027-02-01", "role"),
            ("2025-01-01", "2025-12-31", None),
            ("2026-05-02", "2026-05-01", "valid_until"),
        ],
    )
    def test_role_is_held_once_at_a_time(
        self,
        units: UnitOfWorkFactory,
        opens: Opens,
        first: str,
        last: str | None,
        field: str | None,
    ) -> None:
        user_id = opens("an@example.vn", "editor")
        data = load(GrantRole(), {"role": "editor", "valid_from": first, "valid_until": last})
        if field is None:
            with units(SYSTEM) as uow:
                users.grant_role(uow, user_id, data)
            return
        with pytest.raises(Invalid) as refused, units(SYSTEM) as uow:
            users.grant_role(uow, user_id, data)
        assert list(refused.value.fields) == [field]

    def test_somebody_without_a_role_still_has_an_account(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        assert actor(units, opens("an@example.vn")).permissions == {PUBLIC, SIGNED_IN}


class TestSigningIn:
    def test_right_password_in_any_case_of_the_address(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = opens("an@example.vn")
        with units.reading() as session:
            user = authentication.authenticate(session, " AN@example.VN", PASSWORD)
        assert user.id == user_id

    def test_wrong_address_and_wrong_password_read_alike(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        opens("an@example.vn")
        said = set()
        for email, password in (("an@example.vn", "wrong"), ("b@b.vn", PASSWORD), ("\0", "\0")):
            with units.reading() as session, pytest.raises(Denied) as refused:
                authentication.authenticate(session, email, password)
            said.add(refused.value.message)
        assert len(said) == 1

    def test_hash_of_older_parameters_is_made_anew(
        self, units: UnitOfWorkFactory, opens: Opens, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user_id = opens("an@example.vn")
        dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
        monkeypatch.setattr(passwords, "HASHER", dearer)
        with units(SYSTEM) as uow:
            users.refresh_password_hash(uow, user_id, PASSWORD)
        with units.reading() as session:
            user = authentication.authenticate(session, "an@example.vn", PASSWORD)
            assert not passwords.needs_rehash(user.password_hash)

    def test_new_password_ends_all_sessions(self, units: UnitOfWorkFactory, opens: Opens) -> None:
        user_id = opens("an@example.vn")
        today = units.clock.today()
        with units.reading() as session:
            assert authentication.actor_for_session(session, user_id, 1, today)
        changed = {"current_password": PASSWORD, "new_password": "bốn con voi trắng"}
        with units(actor(units, user_id)) as uow:
            users.change_password(uow, load(ChangePassword(), changed))
        assert last_entry(units) == ("user.change-password", f"user:{user_id}", {}, None)
        with units.reading() as session:
            assert authentication.actor_for_session(session, user_id, 1, today) is None
            assert authentication.actor_for_session(session, user_id, 2, today)
            authentication.authenticate(session, "an@example.vn", "bốn con voi trắng")

    @pytest.mark.parametrize(
        ("current", "new", "field"),
        [
            ("wrong", "bốn con voi trắng", "current_password"),
            (PASSWORD, "short", "new_password"),
            (PASSWORD, "an@example.vn 2026", "new_password"),
        ],
    )
    def test_bad_change_of_password_changes_nothing(
        self, units: UnitOfWorkFactory, opens: Opens, current: str, new: str, field: str
    ) -> None:
        user_id = opens("example@example.vn")
        data = load(ChangePassword(), {"current_password": current, "new_password": new})
        with pytest.raises(Invalid) as refused, units(actor(units, user_id)) as uow:
            users.change_password(uow, data)
        assert list(refused.value.fields) == [field]
        with units.reading() as session:
            authentication.authenticate(session, "example@example.vn", PASSWORD)


class TestTokens:
    DATA: Mapping[str, Any] = {"label": "lab program", "scopes": ["reports:write"], "days": 30}

    def laboratory(self, units: UnitOfWorkFactory, opens: Opens) -> int:
        return opens("lab@example.vn", "laboratory", organisation_id=organisation(units))

    def make(self, units: UnitOfWorkFactory, user_id: int, **given: Any) -> tuple[int, str]:
        with units(actor(units, user_id)) as uow:
            data = load(CreateToken(), {**self.DATA, **given})
            token, secret = tokens.create_token(uow, user_id, data)
        return token.id, secret

    def use(self, units: UnitOfWorkFactory, secret: str) -> Actor:
        with units.reading() as session:
            return authentication.actor_for_token(
                session, secret, units.clock.now(), units.clock.today()
            )

    def test_token_acts_for_its_owner_within_its_scopes(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = self.laboratory(units, opens)
        token_id, secret = self.make(units, user_id)
        program = self.use(units, secret)
        assert program.reference == f"user:{user_id}"
        own = {"report:submit", "report:read-own", "file:upload"}
        assert program.permissions == {PUBLIC, SIGNED_IN, *own}
        action, subject, data, sealed = last_entry(units)
        assert (action, subject) == ("token.create", f"token:{token_id}")
        assert data["scopes"] == ["reports:write"]
        assert data["expires_at"].startswith("2026-04-01")
        assert sealed == {"label": "lab program"}
        assert secret not in json.dumps([data, sealed])

    def test_scope_beyond_the_owner_gives_nothing(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = self.laboratory(units, opens)
        _, secret = self.make(units, user_id, scopes=["certificates:issue", "edition:approve"])
        assert self.use(units, secret).permissions == {PUBLIC, SIGNED_IN}

    def test_unknown_expired_and_revoked_tokens_are_told_apart(
        self, units: UnitOfWorkFactory, opens: Opens, clock: FixedClock
    ) -> None:
        user_id = self.laboratory(units, opens)
        with pytest.raises(NotSignedIn, match="not known"):
            self.use(units, "vnr_" + "x" * 43)
        _, expiring = self.make(units, user_id)
        revoked_id, revoked = self.make(units, user_id, label="another")
        with units(actor(units, user_id)) as uow:
            tokens.revoke_token(uow, revoked_id)
        with pytest.raises(NotSignedIn, match="revoked"):
            self.use(units, revoked)
        clock.instant += timedelta(days=30) - timedelta(seconds=1)
        assert self.use(units, expiring).user_id == user_id
        clock.instant += timedelta(seconds=1)
        with pytest.raises(NotSignedIn, match="expired"):
            self.use(units, expiring)

    def test_token_ends_with_its_owner(self, units: UnitOfWorkFactory, opens: Opens) -> None:
        user_id = self.laboratory(units, opens)
        _, secret = self.make(units, user_id)
        with units(SYSTEM) as uow:
            users.close_user(uow, user_id)
        with pytest.raises(NotSignedIn, match="closed"):
            self.use(units, secret)

    def test_form_sent_twice_makes_one_token(self, units: UnitOfWorkFactory, opens: Opens) -> None:
        user_id = self.laboratory(units, opens)
        token_id, _ = self.make(units, user_id)
        with pytest.raises(Invalid) as refused:
            self.make(units, user_id)
        assert list(refused.value.fields) == ["label"]
        with units(actor(units, user_id)) as uow:
            tokens.revoke_token(uow, token_id)
        self.make(units, user_id)

    def test_tokens_of_others_are_out_of_reach(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        user_id = self.laboratory(units, opens)
        token_id, _ = self.make(units, user_id)
        other = actor(units, opens("boss@example.vn", "administrator"))
        with pytest.raises(NotFound), units(other) as uow:
            tokens.revoke_token(uow, token_id)
        with pytest.raises(NotFound), units(other) as uow:
            tokens.create_token(uow, user_id, dict(self.DATA))
        with pytest.raises(NotFound), units(other) as uow:
            tokens.revoke_token(uow, 999)

    @pytest.mark.parametrize(
        ("field", "value", "path"),
        [
            ("label", "", "label"),
            ("scopes", [], "scopes"),
            ("scopes", ["account:manage"], "scopes.0"),
            ("scopes", "reports:write", "scopes"),
            ("days", "", "days"),
            ("days", "0", "days"),
            ("days", "367", "days"),
            ("days", 30.5, "days"),
        ],
    )
    def test_bad_input_names_its_field(self, field: str, value: Any, path: str) -> None:
        with pytest.raises(Invalid) as refused:
            load(CreateToken(), {**self.DATA, field: value})
        assert list(refused.value.fields) == [path]


class TestOrganisations:
    def test_contact_is_sealed(self, units: UnitOfWorkFactory) -> None:
        organisation_id = organisation(
            units, contact_name="Bà Hoa", contact_email="Hoa@Lab.vn", website="https://lab.vn"
        )
        action, subject, data, sealed = last_entry(units)
        assert (action, subject) == ("organisation.register", f"organisation:{organisation_id}")
        assert data["names"] == {"vi": "Phòng thử nghiệm Đại Việt"}
        assert "contact_name" not in data
        assert sealed == {"contact_name": "Bà Hoa", "contact_email": "hoa@lab.vn"}

    def test_short_name_is_made_from_the_name_and_stays_unique(
        self, units: UnitOfWorkFactory
    ) -> None:
        for _ in range(3):
            organisation(units)
        organisation(units, names={"vi": "Viện Đo lường", "en": "Metrology Institute"})
        with units.reading() as session:
            for slug in (
                "phong-thu-nghiem-dai-viet",
                "phong-thu-nghiem-dai-viet-2",
                "phong-thu-nghiem-dai-viet-3",
                "metrology-institute",
            ):
                assert queries.organisation_by_slug(session, slug).slug == slug
            with pytest.raises(NotFound):
                queries.organisation_by_slug(session, "nowhere")

    def test_revision_keeps_what_was_known(self, units: UnitOfWorkFactory) -> None:
        organisation_id = organisation(units)
        with units.reading() as session:
            first = queries.organisation_record(session, organisation_id)
        renamed = load(OrganisationData(), {"names": {"vi": "Tên mới"}, "country": "VN"})
        with units(SYSTEM) as uow:
            organisations.revise_organisation(
                uow, organisation_id, renamed, expected=first.known_from
            )
        with units.reading() as session:
            now = queries.organisation_record(session, organisation_id)
            then = queries.organisation_record(session, organisation_id, first.known_from)
            assert now.names == {"vi": "Tên mới"}
            assert then.names == first.names
            assert queries.organisation_names(session) == {organisation_id: now.names}
        with pytest.raises(Stale), units(SYSTEM) as uow:
            organisations.revise_organisation(
                uow, organisation_id, renamed, expected=first.known_from
            )

    def test_number_belongs_to_one_organisation(self, units: UnitOfWorkFactory) -> None:
        number = {"identifier_scheme": "tax", "identifier": "0100109106"}
        organisation_id = organisation(units, **number)
        with pytest.raises(Invalid) as refused:
            organisation(units, **number)
        assert list(refused.value.fields) == ["identifier"]
        same = {"names": {"vi": "Tên mới"}, "country": "VN", **number}
        with units(SYSTEM) as uow:
            organisations.revise_organisation(uow, organisation_id, load(OrganisationData(), same))
        with units.reading() as session:
            rows = session.scalars(select(OrganisationRecord).where(known(OrganisationRecord)))
            assert len(rows.all()) == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"names": {}}, "names"),
            ({"names": {"vi": " "}}, "names"),
            ({"country": "XX"}, "country"),
            ({"country": "Việt Nam"}, "country"),
            ({"website": "javascript:alert(1)"}, "website"),
            ({"contact_email": "nobody"}, "contact_email"),
            ({"slug": "Not A Slug"}, "slug"),
            ({"identifier": "0100109106"}, "identifier_scheme"),
            ({"identifier_scheme": "lei"}, "identifier"),
            ({"identifier_scheme": "lei", "identifier": "123"}, "identifier"),
            ({"identifier_scheme": "tax", "identifier": "0100109107"}, "identifier"),
        ],
    )
    def test_bad_input_names_its_field(
        self, units: UnitOfWorkFactory, given: Mapping[str, Any], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            organisation(units, **given)
        assert list(refused.value.fields) == [field]

    def test_officers_register_and_others_do_not(
        self, units: UnitOfWorkFactory, opens: Opens
    ) -> None:
        data = load(OrganisationData(), {"names": {"vi": "Viện"}, "country": "VN"})
        with units(actor(units, opens("officer@example.vn", "officer"))) as uow:
            organisations.register_organisation(uow, data)
        editor = actor(units, opens("editor@example.vn", "editor"))
        with pytest.raises(Denied), units(editor) as uow:
            organisations.register_organisation(uow, data)


class TestRepeatedRequests:
    def test_answer_is_kept_with_the_change_and_given_again(self, units: UnitOfWorkFactory) -> None:
        digest = idempotency.digest_request("POST", "/api/v1/reports", b'{"a": 1}')
        with units(SYSTEM) as uow:
            assert idempotency.recall(uow.session, SYSTEM.reference, "k-1", digest) is None
            idempotency.remember(
                uow, "k-1", digest, status=201, headers={"Location": "/x"}, body='{"id": 7}'
            )
        with units.reading() as session:
            stored = idempotency.recall(session, SYSTEM.reference, "k-1", digest)
            assert stored is not None
            assert (stored.status, stored.headers, stored.body) == (
                201,
                {"Location": "/x"},
                '{"id": 7}',
            )
            assert idempotency.recall(session, "user:1", "k-1", digest) is None

    def test_key_with_another_request_is_a_conflict(self, units: UnitOfWorkFactory) -> None:
        digest = idempotency.digest_request("POST", "/api/v1/reports", b"1")
        with units(SYSTEM) as uow:
            idempotency.remember(uow, "k-1", digest, status=201, headers={}, body="")
        others = [("POST", "/api/v1/reports", b"2"), ("POST", "/api/v1/other", b"1")]
        for request in others:
            with units.reading() as session, pytest.raises(Conflict):
                idempotency.recall(
                    session, SYSTEM.reference, "k-1", idempotency.digest_request(*request)
                )

    def test_change_that_fails_leaves_no_answer(self, units: UnitOfWorkFactory) -> None:
        with suppress(Conflict), units(SYSTEM) as uow:
            idempotency.remember(uow, "k-1", "digest", status=201, headers={}, body="")
            raise Conflict("The change is refused.")
        with units.reading() as session:
            assert idempotency.recall(session, SYSTEM.reference, "k-1", "digest") is None

    @pytest.mark.parametrize("key", ["", "x" * 256, "two words", "é", "a\nb", "a\0"])
    def test_key_out_of_bounds_is_named(self, key: str) -> None:
        with pytest.raises(Invalid) as refused:
            idempotency.checked_key(key)
        assert list(refused.value.fields) == ["Idempotency-Key"]

    def test_key_within_bounds_is_taken(self) -> None:
        for key in ("a", "~" * 255, "8e03978e-40d5-43dd-bc93-6894a57f9324"):
            assert idempotency.checked_key(key) == key


class TestCommands:
    def test_account_and_token_are_made_from_the_command_line(
        self, units: UnitOfWorkFactory, empty_registry: Registry
    ) -> None:
        organisation(units, slug="lab")
        run = CliRunner().invoke
        added = run(
            user_commands,
            ["add", "lab@b.vn", "--name=Lab", "--role=laboratory", "--organisation=lab"],
            input=PASSWORD + "\n",
            obj=empty_registry,
        )
        assert added.exit_code == 0, added.output
        assert PASSWORD not in added.output
        listed = run(user_commands, ["list"], obj=empty_registry)
        assert listed.output.split("\t")[1:] == ["lab@b.vn", "Lab", "open", "laboratory\n"]
        made = run(token_commands, ["add", "lab@b.vn", "--scope=reports:write"], obj=empty_registry)
        assert made.exit_code == 0, made.output
        with units.reading() as session:
            program = authentication.actor_for_token(
                session, made.stdout.strip(), units.clock.now(), units.clock.today()
            )
            assert program.may("report:submit")
            assert authentication.authenticate(session, "lab@b.vn", PASSWORD)

    def test_made_password_is_printed_once_and_works(
        self, units: UnitOfWorkFactory, empty_registry: Registry
    ) -> None:
        added = CliRunner().invoke(
            user_commands, ["add", "a@b.vn", "--name=An", "--generate"], obj=empty_registry
        )
        password = added.output.rstrip().rpartition(" ")[2]
        with units.reading() as session:
            user = authentication.authenticate(session, "a@b.vn", password)
            assert session.get(User, user.id)

    def test_bad_input_is_a_typed_error(
        self, units: UnitOfWorkFactory, empty_registry: Registry
    ) -> None:
        failed = CliRunner().invoke(
            user_commands, ["add", "nobody", "--name=An", "--generate"], obj=empty_registry
        )
        assert isinstance(failed.exception, Invalid)
        assert list(failed.exception.fields) == ["email"]
