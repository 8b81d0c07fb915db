"""Opening logs: the first one of a phone, and one that continues another.

A phone that was restored from a backup, or cloned, must not write on in the old log: the
server knows records under those numbers. It opens a new log, signed by both keys, and
sends everything that it keeps again; nothing is renumbered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sync.phone.ports import Crypto
from sync.phone.saving import Draft, Saver, current
from sync.phone.store import LogHead, Record, Store


def open_first(store: Store, saver: Saver, crypto: Crypto) -> Record:
    """Write record 1 of the log that the phone joined with."""
    return saver.save(_opening(store, crypto, reason="enrolled", previous=None))


def rotate(store: Store, saver: Saver, crypto: Crypto, *, reason: str) -> Record:
    """Open a new log that continues the current one, and make all kept records new again.

    :param reason: `restored` or `rotated`
    """
    old = current(store)
    kept = [record.hash for record in store.records()]
    log = crypto.new_key()
    with store.transaction():
        store.open_log(log)
        opening = _opening(store, crypto, reason=reason, previous=old)
        record = saver.save(opening, previous_log=old.log)
        store.mark_unsent(kept)
        store.set_meta("have_wall", None)
    return record


def _opening(store: Store, crypto: Crypto, *, reason: str, previous: LogHead | None) -> Draft:
    device = store.meta("device") or ""
    capabilities = json.loads(store.meta("capabilities") or "{}")

    def payload(log: str, _seq: int) -> Mapping[str, object]:
        return {
            "public_key": crypto.public_key(log),
            "device": device,
            "previous_log": previous.log if previous else None,
            "previous_head": previous.hash if previous else None,
            "reason": reason,
            "capabilities": capabilities,
        }

    return Draft("log.open", payload, None, store.meta("site") or "")
