"""Walks the whole registry by its links, one page of each kind."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect

from registry.app import create_app
from registry.config import load_settings
from registry.container import open_registry

# Addresses for programs, of what pages are made of, and of a file's answer, which a GET leads from.
_NO_PAGES = (
    "/api/v1",
    "/api/docs/",
    "/static",
    "/bootstrap",
    "/contexts/",
    "/status/",
    "/verify/file",
)

_LINKS = """() => [...document.querySelectorAll("a[href]")]
    .filter(link => link.origin === location.origin)
    .map(link => link.pathname + link.search)"""


@dataclass
class Walk:
    """Which kinds of pages there are, which were seen, and which links led nowhere."""

    adapter: MapAdapter
    kinds: frozenset[str]
    seen: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)

    @classmethod
    def of_the_registry(cls, data_dir: Path) -> "Walk":
        """Return a walk through the pages that the application routes."""
        registry = open_registry(load_settings({"REGISTRY_DATA_DIR": str(data_dir)}))
        app = create_app(registry, testing=True)
        kinds = frozenset(
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
            and not rule.rule.startswith(_NO_PAGES)
            # A file's address ends with a dot and its form, "/programme.csv".
            and "." not in rule.rule.rpartition("/")[2]
        )
        registry.engine.dispose()
        return cls(app.url_map.bind("127.0.0.1"), kinds)

    def pages(self, page: Page, *starts: str) -> Iterator[str]:
        """Go to a page of each kind not seen before, and yield its kind while it is open.

        ``starts`` are opened in any case: their links differ by who looks at them.
        """
        waiting = deque(starts)
        opened = 0
        while waiting:
            address = waiting.popleft()
            opened += 1
            kind = self._kind(address)
            if kind is None or (kind in self.seen and opened > len(starts)):
                continue
            if self._shows_page(page, address):
                waiting.extend(page.evaluate(_LINKS))
                if kind not in self.seen:
                    self.seen.add(kind)
                    yield kind
            self.seen.add(kind)

    def _shows_page(self, page: Page, address: str) -> bool:
        try:
            answer = page.goto(address)
        except Error as error:
            if "Download is starting" in error.message:
                return False
            raise
        if answer is None or answer.status != 200:
            self.dead.append(f"{address}: {answer and answer.status}")
            return False
        return answer.headers["content-type"].startswith("text/html")

    def _kind(self, address: str) -> str | None:
        path = urlsplit(address).path
        try:
            endpoint, _ = self.adapter.match(path)
        except RequestRedirect:
            return None
        except NotFound:
            self.dead.append(address)
            return None
        except HTTPException:
            return None
        return endpoint if endpoint in self.kinds else None
