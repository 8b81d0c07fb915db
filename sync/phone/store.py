"""The phone's store: its logs, the outbox, photos, what came down, and its settings.

One class over SQLite, in memory or in a file. The tables are those of the real phone's
stores; every public method is one transaction, or part of the one that is open.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sync.encoding import ZERO_HASH
from sync.messages import Row
from sync.records import PrivatePart, WireRecord

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS log (
  name TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
  head_seq INTEGER NOT NULL, head_hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record (
  hash TEXT PRIMARY KEY, log TEXT NOT NULL REFERENCES log (name), seq INTEGER NOT NULL,
  type TEXT NOT NULL, wall INTEGER NOT NULL, body TEXT NOT NULL, sig TEXT NOT NULL, sig_prev TEXT,
  private TEXT NOT NULL, stored INTEGER NOT NULL DEFAULT 0, outcome TEXT, code TEXT,
  marks TEXT NOT NULL DEFAULT '[]', tries INTEGER NOT NULL DEFAULT 0, UNIQUE (log, seq));
CREATE INDEX IF NOT EXISTS record_unsent ON record (log, seq) WHERE stored = 0;
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

_RECORD = (
    "hash, r.log, seq, type, wall, body, sig, sig_prev, private, stored, outcome, code, marks, tries "
    "FROM record r JOIN log l ON l.name = r.log"
)


@dataclass(frozen=True, slots=True)
class LogHead:
    """A log's name and its last record; number 0 and 64 zeros when there is none."""

    log: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the phone: sealed bytes, and what the server said of it.

    `stored` is what the server holds by its own word; `tries` counts how often the record
    failed alone.
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


class Store:
    """A phone's database. `path` is a file, or ``:memory:`` for a phone that forgets."""

    def __init__(self, path: str = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)
        self._open = False

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def copy(self, path: str = ":memory:") -> Store:
        """Return a copy of everything, keys included: a backup, or a cloned phone."""
        other = Store(path)
        self._db.backup(other._db)
        return other

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what happens inside one transaction: all of it or nothing."""
        if self._open:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._open = True
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        else:
            self._db.execute("COMMIT")
        finally:
            self._open = False

    # -- settings and secrets ----------------------------------------------------------

    def meta(self, name: str) -> str | None:
        """Return a setting, or None."""
        found = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def set_meta(self, name: str, value: str | None) -> None:
        """Keep a setting; None forgets it."""
        if value is None:
            self._db.execute("DELETE FROM meta WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def secret(self, name: str) -> bytes | None:
        """Return a secret, or None."""
        found = self._db.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()
        return None if found is None else bytes(found[0])

    def set_secret(self, name: str, value: bytes) -> None:
        """Keep a secret."""
        self._db.execute("INSERT OR REPLACE INTO secret VALUES (?, ?)", (name, value))

    # -- logs and records --------------------------------------------------------------

    def heads(self) -> list[LogHead]:
        """Return the heads of all logs, the first opened first; the last is the current one."""
        found = self._db.execute("SELECT name, head_seq, head_hash FROM log ORDER BY number")
        return [LogHead(*row) for row in found]

    def open_log(self, log: str) -> None:
        """Make `log` the current log; it has no record yet."""
        self._db.execute(
            "INSERT INTO log SELECT ?, COALESCE(MAX(number), 0) + 1, 0, ? FROM log", (log, ZERO_HASH)
        )

    def append(self, record: Record, *, expected: LogHead, photos: Sequence[str]) -> bool:
        """Put a record at the head of its log; False when the head is no longer `expected`.

        :param photos: hashes of the photos that the record names and the phone holds
        """
        with self.transaction():
            moved = self._db.execute(
                "UPDATE log SET head_seq = ?, head_hash = ? "
                "WHERE name = ? AND head_seq = ? AND head_hash = ?",
                (record.seq, record.hash, expected.log, expected.seq, expected.hash),
            )
            if moved.rowcount != 1:
                return False
            private = {name: [part.salt, part.value] for name, part in record.wire.private.items()}
            self._db.execute(
                "INSERT INTO record (hash, log, seq, type, wall, body, sig, sig_prev, private) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    record.hash,
                    record.log,
                    record.seq,
                    record.type,
                    record.wall,
                    record.wire.body,
                    record.wire.sig,
                    record.wire.sig_prev,
                    json.dumps(private, ensure_ascii=False),
                ),
            )
            self._db.executemany(
                "INSERT OR IGNORE INTO upload VALUES (?, ?, ?, 'waiting')",
                [(record.log, sha256, record.hash) for sha256 in photos],
            )
        return True

    def records(self, log: str | None = None) -> list[Record]:
        """Return all records, or those of one log, in their order."""
        return self._records("(? IS NULL OR log = ?)", (log, log))

    def record(self, record_hash: str) -> Record | None:
        """Return one record, or None."""
        found = self._records("hash = ?", (record_hash,))
        return found[0] if found else None

    def record_at(self, log: str, seq: int) -> Record | None:
        """Return the record at a place, or None."""
        found = self._records("log = ? AND seq = ?", (log, seq))
        return found[0] if found else None

    def unsent(self, log: str, limit: int) -> list[Record]:
        """Return the first `limit` records of a log that the server has not confirmed."""
        return self._records("log = ? AND stored = 0", (log,), limit)

    def count_unsent(self, log: str | None = None) -> int:
        """Return how many records the server has not confirmed, of all logs or of one."""
        count = "SELECT COUNT(*) FROM record WHERE stored = 0 AND (? IS NULL OR log = ?)"
        return int(self._db.execute(count, (log, log)).fetchone()[0])

    def oldest_unsent_wall(self) -> int | None:
        """Return the phone's clock, ms, of the oldest record that is not confirmed."""
        found = self._db.execute("SELECT MIN(wall) FROM record WHERE stored = 0").fetchone()[0]
        return None if found is None else int(found)

    def oldest_seq(self, log: str) -> int:
        """Return the lowest number of a log that is still kept; 1 for an empty log."""
        found = self._db.execute("SELECT MIN(seq) FROM record WHERE log = ?", (log,)).fetchone()[0]
        return 1 if found is None else int(found)

    def mark_stored(self, record_hash: str, *, outcome: str, code: str | None, marks: Sequence[str]) -> None:
        """Keep the server's word that it has a record."""
        self._db.execute(
            "UPDATE record SET stored = 1, outcome = ?, code = ?, marks = ?, tries = 0 WHERE hash = ?",
            (outcome, code, json.dumps(list(marks)), record_hash),
        )

    def mark_unsent(self, hashes: Sequence[str]) -> None:
        """Make records new again, with their photos: the server does not have them."""
        with self.transaction():
            for record_hash in hashes:
                self._db.execute("UPDATE record SET stored = 0 WHERE hash = ?", (record_hash,))
                self._db.execute("UPDATE upload SET state = 'waiting' WHERE record = ?", (record_hash,))

    def add_try(self, record_hash: str) -> None:
        """Count that a record failed alone."""
        self._db.execute("UPDATE record SET tries = tries + 1 WHERE hash = ?", (record_hash,))

    def _records(self, where: str, values: tuple[object, ...], limit: int = -1) -> list[Record]:
        # `where` is one of this class's own conditions; what they compare with is bound.
        query = f"SELECT {_RECORD} WHERE {where} ORDER BY l.number, seq LIMIT ?"
        found = self._db.execute(query, (*values, limit))
        return [_record(row) for row in found]

    # -- photos ------------------------------------------------------------------------

    def put_photo(self, photo: Photo) -> None:
        """Keep a photo; the same bytes twice are one photo."""
        self._db.execute(
            "INSERT OR IGNORE INTO photo VALUES (?, ?, ?)", (photo.sha256, photo.mime, photo.data)
        )

    def photo(self, sha256: str) -> Photo | None:
        """Return a photo, or None."""
        found = self._db.execute("SELECT * FROM photo WHERE sha256 = ?", (sha256,)).fetchone()
        return None if found is None else Photo(*found)

    def uploads(self, *, state: str, ready: bool = False) -> list[tuple[str, str]]:
        """Return log and hash of the photos in a state: `waiting`, `done`, or why they cannot go.

        :param ready: only those whose record the server holds
        """
        found = self._db.execute(
            "SELECT u.log, u.sha256 FROM upload u JOIN record r ON r.hash = u.record "
            "WHERE u.state = ? AND (NOT ? OR r.stored) ORDER BY u.rowid",
            (state, ready),
        )
        return [(str(log), str(sha256)) for log, sha256 in found]

    def set_upload(self, log: str, sha256: str, state: str) -> None:
        """Keep what became of an upload."""
        self._db.execute("UPDATE upload SET state = ? WHERE log = ? AND sha256 = ?", (state, log, sha256))

    # -- receipts ----------------------------------------------------------------------

    def put_receipt(self, *, log: str, to_seq: int, body: str, sig: str, kid: str) -> None:
        """Keep a receipt."""
        self._db.execute(
            "INSERT OR IGNORE INTO receipt VALUES (?, ?, ?, ?, ?)", (body, log, to_seq, sig, kid)
        )

    def receipts(self, log: str | None = None) -> list[str]:
        """Return the texts of the receipts, of all logs or of one, the oldest first."""
        found = self._db.execute(
            "SELECT body FROM receipt WHERE ? IS NULL OR log = ? ORDER BY rowid", (log, log)
        )
        return [str(body) for (body,) in found]

    # -- what came down ----------------------------------------------------------------

    def entities(self, kind: str) -> list[Entity]:
        """Return all rows of a kind."""
        found = self._db.execute(
            "SELECT kind, id, scope, version, body FROM row WHERE kind = ? ORDER BY id", (kind,)
        )
        return [_entity(row) for row in found]

    def entity(self, kind: str, entity_id: str) -> Entity | None:
        """Return one row, or None."""
        found = self._db.execute(
            "SELECT kind, id, scope, version, body FROM row WHERE kind = ? AND id = ?", (kind, entity_id)
        ).fetchone()
        return None if found is None else _entity(found)

    def all_rows(self) -> dict[tuple[str, str], Entity]:
        """Return every row by kind and id."""
        found = self._db.execute("SELECT kind, id, scope, version, body FROM row")
        return {(row[0], row[1]): _entity(row) for row in found}

    def apply_row(self, row: Row, generation: int) -> None:
        """Apply a row when it is newer; a row of an older generation counts as absent."""
        held = self._db.execute(
            "SELECT scope, version FROM row WHERE kind = ? AND id = ? AND generation = ?",
            (row.kind, row.id, generation),
        ).fetchone()
        if row.op == "leave":
            # A move is `leave` of one scope and `upsert` of another, in any order.
            if held is None or (held[0] == row.scope and row.version >= held[1]):
                self._db.execute("DELETE FROM row WHERE kind = ? AND id = ?", (row.kind, row.id))
            return
        if held is not None and row.version <= held[1]:
            return
        self._db.execute(
            "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?)",
            (row.kind, row.id, row.scope, row.version, json.dumps(row.body, ensure_ascii=False), generation),
        )

    def sweep(self, generation: int) -> None:
        """Drop the rows that a new generation did not bring."""
        self._db.execute("DELETE FROM row WHERE generation < ?", (generation,))


def _record(row: tuple[object, ...]) -> Record:
    record_hash, log, seq, kind, wall, body, sig, sig_prev, private, stored, outcome, code, marks, tries = row
    parts = {name: PrivatePart(salt, value) for name, (salt, value) in json.loads(str(private)).items()}
    wire = WireRecord(
        body=str(body),
        sig=str(sig),
        alg="ES256",
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
    )


def _entity(row: tuple[object, ...]) -> Entity:
    kind, entity_id, scope, version, body = row
    return Entity(str(kind), str(entity_id), str(scope), int(str(version)), json.loads(str(body)))
