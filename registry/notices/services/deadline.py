"""A bound on a whole exchange with somebody else's server, however slowly it answers.

Time-outs of sockets bound the pause between two pieces: who sends a byte now and then
could hold a worker for hours.
"""

import os
import socket
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType
from typing import Any, Self


class Deadline:
    """Shuts the connections it watches once ``seconds`` have passed since it was entered."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._lock = Lock()
        self._watched: list[socket.socket] = []
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def watch(self, connection: socket.socket) -> None:
        """Watch a connection; one that comes too late is shut at once."""
        # TLS takes the socket over under another object; a second descriptor stays ours.
        watched = socket.socket(fileno=os.dup(connection.fileno()))
        with self._lock:
            self._watched.append(watched)
            if self.passed:
                _shut(watched)

    def watching(self, connection_class: type[Any]) -> type[Any]:
        """Return a kind of urllib3 connection whose sockets are watched from the first byte."""
        deadline = self

        class Watched(connection_class):  # type: ignore[misc]
            def _new_conn(self) -> socket.socket:
                connection: socket.socket = super()._new_conn()
                deadline.watch(connection)
                return connection

        return Watched

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            for watched in self._watched:
                _shut(watched)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
