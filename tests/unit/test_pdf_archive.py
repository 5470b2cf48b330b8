"""What ISO 19005-3 (PDF/A-3, level A) asks of a file, as far as its structure shows it.

No validator is at hand (see docs/adr/0003-pdf.md); these tests hold the
requirements that WeasyPrint and ``registry.pdf.structure`` answer for.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream, NameObject

from registry.pdf.renderer import Attachment, render_pdf
from tests.golden import pdf_samples

INSTANT = datetime(2026, 3, 5, 2, 0, 7, tzinfo=UTC)
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XMP = "{http://ns.adobe.com/xap/1.0/}"

# ISO 32000-1, 14.8.4: the standard structure types that our pages use.
STANDARD_TYPES = set(
    "/Document /Part /Art /Sect /Div /P /H1 /H2 /H3 /L /LI /Lbl /LBody /Table /THead /TBody "
    "/TR /TH /TD /Span /Link /Figure /Caption /NonStruct".split()
)

TEXT_OPERATORS = {b"Tj", b"TJ", b"'", b'"'}
PAINT_OPERATORS = {b"f", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"Do", b"sh"}


# Any: pypdf types a dictionary's values as PdfObject, which no test could compare.
@pytest.fixture(scope="module")
def reader() -> Any:
    pdf = render_pdf(
        "certificate.html",
        pdf_samples.extreme_certificate(),
        instant=INSTANT,
        identifier=b"\x00(\r\n)\xff",
        attachments=[Attachment("snapshot.json", b'{"a": 1}', "Ảnh chụp dữ liệu")],
    )
    return PdfReader(BytesIO(pdf), strict=True)


def structure(reader: Any) -> Iterator[Any]:
    """Yield all structure elements, top down."""
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"]["/K"]]
    while waiting:
        kid = waiting.pop()
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, list):
            waiting.extend(reversed(kid))
        elif isinstance(kid, dict) and kid.get("/Type") == "/StructElem":
            yield kid
            waiting.append(kid.get("/K", []))


def marked(reader: Any) -> Iterator[tuple[int, bytes, list[tuple[str, Any]]]]:
    """Yield (page, operator, open marked-content sequences) for each operator that draws."""
    for number, page in enumerate(reader.pages):
        sequences: list[tuple[str, Any]] = []
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"BMC", b"BDC"}:
                sequences.append((operands[0], operands[1] if operator == b"BDC" else {}))
            elif operator == b"EMC":
                sequences.pop()
            elif operator in TEXT_OPERATORS | PAINT_OPERATORS:
                yield number, operator, list(sequences)


def test_metadata_claims_level_a_and_agrees_with_the_information_dictionary(
    reader: Any,
) -> None:
    packet = reader.root_object["/Metadata"].get_data()
    rdf = ET.fromstring(packet).find(f"{RDF}RDF")  # noqa: S314
    assert rdf is not None
    claims = {key: value for item in rdf for key, value in item.attrib.items()}
    assert (claims[f"{PDFAID}part"], claims[f"{PDFAID}conformance"]) == ("3", "A")
    assert rdf.findtext(f".//{XMP}CreateDate") == "2026-03-05T02:00:07Z"
    information = reader.metadata
    assert information is not None
    assert information.title == "Giấy chứng nhận sự phù hợp VN-2026-000017-K"
    assert information.author == pdf_samples.REGISTER["authority"]["vi"]
    assert information["/CreationDate"] == information["/ModDate"] == "D:20260305020007Z"
    titles = rdf.findall(".//{http://purl.org/dc/elements/1.1/}title//" + f"{RDF}li")
    assert [title.text for title in titles] == [information.title]


def test_file_identifier_survives_bytes_that_readers_change(reader: Any) -> None:
    assert reader.trailer["/ID"][0].original_bytes == b"00280d0a29ff"


def test_output_intent_is_srgb_with_its_profile(reader: Any) -> None:
    (intent,) = reader.root_object["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    profile = intent["/DestOutputProfile"].get_object()
    assert profile["/N"] == 3
    assert profile.get_data()[36:40] == b"acsp"


def test_every_font_is_embedded_and_maps_to_unicode(reader: Any) -> None:
    fonts = {
        name: font.get_object()
        for page in reader.pages
        for name, font in page["/Resources"]["/Font"].items()
    }
    assert len(fonts) >= 4
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
        mapped = re.findall(rb"> <([0-9a-f]+)>", font["/ToUnicode"].get_data())
        assert mapped
        assert not {b"0000", b"feff", b"fffe"} & set(mapped)


def test_nothing_forbidden_is_inside(reader: Any) -> None:
    assert not reader.is_encrypted
    assert "/AA" not in reader.root_object
    assert "/OpenAction" not in reader.root_object
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            assert link["/Subtype"] == "/Link"
            assert link["/F"] == 4  # ISO 19005-3, 6.3.2: printed, and never hidden.


def test_document_is_tagged_with_standard_types_and_its_language(reader: Any) -> None:
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.root_object["/Lang"] == "vi"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    types = [element["/S"] for element in structure(reader)]
    assert set(types) <= STANDARD_TYPES
    assert types.count("/H1") == 1
    assert types.count("/Figure") > 1
    figures = [element for element in structure(reader) if element["/S"] == "/Figure"]
    assert all(figure["/Alt"] for figure in figures)


def test_all_that_is_drawn_is_tagged_or_an_artifact(reader: Any) -> None:
    for _, operator, sequences in marked(reader):
        assert sequences, operator
        assert any("/MCID" in properties for _, properties in sequences) or (
            "/Artifact" in [tag for tag, _ in sequences]
        )


def test_every_marked_passage_hangs_on_the_structure_tree_once(reader: Any) -> None:
    drawn = {
        (page, int(properties["/MCID"]))
        for page, _, sequences in marked(reader)
        for _, properties in sequences
        if "/MCID" in properties
    }
    pages = {page.indirect_reference: number for number, page in enumerate(reader.pages)}
    tagged = [
        (pages[element.raw_get("/Pg")], int(kid))
        for element in structure(reader)
        for kid in element.get("/K", [])
        if isinstance(kid, int)
    ]
    assert drawn <= set(tagged)
    assert len(tagged) == len(set(tagged))


def test_heads_and_feet_are_pagination_artifacts(reader: Any) -> None:
    pagination = [0] * len(reader.pages)
    for page, operator, sequences in marked(reader):
        artifacts = [properties for tag, properties in sequences if tag == "/Artifact"]
        if operator in TEXT_OPERATORS and any(artifacts):
            assert artifacts[-1]["/Type"] == "/Pagination"
            pagination[page] += 1
    # The number, the word for page, and its counter.
    assert min(pagination) >= 3


def test_english_passages_are_marked_as_english(reader: Any) -> None:
    languages = [
        properties.get("/Lang", "vi")
        for _, operator, sequences in marked(reader)
        for _, properties in sequences
        if operator in TEXT_OPERATORS and "/MCID" in properties
    ]
    assert set(languages) == {"vi", "en"}
    assert languages.count("en") > 30


def test_attachment_is_associated_once_with_type_and_relationship(reader: Any) -> None:
    (associated,) = reader.root_object["/AF"]
    file = associated.get_object()
    assert (file["/UF"], file["/AFRelationship"]) == ("snapshot.json", "/Data")
    embedded = file["/EF"]["/F"].get_object()
    assert embedded["/Subtype"] == NameObject("/application/json")
    assert embedded.get_data() == b'{"a": 1}'
    assert embedded["/Params"]["/ModDate"] == "D:20260305020007Z"


def test_table_cells_name_their_heads(reader: Any) -> None:
    cells = [element for element in structure(reader) if element["/S"] == "/TD"]
    assert cells
    assert all(cell["/A"]["/Headers"] for cell in cells)
