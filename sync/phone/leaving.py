"""The phone leaves: it asks what is wanted of it, and wipes itself when it is told to and may."""

from __future__ import annotations

from sync.leaving import (
    LeaveAnswer,
    LeaveRequest,
    WipedAnswer,
    WipedRequest,
    WipeOrder,
    may_wipe,
    verify_order,
)
from sync.messages import Unsent
from sync.phone.api import NoAnswer
from sync.phone.rig import Rig, RoundReport
from sync.phone.saving import current


def ask(rig: Rig) -> LeaveAnswer | None:
    """Ask what is wanted of a phone that leaves. Without an answer the next round asks again."""
    log = current(rig.store).log
    records, photos = rig.store.left_behind()
    unsent = Unsent(records=records, photos=photos, oldest_wall=rig.store.oldest_unsent_wall())
    request = LeaveRequest(1, rig.api.new_nonce(), unsent)
    try:
        return rig.api.call("leave", request, LeaveAnswer, log=log)
    except NoAnswer:
        return None


def obey(rig: Rig, answer: LeaveAnswer, report: RoundReport) -> None:
    """Do what is wanted of the phone, when the server's key signed it."""
    if answer.wipe is None:
        return
    key, device = rig.store.meta("server_key") or "", rig.store.meta("device") or ""
    order = verify_order(key, answer.wipe.body, answer.wipe.sig, device=device)
    if order is not None:
        _wipe(rig, order, current(rig.store).log, report)


def _wipe(rig: Rig, order: WipeOrder, log: str, report: RoundReport) -> None:
    """Empty the phone unless more is unsent than may be lost; then say so, by the key that went with it."""
    last = rig.crypto.signer(log)
    lost = rig.store.wipe(lambda records, photos: may_wipe(order, records=records, photos=photos))
    if lost is None:
        return
    report.wiped = True
    request = WipedRequest(1, rig.api.new_nonce(), order.order, *lost)
    try:
        rig.api.call("wiped", request, WipedAnswer, log=log, signer=last)
    except NoAnswer:
        # It is empty all the same. The office sees an order that was not answered.
        report.reason = "wiped-unheard"
