"""Prints what it costs to keep boards fresh: asking every 15 seconds, beside a stream of events.

Two ways are measured on the same site, with nothing happening and with a change in each look:

- *asking*: every viewer asks with its ETag, log-in and policy included, as the console does;
- *stream*: the least that server-sent events could be, which the product does not have: one watcher
  judges the board at the same pace, and whatever changed is written to every viewer. Each open stream
  holds a thread of the server, whether anything happens or not; a threaded server has few.

CPU is this process's, scaled to an hour of looking. `VIEWERS` and `LOOKS` set how many.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from bench.report.estates import Estates, make
from bench.sync.databases import database
from server import clock, migrate
from server.app import create_app
from server.config import Settings
from server.db import db
from server.people.access import COOKIE
from server.rounds.schemas.board import BoardBody
from server.rounds.service.board import board
from server.sites.models import Site
from server.tenancy import enter_installation
from tests.logins import begin_session

URL = "http://localhost"
VIEWERS = int(os.environ.get("VIEWERS", "10"))
LOOKS = int(os.environ.get("LOOKS", "12"))
EVERY_S = 15


def main() -> None:
    """Make one site, measure both ways, and print."""
    with (
        tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name,
        database("sqlite", Path(name)) as url,
    ):
        settings = Settings(data_dir=Path(name) / "var", database_url=url, public_url=URL, pwa_dir=Path(name))
        app = create_app(settings)
        with app.app_context():
            migrate.upgrade(db.engine)
        made = make(app, copies=0)
        now = [made.now_ms]
        clock.init_app(app, lambda: now[0])
        print(f"{made.visits:,} visits of a month, {VIEWERS} viewers, {LOOKS} looks, every {EVERY_S} s")
        print(f"{'CPU s per hour, all viewers':44}{'quiet':>10}{'changing':>10}")
        rows = {}
        for word, run in (("asking", _asking(app, made)), ("stream", _stream(app, made))):
            quiet = _hourly(run, now, step_ms=0)
            changing = _hourly(run, now, step_ms=61_000)
            rows[word] = (quiet, changing)
            print(f"{word:44}{quiet:10.1f}{changing:10.1f}")
        for at, word in enumerate(("quiet", "changing")):
            print(f"asking costs {rows['asking'][at] / rows['stream'][at]:.1f} times a stream, {word}")


def _hourly(run: Callable[[], None], now: list[int], *, step_ms: int) -> float:
    """Return the CPU seconds that an hour of looking costs; the first look is not counted."""
    run()
    began = time.process_time()
    for _ in range(LOOKS):
        now[0] += step_ms
        run()
    return (time.process_time() - began) / LOOKS * (3600 / EVERY_S)


def _asking(app: Flask, made: Estates) -> Callable[[], None]:
    with app.app_context():
        token = begin_session(db.session(), made.supervisor, now_ms=made.now_ms)
        db.session.commit()
        db.session.remove()
    client = app.test_client(use_cookies=False)
    tags = [""] * VIEWERS

    def look() -> None:
        for viewer, tag in enumerate(tags):
            answer = client.get(
                f"/api/v1/sites/{made.site}/board",
                headers={"Cookie": f"{COOKIE}={token}", "If-None-Match": tag},
            )
            assert answer.status_code in (200, 304), answer.text
            tags[viewer] = answer.headers["ETag"]

    return look


def _stream(app: Flask, made: Estates) -> Callable[[], None]:
    viewers: list[queue.SimpleQueue[bytes]] = [queue.SimpleQueue() for _ in range(VIEWERS)]
    last = [""]
    body = BoardBody()

    def look() -> None:
        with app.app_context():
            session = db.session()
            enter_installation(session)
            site = session.get_one(Site, made.site)
            found = body.dump(board(session, site=site, day=None, now_ms=clock.now_ms()))
            db.session.remove()
        found.pop("now_ms")
        said = json.dumps(found, sort_keys=True, default=str)
        tag = hashlib.sha256(said.encode()).hexdigest()
        if tag == last[0]:
            return
        last[0] = tag
        event = f"event: board\nid: {tag}\ndata: {said}\n\n".encode()
        for viewer in viewers:
            viewer.put(event)
            viewer.get()

    return look


if __name__ == "__main__":
    main()
