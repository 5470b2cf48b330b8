"""Works on the imports that wait: long ones, and those that a killed process left."""

from concurrent.futures import Future, ThreadPoolExecutor

from registry.catalog.importing.working import work_on_all
from registry.container import Registry


def follow(registry: Registry) -> None:
    """Check and run every import that nobody works on."""
    work_on_all(registry.units, registry.files)


class Importer:
    """Works on imports on a thread of its own for as long as a worker runs.

    An import of minutes must not keep search index and certificates waiting. Each of its
    batches is a unit of work, so the followers take their turns as the writer between.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="imports")
        self._working: Future[None] | None = None

    def tick(self) -> None:
        """Begin with what waits, unless an import is under way; never waits for one."""
        if self._working is not None:
            if not self._working.done():
                return
            # What went wrong in the program itself is the worker's to say.
            finished, self._working = self._working, None
            finished.result()
        self._working = self._thread.submit(follow, self._registry)

    def close(self) -> None:
        """Begin nothing more, and wait for what was begun."""
        self._thread.shutdown(wait=True, cancel_futures=True)
