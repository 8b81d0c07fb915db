"""The least that a server of records can do: Flask keeps their bytes in SQLite, durably, and nothing else.

No proof, no chain, no signature, no projection, no feed. Records that come again are not kept twice; a photo
is hashed and written durably, and that is all.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import sqlite3
import threading
from pathlib import Path

import msgspec
from flask import Flask, Response, request


class Record(msgspec.Struct):
    """What is read of a record."""

    body: str


class Push(msgspec.Struct):
    """What is read of a batch."""

    records: list[msgspec.Raw]


def create_reference(folder: Path) -> Flask:
    """Return the reference; what it keeps lies in `folder`, as durable as ours."""
    app = Flask("reference")
    folder.mkdir(exist_ok=True)
    database = sqlite3.connect(folder / "reference.db", isolation_level=None, check_same_thread=False)
    writing = threading.Lock()  # one writer, as SQLite wants it
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE record (hash TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/api/v1/sync/push")
    def push() -> Response:
        data = request.get_data()
        if request.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        records = msgspec.json.decode(data, type=Push).records
        rows = [
            (
                hashlib.sha256(msgspec.json.decode(record, type=Record).body.encode()).hexdigest(),
                bytes(record),
            )
            for record in records
        ]
        with writing:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR IGNORE INTO record VALUES (?, ?)", rows)
            database.execute("COMMIT")
        return Response(
            msgspec.json.encode({"hashes": [row[0] for row in rows]}), mimetype="application/json"
        )

    @app.put("/photos/<sha256>")
    def put_photo(sha256: str) -> Response:
        data = request.get_data()
        if hashlib.sha256(data).hexdigest() != sha256:
            return Response(status=400)
        part = folder / f"{sha256}.part"
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / sha256)
        opened = os.open(folder, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)
        return Response(status=201)

    return app
