"""``python -m bench [FILE] [--only PART …]`` prints a table for each part."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import (
    acceptance,
    checking,
    documents,
    drift,
    finder,
    foreign,
    importing,
    issuing,
    journal,
    scope,
    searching,
    serving,
    submission,
)
from registry.catalog.builtin import DATA_FOLDER
from registry.garbage import collect_seldom

# Parts that need nothing but a folder of their own.
ALONE: dict[str, Callable[..., None]] = {
    "finder": finder.run,
    "pages": serving.run,
    "submission": submission.run,
    "journal": journal.run,
    "documents": documents.run,
    "issuing": issuing.run,
    "scope": scope.run,
    "checking": checking.run,
    "foreign": foreign.run,
    "acceptance": acceptance.run,
}
PARTS = ("import", "search", "drift", *ALONE)


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
    for form in ("cmvp", "cc"):
        parser.add_argument(
            f"--{form}", type=Path, help=f"foreign: list to take in as {form}; else one made up"
        )
    options = parser.parse_args()
    data = options.data or DATA_FOLDER / "followed.jsonl"
    if not data.exists():
        sys.exit(f"{data} is not there")
    given = (options.cmvp, options.cc)
    for path in given:
        if path is not None and not path.exists():
            sys.exit(f"{path} is not there")
    # Some parts measure in this process, which is to be like a process that serves.
    collect_seldom()
    folder = Path(tempfile.mkdtemp(prefix="registry-bench-"))
    try:
        if {"import", "search", "drift"} & set(options.only):
            registry_folder = importing.run(data, folder)
            if "search" in options.only:
                searching.run(registry_folder, folder)
            if "drift" in options.only:
                drift.run(registry_folder, folder)
        for name, run in ALONE.items():
            if name in options.only:
                run(folder, *(given if name == "foreign" else ()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
