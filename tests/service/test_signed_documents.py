"""Signed PDF files: what a certificate's file carries, and which files are told to be false."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader, PdfWriter

from registry.assessment.services.trust import trust_bundle
from registry.credentials.document_key import DocumentKey, document_key, new_trial_key
from registry.credentials.pdf_signing import sign_pdf
from registry.credentials.pdf_verification import LARGEST, verify_pdf
from registry.credentials.trust import TrustBundle
from registry.credentials.verification import verify_credential
from tests.support.assessment import World
from tests.support.credentials import pdf_of, token_of


class Issued:
    """A certificate's file with everything to check it by."""

    def __init__(self, world: World) -> None:
        self.world = world
        certificate = world.certificate()
        self.number = certificate.number
        self.content = pdf_of(world, certificate.id)
        self.token = token_of(world, certificate.id)
        self.trust: TrustBundle = trust_bundle(world.registry)
        self.now = world.registry.clock.now()
        self.key: DocumentKey = document_key(world.registry.settings, self.now)


@pytest.fixture
def issued(world: World) -> Issued:
    return Issued(world)


def test_genuine_file_names_key_and_carries_the_credential(issued: Issued) -> None:
    found = verify_pdf(issued.content, issued.trust)
    assert found.genuine
    assert found.key is not None
    assert found.key.trial
    assert found.signed_at == issued.now
    assert not found.after_retirement
    assert found.credential == issued.token
    credential = verify_credential(found.credential, issued.trust, issued.now)
    assert credential.number == issued.number


def test_another_validator_finds_a_certification_of_the_whole_file(issued: Issued) -> None:
    """pyHanko's own validation, which looks at every revision of the file."""
    root = x509.Certificate.load(issued.key.certificate)
    (signature,) = PdfFileReader(BytesIO(issued.content)).embedded_signatures
    context = ValidationContext(trust_roots=[root], moment=issued.now, allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert status.modification_level == ModificationLevel.NONE
    assert signature.docmdp_level == MDPPerm.NO_CHANGES
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_signing_leaves_the_archive_file_as_it_was(issued: Issued) -> None:
    """ISO 19005-3: version, metadata, information and attachments are as they were drawn."""
    drawn_length = PdfFileReader(BytesIO(issued.content)).xrefs.get_startxref_for_revision(0)
    first_end = issued.content.index(b"%%EOF", drawn_length) + 6
    # Any: pypdf types a dictionary's values as PdfObject, which no test could compare.
    drawn: Any = PdfReader(BytesIO(issued.content[:first_end]), strict=True)
    signed: Any = PdfReader(BytesIO(issued.content), strict=True)
    assert signed.pdf_header == drawn.pdf_header == "%PDF-1.7"
    assert "/Version" not in signed.root_object
    assert "/Extensions" not in signed.root_object
    assert signed.metadata == drawn.metadata
    assert signed.root_object["/Metadata"].get_data() == drawn.root_object["/Metadata"].get_data()
    assert signed.trailer["/ID"][0] == drawn.trailer["/ID"][0]
    assert {key: signed.root_object[key] for key in ("/Lang", "/MarkInfo", "/ViewerPreferences")}
    (file,) = signed.root_object["/AF"]
    specification = file.get_object()
    assert specification["/AFRelationship"] == "/Alternative"
    assert specification["/UF"] == f"{issued.number}.json"
    assert specification["/EF"]["/F"]["/Subtype"] == "/application/json"
    (field,) = signed.root_object["/AcroForm"]["/Fields"]
    widget = field.get_object()
    # 6.3.2 and 6.3.3: printed, not hidden; without an area it needs no appearance.
    assert widget["/F"] & 4
    assert not widget["/F"] & 2
    assert list(widget["/Rect"]) == [0, 0, 0, 0]
    assert "TRIAL SIGNATURE" in " ".join(signed.pages[0].extract_text().split())


def end_of_gap(content: bytes) -> int:
    match = re.search(rb"/ByteRange \[\d+ \d+ (\d+) \d+", content)
    assert match
    return int(match.group(1))


def updated(issued: Issued) -> bytes:
    """Return the file with an incremental update that replaces its first page's contents."""
    writer = IncrementalPdfFileWriter(BytesIO(issued.content))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = page["/MediaBox"][0].__class__(180)
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


def rewritten(issued: Issued) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(issued.content))
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def encrypted(issued: Issued) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(unsigned(issued)))
    writer.encrypt("secret", algorithm="AES-256")
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def unsigned(issued: Issued) -> bytes:
    return issued.content[: issued.content.index(b"%%EOF") + 6]


def resigned(issued: Issued) -> bytes:
    """Return a false certificate that somebody signed with a key of their own."""
    pem = new_trial_key("evil.example", issued.now).encode()
    folder = issued.world.registry.settings.data_dir / "evil"
    folder.mkdir(exist_ok=True)
    (folder / "document-key").write_bytes(pem)
    settings = replace(issued.world.registry.settings, data_dir=folder)
    key = document_key(settings, issued.now)
    return sign_pdf(unsigned(issued), key, instant=issued.now, signer_name="Evil").content


def also_signed(issued: Issued) -> bytes:
    """Return the genuine file with a second signature added, as an editor would."""
    false = resigned(issued)
    return issued.content + false[len(unsigned(issued)) :]


def wrapped(issued: Issued) -> bytes:
    """Return a file whose signed end was moved to make room for more before it."""
    content, rest = issued.content, end_of_gap(issued.content)
    evil = b"\n1 0 obj<</Evil true>>endobj\n"
    old, new = (b"%d %d]" % (start, len(content) - rest) for start in (rest, rest + len(evil)))
    return (content[:rest] + evil + content[rest:]).replace(old, new)


def moved(issued: Issued) -> bytes:
    """Return the file with bytes before its header, so that nothing is where it was signed."""
    return b"PK\x03\x04" + issued.content


def changed(issued: Issued, place: int) -> bytes:
    content = bytearray(issued.content)
    content[place] ^= 1
    return bytes(content)


def bomb(issued: Issued) -> bytes:
    """Return the file followed by an object stream that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    head = b"\n9999 0 obj<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n"
    return issued.content + head % len(packed) + packed + b"\nendstream endobj\n%%EOF\n"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda issued: b"", "not-a-pdf"),
        (lambda issued: b"hello" * 1000, "not-a-pdf"),
        (lambda issued: b"%PDF-1.7" + bytes(LARGEST), "too-large"),
        (unsigned, "unsigned"),
        (encrypted, "encrypted"),
        (lambda issued: issued.content[: len(issued.content) // 2], "truncated"),
        (lambda issued: issued.content[:-1], "truncated"),
        (lambda issued: issued.content[: end_of_gap(issued.content)], "truncated"),
        (updated, "added-to"),
        (lambda issued: issued.content + b"\n", "added-to"),
        (also_signed, "added-to"),
        (bomb, "added-to"),
        (lambda issued: changed(issued, 5_000), "altered"),
        (lambda issued: changed(issued, len(issued.content) - 200), "altered"),
        (resigned, "unknown-key"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_every_false_file_has_its_answer(issued: Issued, make: Any, code: str) -> None:
    found = verify_pdf(make(issued), issued.trust)
    assert (found.code, found.credential) == (code, None)


@pytest.mark.parametrize("make", [rewritten, wrapped, moved])
def test_a_signature_that_lost_its_place_vouches_for_nothing(issued: Issued, make: Any) -> None:
    found = verify_pdf(make(issued), issued.trust)
    assert found.code in {"altered", "unknown-key", "truncated"}
    assert found.credential is None


def test_no_single_changed_byte_passes(issued: Issued) -> None:
    """Every region of the file but the unused digits of the signature's own place."""
    content = issued.content
    gap = content.index(b"/Contents <", content.index(b"%%EOF"))
    places = [*range(0, len(content), len(content) // 40), gap + 60, gap + 700]
    for place in places:
        if not gap + 2_000 < place < end_of_gap(content):
            assert not verify_pdf(changed(issued, place), issued.trust).genuine, place


def judged(issued: Issued, **changes: Any) -> Any:
    keys = tuple(
        replace(key, **changes) if key.use == "document" else key for key in issued.trust.keys
    )
    return verify_pdf(issued.content, replace(issued.trust, keys=keys))


def test_a_retired_key_goes_on_vouching_and_a_compromised_one_does_not(issued: Issued) -> None:
    retired = judged(issued, retired_on=issued.now.date())
    assert (retired.code, retired.after_retirement) == ("genuine", False)
    late = judged(issued, retired_on=date(2026, 1, 1))
    assert (late.code, late.after_retirement) == ("genuine", True)
    compromised = judged(issued, compromised_since=date(2030, 1, 1))
    assert (compromised.code, compromised.credential) == ("compromised-key", None)
    assert verify_pdf(issued.content, replace(issued.trust, keys=())).code == "unknown-key"


def test_the_instant_of_signing_is_the_registers(issued: Issued) -> None:
    instant = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
    signed = sign_pdf(unsigned(issued), issued.key, instant=instant, signer_name="Cơ quan")
    assert signed.level == "B-B"
    (signature,) = PdfFileReader(BytesIO(signed.content)).embedded_signatures
    assert signature.self_reported_timestamp == instant
    assert signature.sig_object["/Name"] == "Cơ quan"
