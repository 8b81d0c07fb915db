"""What a phone does when it and the server do not agree on what there is.

The server was set back, or this phone was. Nothing is renumbered and nothing is thrown away; what
the server lacks is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync import messages
from sync.messages import HaveAnswer, HaveRequest, HelloAnswer, LogState
from sync.phone.logs import rotate
from sync.phone.rig import Rig, RoundReport
from sync.phone.saving import current
from sync.phone.store import Store

HAVE_EVERY_MS = 24 * 3_600_000

RECENT_MS = 3 * HAVE_EVERY_MS
"""Photos of records that are younger than this are asked for whenever the records are."""


def heal(rig: Rig, hello: HelloAnswer, *, log: str, report: RoundReport) -> None:
    """Act on what the server has of `log`: open a new log, or take what it lost as new."""
    if current(rig.store).log == log and _has_diverged(rig.store, hello.log):
        rotate(rig.store, rig.saver, rig.crypto, reason="restored")
        report.rotated = True
        rig.ask_about_all()
        return
    lost = ask(rig, _not_there(rig.store, log, hello.log))
    report.again += lost
    if lost:  # a server that lost some may have lost others that no number shows
        rig.ask_about_all()


def check_kept(rig: Rig, epoch: str, report: RoundReport) -> None:
    """Compare all kept records with the server's by their hashes, when there is a reason.

    Numbers do not show it when the server loses a record that has none of its own: one that
    forked, one that went as raw bytes. The reason stays until an answer came.
    """
    if not _is_due(rig, epoch):
        return
    is_suspicious = rig.store.meta("have_wall") is None or rig.store.meta("epoch") != epoch
    report.again += ask(rig, [record.hash for record in rig.store.records() if record.stored])
    with rig.store.transaction():
        # a record may be there and its photo be lost: photos have no numbers that would show it
        rig.store.doubt_photos(since=0 if is_suspicious else rig.clock.wall() - RECENT_MS)
        rig.store.set_meta("epoch", epoch)
        rig.store.set_meta("have_wall", str(rig.clock.wall()))


def ask(rig: Rig, hashes: Sequence[str]) -> int:
    """Ask which of these the server lacks, and make those new again; return how many."""
    log = current(rig.store).log
    again = 0
    for start in range(0, len(hashes), messages.HAVE_HASHES):
        some = hashes[start : start + messages.HAVE_HASHES]
        request = HaveRequest(1, rig.api.new_nonce(), log, list(some))
        answer = rig.api.call("have", request, HaveAnswer, log=log)
        lacking = sorted(set(answer.missing) & set(some))
        rig.store.mark_unsent(lacking)
        rig.store.add_marks({each: answer.marks[each] for each in some if each in answer.marks})
        again += len(lacking)
    return again


def _has_diverged(store: Store, server: LogState) -> bool:
    """Tell whether the server has records of this log that this phone never made.

    The phone was restored from a copy, or cloned. The head is read after the answer, for another
    tab may have saved and sent since the question.
    """
    head = current(store)
    if server.max_seq == 0:
        return False
    if server.max_seq >= head.seq:
        return server.max_seq > head.seq or server.head_hash != head.hash
    own = store.record_at(head.log, server.max_seq)
    return own is not None and own.hash != server.head_hash


def _not_there(store: Store, log: str, server: LogState) -> list[str]:
    """Return the stored records of a log whose numbers the server does not name as its own.

    One that is kept there without a place counts as missing for ever: so `have` decides.
    """
    return [
        record.hash
        for record in store.records(log)
        if record.stored
        and (record.seq > server.max_seq or any(low <= record.seq <= high for low, high in server.missing))
    ]


def _is_due(rig: Rig, epoch: str) -> bool:
    last = rig.store.meta("have_wall")
    if last is None or rig.store.meta("epoch") != epoch:
        return True
    return abs(rig.clock.wall() - int(last)) >= HAVE_EVERY_MS
