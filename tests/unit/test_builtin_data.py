"""The built-in list and the catalogue's vocabularies: well formed, consistent, and true."""

import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import registry.catalog
from registry.catalog.designation import parse
from registry.catalog.stages import is_published, is_withdrawn
from registry.vocabulary.services import DATA_FOLDER

LIST_FOLDER = Path(registry.catalog.__file__).parent / "data"
CATALOGUE_VOCABULARIES = (
    "adoption-degree",
    "certification-method",
    "document-kind",
    "domain",
    "edition-status",
    "issuing-body",
    "relation-type",
    "stage",
)


def read_list(name: str) -> list[dict[str, Any]]:
    lines = (LIST_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_vocabulary(name: str) -> dict[str, dict[str, Any]]:
    content = json.loads((DATA_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert content["vocabulary"] == name
    terms = {term["key"]: term for term in content["terms"]}
    assert len(terms) == len(content["terms"])
    return terms


DATES = {"date", "issued", "effective", "withdrawn_on"}
NATIONAL = read_list("national.jsonl")
FOLLOWED = read_list("followed.jsonl")
RECORDS = {parse(record["designation"]).key: record for record in NATIONAL + FOLLOWED}


def record_of(designation: str) -> dict[str, Any]:
    return RECORDS[parse(designation).key]


def relations(record: dict[str, Any], type_: str) -> dict[str, dict[str, Any]]:
    found = [item for item in record.get("relations", ()) if item["type"] == type_]
    return {item["target"]: item for item in found}


def dates(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every field that holds a date, with its name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from dates(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from dates(inner, name)
    elif isinstance(value, str) and (name in DATES or name.endswith(("_from", "_until"))):
        yield name, value


@pytest.mark.parametrize("name", CATALOGUE_VOCABULARIES)
def test_vocabulary_terms_speak_both_languages_and_have_valid_dates(name: str) -> None:
    for term in read_vocabulary(name).values():
        assert set(term["labels"]) == {"vi", "en"}
        assert all(term["labels"].values())
        first, last = (
            date.fromisoformat(term[key]) if term[key] else None
            for key in ("valid_from", "valid_until")
        )
        assert first is None or last is None or first <= last


def test_every_designation_is_unique() -> None:
    assert len(RECORDS) == len(NATIONAL) + len(FOLLOWED)
    assert len({parse(record["designation"]).edition_slug for record in RECORDS.values()}) == len(
        RECORDS
    )


@pytest.mark.parametrize("name", ["national.jsonl", "followed.jsonl"])
def test_list_is_normalised(name: str) -> None:
    text = (LIST_FOLDER / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\u00a0" not in text
    for record in read_list(name):
        assert parse(record["designation"]).printed == record["designation"]
        assert record["titles"]
        assert record["source"]
        assert not {"abstract", "description", "scope"} & set(record)


def test_every_vocabulary_key_exists() -> None:
    kinds, bodies, domains = map(read_vocabulary, ("document-kind", "issuing-body", "domain"))
    types, degrees, stages = map(read_vocabulary, ("relation-type", "adoption-degree", "stage"))
    for record in RECORDS.values():
        assert record["kind"] in kinds
        assert set(record.get("domains", ())) <= set(domains)
        assert record.get("stage") is None or record["stage"] in stages
        for relation in record.get("relations", ()):
            assert relation["type"] in types
            assert relation.get("degree") is None or relation["degree"] in degrees
            assert (relation["type"] == "adopts") is (relation.get("degree") is not None)
    assert {record["publisher"] for record in NATIONAL} <= set(bodies)
    for term in domains.values():
        assert set(term["attributes"]["lead_ministries"]) <= set(bodies)
    for term in bodies.values():
        attributes = term["attributes"]
        linked = {attributes["successor"]} if "successor" in attributes else set()
        assert linked | set(attributes.get("predecessors", ())) <= set(bodies)


def test_the_suffix_of_a_regulation_is_that_of_its_ministry() -> None:
    bodies = read_vocabulary("issuing-body")
    for record in NATIONAL:
        if suffix := parse(record["designation"]).suffix:
            assert bodies[record["publisher"]]["attributes"]["suffix"] == suffix


def test_every_date_is_one() -> None:
    for record in RECORDS.values():
        for name, text in dates(record):
            whole = text + "-01-01"[len(text) - 4 :] if name == "issued" else text
            date.fromisoformat(whole)
        issued, effective = record.get("issued"), record.get("effective_from")
        assert not (issued and effective) or issued <= effective


def test_relation_targets_parse_and_never_point_at_themselves() -> None:
    for key, record in RECORDS.items():
        for relation in record.get("relations", ()):
            assert parse(relation["target"]).printed == relation["target"]
            assert parse(relation["target"]).key != key


def test_supplements_name_the_edition_they_belong_to() -> None:
    for record in RECORDS.values():
        designation = parse(record["designation"])
        if designation.supplement:
            bases = {**relations(record, "amends"), **relations(record, "corrects")}
            assert {parse(target).base_key for target in bases} == {designation.base_key}


def test_no_edition_is_superseded_in_a_circle() -> None:
    older = {
        key: [parse(target).key for target in relations(record, "supersedes")]
        for key, record in RECORDS.items()
    }

    def reaches(start: str, goal: str) -> bool:
        todo, seen = list(older.get(start, ())), set()
        while todo:
            key = todo.pop()
            if key == goal:
                return True
            if key not in seen:
                seen.add(key)
                todo += older.get(key, ())
        return False

    assert [key for key in older if reaches(key, key)] == []


def test_what_supersedes_a_followed_edition_is_published() -> None:
    for record in FOLLOWED:
        if relations(record, "supersedes"):
            assert is_published(record["stage"]) or is_withdrawn(record["stage"])


def test_six_domains_carry_their_plan() -> None:
    domains = read_vocabulary("domain")
    assert len(domains) == 6
    for term in domains.values():
        assert term["attributes"]["plan"]["deadline"] == "2025-11-30"
        assert set(term["attributes"]["description"]) == {"vi", "en"}


def test_method_six_has_no_international_counterpart() -> None:
    methods = read_vocabulary("certification-method")
    assert list(methods) == [str(number) for number in range(1, 9)]
    assert methods["6"]["attributes"]["iso17067"] is None


@pytest.mark.parametrize(
    ("national", "adopted", "replacement"),
    [
        ("TCVN ISO/IEC 27002:2020", "ISO/IEC 27002:2013", "ISO/IEC 27002:2022"),
        ("TCVN ISO 37106:2018", "ISO 37106:2018", "ISO 37106:2021"),
        ("TCVN 11238:2015", "ISO/IEC 27000:2014", "ISO/IEC 27000:2016"),
        ("TCVN 12668-4:2020", "IEC 60086-4:2019", "IEC 60086-4:2025"),
        ("TCVN 10249-100:2013", "ISO/TS 8000-100:2009", "ISO 8000-100:2016"),
    ],
)
def test_stale_adoption(national: str, adopted: str, replacement: str) -> None:
    assert relations(record_of(national), "adopts")[adopted]["degree"] == "IDT"
    assert is_withdrawn(record_of(adopted)["stage"])
    assert adopted in relations(record_of(replacement), "supersedes")


def test_replacement_of_27002_is_dated() -> None:
    relation = relations(record_of("ISO/IEC 27002:2022"), "supersedes")["ISO/IEC 27002:2013"]
    assert relation["date"] == "2022-02-15"


def test_current_adoption() -> None:
    assert "ISO/IEC 22989:2022" in relations(record_of("TCVN 13902:2023"), "adopts")
    assert record_of("ISO/IEC 22989:2022")["stage"] == "60.60"


def test_a_draft_amendment_replaces_nothing() -> None:
    assert all("CD Amd" not in record["designation"] for record in FOLLOWED)
    assert not any(
        "ISO/IEC 22989:2022" in relations(record, "supersedes") for record in RECORDS.values()
    )


def test_camera_regulation_carries_its_obligation() -> None:
    record = record_of("QCVN 135: 2024/BTTTT")
    assert record["effective_from"] == "2025-02-15"
    (obligation,) = record["obligations"]
    assert obligation["mandatory_from"] == "2026-01-01"
    assert "8525.81.10" in obligation["hs"]
    assert "draft" in obligation["note"]


def test_coexistence_of_the_5_ghz_regulations() -> None:
    relation = relations(record_of("QCVN 65:2021/BTTTT"), "supersedes")["QCVN 65:2013/BTTTT"]
    assert relation["coexistence_until"] == "2023-06-30"


def test_amendment_stands_on_the_newer_record() -> None:
    amendment = record_of("Sửa đổi 1:2022 QCVN 102:2016/BTTTT")
    assert "QCVN 102:2016/BTTTT" in relations(amendment, "amends")


def test_regulations_of_two_ministries_with_one_number_are_two_documents() -> None:
    one, other = parse("QCVN 101:2020/BTTTT"), parse("QCVN 101:2018/BGTVT")
    assert one.document_key != other.document_key
    assert record_of(one.printed) != record_of(other.printed)


def test_unknown_status_stays_unknown() -> None:
    record = record_of("TCVN 13902:2023")
    assert not {"status_source", "effective_from", "withdrawn_on", "stage"} & set(record)
