"""The credential of a certificate: what it says, who signed it, and what is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

from registry.assessment.models import Certificate
from registry.assessment.services.trust import trust_bundle
from registry.canonical import sha256_hex
from registry.cli import main
from registry.credentials import envelope, multibase
from registry.credentials.credential_key import credential_key
from registry.credentials.trust import MalformedBundle, TrustBundle, read_bundle
from registry.credentials.verification import (
    check_inclusion,
    check_status,
    verify_credential,
    verify_status_list,
)
from registry.journal.checkpoint import trial_name
from registry.journal.notes import Signer
from registry.journal.proofs import verify_inclusion
from registry.journal.queries import entry, hashed_content
from tests.support.assessment import World
from tests.support.credentials import compact, der_signature, part, token_of, unpadded


@pytest.fixture
def certificate(world: World) -> Certificate:
    return world.certificate()


@pytest.fixture
def token(world: World, certificate: Certificate) -> str:
    return token_of(world, certificate.id)


@pytest.fixture
def trust(world: World, token: str) -> TrustBundle:
    assert token
    return trust_bundle(world.registry)


def now(world: World) -> datetime:
    return world.registry.clock.now()


def test_it_has_the_members_that_untp_requires(token: str, certificate: Certificate) -> None:
    """UNTP 0.7.0, required members; its JSON schema is not at hand (docs/credentials.md)."""
    claims = part(token, 1)
    assert claims["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://vocabulary.uncefact.org/untp/0.7.0/context/",
    ]
    assert claims["type"] == ["DigitalConformityCredential", "VerifiableCredential"]
    assert claims["issuer"]["id"] == "did:web:127.0.0.1%3A8000"
    assert claims["validFrom"] == f"{certificate.valid_from}T00:00:00+07:00"
    assert claims["validUntil"] == f"{certificate.valid_until}T23:59:59+07:00"
    attestation = claims["credentialSubject"]
    required = "id name assessorLevel assessmentLevel attestationType issuedToParty referenceScheme"
    assert set(required.split()) <= attestation.keys()
    assert attestation["attestationType"] == "certification"
    # What was made up for showing claims no authority.
    assert attestation["assessmentLevel"] == "no-endorsement"
    assert attestation["issuedToParty"]["name"] == "[Trình diễn] Công ty Camera Sao Mai"
    assert attestation["conformityCertificate"]["linkURL"].endswith(f"/{certificate.number}.pdf")
    for assessment in attestation["conformityAssessment"]:
        required = (
            "id name assessmentCriteria assessmentDate assessedPerformance conformityTopic "
            "assessedProduct conformance referenceRegulation"
        )
        assert set(required.split()) <= assessment.keys()
        assert assessment["conformance"] is True
        assert assessment["assessedPerformance"]
        assert assessment["assessedProduct"][0]["product"]["modelNumber"] == "C-1"
        assert assessment["referenceRegulation"][0]["name"] == "QCVN 135:2024/BTTTT"


def test_results_ride_along_with_uncertainty_and_decision_rule(token: str) -> None:
    (assessment,) = part(token, 1)["credentialSubject"]["conformityAssessment"]
    (result,) = assessment["measurementResult"]
    assert {name: result[name] for name in result if name != "id"} == {
        "characteristic": "Thời gian khóa",
        "testMethod": "QCVN 135:2024/BTTTT",
        "measuredValue": "312.0",
        "measuredUnit": "s",
        "expandedUncertainty": "2.0",
        "coverageFactor": "2",
        "lowerLimit": "300.0",
        "decisionRule": "http://127.0.0.1:8000/contexts/v1#decision-rule-guard_band",
        "conformityStatement": "pass",
    }
    (performance,) = assessment["assessedPerformance"]
    assert performance["measure"] == {"type": ["Measure"], "value": 312, "unit": "SEC"}


def test_it_names_nobody_and_tells_no_secret(token: str) -> None:
    said = json.dumps(part(token, 1), ensure_ascii=False)
    for secret in ("Bí mật", "Người quyết định", "Trưởng phòng", "@demo.example"):
        assert secret not in said


def test_it_commits_to_the_snapshot_and_the_journal(
    world: World, certificate: Certificate, token: str, trust: TrustBundle
) -> None:
    said = part(token, 1)["credentialSubject"]["registerEntry"]
    assert multibase.read_digest(said["snapshotDigest"]) == certificate.digest
    position = json.loads(said["journalEntry"])["position"]
    with world.registry.units.reading() as session:
        content = hashed_content(entry(session, position))
    assert content.decode() == said["journalEntry"]
    proof = {"index": said["leafIndex"], "path": said["inclusionPath"]}
    signed, _ = verify_inclusion(content, proof, said["checkpoint"], trust.journal_keys)
    assert signed.size == said["treeSize"]
    assert check_inclusion(part(token, 1), trust).code == "included"


def test_other_programs_check_the_signature(world: World, token: str) -> None:
    """Once by joserfc with the published JWK, once by cryptography alone."""
    jwk = dict(trust_bundle(world.registry).keys[0].jwk)
    assert jws.deserialize_compact(token, ECKey.import_key(jwk), algorithms=["ES256"])
    numbers = [int.from_bytes(unpadded(jwk[name])) for name in ("x", "y")]
    key = ec.EllipticCurvePublicNumbers(numbers[0], numbers[1], ec.SECP256R1()).public_key()
    signed = token.rpartition(".")[0].encode()
    key.verify(der_signature(token), signed, ec.ECDSA(hashes.SHA256()))
    header = part(token, 0)
    assert (header["alg"], header["typ"]) == ("ES256", "vc+jwt")
    assert header["kid"].startswith("did:web:127.0.0.1%3A8000#")


def test_genuine_and_its_period(world: World, token: str, trust: TrustBundle) -> None:
    found = verify_credential(token, trust, now(world))
    assert found.genuine
    assert found.period == "valid"
    assert found.number == part(token, 1)["credentialSubject"]["name"]
    assert verify_credential(token, trust, now(world) - timedelta(days=2)).period == "not-yet"
    assert verify_credential(token, trust, now(world) + timedelta(days=4000)).period == "expired"


def forged(token: str, trust: TrustBundle, how: str) -> str:
    """Return what somebody who lacks the register's key can make of a credential."""
    header, claims = part(token, 0), part(token, 1)
    changed = {**claims, "validUntil": "2099-12-31T23:59:59+07:00"}
    signature = unpadded(token.split(".")[2])
    own = ECKey.generate_key("P-256")
    secret = OctKey.import_key(json.dumps(dict(trust.keys[0].jwk)))
    unsigned = {
        "changed": (header, changed, signature),
        "none": ({**header, "alg": "none"}, changed, b""),
        "NONE": ({**header, "alg": "nOnE"}, changed, b""),
        "wrong type": ({**header, "typ": "JWT"}, claims, signature),
        "no type": ({"alg": "ES256", "kid": header["kid"]}, claims, signature),
        "critical": ({**header, "crit": ["exp"]}, claims, signature),
        "empty signature": (header, claims, b""),
        "zero signature": (header, claims, bytes(64)),
    }
    signed: dict[str, tuple[dict[str, Any], ECKey | OctKey]] = {
        "swapped key": (header, own),
        "own key named": ({**header, "kid": "did:web:evil.example#1"}, own),
        "own key inside": ({**header, "jwk": own.as_dict(private=False)}, own),
        "public key as secret": ({**header, "alg": "HS256"}, secret),
    }
    if how in unsigned:
        return compact(*unsigned[how])
    if how in signed:
        named, key = signed[how]
        return jws.serialize_compact(named, json.dumps(changed), key, algorithms=[named["alg"]])
    return how


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("changed", "bad-signature"),
        ("none", "wrong-algorithm"),
        ("NONE", "wrong-algorithm"),
        ("swapped key", "bad-signature"),
        ("own key named", "unknown-key"),
        ("own key inside", "bad-signature"),
        ("public key as secret", "wrong-algorithm"),
        ("wrong type", "wrong-type"),
        ("no type", "wrong-type"),
        ("critical", "wrong-algorithm"),
        ("empty signature", "bad-signature"),
        ("zero signature", "bad-signature"),
        ("", "malformed"),
        ("a.b", "malformed"),
        ("a.b.c", "malformed"),
        ("é.é.é", "malformed"),
        ("W10.W10.W10", "malformed"),
        ("." * 50, "malformed"),
        ("a" * 2_000_000 + "..", "malformed"),
        ("W" * 100_000 + ".e30.e30", "malformed"),
    ],
)
def test_forgeries_are_told_apart(
    world: World, token: str, trust: TrustBundle, how: str, code: str
) -> None:
    found = verify_credential(forged(token, trust, how), trust, now(world))
    assert (found.code, found.claims) == (code, None)


def resigned(world: World, trust: TrustBundle, claims: dict[str, Any]) -> str:
    key = credential_key(world.registry.settings, now(world))
    (name,) = trust.credential_keys()
    return envelope.sign(claims, key, name)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"issuer": "did:web:other.example"}, "wrong-issuer"),
        ({"issuer": {"id": ["did"]}}, "wrong-issuer"),
        ({"type": "VerifiableCredential"}, "wrong-shape"),
        ({"credentialSubject": []}, "wrong-shape"),
        ({"validFrom": "soon"}, "wrong-shape"),
        ({"validFrom": "2026-01-01T00:00:00"}, "wrong-shape"),
    ],
)
def test_what_the_key_signed_is_still_looked_at(
    world: World, token: str, trust: TrustBundle, change: dict[str, Any], code: str
) -> None:
    again = resigned(world, trust, {**part(token, 1), **change})
    assert verify_credential(again, trust, now(world)).code == code


def test_a_status_list_is_no_certificate(world: World, trust: TrustBundle) -> None:
    for listed in trust.status_lists.values():
        assert verify_credential(listed, trust, now(world)).code == "wrong-shape"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"certificateNumber": "VN-2026-000099-XX"}, "wrong-entry"),
        ({"snapshotDigest": multibase.digest("00" * 32)}, "wrong-entry"),
        ({"snapshotDigest": 7}, "wrong-entry"),
        ({"journalEntry": "{}"}, "wrong-entry"),
        ({"journalEntry": "[" * 100_000}, "wrong-entry"),
        ({"journalEntry": None}, "missing"),
        ({"checkpoint": "a\n\nb\n"}, "unknown-journal-key"),
        ({"inclusionPath": []}, "wrong-proof"),
        ({"inclusionPath": ["00"] * 64}, "wrong-proof"),
        ({"inclusionPath": "00"}, "wrong-proof"),
        ({"inclusionPath": [7]}, "wrong-proof"),
    ],
)
def test_proofs_that_do_not_hold(
    token: str, trust: TrustBundle, change: dict[str, Any], code: str
) -> None:
    claims = part(token, 1)
    claims["credentialSubject"]["registerEntry"].update(change)
    assert check_inclusion(claims, trust).code == code


def test_a_checkpoint_of_another_key_proves_nothing(token: str, trust: TrustBundle) -> None:
    other = Signer.make(trial_name("evil.example")).verifier
    strange = replace(trust, journal_keys=(other,))
    assert check_inclusion(part(token, 1), strange).code == "unknown-journal-key"


def test_a_bundle_survives_its_file_and_checks_without_the_register(
    world: World, token: str, trust: TrustBundle
) -> None:
    kept = read_bundle(trust.to_json())
    assert kept == trust
    found = verify_credential(token, kept, now(world))
    assert found.genuine
    assert found.claims is not None
    assert check_inclusion(found.claims, kept).code == "included"
    status = check_status(found.claims, kept, now(world))
    assert [(s.purpose, s.code, s.is_set) for s in status] == [
        ("revocation", "current", False),
        ("suspension", "current", False),
    ]
    assert "PRIVATE" not in trust.to_json()


def test_the_command_writes_what_checks_offline(world: World, token: str, tmp_path: Path) -> None:
    target = tmp_path / "trust.json"
    result = CliRunner().invoke(main, ["trust", "export", str(target)], obj=world.registry)
    assert result.exit_code == 0, result.output
    assert sha256_hex(target.read_bytes()) in result.output
    kept = read_bundle(target.read_text("utf-8"))
    assert verify_credential(token, kept, now(world)).genuine
    assert kept.issuer == "did:web:127.0.0.1%3A8000"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": "standards-registry-trust@1"}', "[" * 100_000, "null", "é"],
)
def test_what_is_no_bundle_is_refused(text: str) -> None:
    with pytest.raises(MalformedBundle):
        read_bundle(text)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("made_at", "2026-01-01"),
        ("made_at", 7),
        ("keys", [{}]),
        ("keys", 7),
        ("journal_keys", ["x"]),
        ("checkpoint", 7),
        ("status_lists", {"a": 7}),
        ("name", None),
    ],
)
def test_a_damaged_bundle_is_refused(trust: TrustBundle, member: str, value: object) -> None:
    body = {**json.loads(trust.to_json()), member: value}
    with pytest.raises(MalformedBundle):
        read_bundle(json.dumps(body))


def test_status_lists_of_others_are_refused(world: World, token: str, trust: TrustBundle) -> None:
    claims = part(token, 1)
    (address, listed), *_ = trust.status_lists.items()
    said = part(listed, 1)
    wrong = {
        "wrong-issuer": resigned(world, trust, {**said, "issuer": "did:web:other.example"}),
        "wrong-list": resigned(world, trust, {**said, "id": f"{address}0"}),
        "bad-signature": listed[:-4] + "AAAA",
        "malformed": "",
    }
    for code, forgery in wrong.items():
        tampered = replace(trust, status_lists={**trust.status_lists, address: forgery})
        finding, _ = check_status(claims, tampered, now(world))
        assert (finding.code, finding.is_set) == (code, None)
    finding, _ = check_status(claims, replace(trust, status_lists={}), now(world))
    assert (finding.code, finding.is_set) == ("no-list", None)


def test_a_list_tells_its_age(world: World, token: str, trust: TrustBundle) -> None:
    later = now(world) + timedelta(days=30)
    finding, _ = check_status(part(token, 1), trust, later)
    assert (finding.code, finding.is_set, finding.made_at) == ("outdated", False, now(world))
    (address, listed), *_ = trust.status_lists.items()
    opened = verify_status_list(listed, trust, "revocation", address)
    # It holds through the day after it was made, where the register is.
    assert opened.valid_until == datetime(2026, 11, 21, 17, tzinfo=UTC)
