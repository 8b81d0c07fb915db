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
    """Open a new log that continues the current one; the old records stay as they are.

    Where the old key is gone nobody vouches for the new log: the server keeps its records in
    quarantine until the phone has joined again (`Phone.enrol`).

    :param reason: `restored` or `rotated`
    """
    old = current(store)
    log = crypto.new_key()
    with store.transaction():
        store.open_log(log, alg=old.alg)
        opening = _opening(store, crypto, reason=reason, previous=old)
        return saver.save(opening, previous_log=old.log if crypto.has_key(old.log) else None)


def prover(store: Store, crypto: Crypto, log: str) -> str:
    """Return the log whose key proves a request about `log`: itself, or the current one."""
    return log if crypto.has_key(log) else current(store).log


def ensure_key(store: Store, saver: Saver, crypto: Crypto) -> bool:
    """Open a new log when the key of the current one is gone; True when it was."""
    heads = store.heads()
    if not heads or crypto.has_key(heads[-1].log):
        return False
    rotate(store, saver, crypto, reason="restored")
    return True


def _opening(store: Store, crypto: Crypto, *, reason: str, previous: LogHead | None) -> Draft:
    device = store.meta("device") or ""
    capabilities = json.loads(store.meta("capabilities") or "{}")

    def payload(log: str, _seq: int) -> Mapping[str, object]:
        return {
            "public_key": crypto.public_key(log),
            "device": device,
            "previous_log": previous.log if previous else None,
            "previous_head": previous.hash if previous and previous.seq else None,
            "reason": reason,
            "capabilities": capabilities,
        }

    return Draft("log.open", payload, None, store.meta("site") or "")
