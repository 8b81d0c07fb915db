"""Attacks in real Chromium: texts that want to run in the console, and pages of another origin."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.apidocs.document import UNSAFE, described
from server.app import create_app
from server.db import db
from server.feed import service as feed
from server.ledger.models import Device
from server.people import service
from server.people.sessions import Login
from server.rounds import service as rounds
from server.rounds.models import Occurrence
from sync.payloads import Finding
from sync.records import WireRecord
from tests.api.rounds.conftest import MIN, Estate, estate
from tests.api.rounds.night import Room
from tests.browser.attacked import listen, log_in, serving, watch
from tests.browser.chromium import DESK, WAIT_MS
from tests.browser.conftest import ChromiumMaker, Shoot
from tests.browser.payloads import PAYLOADS, printable
from tests.browser.served import ROOT, free_port
from tests.conftest import FakeClock, settings_for
from tests.logins import begin_session
from tests.unchanged import digest

__all__ = ["estate"]

pytestmark = [
    pytest.mark.browser,
    # the browser hangs up on what it needs no more: the file of that answer is left to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ONE_ENGINE = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)

SHOWN = "([text, times]) => document.body.textContent.replace(/\\s+/g, ' ').split(text).length > times"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: FakeClock, port: int) -> Iterator[Flask]:
    settings = replace(settings_for(tmp_path / "var", database_url), public_url=f"http://localhost:{port}")
    made = create_app(settings, now_ms=clock)
    yield made
    with made.app_context():
        db.engine.dispose()


def pages() -> list[str]:
    """Return the names of the console's pages within a site."""
    source = (ROOT / "pwa" / "src" / "console" / "route.ts").read_text("utf-8")
    listed = re.search(r"sitePages = \[(.*?)\]", source, re.DOTALL)
    assert listed is not None
    return re.findall(r"'([a-z-]+)'", listed.group(1))


@dataclass
class Poisoned:
    """An estate in which every text that others control is one of the payloads."""

    estate: Estate
    visits: list[str]
    """The id of the visit with each payload."""


@pytest.fixture
def poisoned(estate: Estate, clock: FakeClock, session: Session) -> Poisoned:
    room, li = Room(estate, clock), estate.people["Li"].id
    visits = []
    for minute, text in enumerate(PAYLOADS, start=1):
        scan = room.scan(1, minute, walk_on=False, result="not_here", private={"raw": text})
        values = {"pressure": text[:64], "leaks": text[:64], "remark": {"private": True}}
        room.answer(minute, values, scan=scan, private={"text.remark": text, "note": text})
        visits.append(scan)
        found = Finding(None, None, None, "urgent", "damage")
        room.phone.record("finding", found, at_ms=room.start + minute * MIN, private={"note": text})
        room.phone.outbox.append(WireRecord(text, text[:86], "ES256", {}))
        session.add(_device(estate, minute, text))
        service.log_in(session, found=Login(li, None, ()), agent=text, now_ms=clock.ms)
    clock.ms = room.start + 70 * MIN
    room.phone.push(now_ms=clock.ms)
    estate.people["Wang"].name = PAYLOADS[7]
    rounds.excuse(
        session,
        site_id=estate.site.id,
        occurrence_id=room.id,
        why=PAYLOADS[6],
        person_id=li,
        now_ms=clock.ms,
    )
    feed.commit(session, now_ms=clock.ms)
    return Poisoned(estate, visits)


def _device(estate: Estate, n: int, text: str) -> Device:
    return Device(
        id=uuid4(),
        organisation_id=estate.site.organisation_id,
        site_id=estate.site.id,
        name=text,
        state="active",
        public_key=f"key {n}",
        check_word=text[:9],
        app=text[:32],
        capabilities={"camera": text, "store": text},
        storage={"persisted": None, "usage": None, "quota": None},
        heard_ms=estate.clock.ms,
        made_ms=estate.clock.ms,
    )


@ONE_ENGINE
def test_no_text_of_a_worker_runs_in_the_console(
    app: Flask, port: int, poisoned: Poisoned, session: Session, chromium: ChromiumMaker, shoot: Shoot
) -> None:
    estate, url = poisoned.estate, f"http://localhost:{port}"
    token = begin_session(session, estate.people["Li"].id, now_ms=estate.clock.ms)
    session.commit()
    browser = chromium(size=DESK)
    page = browser.open()
    watched = watch(browser.context, page, url)
    log_in(browser.context, url, token)

    def go(where: str) -> None:
        page.evaluate("where => { location.hash = where }", f"#/sites/{estate.site.id}/{where}")

    with serving(app, port):
        page.goto(f"{url}/console/#/sites/{estate.site.id}/phones")
        for text in PAYLOADS:
            page.wait_for_function(SHOWN, arg=[printable(text), 1])
        shoot(page, "attacked-phones")
        for visit, text in zip(poisoned.visits, PAYLOADS, strict=True):
            go(f"visits/{visit}")
            page.wait_for_function(SHOWN, arg=[printable(text), 3])  # what was read, an answer, the note
        shoot(page, "attacked-evidence")
        for where in pages():
            go(where)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            page.wait_for_load_state("networkidle")
        go(
            f"rounds/{estate.session.scalars(select(Occurrence.id).where(Occurrence.excused_why.is_not(None))).one()}"
        )
        page.wait_for_function(SHOWN, arg=[printable(PAYLOADS[6]), 1])
        for text in PAYLOADS[::6]:
            go(f"visits/{quote(text, safe='')}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")

    assert watched.quiet()
    assert browser.faults == []


def test_the_texts_do_run_in_a_page_that_trusts_them(chromium: ChromiumMaker) -> None:
    """What shows nothing anywhere would prove nothing."""
    browser = chromium(size=DESK)
    page = browser.open()
    watched = watch(browser.context, page, "about:blank")

    page.goto("about:blank")
    page.evaluate("() => { window.__ran = (n) => console.log(`ran! ${n}`) }")
    page.evaluate(
        """texts => {
          for (const text of texts) {
            const frame = document.createElement('iframe');
            frame.srcdoc = `<script>window.__ran = (n) => parent.__ran(n)</scr` + `ipt>${text}`;
            document.body.append(frame);
          }
        }""",
        list(PAYLOADS),
    )
    deadline = time.monotonic() + WAIT_MS / 1000
    while len(set(watched.ran)) < 30:
        assert time.monotonic() < deadline, watched.ran
        page.wait_for_timeout(100)


# -- a page of another origin ------------------------------------------------------------

ELSEWHERE = "<!doctype html><title>Elsewhere</title><p>Nothing to see here.</p>"
"""It lies on another port of the same machine: the cookie goes along, for that is the same *site*."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a page that means no good, without any policy of its own."""
    other = Flask("elsewhere")
    other.add_url_rule("/", view_func=lambda: ELSEWHERE)
    port = free_port()
    with serving(other, port):
        yield f"http://localhost:{port}"


def unsafe_paths(app: Flask, site: str) -> list[tuple[str, str]]:
    """Return method and address of everything that changes something in the console."""
    found = []
    for one in described(app):
        if one.method in UNSAFE and one.view.policy != "phone" and not hasattr(one.view, "speaks"):  # type: ignore[attr-defined]
            path = one.path.replace("{site_id}", site)
            found.append((one.method, re.sub(r"\{[a-z_]+\}", str(uuid4()), path)))
    return found


SEND = """async ([url, method, headers, body, mode]) => {
  try {
    const answer = await fetch(url, { method, headers, body, mode, credentials: 'include' });
    return `${answer.type} ${answer.status} ${await answer.text()}`;
  } catch (error) {
    return `no: ${error.name}`;
  }
}"""

POST_FORM = """([url, enctype]) => new Promise((done) => {
  const frame = document.createElement('iframe');
  frame.name = `f${Math.random()}`;
  const form = document.createElement('form');
  Object.assign(form, { action: url, method: 'post', enctype, target: frame.name });
  const input = document.createElement('input');
  Object.assign(input, { name: '{"why":"x","x":"', value: '"}' });
  form.append(input);
  document.body.append(frame, form);
  let loads = 0;
  frame.onload = () => { loads += 1; if (loads > 1) done(); };
  setTimeout(done, 1000);
  form.submit();
})"""

INCLUDE = """([tag, url]) => new Promise((done) => {
  const made = document.createElement(tag);
  made.onload = () => done('loaded');
  made.onerror = () => done('refused');
  if (tag === 'link') { made.rel = 'stylesheet'; made.href = url; } else { made.src = url; }
  setTimeout(() => done('nothing'), 30_000);
  document.body.append(made);
})"""

FRAME = """(url) => new Promise((done) => {
  const frame = document.createElement('iframe');
  frame.src = url;
  frame.onload = () => {
    try { done(`seen ${frame.contentWindow.document.body.textContent}`); } catch (error) { done(error.name); }
  };
  document.body.append(frame);
})"""

OPEN = """(url) => new Promise((done) => {
  const opened = window.open(url);
  const until = performance.now() + 30_000;
  const look = () => {
    const closed = opened === null || opened.closed;
    if (!closed && performance.now() < until) return setTimeout(look, 50);
    let seen;
    try { seen = `seen ${opened.document.title}`; } catch (error) { seen = error.name; }
    done([closed, seen]);
  };
  look();
})"""


@ONE_ENGINE
def test_a_page_of_another_origin_can_do_nothing_and_see_nothing(
    app: Flask, port: int, elsewhere: str, estate: Estate, session: Session, chromium: ChromiumMaker
) -> None:
    url, site = f"http://localhost:{port}", str(estate.site.id)
    token = begin_session(session, estate.people["Ada"].id, now_ms=estate.clock.ms)
    session.commit()
    heard = listen(app)
    browser = chromium(size=DESK)
    page = browser.open()
    log_in(browser.context, url, token)

    with serving(app, port):
        page.goto(f"{url}/console/")
        assert page.evaluate(SEND, [f"{url}/api/v1/sites", "GET", {}, None, "cors"]).startswith("basic 200")
        before = digest(session)
        page.goto(elsewhere)
        heard.clear()

        _cannot_ask(page, app, url, site)
        assert digest(session) == before
        came = [one for one in heard if one.method in UNSAFE]
        assert len(came) > 20
        assert all(one.logged_in for one in heard if one.method == "GET"), "the cookie goes along"
        assert {one.status for one in came} <= {401, 403, 404, 405, 415}, came

        for tag, path in (
            ("script", "/api/v1/sites"), ("script", "/api/openapi.json"), ("script", "/healthz"),
            ("img", "/favicon.ico"), ("img", "/t/page.css"), ("link", "/t/page.css"),
            ("script", "/app/sw.js"),
        ):  # fmt: skip
            assert page.evaluate(INCLUDE, [tag, url + path]) == "refused", (tag, path)
        for path in ("/console/", "/app/", "/api/v1/sites", "/t/0123456789ABCDEF", "/api/docs"):
            assert page.evaluate(FRAME, url + path) == "SecurityError", path
        closed, seen = page.evaluate(OPEN, f"{url}/console/")
        assert closed, "the console lets nobody hold its window"
        assert not seen.startswith("seen Roundsman")
        opened = browser.context.pages[-1]
        assert opened.url.startswith(url)
        assert opened.evaluate("() => window.opener") is None
        assert digest(session) == before


def _cannot_ask(page: Page, app: Flask, url: str, site: str) -> None:
    """Try every way by which a page asks another origin for something."""
    for path in ("/api/v1/session", "/api/v1/sites", f"/api/v1/sites/{site}/people", "/api/openapi.json"):
        assert page.evaluate(SEND, [url + path, "GET", {}, None, "cors"]) == "no: TypeError", path
        assert page.evaluate(SEND, [url + path, "GET", {}, None, "no-cors"]) in ("opaque 0 ", "no: TypeError")
    for method, path in unsafe_paths(app, site):
        json_body = [url + path, method, {"Content-Type": "application/json"}, "{}", "cors"]
        assert page.evaluate(SEND, json_body) == "no: TypeError", path
        if method == "POST":
            plain = [url + path, method, {"Content-Type": "text/plain"}, '{"why":"x"}', "no-cors"]
            assert page.evaluate(SEND, plain) in ("opaque 0 ", "no: TypeError"), path
    for enctype in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        page.evaluate(POST_FORM, [f"{url}/api/v1/session/refresh", enctype])
    page.evaluate("url => navigator.sendBeacon(url, '{}')", f"{url}/api/v1/session/refresh")
