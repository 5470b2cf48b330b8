"""The Chromium that the browser tests drive: the system's own, not one that Playwright downloads.

``python -m tests.support.chromium`` prints its path, or fails when there is none.
"""

import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """Return the program named by ``REGISTRY_TEST_CHROMIUM``, or else the first on the path.

    Raises FileNotFoundError, with what to do about it, when there is none.
    """
    named = os.environ.get("REGISTRY_TEST_CHROMIUM")
    for name in (named,) if named else NAMES:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(
        f"no program named {named}" if named else "Chromium is not installed; `make test` does that"
    )


def launch(playwright: "Playwright") -> "Browser":
    """Start a headless browser that reaches this machine and nothing else.

    A page that asks for a resource from outside therefore fails here as it
    would at a desk without a network.
    """
    arguments = [
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        # Containers often give shared memory too little room for a page.
        "--disable-dev-shm-usage",
    ]
    if os.geteuid() == 0:
        # Chromium refuses to run as root with its sandbox on.
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=chromium_path(), args=arguments)


if __name__ == "__main__":
    try:
        print(chromium_path())
    except FileNotFoundError as error:
        sys.exit(str(error))
