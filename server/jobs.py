"""The list of periodic jobs; `server.tick` does them."""

from __future__ import annotations

from secrets import token_hex

from flask import current_app
from sqlalchemy.orm import Session

from server.config import Settings
from server.feed import service as feed
from server.keeping import heads
from server.ledger import blobs
from server.ledger import service as ledger
from server.orders import service as orders
from server.people import service as people
from server.privacy import keeping as forgetting
from server.reports import service as reports
from server.requests import service as requests
from server.rounds import service as rounds
from server.secrets import Secrets
from server.tick.service import Job, take_lease
from server.upkeep import service as upkeep

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


def judge_again(session: Session, now_ms: int) -> None:
    """Give their turn to records that waited too long, and to those whose type is known by now.

    Each locks its logs before it writes anything; so each has a transaction of its own.
    """
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    for judge in (ledger.give_up_gaps, ledger.give_up_dependencies, ledger.learn):
        judge(session, receipt_key=secrets.receipt.public_key, now_ms=now_ms)
        feed.commit(session, now_ms=now_ms)


def tell_of_rounds(session: Session, now_ms: int) -> None:
    """Tell of rounds that are over or have changed since; once an hour look two months back."""
    far = take_lease(session, name="rounds told", holder=token_hex(8), now_ms=now_ms, for_ms=HOUR_MS)
    rounds.tell(session, now_ms=now_ms, far=far)


def tend_photos(session: Session, now_ms: int) -> None:
    """Forget uploads that nobody goes on with; once a day bring files and rows together."""
    settings: Settings = current_app.extensions["roundsman.settings"]
    blobs.expire_parts(settings.data_dir, now_ms=now_ms)
    # nobody holds this lease: that it is not over yet says that it was done within the day
    if take_lease(session, name="photos", holder=token_hex(8), now_ms=now_ms, for_ms=DAY_MS):
        blobs.reconcile(session, data_dir=settings.data_dir, now_ms=now_ms)


def forget(session: Session, now_ms: int) -> None:
    """Forget places and photos whose time is over, and what comes of people who are erased."""
    settings: Settings = current_app.extensions["roundsman.settings"]
    forgetting.forget(
        session,
        data_dir=settings.data_dir,
        place_days=settings.place_days,
        photo_days=settings.photo_days,
        now_ms=now_ms,
    )


def compact_feed(session: Session, now_ms: int) -> None:
    """Take out of the feed what was replaced long ago."""
    settings: Settings = current_app.extensions["roundsman.settings"]
    feed.compact(session, before_ms=now_ms - settings.feed_days * DAY_MS)


def sign_heads(session: Session, now_ms: int) -> None:
    """Sign once a day how far ledger and audit log reach."""
    settings: Settings = current_app.extensions["roundsman.settings"]
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    heads.sign_today(session, data_dir=settings.data_dir, key=secrets.receipt, now_ms=now_ms)


def tally(session: Session, now_ms: int) -> None:
    """Once an hour judge what reports ask, close months, state revisions; once a day look far back."""
    holder = token_hex(8)
    if take_lease(session, name="reports", holder=holder, now_ms=now_ms, for_ms=HOUR_MS):
        daily = take_lease(session, name="tallies", holder=holder, now_ms=now_ms, for_ms=DAY_MS)
        session.commit()
        reports.keep_tallies(session, now_ms=now_ms, days=400 if daily else 62)
        reports.close_months(session, now_ms=now_ms)
        reports.revise(session, now_ms=now_ms)


def keep_up(session: Session, now_ms: int) -> None:
    """Every five minutes open the work orders that rules of upkeep ask for."""
    if take_lease(session, name="upkeep", holder=token_hex(8), now_ms=now_ms, for_ms=5 * 60_000):
        upkeep.run(session, now_ms=now_ms)
        feed.commit(session, now_ms=now_ms)


def forget_contacts(session: Session, now_ms: int) -> None:
    """Erase once a day the phone numbers of requests that ended long ago."""
    if take_lease(session, name="contacts", holder=token_hex(8), now_ms=now_ms, for_ms=DAY_MS):
        session.commit()
        requests.forget_contacts(session, now_ms=now_ms)


JOBS: dict[str, Job] = {
    "cut occurrences": lambda session, now_ms: rounds.cut_ahead(session, now_ms=now_ms),
    "judge again": judge_again,
    "watch orders": lambda session, now_ms: orders.watch(session, now_ms=now_ms),
    "tell of rounds": tell_of_rounds,
    "tend photos": tend_photos,
    "forget": forget,
    "keep up": keep_up,
    "tally reports": tally,
    "compact the feed": compact_feed,
    "sign heads": sign_heads,
    "forget contacts": forget_contacts,
    "end sessions": lambda session, now_ms: people.end_stale(session, now_ms=now_ms),
}
