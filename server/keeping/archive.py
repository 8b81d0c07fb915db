"""The format of a backup: one compressed file of lines per table, the same from either engine.

A table's first line has the names of its columns, every further one a row: integers, texts, true,
false and null as they are, bytes as base64, UUIDs as text, JSON columns as JSON.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, Table, Uuid, insert, select

from server import models  # noqa: F401  every table
from server.db import Base, UtcDateTime

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = "tables"
SECRETS = "secrets"

PASSING = frozenset({"lease", "throttle", "console_session", "ceremony"})
"""Tables of the running server: who holds the lease, who tried what, who is logged in or about to."""

_ROWS = 1_000


class BadBackup(ValueError):
    """A backup that cannot be used, and why."""


def tables() -> list[Table]:
    """Return the tables that a backup holds, those first that others refer to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in PASSING]


def write_table(connection: Connection, table: Table, target: Path) -> dict[str, Any]:
    """Write a table's rows as `connection` sees them; return what the manifest says of the file."""
    columns = [column for column in table.columns if column.computed is None]  # the database makes those
    out = [_encoder(column.type) for column in columns]
    rows = 0
    with target.open("xb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=4, mtime=0) as file:
        file.write(_line([column.name for column in columns]))
        query = select(*columns).order_by(*table.primary_key.columns)
        for row in connection.execute(query.execution_options(yield_per=_ROWS)):
            file.write(
                _line([None if value is None else put(value) for put, value in zip(out, row, strict=True)])
            )
            rows += 1
    fsync(target)
    return {"rows": rows, "bytes": target.stat().st_size, "sha256": hash_of(target)}


def load_table(connection: Connection, table: Table, source: Path) -> int:
    """Put a table's rows back; return how many."""
    loaded = 0
    for rows in _batches(table, _rows(table, source)):
        connection.execute(insert(table), rows)
        loaded += len(rows)
    return loaded


def read_rows(folder: Path, table: Table) -> Iterator[dict[str, Any]]:
    """Yield a backup's rows of one table; none when it is of a time before there was such a table."""
    source = folder / TABLES / f"{table.name}.jsonl.gz"
    return _rows(table, source) if source.exists() else iter(())


def _batches(table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield rows in portions; those that refer to their own table all at once, parents first."""
    own = [fk.parent for fk in table.foreign_keys if fk.column.table is table]
    if own:
        parent, (key,) = own[0].name, table.primary_key.columns.keys()
        left = list(rows)
        there: set[Any] = {None}
        while left:
            ready = [row for row in left if row[parent] in there]
            if not ready:
                raise BadBackup(f"{table.name} refers to rows that are not there")
            yield ready
            there.update(row[key] for row in ready)
            left = [row for row in left if row[key] not in there]
        return
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(table: Table, source: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(source, "rb") as file:
        try:
            names = json.loads(file.readline())
            into = [(name, _decoder(table.c[name].type)) for name in names]
            for text in file:
                values = json.loads(text)
                yield {
                    name: None if value is None else get(value)
                    for (name, get), value in zip(into, values, strict=True)
                }
        except (ValueError, KeyError, EOFError, OSError) as error:
            raise BadBackup(f"{source.name}: {error}") from error


def _same(value: Any) -> Any:
    return value


def _encoder(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, Uuid):
        return str
    if isinstance(kind, LargeBinary):
        return lambda value: b64encode(value).decode("ascii")
    if isinstance(kind, UtcDateTime):
        return datetime.isoformat
    return _same


def _decoder(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, Uuid):
        return UUID
    if isinstance(kind, LargeBinary):
        return b64decode
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    return _same


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# -- files -----------------------------------------------------------------------------


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of one backup.

    :raises BadBackup: there is none, or of another format
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise BadBackup(f"{folder} holds no backup: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadBackup(f"{folder} has another format than {FORMAT}")
    return manifest


def check_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Compare the tables' files with the manifest.

    :raises BadBackup: a file is missing or not the one that was written
    """
    names = {table.name for table in tables()}
    if set(manifest["tables"]) != names:
        raise BadBackup("the backup holds other tables than this release has")
    for name, said in manifest["tables"].items():
        path = folder / TABLES / f"{name}.jsonl.gz"
        try:
            found = hash_of(path)
        except OSError as error:
            raise BadBackup(f"{path.name}: {error}") from error
        if found != said["sha256"]:
            raise BadBackup(f"{path.name} is not the file that was written")


def newest(root: Path, at: str | None = None) -> Path:
    """Return the folder of the newest backup in `root`, or of the one called `at`.

    :raises BadBackup: there is none
    """
    found = sorted(path.parent for path in root.glob(f"*Z/{MANIFEST}"))
    if at is not None:
        found = [path for path in found if path.name == at]
    if not found:
        raise BadBackup(f"{root} holds no backup" + (f" called {at}" if at else ""))
    return found[-1]


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, block by block."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(source: Path, target: Path, *, mode: int = 0o600) -> None:
    """Copy a file durably, by way of another name: what has the name is whole."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with (
        source.open("rb") as file,
        open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as out,
    ):
        while block := file.read(1 << 20):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)


def fsync(path: Path) -> None:
    """Have a file, or a folder's names, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
