"""Spreadsheets on the command line."""

from pathlib import Path

from click.testing import CliRunner, Result

from registry.catalog.queries.editions import find_designation
from registry.cli import main
from registry.container import Registry
from tests.support.catalogue import facts
from tests.support.spreadsheets import delimited, listed, workbook


def run(registry: Registry, *arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), obj=registry)


def written(registry: Registry, name: str, content: bytes) -> str:
    path: Path = registry.settings.data_dir / name
    path.write_bytes(content)
    return str(path)


def test_a_workbook_is_imported_and_again_changes_nothing(empty_registry: Registry) -> None:
    path = written(empty_registry, "list.xlsx", workbook(listed("TCVN 1:2024", "TCVN 2:2024")))
    checked = run(empty_registry, "import", path, "--national", "--check")
    assert "2 new, 0 changed" in checked.output
    first = run(empty_registry, "import", path, "--national", "--all-or-nothing")
    assert first.exit_code == 0, first.output
    assert "Số hiệu → designation" in first.output
    assert "2 new, 0 changed, 0 unchanged" in first.output
    again = run(empty_registry, "import", path, "--national")
    assert "0 new, 0 changed, 2 unchanged" in again.output


def test_columns_and_defaults_are_said(empty_registry: Registry) -> None:
    sheet = [["x", "Số hiệu", "Tên"], ["TCVN 1:2024", "một", "Đèn"]]
    path = written(empty_registry, "list.csv", delimited(sheet, ";"))
    options = ["--default", "publisher=bkhcn", "--default", "source=Danh mục A=B"]
    done = run(
        empty_registry,
        "import",
        path,
        "--national",
        "--mapping",
        "x=designation",
        "--mapping",
        "Số hiệu=",
        *options,
    )
    assert "1 new" in done.output, done.output
    assert facts(empty_registry, "tcvn-1:2024").record.source == "Danh mục A=B"
    for wrong in ("y=designation", "x=weight", "x"):
        refused = run(empty_registry, "import", path, "--national", "--mapping", wrong)
        assert refused.exit_code == 2, refused.output
    refused = run(empty_registry, "import", path, "--national", "--mapping", "Số hiệu=")
    assert refused.exit_code == 1
    assert "designation" in refused.output


def test_all_or_nothing_takes_nothing_when_a_row_is_bad(empty_registry: Registry) -> None:
    sheet = [*listed("TCVN 1:2024"), ["TCVN 2:2024", "", "", "", ""]]
    path = written(empty_registry, "list.csv", delimited(sheet))
    refused = run(empty_registry, "import", path, "--national", "--all-or-nothing")
    assert refused.exit_code == 1
    assert "row 3, titles" in refused.output
    with empty_registry.units.reading() as session:
        assert find_designation(session, "TCVN 1:2024") is None
    assert "1 new" in run(empty_registry, "import", path, "--national").output


def test_a_file_that_is_none_is_refused_in_one_line(empty_registry: Registry) -> None:
    path = written(empty_registry, "list.xlsx", b"PK\x03\x04")
    refused = run(empty_registry, "import", path, "--national")
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


def test_a_workbook_is_exported(registry: Registry) -> None:
    path = str(registry.settings.data_dir / "national.xlsx")
    assert run(registry, "export", "national", "--form", "xlsx", "--output", path).exit_code == 0
    again = run(registry, "import", path, "--national")
    assert "212 rows: 0 new, 0 changed, 212 unchanged" in again.output
