"""Rows of ISO Open Data as editions of the register."""

from typing import Any

import pytest

from registry.catalog.importing.formats import Row, designation_in, read_file, to_command
from registry.catalog.importing.formats.iso_open_data import references, with_references
from registry.catalog.importing.schema import ImportedEditionSchema
from registry.schema_fields import load
from tests.support.followed import IN_2024


def iso_row(**changes: Any) -> dict[str, Any]:
    return {
        "id": 75652,
        "deliverableType": "IS",
        "supplementType": None,
        "reference": "ISO/IEC 27002:2022",
        "title": {"en": "Information security controls"},
        "publicationDate": "2022-02-15",
        "currentStage": 6060,
        "replaces": None,
        "replacedBy": None,
        **changes,
    }


def relations(**changes: Any) -> list[tuple[str, str]]:
    command = to_command(iso_row(**changes))
    return [(item["type"], item["target"]) for item in command.get("relations", ())]


def test_every_row_of_the_sample_is_an_edition() -> None:
    rows = [row.content for row in read_file(IN_2024)]
    assert len(rows) == 13
    for row in rows:
        assert row is not None
        data = load(ImportedEditionSchema(), to_command(row))
        assert data["designation"] == designation_in(row)
        assert data["source_id"] == str(row["id"])


@pytest.mark.parametrize(
    ("stage", "code"),
    [(6060, "60.60"), (9599, "95.99"), (0, "00.00"), (20, "00.20"), ("4060", "40.60")],
)
def test_stage_is_a_code_of_four_digits(stage: Any, code: str) -> None:
    assert to_command(iso_row(currentStage=stage))["stage"] == code


def test_no_stage_is_none() -> None:
    assert "stage" not in to_command(iso_row(currentStage=None))


def test_ids_become_references_and_unknown_ones_are_left_out() -> None:
    rows = [
        Row(1, iso_row(replaces=[54533, 1])),
        Row(2, iso_row(id=54533, reference="ISO/IEC 27002:2013", replacedBy=[75652])),
        Row(3, None, "not JSON"),
    ]
    resolved = list(with_references(rows, references(rows)))
    contents = [row.content or {} for row in resolved]
    assert contents[0]["replaces"] == ["ISO/IEC 27002:2013"]
    assert contents[1]["replacedBy"] == ["ISO/IEC 27002:2022"]
    assert resolved[2] is rows[2]


def test_links_say_what_took_a_place_and_what_adds() -> None:
    assert relations(replaces=["ISO/IEC 27002:2013"]) == [("supersedes", "ISO/IEC 27002:2013")]
    assert relations(replacedBy=["ISO/IEC 27002:2030", "ISO/IEC 27002:2022/Amd 1:2025"]) == [
        ("superseded-by", "ISO/IEC 27002:2030"),
        ("amended-by", "ISO/IEC 27002:2022/Amd 1:2025"),
    ]


@pytest.mark.parametrize(
    ("kind", "reference", "relation"),
    [
        ("AMD", "ISO/IEC 27001:2022/Amd 1:2024", ("amends", "ISO/IEC 27001:2022")),
        ("COR", "ISO/IEC 27002:2013/Cor 1:2014", ("corrects", "ISO/IEC 27002:2013")),
    ],
)
def test_a_supplement_belongs_to_its_edition(
    kind: str, reference: str, relation: tuple[str, str]
) -> None:
    assert relations(supplementType=kind, reference=reference) == [relation]


def test_scope_is_its_words_without_mark_up() -> None:
    scope = {
        "en": "<p>This document:</p><ul><li>gives a&nbsp;set of\n controls;</li><li>x &lt; y.</li>"
        "</ul><script>alert(1)</script>",
        "fr": None,
    }
    said = load(ImportedEditionSchema(), to_command(iso_row(scope=scope)))["scope"]
    assert said == {"en": "This document:\ngives a set of controls;\nx < y."}
