"""What a phone may let go: never anything unsent, never the record that opens a log.

Bodies stay for 90 days or until a verified backup of the server covers them, photos until the same
mark or until the store is full (`Store.free_photos`).
"""

from __future__ import annotations

import json

from sync.phone.store import Record, Store

KEEP_MS = 90 * 24 * 3_600_000

WITHOUT_PLACE = ("too_large", "schema", "bad_signature", "unknown_log")
"""A record in quarantine for these may hold no number of its own on the server."""


def prune(store: Store, *, log: str, archived_through: int) -> int:
    """Drop what may go of the logs; return how many records went.

    Time is the server's, as its last anchor told it: a phone's clock that jumps drops nothing.

    :param archived_through: up to which number of `log` a verified backup covers its records
    """
    now_ms = int(store.meta("server_ms") or 0)
    going = [
        record.hash
        for record in store.records()
        if record.stored
        and record.seq > 1
        and (
            (record.stored_ms > 0 and record.stored_ms < now_ms - KEEP_MS)
            or (record.log == log and record.seq <= archived_through and _has_place(record))
        )
    ]
    return store.drop(going)


def forget_erased(store: Store) -> int:
    """Drop what is private in the stored records of people who were erased, photos too; return how many."""
    people = {entity.id for entity in store.entities("erasure")}
    theirs = [
        record.hash
        for record in (store.records() if people else ())
        if record.stored and json.loads(record.wire.body)["actor"] in people
    ]
    return store.strip(theirs)


def _has_place(record: Record) -> bool:
    """Tell whether the server's numbers speak of this record: not of a fork beside it."""
    return "fork" not in record.marks and record.outcome != "forked" and record.code not in WITHOUT_PLACE
