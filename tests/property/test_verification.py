"""Whatever bytes come in, the checker answers, and no change of a genuine thing passes."""

import re
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from registry.config import load_settings
from registry.credentials import envelope
from registry.credentials.credential_key import credential_key
from registry.credentials.document_key import document_key
from registry.credentials.identity import did, key_url
from registry.credentials.models import SigningKey
from registry.credentials.pdf_signing import sign_pdf
from registry.credentials.pdf_verification import verify_pdf
from registry.credentials.public_key import PublicKey
from registry.credentials.trust import TrustBundle, trusted
from registry.credentials.verification import check_inclusion, check_status, verify_credential

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BASE = "https://registry.example.org"


def row(public: PublicKey) -> SigningKey:
    return SigningKey(
        key_id=public.key_id,
        use=public.use,
        algorithm=public.algorithm,
        jwk=public.jwk,
        certificate=public.certificate,
        trial=public.trial,
        valid_from=public.valid_from,
        valid_until=public.valid_until,
    )


STARTS = [b"", b"%PDF-1.7\n", b"%PDF-1.7 /ByteRange [0 1 2 3]"]


@cache
def signed() -> tuple[bytes, str, TrustBundle]:
    """Return a signed file, a credential, and what to believe."""
    with tempfile.TemporaryDirectory() as folder:
        configured = replace(load_settings({"REGISTRY_DATA_DIR": folder}), base_url=BASE)
        assert Path(folder).exists()
        documents, credentials = document_key(configured, NOW), credential_key(configured, NOW)
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    drawn = BytesIO()
    writer.write(drawn)
    content = sign_pdf(drawn.getvalue(), documents, instant=NOW, signer_name="A").content
    claims = {
        "type": ["VerifiableCredential"],
        "issuer": did(BASE),
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "a"},
    }
    token = envelope.sign(claims, credentials, key_url(BASE, credentials.public.key_id))
    keys = trusted([row(documents.public), row(credentials.public)])
    return content, token, TrustBundle(NOW, BASE, {}, keys, (), None)


def test_the_samples_are_genuine() -> None:
    content, token, trust = signed()
    assert verify_pdf(content, trust).genuine
    assert verify_credential(token, trust, NOW).genuine


@settings(max_examples=60, deadline=None)
@given(st.integers(0), st.integers(0, 40), st.binary(max_size=40))
def test_no_cut_and_no_insertion_passes(place: int, removed: int, put: bytes) -> None:
    content, _, trust = signed()
    place %= len(content) + 1
    changed = content[:place] + put + content[place + removed :]
    unused = re.search(rb"0{64,}>", content)
    assert unused
    inside = unused.start() <= place and place + removed < unused.end() and len(put) == removed
    if changed != content and not inside:
        assert not verify_pdf(changed, trust).genuine


@settings(max_examples=60, deadline=None)
@given(st.integers(0), st.characters(codec="utf-8"))
def test_no_other_character_in_a_token_passes(place: int, character: str) -> None:
    _, token, trust = signed()
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    found = verify_credential(changed, trust, NOW)
    # The last character of base64 has bits that belong to no byte.
    assert not found.genuine or changed[:-1] == token[:-1]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"%PDF-1.7 /ByteRange [0 1 2 3]"])
)
def test_any_bytes_have_an_answer(content: bytes, start: bytes) -> None:
    _, _, trust = signed()
    assert not verify_pdf(start + content, trust).genuine
    assert not verify_credential(content.decode("latin-1"), trust, NOW).genuine


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
MEMBERS = "journalEntry checkpoint inclusionPath leafIndex certificateNumber snapshotDigest".split()


@settings(max_examples=60, deadline=None)
@given(JSON, st.fixed_dictionaries(dict.fromkeys(MEMBERS, JSON)))
def test_any_claims_have_an_answer(anything: object, entry: dict[str, object]) -> None:
    _, _, trust = signed()
    claims = {"credentialSubject": {"registerEntry": entry}, "credentialStatus": anything}
    assert check_inclusion(claims, trust).code != "included"
    check_status(claims, trust, NOW)
    listed = [{"statusPurpose": "revocation", "statusListCredential": anything}]
    check_status({"credentialStatus": listed}, trust, NOW)
