"""A receiver that answers a byte at a time is left after the time that it has."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from registry.notices.services.deadline import Deadline
from registry.notices.services.posting import Answer, Outgoing, post

SECONDS = 0.6
DRIP = 0.1

# Each byte comes well before a read would time out.
ENDLESS = [b"HTTP/1.1 200 OK\r\nX-Slow: ", *[b"a"] * 60]
SLOW_STATUS = [bytes([byte]) for byte in b"HTTP/1.1 200 OK\r\n" * 4]


@contextmanager
def dripping(pieces: list[bytes]) -> Iterator[str]:
    """Run a server that sends one piece after another."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            for piece in pieces:
                try:
                    connection.sendall(piece)
                except OSError:
                    return
                if over.wait(DRIP):
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
    finally:
        over.set()
        server.close()
        thread.join(5)


def message(url: str) -> Outgoing:
    secret = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODk="
    return Outgoing(url, "msg_1", "{}", (secret,), datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize("pieces", [ENDLESS, SLOW_STATUS], ids=["headers", "status line"])
def test_a_receiver_that_drips_is_left_in_time(pieces: list[bytes]) -> None:
    with dripping(pieces) as url:
        started = time.monotonic()
        answer = post(message(url), private=True, timeout=SECONDS)
        taken = time.monotonic() - started
    assert answer == Answer(None, "no complete answer in time")
    # Left to itself the receiver would have dripped for six seconds and more.
    assert taken < len(pieces) * DRIP - 1


def test_a_receiver_that_answers_in_pieces_but_in_time_is_heard() -> None:
    pieces = [b"HTTP/1.1 204 No", b" Content\r\n", b"Content-Length: 0\r\n\r\n"]
    with dripping(pieces) as url:
        assert post(message(url), private=True, timeout=10) == Answer(204)


def test_a_connection_that_comes_too_late_is_shut_at_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline(0.01) as deadline:
        time.sleep(0.1)
        assert deadline.passed
        deadline.watch(ours)
        assert theirs.recv(1) == b""
