"""What stands in a phone's store: its tables, and a row of each as the rest sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sync.records import PrivatePart, WireRecord

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS log (
  name TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
  head_seq INTEGER NOT NULL, head_hash TEXT NOT NULL, alg TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record (
  hash TEXT PRIMARY KEY, log TEXT NOT NULL REFERENCES log (name), seq INTEGER NOT NULL,
  type TEXT NOT NULL, wall INTEGER NOT NULL, body TEXT NOT NULL, sig TEXT NOT NULL, sig_prev TEXT,
  private TEXT NOT NULL, stored INTEGER NOT NULL DEFAULT 0, outcome TEXT, code TEXT,
  marks TEXT NOT NULL DEFAULT '[]', tries INTEGER NOT NULL DEFAULT 0,
  stored_ms INTEGER NOT NULL DEFAULT 0, aside TEXT, UNIQUE (log, seq));
CREATE INDEX IF NOT EXISTS record_unsent ON record (log, seq) WHERE stored = 0 AND aside IS NULL;
CREATE TABLE IF NOT EXISTS photo (sha256 TEXT PRIMARY KEY, mime TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS upload (
  log TEXT NOT NULL, sha256 TEXT NOT NULL, record TEXT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (log, sha256));
CREATE TABLE IF NOT EXISTS receipt (
  body TEXT PRIMARY KEY, log TEXT NOT NULL, to_seq INTEGER NOT NULL, sig TEXT NOT NULL, kid TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS row (
  kind TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, version INTEGER NOT NULL,
  body TEXT NOT NULL, generation INTEGER NOT NULL, PRIMARY KEY (kind, id));
"""

EMPTY = tuple(
    f"DELETE FROM {table}"  # noqa: S608  names of this module
    for table in ("upload", "photo", "receipt", "record", "log", "row", "secret", "meta")
)
"""Empties every table, what refers to another one first."""

RECORD = (
    "hash, r.log, seq, type, wall, body, sig, sig_prev, private, stored, outcome, code, marks, tries, "
    "stored_ms, l.alg FROM record r JOIN log l ON l.name = r.log"
)

SHOWN = (
    "SELECT kind, id, scope, version, body FROM row WHERE scope IN (SELECT j.value FROM meta, "
    "json_each(meta.value, '$.shown') j WHERE meta.name = 'pull')"
)
"""The rows of the sites that are shown: whole, or whole before they are fetched anew."""


class StoreFull(Exception):
    """There is no room for a photo."""


@dataclass(frozen=True, slots=True)
class LogHead:
    """A log's name and its last record; number 0 and 64 zeros when there is none.

    `alg` is how its records are signed: `ES256`, or `none` in the declared weak mode.
    """

    log: str
    seq: int
    hash: str
    alg: str = "ES256"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the phone: sealed bytes, and what the server said of it.

    `stored` is what the server holds by its own word, since `stored_ms` by its own clock; `tries`
    counts how often the record failed alone.
    """

    hash: str
    log: str
    seq: int
    type: str
    wall: int
    wire: WireRecord
    stored: bool = False
    outcome: str | None = None
    code: str | None = None
    marks: tuple[str, ...] = ()
    tries: int = 0
    stored_ms: int = 0


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo's bytes and their media type."""

    sha256: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Entity:
    """A row that came down: what it is, its version, its body."""

    kind: str
    id: str
    scope: str
    version: int
    body: Mapping[str, object]


def record_of(row: tuple[object, ...]) -> Record:
    """Return the record of a row of `RECORD`."""
    (record_hash, log, seq, kind, wall, body, sig, sig_prev, private) = row[:9]
    (stored, outcome, code, marks, tries, stored_ms, alg) = row[9:]
    parts = {name: PrivatePart(salt, value) for name, (salt, value) in json.loads(str(private)).items()}
    wire = WireRecord(
        body=str(body),
        sig=str(sig),
        alg=str(alg),
        private=parts,
        sig_prev=None if sig_prev is None else str(sig_prev),
    )
    return Record(
        hash=str(record_hash),
        log=str(log),
        seq=int(str(seq)),
        type=str(kind),
        wall=int(str(wall)),
        wire=wire,
        stored=bool(stored),
        outcome=None if outcome is None else str(outcome),
        code=None if code is None else str(code),
        marks=tuple(json.loads(str(marks))),
        tries=int(str(tries)),
        stored_ms=int(str(stored_ms)),
    )


def entity_of(row: tuple[object, ...]) -> Entity:
    """Return the entity of a row: kind, id, scope, version, body."""
    kind, entity_id, scope, version, body = row
    return Entity(str(kind), str(entity_id), str(scope), int(str(version)), json.loads(str(body)))
