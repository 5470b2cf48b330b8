"""Record formats: what each row becomes, and how lines that are no rows are told."""

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.importing.formats import read_rows, to_command
from registry.catalog.importing.schema import ImportedEditionSchema
from registry.errors import Invalid
from registry.schema_fields import load
from tests.support.catalogue import row, write_lines

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = (
    *("id", "designation", "title", "titles", "publisher", "stage", "relations", "ics", "pages"),
    *("published", "issued", "languages", "source", "instrument", "obligations", "reference"),
)


def bibliographic(**changes: Any) -> dict[str, Any]:
    return {
        "id": "ISO/IEC 27002:2013",
        "title": {"en": "Code of practice"},
        "publisher": "ISO/IEC",
        "source": "relaton-data-iso",
        **changes,
    }


def relations(**changes: Any) -> list[tuple[str, str, Any]]:
    command = load(ImportedEditionSchema(), to_command(bibliographic(**changes)))
    return [(r["type"], r["target"], r["date"]) for r in command["relations"]]


def test_lines_are_numbered_as_editors_number_them(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", [{"a": 1}, "", "  ", {"a": 2}])
    assert [(r.number, r.content) for r in read_rows(path)] == [(1, {"a": 1}), (4, {"a": 2})]


def test_an_archive_is_read_like_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}\n{"a": 2}'))
    assert [r.content for r in read_rows(path)] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "line", ["{", "[]", "3", "null", '"x"', "[" * 9_000, '{"a": ' + "9" * 5_000 + "}"]
)
def test_what_is_no_row_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    path = write_lines(tmp_path / "rows.jsonl", [{"a": 1}, line, {"a": 2}])
    first, bad, last = read_rows(path)
    assert (first.content, last.content) == ({"a": 1}, {"a": 2})
    assert (bad.number, bad.content) == (2, None)
    assert bad.problem
    assert len(bad.raw) <= 200


def test_our_own_format_is_taken_as_it_is_but_for_what_is_computed() -> None:
    given = row("TCVN 1:2000", note="x")
    assert to_command({**given, "status": "in-force", "status_since": "2000-01-01"}) == given


@pytest.mark.parametrize(
    ("publisher", "kind"),
    [
        ("ISO", "international"),
        ("ISO/IEC", "international"),
        ("ITU-T", "international"),
        ("ETSI", "regional"),
        ("CEN/CENELEC", "regional"),
        ("NIST", "foreign"),
    ],
)
def test_the_publisher_tells_the_kind(publisher: str, kind: str) -> None:
    assert to_command(bibliographic(publisher=publisher))["kind"] == kind


def test_a_relation_means_what_its_set_means_by_it() -> None:
    newer = {"type": "updates", "target": "ISO/IEC 27002:2022", "date": "2022-02-15"}
    older = {"type": "obsoletes", "target": "ISO/IEC 27002:2005", "date": "2013-10"}
    assert relations(relations=[newer, older]) == [
        ("superseded-by", "ISO/IEC 27002:2022", "2022-02-15"),
        ("supersedes", "ISO/IEC 27002:2005", "2013-10"),
    ]
    assert relations(source="rfc-index.txt 2026", relations=[newer])[0][0] == "amends"
    assert relations(source="somebody", relations=[newer]) == []
    assert relations(relations=[{"type": "likes", "target": "ISO 1"}, {"type": "updates"}, 7]) == []


def test_an_edition_followed_by_its_supplement_is_amended_not_replaced() -> None:
    amendment = {"type": "updates", "target": "ISO/IEC 27002:2013/Amd 1:2014", "date": "2022-02-15"}
    corrigendum = {"type": "updates", "target": "ISO/IEC 27002:2013/Cor 1:2014"}
    found = relations(relations=[amendment, corrigendum])
    assert [(kind, date) for kind, _, date in found] == [
        ("amended-by", None),
        ("corrected-by", None),
    ]


@pytest.mark.parametrize(
    ("field", "name"),
    [("relations", "relations"), ("title", "titles"), ("ics", "ics"), ("url", "url")],
)
@pytest.mark.parametrize("value", [5, True, {"a": 1}])
def test_a_field_of_another_type_is_refused_by_name(field: str, name: str, value: Any) -> None:
    if (field, value) == ("title", {"a": 1}):
        value = {"en": 1}
    with pytest.raises(Invalid) as caught:
        load(ImportedEditionSchema(), to_command(bibliographic(**{field: value})))
    assert {path.partition(".")[0] for path in caught.value.fields} == {name}


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_no_row_is_an_error_of_ours(content: dict[str, Any]) -> None:
    with suppress(Invalid):
        load(ImportedEditionSchema(), to_command(json.loads(json.dumps(content))))


def test_words_of_a_source_are_no_stage_code() -> None:
    row = {"id": "W3C html", "publisher": "W3C", "stage": "Working Draft"}
    command = to_command(row)
    assert "stage" not in command
    assert command["status_source"] == "Working Draft"
    assert to_command({**row, "stage": "60.60"})["stage"] == "60.60"
    assert to_command({**row, "status": "draft"})["status_source"] == "draft"
