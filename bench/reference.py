"""The least that a server of records can do: Flask keeps their bytes in SQLite, durably, and nothing else.

No proof, no chain, no signature, no projection. Records that come again are not kept twice.
"""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
from pathlib import Path

import msgspec
from flask import Flask, Response, request


def create_reference(path: Path) -> Flask:
    """Return the reference on a database of its own, as durable as ours."""
    app = Flask("reference")
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE record (hash TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")

    @app.post("/push")
    def push() -> Response:
        data = request.get_data()
        if request.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        bodies = [record["body"].encode() for record in msgspec.json.decode(data)["records"]]
        rows = [(hashlib.sha256(body).hexdigest(), body) for body in bodies]
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR IGNORE INTO record VALUES (?, ?)", rows)
        database.execute("COMMIT")
        return Response(
            msgspec.json.encode({"hashes": [row[0] for row in rows]}), mimetype="application/json"
        )

    return app
