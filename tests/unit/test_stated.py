"""What a file says beside what the register says: the same is never called different."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from registry.assessment.stated import compare

NUMBER = "VN-2026-000001-36"
NAME = "Camera giám sát " * 31 + "ABCD"
MODELS = [f"VQ-IPC-{number}" for number in range(1_000)]


@dataclass(frozen=True)
class Frozen:
    """A version as it is frozen, with as much as an application may hold."""

    number: int = 2
    valid_from: date = date(2026, 1, 1)
    valid_until: date = date(2028, 12, 31)
    snapshot: dict[str, Any] = field(
        default_factory=lambda: {
            "holder": {"name": "Công ty Sao Mai"},
            "product": {"name": {"vi": NAME, "en": None}, "models": MODELS},
            "requirements": [{"designation": "QCVN 135:2024/BTTTT"}],
            "scope": {"vi": "Chỉ dùng trong nhà", "en": None},
        }
    )


def claims(**changes: Any) -> dict[str, Any]:
    """Return what the credential of ``Frozen`` says, with ``changes``."""
    said: dict[str, Any] = {
        "number": NUMBER,
        "version": 2,
        "holder": "Công ty Sao Mai",
        "product": NAME,
        "models": MODELS,
        "scope": "Chỉ dùng trong nhà",
        **changes,
    }
    return {
        "validFrom": "2026-01-01T00:00:00+07:00",
        "validUntil": "2028-12-31T23:59:59+07:00",
        **({"description": said["scope"]} if said["scope"] else {}),
        "credentialSubject": {
            "description": said["product"],
            "issuedToParty": {"name": said["holder"]},
            "registerEntry": {
                "certificateNumber": said["number"],
                "certificateVersion": said["version"],
            },
            "conformityAssessment": [
                {
                    "assessmentCriteria": [{"name": "QCVN 135:2024/BTTTT"}],
                    "assessedProduct": [
                        {"product": {"modelNumber": model}} for model in said["models"]
                    ],
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("changes", "differing"),
    [
        ({}, set()),
        ({"scope": None}, set()),
        ({"scope": None, "version": 1}, {"scope"}),
        ({"scope": "Mọi nơi"}, {"scope"}),
        ({"models": [*MODELS[:-1], "VQ-IPC-X"]}, {"models"}),
        ({"product": NAME[:-1] + "E"}, {"product"}),
        ({"holder": "Công ty Sao Hôm"}, {"holder"}),
    ],
)
def test_what_differs_and_nothing_else_is_marked(
    changes: dict[str, Any], differing: set[str]
) -> None:
    rows = compare(claims(**changes), NUMBER, Frozen())
    assert {row.name for row in rows if row.differs} == differing


def test_what_neither_says_has_no_row() -> None:
    version = Frozen()
    snapshot = {**version.snapshot, "scope": None}
    rows = compare(claims(scope=None), NUMBER, Frozen(snapshot=snapshot))
    assert "scope" not in {row.name for row in rows}
