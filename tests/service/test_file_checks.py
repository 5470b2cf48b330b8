"""Files checked against the register: each kind of file has its own answer, none fails."""

import json
import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.assessment.file_answers import ANSWERS
from registry.assessment.presenters.file_checks import WORDS, present_file_check
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services.certificates import suspend_certificate, withdraw_certificate
from registry.assessment.services.file_checks import FileCheck, check_registered_file
from registry.assessment.services.trust import own_keys, trust_bundle
from registry.clock import FixedClock
from registry.credentials import envelope
from registry.credentials.credential_key import credential_key, new_key, read_key
from registry.credentials.document_key import document_key
from registry.credentials.file_check import check_file
from registry.credentials.identity import key_url
from registry.credentials.key_register import ACTOR, retire
from registry.history import AsOf
from registry.schema_fields import load
from tests.conftest import START, ZONE, Databases
from tests.support import false_files
from tests.support.assessment import World, load_demonstration
from tests.support.credentials import compact, padless, part, pdf_of, token_of


class Given:
    """A certificate that somebody was given, as a file and as a credential."""

    def __init__(self, world: World) -> None:
        self.world, self.registry = world, world.registry
        certificate = world.certificate()
        self.number = certificate.number
        self.pdf = pdf_of(world, certificate.id)
        self.token = token_of(world, certificate.id)

    def check(self, content: bytes | str, day: date | None = None) -> FileCheck:
        asked = AsOf(day or self.registry.clock.today())
        sent = content.encode() if isinstance(content, str) else content
        checked = check_registered_file(self.registry, sent, asked)
        assert checked.answer in ANSWERS
        assert WORDS[checked.answer].sentence
        json.dumps(present_file_check(checked), default=str)
        return checked

    def answer(self, content: bytes | str) -> str:
        return self.check(content).answer

    def change(self, service: Any, days: int = 0) -> None:
        data = {"effective_on": self.world.day(days), "reason": "Mẫu không đạt"}
        with self.registry.units(self.world.actor("officer")) as uow:
            service(uow, self.number, load(StatusChangeSchema(), data))


@pytest.fixture
def given_file(world: World) -> Given:
    return Given(world)


@pytest.fixture(scope="module")
def standing(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """Return a certificate for the tests that change nothing at the register."""
    folder, clock = tmp_path_factory.mktemp("files"), FixedClock(START, ZONE)
    with databases.opened("demonstration", load_demonstration, folder, clock) as registry:
        yield Given(World(registry))


def test_a_genuine_file_is_told_with_all_its_proofs(standing: Given) -> None:
    for content in (standing.pdf, standing.token):
        checked = standing.check(content)
        assert checked.answer == "in_force"
        assert checked.check
        assert checked.check.number == standing.number
        assert checked.findings.claims_genuine
        assert checked.findings.inclusion
        assert checked.findings.inclusion.code == "included"
        assert not any(row.differs for row in checked.stated)
        assert {row.name for row in checked.stated} >= {"holder", "product", "models"}
    enveloped = json.dumps(envelope.enveloped(standing.token))
    assert standing.answer(enveloped) == "in_force"


@pytest.mark.parametrize(
    ("service", "answer"),
    [(suspend_certificate, "suspended"), (withdraw_certificate, "withdrawn")],
)
def test_the_status_of_the_day_asked_is_part_of_the_answer(
    given_file: Given, service: Any, answer: str
) -> None:
    given_file.change(service)
    assert given_file.answer(given_file.pdf) == answer
    assert given_file.answer(given_file.token) == answer
    day = given_file.registry.clock.today()
    assert given_file.check(given_file.pdf, day + timedelta(days=4000)).answer in {
        "expired",
        "withdrawn",
    }
    assert given_file.check(given_file.pdf, day - timedelta(days=30)).answer == "not_yet_in_force"


@pytest.mark.parametrize(
    ("change", "answer", "added"),
    [
        (false_files.flipped, "altered", None),
        (false_files.saved_again, "altered", None),
        (false_files.wrapped, "altered", None),
        (false_files.shadowed, "added_to", "objects"),
        (lambda pdf: pdf + b"\n7 0\nobj<</A 1>>endobj", "added_to", "objects"),
        (false_files.pointed_elsewhere, "added_to", "objects"),
        (lambda pdf: pdf + b"\n\0 ", "added_to", "blank"),
        (lambda pdf: pdf + b"more", "added_to", "bytes"),
        (lambda pdf: pdf + false_files.bomb(), "added_to", "objects"),
        (lambda pdf: pdf + b"/ByteRange [0 1 2 3]", "added_to", "signature"),
        (lambda pdf: pdf[:-1], "truncated", None),
        (lambda pdf: pdf[: len(pdf) * 3 // 4], "truncated", None),
        (false_files.unsigned, "unsigned", None),
    ],
)
def test_what_was_done_to_a_file_is_said_beside_the_genuine_certificate(
    standing: Given, change: false_files.Change, answer: str, added: str | None
) -> None:
    checked = standing.check(change(standing.pdf))
    assert checked.answer == answer
    assert checked.findings.added == added
    # Its credential is still there, and leads to what the genuine certificate says.
    assert checked.check
    assert checked.check.number == standing.number
    assert checked.check.found


def test_a_file_under_a_password_cannot_be_checked(standing: Given) -> None:
    assert standing.answer(false_files.encrypted(standing.pdf)) == "encrypted"


def test_a_false_file_with_a_key_of_its_own(standing: Given) -> None:
    registry, now = standing.registry, standing.registry.clock.now()
    folder = registry.settings.data_dir / "elsewhere"
    folder.mkdir()
    foreign = document_key(replace(registry.settings, data_dir=folder), now)
    assert standing.answer(false_files.signed_by(standing.pdf, foreign, now)) == "unknown_key"


def test_a_signature_after_the_keys_end_is_not_the_registers(given_file: Given) -> None:
    registry, now = given_file.registry, given_file.registry.clock.now()
    key = document_key(registry.settings, now)
    late = false_files.signed_by(given_file.pdf, key, now + timedelta(days=9))
    with registry.units(ACTOR) as uow:
        retire(uow, key.public.key_id)
    assert given_file.answer(given_file.pdf) == "in_force"
    assert given_file.answer(late) == "retired_key"
    with registry.units(ACTOR) as uow:
        retire(uow, key.public.key_id, compromised_since=registry.clock.today())
    assert given_file.answer(given_file.pdf) == "compromised_key"


def test_a_document_signed_here_that_is_no_certificate(standing: Given) -> None:
    registry, now = standing.registry, standing.registry.clock.now()
    other = false_files.saved_again(false_files.unsigned(standing.pdf))
    bare = other.replace(b"/Alternative", b"/Supplement!")
    signed = false_files.signed_by(bare, document_key(registry.settings, now), now)
    assert standing.answer(signed) == "other_document"
    assert standing.answer(next(iter(trust_bundle(registry).status_lists.values()))) == (
        "other_document"
    )


def test_a_register_that_moved_knows_its_own_files(standing: Given) -> None:
    registry = standing.registry
    moved = replace(own_keys(registry), base_url="https://elsewhere.example")
    found = check_file(standing.pdf, moved, registry.clock.now())
    assert (found.code, found.number) == ("genuine", standing.number)
    # A credential alone names its issuer, and that is another one now.
    assert check_file(standing.token.encode(), moved, registry.clock.now()).code == "unknown-key"


def forged(given_file: Given, how: str) -> str:
    """Return what can be made of a credential without the key, or with a foreign one."""
    header, claims = part(given_file.token, 0), part(given_file.token, 1)
    registry = given_file.registry
    foreign = read_key(new_key(), registry.clock.now(), trial=True)
    own = credential_key(registry.settings, registry.clock.now())
    name = key_url(registry.settings.base_url, own.public.key_id)
    subject = {**claims["credentialSubject"]}
    entry = {**subject["registerEntry"]}
    made = {
        "no algorithm": lambda: compact({**header, "alg": "none"}, claims, b""),
        "public key as secret": lambda: compact({**header, "alg": "HS256"}, claims, b"0" * 32),
        "payload": lambda: false_files.forged_token(
            given_file.token, validUntil="2099-12-31T23:59:59+07:00"
        ),
        "foreign key": lambda: envelope.sign(claims, foreign, "did:web:evil.example#1"),
        "foreign key, our name": lambda: envelope.sign(claims, foreign, name),
        "other issuer": lambda: envelope.sign(
            {**claims, "issuer": {"id": "did:web:evil.example"}}, own, name
        ),
        "other type": lambda: compact({**header, "typ": "JWT"}, claims, b"0" * 64),
        "entry of another": lambda: envelope.sign(
            {**claims, "credentialSubject": {**subject, "registerEntry": _other(entry)}}, own, name
        ),
        "path": lambda: envelope.sign(
            {
                **claims,
                "credentialSubject": {
                    **subject,
                    "registerEntry": {**entry, "inclusionPath": ["00" * 32]},
                },
            },
            own,
            name,
        ),
        "claims alone": lambda: json.dumps(claims),
    }
    return made[how]()


def _other(entry: dict[str, Any]) -> dict[str, Any]:
    content = json.loads(entry["journalEntry"])
    content["data"]["number"] = "VN-2026-999999-00"
    return {**entry, "journalEntry": json.dumps(content)}


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("no algorithm", "wrong_algorithm"),
        ("public key as secret", "wrong_algorithm"),
        ("payload", "altered"),
        ("foreign key", "unknown_key"),
        ("foreign key, our name", "altered"),
        ("other issuer", "wrong_issuer"),
        ("other type", "not_a_certificate"),
        ("entry of another", "wrong_proof"),
        ("path", "wrong_proof"),
        ("claims alone", "unsigned"),
    ],
)
def test_every_forged_credential_has_its_answer(standing: Given, how: str, answer: str) -> None:
    assert standing.answer(forged(standing, how)) == answer


def test_what_a_forged_credential_says_stands_beside_the_truth(standing: Given) -> None:
    claims = part(standing.token, 1)
    subject = {**claims["credentialSubject"], "issuedToParty": {"name": "Hàng\u202e Giả\n\x07"}}
    token = false_files.forged_token(
        standing.token, credentialSubject=subject, validUntil="2099-12-31T23:59:59+07:00"
    )
    checked = standing.check(token)
    assert checked.check
    assert checked.check.found
    differing = {row.name: row for row in checked.stated if row.differs}
    assert differing.keys() == {"holder", "valid_until"}
    assert differing["holder"].in_file == ("Hàng Giả",)
    assert differing["holder"].in_register == ("[Trình diễn] Công ty Camera Sao Mai",)


def test_a_number_that_is_mistyped_in_the_file(standing: Given) -> None:
    claims = part(standing.token, 1)
    entry = {
        **claims["credentialSubject"]["registerEntry"],
        "certificateNumber": "VN-2026-000001-99",
    }
    subject = {**claims["credentialSubject"], "registerEntry": entry}
    checked = standing.check(false_files.forged_token(standing.token, credentialSubject=subject))
    assert checked.answer == "altered"
    assert checked.check
    assert checked.check.finding.value == "mistyped"


@pytest.mark.parametrize("name", false_files.HOSTILE)
def test_hostile_files_use_little_memory_and_find_an_answer(standing: Given, name: str) -> None:
    content = false_files.HOSTILE[name]
    tracemalloc.start()
    try:
        answer = standing.answer(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer in {"unsigned", "truncated", "unknown_key", "not_a_certificate"}
    assert peak < 60 * 1024 * 1024


SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SLOW
@given(seed=st.integers(0, 2**32))
def test_no_mutation_of_a_file_passes_for_genuine(standing: Given, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(standing.pdf)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content))
        end = place + chance.choice((0, 1, 8, 500))
        kind = chance.randrange(4)
        if kind == 0:
            del content[place : end + 1]
        elif kind == 1:
            content[place:place] = chance.randbytes(end - place + 1)
        elif kind == 2:
            content[place:end] = content[: end - place]
        else:
            content[place] ^= 1 << chance.randrange(8)
    mutated = bytes(content)
    answer = standing.answer(mutated)
    unused = standing.pdf.index(b"/Contents <", standing.pdf.index(b"%%EOF")) + 2_000
    only_padding = len(mutated) == len(standing.pdf) and mutated[:unused] == standing.pdf[:unused]
    if mutated != standing.pdf and not only_padding:
        assert answer != "in_force"


@SLOW
@given(data=st.data())
def test_no_mutation_of_a_credential_passes_for_genuine(standing: Given, data: Any) -> None:
    token = standing.token
    place = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.sampled_from("A_.-=é\x00{"))
    mutated = token[:place] + letter + token[place + data.draw(st.integers(0, 2)) :]
    answer = standing.answer(mutated)
    if mutated != token:
        assert answer != "in_force"


@SLOW
@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"%PDF-1.7 ", b"{", b"e30."]))
def test_any_bytes_find_an_answer(standing: Given, content: bytes, head: bytes) -> None:
    assert standing.answer(head + content) in ANSWERS


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@SLOW
@given(
    claims=st.dictionaries(
        st.sampled_from(["credentialSubject", "issuer", "validFrom", "type", "credentialStatus"]),
        st.dictionaries(
            st.sampled_from(
                ["registerEntry", "issuedToParty", "conformityAssessment", "description"]
            ),
            JSON_VALUES
            | st.dictionaries(st.sampled_from(["certificateNumber", "name"]), JSON_VALUES),
        )
        | JSON_VALUES,
    )
)
def test_claims_of_any_shape_find_an_answer(standing: Given, claims: Any) -> None:
    """Signed by the register's own key, so that they are read as far as they can be."""
    registry = standing.registry
    own = credential_key(registry.settings, registry.clock.now())
    name = key_url(registry.settings.base_url, own.public.key_id)
    assert standing.answer(envelope.sign(claims, own, name)) != "in_force"
    header = padless(json.dumps(part(standing.token, 0)).encode())
    assert standing.answer(f"{header}.{padless(json.dumps(claims).encode())}.AA") != "in_force"
