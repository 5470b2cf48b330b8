"""Servers of other people: one that takes webhook messages, one that takes mail."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """A web server that takes messages; ``answer`` says with which status, and may take long."""

    answer: Callable[["Receiver"], int] = lambda _receiver: 204
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    location: str | None = None
    url: str = ""


@contextmanager
def webhook_receiver(answer: Callable[[Receiver], int] | int = 204) -> Iterator[Receiver]:
    """Run a web server on a free port of this machine."""
    receiver = Receiver((lambda _receiver: answer) if isinstance(answer, int) else answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append((headers, body))
            status = receiver.answer(receiver)
            self.send_response(status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    with _running(server):
        yield receiver


@contextmanager
def mail_server(*, refuse: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Run an SMTP server on a free port; yield its address and the mails it took."""
    taken: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test")
            while line := self.rfile.readline().decode().strip():
                verb = line.split(" ")[0].upper()
                if verb == "DATA":
                    self._say("354 go on")
                    taken.append(self._text())
                    self._say("250 taken")
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                elif verb == "RCPT" and refuse:
                    self._say("450 not now")
                else:
                    self._say("250 ok")

        def _text(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                lines.append(line)
            return "".join(lines)

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    with _running(server):
        yield f"smtp://127.0.0.1:{server.server_address[1]}", taken


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
