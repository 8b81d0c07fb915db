"""The phone's store: its logs, the outbox, photos, what came down, and its settings.

One class over SQLite, in memory or in a file. The tables are those of the real phone's
stores; every public method is one transaction, or part of the one that is open.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sync.encoding import ZERO_HASH
from sync.messages import Row
from sync.phone.shapes import (
    EMPTY,
    RECORD,
    SCHEMA,
    SHOWN,
    Entity,
    LogHead,
    Photo,
    Record,
    StoreFull,
    entity_of,
    record_of,
)

__all__ = ["Entity", "LogHead", "Photo", "Record", "Store", "StoreFull"]


class Store:
    """A phone's database. `path` is a file, or ``:memory:`` for a phone that forgets.

    :param photo_bytes: how many bytes of photos there is room for; None for no bound
    """

    def __init__(self, path: str = ":memory:", *, photo_bytes: int | None = None) -> None:
        self._photo_bytes = photo_bytes
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(SCHEMA)
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

    def set_secret(self, name: str, value: bytes | None) -> None:
        """Keep a secret; None forgets it."""
        if value is None:
            self._db.execute("DELETE FROM secret WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO secret VALUES (?, ?)", (name, value))

    # -- logs and records --------------------------------------------------------------

    def heads(self) -> list[LogHead]:
        """Return the heads of all logs, the first opened first; the last is the current one."""
        found = self._db.execute("SELECT name, head_seq, head_hash, alg FROM log ORDER BY number")
        return [LogHead(*row) for row in found]

    def open_log(self, log: str, *, alg: str = "ES256") -> None:
        """Make `log` the current log; it has no record yet."""
        self._db.execute(
            "INSERT INTO log SELECT ?, COALESCE(MAX(number), 0) + 1, 0, ?, ? FROM log", (log, ZERO_HASH, alg)
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
        return self._records("log = ? AND stored = 0 AND aside IS NULL", (log,), limit)

    def count_unsent(self, log: str | None = None) -> int:
        """Return how many records the server has not confirmed, of all logs or of one."""
        count = "SELECT COUNT(*) FROM record WHERE stored = 0 AND aside IS NULL AND (? IS NULL OR log = ?)"
        return int(self._db.execute(count, (log, log)).fetchone()[0])

    def oldest_unsent_wall(self) -> int | None:
        """Return the phone's clock, ms, of the oldest record that is not confirmed."""
        found = self._db.execute("SELECT MIN(wall) FROM record WHERE stored = 0").fetchone()[0]
        return None if found is None else int(found)

    def oldest_seq(self, log: str) -> int:
        """Return the lowest number of a log that is still kept; 1 for an empty log."""
        found = self._db.execute("SELECT MIN(seq) FROM record WHERE log = ?", (log,)).fetchone()[0]
        return 1 if found is None else int(found)

    def mark_stored(
        self, record_hash: str, *, outcome: str, code: str | None, marks: Sequence[str], at_ms: int
    ) -> None:
        """Keep the server's word that it has a record.

        :param at_ms: the server's time of that word; 0 when it is not known
        """
        self._db.execute(
            "UPDATE record SET stored = 1, outcome = ?, code = ?, marks = ?, tries = 0, stored_ms = ? "
            "WHERE hash = ?",
            (outcome, code, json.dumps(list(marks)), at_ms, record_hash),
        )

    def mark_unsent(self, hashes: Sequence[str]) -> None:
        """Make records new again, with their photos: the server does not have them."""
        with self.transaction():
            for record_hash in hashes:
                self._db.execute("UPDATE record SET stored = 0 WHERE hash = ?", (record_hash,))
                self._db.execute(
                    "UPDATE upload SET state = 'waiting' WHERE record = ? AND state = 'done'", (record_hash,)
                )

    def add_marks(self, marks: Mapping[str, Sequence[str]]) -> None:
        """Add to records, by their hash, the marks that they got after their outcome."""
        with self.transaction():
            for record_hash, more in marks.items():
                found = self._db.execute(
                    "SELECT marks FROM record WHERE hash = ? AND stored = 1", (record_hash,)
                ).fetchone()
                if found is not None:
                    now = list(dict.fromkeys([*json.loads(found[0]), *more]))
                    self._db.execute(
                        "UPDATE record SET marks = ? WHERE hash = ?", (json.dumps(now), record_hash)
                    )

    def add_try(self, record_hash: str) -> None:
        """Count that a record failed alone."""
        self._db.execute("UPDATE record SET tries = tries + 1 WHERE hash = ?", (record_hash,))

    def set_aside(self, record_hash: str, why: str) -> None:
        """Leave a damaged record alone: it is never sent, and stays to be shown and rescued."""
        self._db.execute("UPDATE record SET aside = ? WHERE hash = ?", (why, record_hash))

    def aside(self) -> list[tuple[str, str]]:
        """Return the records that were set aside, by the hash they once had, each with the reason."""
        found = self._db.execute("SELECT hash, aside FROM record WHERE aside IS NOT NULL ORDER BY rowid")
        return [(str(found_hash), str(why)) for found_hash, why in found]

    def drop(self, hashes: Sequence[str]) -> int:
        """Let go of stored records and of their photos that the server has; return how many records.

        A record whose photo still waits stays.
        """
        dropped = 0
        with self.transaction():
            for record_hash in hashes:
                gone = self._db.execute(
                    "DELETE FROM record WHERE hash = ? AND stored = 1 AND NOT EXISTS "
                    "(SELECT 1 FROM upload WHERE record = hash AND state = 'waiting')",
                    (record_hash,),
                )
                if gone.rowcount:
                    dropped += 1
                    self._db.execute("DELETE FROM upload WHERE record = ?", (record_hash,))
            if dropped:
                self._db.execute("DELETE FROM photo WHERE sha256 NOT IN (SELECT sha256 FROM upload)")
        return dropped

    def strip(self, hashes: Sequence[str]) -> int:
        """Drop what is private in stored records, and their photos that the server has; return how many."""
        stripped = 0
        with self.transaction():
            for record_hash in hashes:
                emptied = self._db.execute(
                    "UPDATE record SET private = '{}' WHERE hash = ? AND stored = 1 AND private != '{}'",
                    (record_hash,),
                )
                photos = self._db.execute(
                    "DELETE FROM photo WHERE sha256 IN (SELECT sha256 FROM upload WHERE record = ?) "
                    "AND sha256 NOT IN (SELECT sha256 FROM upload WHERE state != 'done')",
                    (record_hash,),
                )
                stripped += bool(emptied.rowcount or photos.rowcount)
        return stripped

    def _records(self, where: str, values: tuple[object, ...], limit: int = -1) -> list[Record]:
        # `where` is one of this class's own conditions; what they compare with is bound.
        query = f"SELECT {RECORD} WHERE {where} ORDER BY l.number, seq LIMIT ?"
        found = self._db.execute(query, (*values, limit))
        return [record_of(row) for row in found]

    # -- photos ------------------------------------------------------------------------

    def put_photo(self, photo: Photo) -> None:
        """Keep a photo; the same bytes twice are one photo.

        :raises StoreFull: there is no room
        """
        if self._photo_bytes is not None and self._photo_size() + len(photo.data) > self._photo_bytes:
            raise StoreFull(photo.sha256)
        self._db.execute(
            "INSERT OR IGNORE INTO photo VALUES (?, ?, ?)", (photo.sha256, photo.mime, photo.data)
        )

    def free_photos(self, wanted: int) -> None:
        """Let go of photos that the server has, those stored longest first, until `wanted` bytes are free."""
        done = self._db.execute(
            "SELECT p.sha256, LENGTH(p.data) FROM photo p JOIN upload u ON u.sha256 = p.sha256 "
            "GROUP BY p.sha256 HAVING MIN(u.state) = 'done' AND MAX(u.state) = 'done' ORDER BY MIN(p.rowid)"
        ).fetchall()
        for sha256, size in done:
            if wanted <= 0:
                return
            self._db.execute("DELETE FROM photo WHERE sha256 = ?", (sha256,))
            wanted -= size

    def _photo_size(self) -> int:
        return int(self._db.execute("SELECT COALESCE(SUM(LENGTH(data)), 0) FROM photo").fetchone()[0])

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

    def doubt_photos(self, *, since: int) -> None:
        """Have the photos of records from `since` on (the phone's clock, ms) sent again, or asked for."""
        self._db.execute(
            "UPDATE upload SET state = 'waiting' WHERE state = 'done' "
            "AND record IN (SELECT hash FROM record WHERE wall >= ?) "
            "AND sha256 IN (SELECT sha256 FROM photo)",
            (since,),
        )

    # -- leaving -----------------------------------------------------------------------

    def left_behind(self) -> tuple[int, int]:
        """Return how many records and photos would be lost with the store, damaged ones too."""
        records = self._db.execute("SELECT COUNT(*) FROM record WHERE stored = 0").fetchone()[0]
        photos = self._db.execute("SELECT COUNT(*) FROM upload WHERE state = 'waiting'").fetchone()[0]
        return int(records), int(photos)

    def wipe(self, may: Callable[[int, int], bool]) -> tuple[int, int] | None:
        """Empty the store, keys and all, if it may be; None when it may not, and nothing changed.

        :param may: asked with the records and photos that would be lost, in the transaction that empties
        :return: how many were lost
        """
        with self.transaction():
            lost = self.left_behind()
            if not may(*lost):
                return None
            for statement in EMPTY:
                self._db.execute(statement)
        self._db.execute("VACUUM")
        return lost

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
        """Return the rows of a kind that are shown."""
        return [entity_of(row) for row in self._db.execute(f"{SHOWN} AND kind = ? ORDER BY id", (kind,))]

    def entity(self, kind: str, entity_id: str) -> Entity | None:
        """Return one row that is shown, or None."""
        found = self._db.execute(f"{SHOWN} AND kind = ? AND id = ?", (kind, entity_id)).fetchone()
        return None if found is None else entity_of(found)

    def all_rows(self) -> dict[tuple[str, str], Entity]:
        """Return every row that is shown, by kind and id."""
        return {(row[0], row[1]): entity_of(row) for row in self._db.execute(SHOWN)}

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

    def sweep(self, generation: int, scope: str) -> None:
        """Drop the rows of a scope that a new generation did not bring."""
        self._db.execute("DELETE FROM row WHERE generation < ? AND scope = ?", (generation, scope))

    def keep_scopes(self, scopes: Collection[str]) -> None:
        """Drop the rows of every other scope."""
        self._db.execute(
            "DELETE FROM row WHERE scope NOT IN (SELECT value FROM json_each(?))", (json.dumps(list(scopes)),)
        )
