"""The key register, and keys from files: rotation breaks nothing that was signed before."""

import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from registry.assessment.services.trust import trust_bundle
from registry.cli import main
from registry.config import SigningSettings, load_settings
from registry.container import Registry
from registry.credentials.credential_key import credential_key
from registry.credentials.document_key import TRIAL_NAME, document_key
from registry.credentials.identity import did_document, jwks
from registry.credentials.key_register import ACTOR, keys, retire, use
from registry.credentials.models import SigningKey
from registry.credentials.pdf_verification import verify_pdf
from registry.credentials.public_key import PublicKey
from registry.credentials.verification import verify_credential
from registry.errors import Conflict, Invalid, NotFound
from registry.journal.queries import entries
from tests.support.assessment import World
from tests.support.credentials import pdf_of, token_of

START = datetime(2026, 11, 1, tzinfo=UTC)


def run(registry: Registry, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(arguments), obj=registry)
    assert result.exit_code == code, result.output
    return result


def known_keys(registry: Registry) -> list[SigningKey]:
    with registry.units.reading() as session:
        return list(keys(session))


def present(registry: Registry) -> tuple[PublicKey, PublicKey]:
    now = registry.clock.now()
    return (
        document_key(registry.settings, now).public,
        credential_key(registry.settings, now).public,
    )


def test_trial_keys_are_made_once_for_their_owner_only_and_say_what_they_are(
    empty_registry: Registry,
) -> None:
    registry = empty_registry
    first = present(registry)
    assert present(registry) == first
    for name in ("document-key", "credential-key"):
        mode = (registry.settings.data_dir / name).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
    assert all(public.trial for public in first)
    assert first[0].certificate is not None
    subject = x509.load_der_x509_certificate(first[0].certificate).subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == TRIAL_NAME


def test_init_puts_keys_to_use_and_again_changes_nothing(empty_registry: Registry) -> None:
    run(empty_registry, "init")
    before = known_keys(empty_registry)
    assert {key.use for key in before} == {"document", "credential"}
    run(empty_registry, "init")
    assert [key.id for key in known_keys(empty_registry)] == [key.id for key in before]
    with empty_registry.units.reading() as session:
        (entry, *_) = entries(session, action="signing-key.use")
    assert "private" not in entry.canonical_data
    assert '"d"' not in entry.canonical_data


def test_what_was_signed_before_a_rotation_stays_good(world: World) -> None:
    registry = world.registry
    old = world.certificate()
    old_pdf, old_token = pdf_of(world, old.id), token_of(world, old.id)
    for purpose in ("document", "credential"):
        run(registry, "key", "rotate", purpose)
    new = world.certificate()
    new_pdf, new_token = pdf_of(world, new.id), token_of(world, new.id)
    trust = trust_bundle(registry)
    found = [verify_pdf(content, trust) for content in (old_pdf, new_pdf)]
    assert [finding.code for finding in found] == ["genuine", "genuine"]
    assert [bool(finding.key and finding.key.retired_on) for finding in found] == [True, False]
    assert not found[0].after_retirement
    for token in (old_token, new_token):
        assert verify_credential(token, trust, registry.clock.now()).genuine
    assert pdf_of(world, old.id) == old_pdf
    listed = run(registry, "key", "list").output
    assert listed.count("in use") == listed.count("retired on") == 2


def test_what_a_compromised_key_signed_is_made_anew(world: World) -> None:
    registry = world.registry
    certificate = world.certificate()
    old_pdf, old_token = pdf_of(world, certificate.id), token_of(world, certificate.id)
    for public in present(registry):
        run(registry, "key", "retire", public.key_id, "--compromised-since", "2026-11-01")
    with pytest.raises(Conflict, match="retired"):
        pdf_of(world, certificate.id)
    for purpose in ("document", "credential"):
        run(registry, "key", "rotate", purpose)
    new_pdf, new_token = pdf_of(world, certificate.id), token_of(world, certificate.id)
    trust = trust_bundle(registry)
    moment = registry.clock.now()
    assert verify_pdf(old_pdf, trust).code == "compromised-key"
    assert verify_credential(old_token, trust, moment).code == "compromised-key"
    assert verify_pdf(new_pdf, trust).credential == new_token
    assert verify_credential(new_token, trust, moment).genuine
    document = did_document(registry.settings.base_url, known_keys(registry))
    assert len(document["verificationMethod"]) == 2
    assert len(document["assertionMethod"]) == 1
    assert [method.get("revoked") for method in document["verificationMethod"]] == [
        None,
        "2026-11-01T00:00:00Z",
    ]
    assert len(jwks(registry.settings.base_url, known_keys(registry))["keys"]) == 1


def test_a_replaced_key_cannot_come_back(empty_registry: Registry) -> None:
    """Two workers with different keys: the later key stays."""
    first = present(empty_registry)[1]
    other = replace(first, key_id="other")
    with empty_registry.units(ACTOR) as uow:
        use(uow, first)
        use(uow, other)
    with empty_registry.units(ACTOR) as uow, pytest.raises(Conflict, match="retired"):
        use(uow, first)


def test_an_expired_certificate_is_not_put_to_use(empty_registry: Registry) -> None:
    expired = replace(present(empty_registry)[0], valid_until=START)
    with empty_registry.units(ACTOR) as uow, pytest.raises(Conflict, match="expired"):
        use(uow, expired)


def test_retiring_checks_what_is_there(empty_registry: Registry) -> None:
    document, _ = present(empty_registry)
    with empty_registry.units(ACTOR) as uow:
        with pytest.raises(NotFound):
            retire(uow, document.key_id)
        use(uow, document)
        with pytest.raises(Invalid) as refusal:
            retire(uow, document.key_id, compromised_since=date(2027, 1, 1))
        assert list(refusal.value.fields) == ["compromised_since"]
        retire(uow, document.key_id)
        with pytest.raises(Conflict):
            retire(uow, document.key_id)
        retire(uow, document.key_id, compromised_since=date(2026, 11, 10))
        with pytest.raises(Conflict):
            retire(uow, document.key_id, compromised_since=date(2026, 11, 11))
        earlier = retire(uow, document.key_id, compromised_since=date(2026, 11, 1))
    assert earlier.compromised_since == date(2026, 11, 1)


def authority(name: str, key: Any, issuer: Any = None) -> x509.Certificate:
    """Return a certificate for ``key``, signed by itself or by (certificate, key)."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above, signing = issuer or (None, key)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=700))
        .add_extension(x509.BasicConstraints(ca=above is None, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )


def pkcs12_file(folder: Path, key: Any, password: bytes = b"secret") -> Path:
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = authority("Root", root_key)
    certificate = authority("Seal of the register", key, (root, root_key))
    path = folder / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", key, certificate, [root], serialization.BestAvailableEncryption(password)
        )
    )
    return path


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_pkcs12_file_signs(world: World, tmp_path: Path, kind: str) -> None:
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ec.generate_private_key(ec.SECP384R1())
    )
    secret = tmp_path / "password"
    secret.write_text("secret\n", encoding="ascii")
    settings = load_settings(
        {
            "REGISTRY_DATA_DIR": str(world.registry.settings.data_dir),
            "REGISTRY_DOCUMENT_KEY": str(pkcs12_file(tmp_path, key)),
            "REGISTRY_DOCUMENT_KEY_PASSWORD_FILE": str(secret),
        }
    )
    assert "secret" not in repr(settings.signing)
    real = World(replace(world.registry, settings=settings))
    content = pdf_of(real, real.certificate().id)
    found = verify_pdf(content, trust_bundle(real.registry))
    assert found.genuine
    assert found.key is not None
    assert not found.key.trial
    assert b"TRIAL" not in content


@pytest.mark.parametrize(
    "signing",
    [
        SigningSettings(document_key=Path("/nowhere")),
        SigningSettings(document_key=Path(__file__)),
        SigningSettings(token_module=Path("/nowhere.so"), token_pin="1234"),
    ],
)
def test_a_document_key_that_cannot_be_used_names_its_setting(
    empty_registry: Registry, signing: SigningSettings
) -> None:
    settings = replace(empty_registry.settings, signing=signing)
    with pytest.raises(Invalid) as refusal:
        document_key(settings, START)
    (name,) = refusal.value.fields
    assert name in {"REGISTRY_DOCUMENT_KEY", "REGISTRY_PKCS11_MODULE"}


def test_a_wrong_password_names_the_setting(empty_registry: Registry, tmp_path: Path) -> None:
    path = pkcs12_file(tmp_path, ec.generate_private_key(ec.SECP256R1()))
    signing = SigningSettings(document_key=path, document_key_password="wrong")
    with pytest.raises(Invalid):
        document_key(replace(empty_registry.settings, signing=signing), START)


def pem(key: Any) -> str:
    written: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return written.decode()


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ],
    ids=["P-256", "Ed25519"],
)
def test_an_own_credential_key_signs(
    world: World, tmp_path: Path, key: Any, algorithm: str
) -> None:
    path = tmp_path / "credential.pem"
    path.write_text(pem(key), encoding="ascii")
    settings = replace(world.registry.settings, signing=SigningSettings(credential_key=path))
    own = World(replace(world.registry, settings=settings))
    token = token_of(own, own.certificate().id)
    found = verify_credential(token, trust_bundle(own.registry), own.registry.clock.now())
    assert found.genuine
    assert found.key is not None
    assert (found.key.algorithm, found.key.trial) == (algorithm, False)


@pytest.mark.parametrize(
    "content",
    ["", "-----BEGIN PRIVATE KEY-----", pem(ec.generate_private_key(ec.SECP384R1()))],
    ids=["empty", "cut off", "another curve"],
)
def test_a_credential_key_that_cannot_be_used_names_its_setting(
    empty_registry: Registry, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "credential.pem"
    path.write_text(content, encoding="ascii")
    settings = replace(empty_registry.settings, signing=SigningSettings(credential_key=path))
    with pytest.raises(Invalid) as refusal:
        credential_key(settings, START)
    assert list(refusal.value.fields) == ["REGISTRY_CREDENTIAL_KEY"]


def test_new_credential_key_is_written_once(empty_registry: Registry, tmp_path: Path) -> None:
    target = tmp_path / "key.pem"
    made = run(empty_registry, "key", "new-credential-key", str(target)).output.strip()
    settings = replace(empty_registry.settings, signing=SigningSettings(credential_key=target))
    assert credential_key(settings, START).public.key_id == made
    assert (
        "never overwritten"
        in run(empty_registry, "key", "new-credential-key", str(target), code=1).output
    )
