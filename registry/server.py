"""The production server: gunicorn processes for requests, one worker for the followers."""

import os
import signal
import subprocess
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from registry.garbage import collect_seldom


class SharingWorker(ThreadWorker):  # type: ignore[misc]
    """A server process that does not keep all clients to itself.

    After a restart whichever process is up first is given every client that waits, and
    clients stay where they are as long as they keep their connections. Where more requests
    wait than there are threads, a connection is closed after its answer, which says so:
    its client finds the process that has time.
    """

    @property
    def max_keepalived(self) -> int:
        """How many idle connections are kept; gunicorn asks before each answer."""
        asking = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        return -1 if asking > self.cfg.threads else self._most_kept

    @max_keepalived.setter
    def max_keepalived(self, most: int) -> None:
        self._most_kept = most


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with the registry's settings; stops cleanly on Ctrl-C and SIGTERM."""

    def __init__(self, *, host: str, port: int, processes: int, threads: int) -> None:
        self._options = {
            "bind": f"{host}:{port}",
            "workers": processes,
            "threads": threads,
            "worker_class": SharingWorker,
            "preload_app": False,
            "accesslog": None,
            "loglevel": "warning",
            "timeout": 120,
            "graceful_timeout": 10,
            # Two registries of one user would meet at gunicorn's one socket.
            "control_socket_disable": True,
            "on_exit": _stop_follower,
            "post_fork": _take_short_turns,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the settings given to the constructor."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application, made anew in each server process."""
        from registry.wsgi import application  # noqa: PLC0415 - after the fork.

        return application


# Those who wait for an answer go before what follows the journal.
_FOLLOWER_NICENESS = 5

_follower: subprocess.Popen[bytes] | None = None


def serve(*, host: str, port: int, processes: int, threads: int) -> None:
    """Serve until stopped, with a worker beside that keeps the followers up."""
    global _follower  # noqa: PLW0603 - gunicorn's exit hook takes no state.
    # Its own process group: Ctrl-C reaches the server alone, which then stops the worker.
    _follower = subprocess.Popen([sys.executable, "-m", "registry", "worker"], process_group=0)
    os.setpriority(os.PRIO_PROCESS, _follower.pid, _FOLLOWER_NICENESS)
    _load()
    Server(host=host, port=port, processes=processes, threads=threads).run()


def _load() -> None:
    """Load the program once for all server processes, which are forked from this one."""
    import registry.app  # noqa: F401, PLC0415 - the follower starts meanwhile.

    collect_seldom()


def _take_short_turns(_arbiter: object, _worker: object) -> None:
    """Let threads hand over ten times as often as Python would.

    The thread that writes holds the register's one turn as a writer. Each time it asks the
    database it lets go of the interpreter, and would wait 5 ms to get it back from a thread
    that computes.
    """
    sys.setswitchinterval(0.0005)


def _stop_follower(_arbiter: object) -> None:
    if _follower is not None and _follower.poll() is None:
        os.kill(_follower.pid, signal.SIGTERM)
        _follower.wait(timeout=15)
