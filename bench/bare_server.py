"""A Flask application that says hello, under the registry's own server settings."""

import os
from typing import Any

from flask import Flask

from registry.server import Server

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "hello"


class BareServer(Server):
    """The registry's server with another application."""

    def load(self) -> Any:
        """Return the bare application."""
        return app


if __name__ == "__main__":
    BareServer(host="127.0.0.1", port=int(os.environ["PORT"]), processes=2, threads=4).run()
