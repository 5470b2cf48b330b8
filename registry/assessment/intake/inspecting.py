"""Runs the inspection of a file in a process of its own, which can neither hang nor swell.

Also the program of that process: ``python -m registry.assessment.intake.inspecting FILE``
prints what it found as one line of JSON.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

from registry.assessment.intake.contents import FILE, Inspected, inspect, refused
from registry.errors import Invalid
from registry.messages import Message, as_data, from_data

SECONDS = 30
MEMORY = 1024 * 1024 * 1024

_FAILED = Message("The file could not be checked in reasonable time and memory; it is refused.")


def inspected(path: Path) -> Inspected:
    """Return what the file at ``path`` is; ``Invalid`` on "file" when it is not taken."""
    try:
        ran = subprocess.run(  # noqa: S603 - our own module, and a path that we made.
            [sys.executable, "-m", __name__, str(path.resolve())],
            capture_output=True,
            timeout=2 * SECONDS,
            check=False,
            env={"PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        )
        said = json.loads(ran.stdout) if ran.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        said = {}
    if "media_type" in said:
        return Inspected(said["media_type"], said["facts"])
    if "pattern" in said:
        raise refused(from_data(said))
    raise refused(_FAILED)


def main() -> None:
    """Inspect the file that the command line names, within bounds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        found = inspect(Path(sys.argv[1]))
    except Invalid as error:
        [reason] = error.fields[FILE]
        print(json.dumps(as_data(reason)))
    else:
        print(json.dumps({"media_type": found.media_type, "facts": found.facts}))


if __name__ == "__main__":
    main()
