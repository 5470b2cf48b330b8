"""The least that could receive a report: Flask, one INSERT, one durable commit."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request

from registry.server import Server

app = Flask(__name__)


@app.post("/api/v1/reports")
def take() -> Response:
    """Store the body as it came, under the same promise: what is answered is on the disk."""
    database = _database()
    database.execute("BEGIN IMMEDIATE")
    database.execute(
        "INSERT OR IGNORE INTO report VALUES (?, ?)",
        (request.headers["Idempotency-Key"], json.dumps(request.get_json())),
    )
    database.execute("COMMIT")
    return Response(json.dumps({"id": 1}), 202, mimetype="application/json")


def _database() -> sqlite3.Connection:
    path = Path(os.environ["REGISTRY_DATA_DIR"]) / "bare.db"
    connection: sqlite3.Connection = g.setdefault(
        "database", sqlite3.connect(path, timeout=30, isolation_level=None)
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS report (key TEXT PRIMARY KEY, body TEXT)")
    return connection


class InsertingServer(Server):
    """The registry's server with another application."""

    def load(self) -> Any:
        """Return the bare application."""
        return app


if __name__ == "__main__":
    InsertingServer(host="127.0.0.1", port=int(os.environ["PORT"]), processes=2, threads=4).run()
