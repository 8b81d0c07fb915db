"""Pull: what changed at the site, page by page; a page and its cursor are one transaction."""

from __future__ import annotations

from sync import messages
from sync.messages import PullAnswer, PullRequest
from sync.phone.api import NoAnswer
from sync.phone.rig import Rig, RoundReport
from sync.phone.saving import current

RESETS = 3
"""A server that resets more often than this in an hour is not asked any more; records still go up."""

HOUR_MS = 3_600_000


def pull(rig: Rig, report: RoundReport) -> None:
    """Pull until nothing more comes.

    :raises NoAnswer: no page that may be believed, or too many resets
    """
    store = rig.store
    log = current(store).log
    while True:
        cursor = store.meta("cursor")
        request = PullRequest(1, rig.api.new_nonce(), cursor, messages.PULL_ROWS)
        try:
            answer = rig.api.call("pull", request, PullAnswer, log=log)
        except NoAnswer as none:
            if none.status != 409 or none.slug != "reset" or not _may_reset(rig):
                raise
            _reset(rig)
            report.resets += 1
            continue
        _apply(rig, answer)
        report.rows += len(answer.rows)
        if not answer.more:
            return
        if answer.cursor == cursor:  # a page that leads nowhere would be asked for ever
            raise NoAnswer("cursor-stands-still", status=200)


def _may_reset(rig: Rig) -> bool:
    now = rig.clock.mono()
    rig.resets[:] = [at for at in rig.resets if now - at < HOUR_MS]
    if len(rig.resets) >= RESETS:
        return False
    rig.resets.append(now)
    return True


def _reset(rig: Rig) -> None:
    """Begin a new generation; the old rows stay until it is whole, own records for ever."""
    with rig.store.transaction():
        rig.store.set_meta("cursor", None)
        rig.store.set_meta("generation", str(_generation(rig) + 1))
        rig.ask_about_all()


def _generation(rig: Rig) -> int:
    return int(rig.store.meta("generation") or 0)


def _apply(rig: Rig, page: PullAnswer) -> None:
    """Apply a page and its cursor in one transaction."""
    generation = _generation(rig)
    with rig.store.transaction():
        for row in page.rows:
            rig.store.apply_row(row, generation)
        if not page.more:
            rig.store.sweep(generation)
        rig.store.set_meta("cursor", page.cursor)
