"""The import contracts break when they should: each on a small package of the same shape."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.paths import ROOT

HOUSE = "The house"
DOMAIN = "A domain"
HTTP = "HTTP"
OUTSIDE = "import flask, flask_babel, flask_limiter, flask_smorest, flask_wtf, werkzeug"


def lay_out(folder: Path, added: dict[str, str]) -> None:
    """Write a package with a module for each name in the contracts, and ``added`` to them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    modules = {"registry": "", "registry.web": OUTSIDE}
    for contract in contracts["contracts"]:
        named = contract.get("allowed_importers", [])
        modules |= {name: modules.get(name, "") for name in named if "*" not in name}
        for container in contract.get("containers", []):
            for layer in contract["layers"]:
                names = layer.replace("|", ":").split(":")
                modules |= {f"{container}.{name.strip(' ()')}": "" for name in names}
    for module, source in (modules | added).items():
        file = folder.joinpath(*module.split("."), "__init__.py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{source}\n")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-logo", "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_house_in_order_keeps_every_contract(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {
            "registry.catalog.views": "import flask\nimport registry.web.paging\n"
            "import registry.catalog.presenters, registry.catalog.services",
            "registry.catalog.services": "import registry.catalog.models, registry.unit_of_work",
            "registry.assessment.queries": "import registry.catalog.queries, registry.search",
            "registry.web.paging": "import flask, registry.errors",
        },
    )
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "3 kept, 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("registry.errors", "registry.catalog.models", HOUSE),
        ("registry.unit_of_work", "registry.accounts", HOUSE),
        ("registry.storage", "registry.pdf", HOUSE),
        ("registry.search.whoosh_engine", "registry.catalog.queries", HOUSE),
        ("registry.pdf.renderer", "registry.assessment.models", HOUSE),
        ("registry.journal.verification", "registry.accounts.models", HOUSE),
        ("registry.vocabulary.services", "registry.search", HOUSE),
        ("registry.catalog.services", "registry.assessment.queries", HOUSE),
        ("registry.accounts.queries", "registry.catalog.models", HOUSE),
        ("registry.catalog.models", "registry.catalog.queries", DOMAIN),
        ("registry.catalog.services.editions", "registry.catalog.schemas", DOMAIN),
        ("registry.assessment.presenters", "registry.assessment.views", DOMAIN),
        ("registry.accounts.schemas", "registry.accounts.presenters", DOMAIN),
        ("registry.assessment.services.issue", "flask", HTTP),
        ("registry.catalog.status", "werkzeug", HTTP),
        ("registry.accounts.models", "registry.web", HTTP),
        ("registry.search.engine", "registry.web.paging", HTTP),
    ],
)
def test_import_that_goes_up_is_found(
    tmp_path: Path, module: str, imported: str, contract: str
) -> None:
    lay_out(tmp_path, {"registry.web.paging": "", module: f"import {imported}"})
    result = lint(tmp_path)
    broken = [line for line in result.stdout.splitlines() if line.endswith(" BROKEN")]
    assert [line.split(":")[0] for line in broken] == [contract], result.stdout
    assert result.returncode == 1


def test_module_without_a_place_in_the_house_is_found(tmp_path: Path) -> None:
    lay_out(tmp_path, {"registry.helpers": ""})
    result = lint(tmp_path)
    assert result.returncode == 1
    assert "- registry.helpers" in result.stdout
