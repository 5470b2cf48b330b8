"""``python -m bench [FILE] [--only PART …]`` prints a table for each part."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench import checking, documents, drift, finder, importing, journal, searching, serving
from registry.catalog.builtin import DATA_FOLDER

PARTS = ("import", "search", "drift", "finder", "pages", "journal", "documents", "checking")


def main() -> None:
    """Run the parts asked for, each in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "data",
        nargs="?",
        type=Path,
        help="JSON Lines (.gz) of editions to import; the built-in list when left out",
    )
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    options = parser.parse_args()
    data = options.data or DATA_FOLDER / "followed.jsonl"
    if not data.exists():
        sys.exit(f"{data} is not there")
    folder = Path(tempfile.mkdtemp(prefix="registry-bench-"))
    try:
        if {"import", "search", "drift"} & set(options.only):
            registry_folder = importing.run(data, folder)
            if "search" in options.only:
                searching.run(registry_folder, folder)
            if "drift" in options.only:
                drift.run(registry_folder, folder)
        if "finder" in options.only:
            finder.run(folder)
        if "pages" in options.only:
            serving.run(folder)
        if "journal" in options.only:
            journal.run(folder)
        if "documents" in options.only:
            documents.run(folder)
        if "checking" in options.only:
            checking.run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
