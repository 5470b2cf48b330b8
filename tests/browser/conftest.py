"""One server and one browser for all journeys; a context of their own for every person."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.pictures import Pictures
from tests.browser.running import Site, running_site
from tests.browser.visitors import PATIENCE, Visitors
from tests.support.chromium import launch


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a running registry that the tests of this folder share."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return the browser that the tests of this folder share.

    It is closed when they are done: while it is open an event loop runs in this thread,
    and whatever else needs one (signing does) cannot start its own.
    """
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    """Return who opens pages; afterwards no page may have misbehaved."""
    visitors = Visitors(browser, site)
    yield visitors
    visitors.close()
    assert visitors.complaints == [], site.log()


@pytest.fixture(scope="package")
def pictures(browser: Browser) -> Pictures:
    """Return the taker of screenshots, idle unless ``REGISTRY_SCREENSHOTS`` names a folder."""
    return Pictures.from_environment(browser)
