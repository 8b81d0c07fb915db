"""Every screen of both apps, in both languages, light and dark: no barrier that axe finds, none that hides.

It looks at the demo, where every state is to be seen.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Geolocation, Page, expect

from tests.browser.chromium import DESK, Locale, Scheme, violations
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import Desk
from tests.browser.pocket import Pocket, new_camera
from tests.browser.served import Served
from tests.browser.words import Language, Words

pytestmark = pytest.mark.browser

LOCALES: dict[Language, Locale] = {"zh": "zh-CN", "en": "en-GB"}
LOOKS: list[tuple[Language, Scheme, tuple[int, int]]] = [
    ("zh", "light", (360, 800)),
    ("en", "dark", (412, 839)),
]

HERE: Geolocation = {"latitude": 31.22143, "longitude": 121.45128, "accuracy": 35}


@pytest.fixture(scope="module")
def demo(serve: ServedMaker) -> Served:
    return serve(demo=True)


@dataclass
class Inspector:
    """Looks at one screen after another and keeps what is wrong with each."""

    axe: str
    shoot: Shoot
    look: str
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def report(self) -> str:
        """Return what was found, screen by screen."""
        return "\n".join(f"{name}\n  " + "\n  ".join(wrong) for name, wrong in self.found.items())

    def inspect(self, page: Page, name: str) -> None:
        """Look at the screen that is shown."""
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        self.seen.append(name)
        self.shoot(page, f"{self.look}-{name}")
        # What lies under the dock can be scrolled out from under it: judge the page at its full height.
        size = page.viewport_size
        assert size is not None
        height = max(size["height"], page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": size["width"], "height": height})
        wrong = violations(page, self.axe)
        page.set_viewport_size(size)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            wrong.append(f"scrolls sideways by {overflow} px")
        if wrong:
            self.found[name] = wrong


def log_in(desk: Desk, served: Served) -> None:
    """Log in with the log-in that the server printed."""
    login, password = re.search(r"Log in as\s+(\S+)\s+(\S+)", served.printed).groups()  # type: ignore[union-attr]
    desk.type("login.login", login)
    desk.type("login.password", password)
    desk.press("login.go")
    expect(desk.page.get_by_role("heading", level=1, name=desk.w("nav.board"))).to_be_visible()
    desk.site = desk.page.url.split("/sites/")[1].split("/")[0]


@pytest.mark.parametrize(("language", "scheme", "_size"), LOOKS, ids=["Chinese, light", "English, dark"])
def test_every_page_of_the_console(
    demo: Served,
    chromium: ChromiumMaker,
    axe: str,
    shoot: Shoot,
    language: Language,
    scheme: Scheme,
    _size: tuple[int, int],
) -> None:
    browser = chromium(size=DESK, locale=LOCALES[language], scheme=scheme)
    desk = Desk(browser.open(), Words(language), demo.url)
    inspector = Inspector(axe, shoot, f"console-{language}-{scheme}")
    page = desk.page
    page.goto(f"{demo.url}/console/#/first-run?code=x")
    inspector.inspect(page, "first-run")
    page.goto(f"{demo.url}/console/")
    inspector.inspect(page, "log-in")
    page.goto(f"{demo.url}/console/#/invitation?code=x")
    inspector.inspect(page, "invitation")
    page.goto(f"{demo.url}/console/")
    log_in(desk, demo)
    for where in _pages(desk):
        desk.open(where)
        expect(page.get_by_text(desk.w("answer.waiting"), exact=True)).to_have_count(0)
        inspector.inspect(page, where.split("?")[0].replace("/", "-")[:40])
    page.goto(f"{demo.url}/console/#/sites")
    inspector.inspect(page, "sites")
    page.goto(f"{demo.url}/console/#/me")
    expect(page.get_by_text(desk.w("me.this"))).to_be_visible()
    inspector.inspect(page, "my-log-in")
    page.set_viewport_size({"width": 360, "height": 800})
    for where in ("board", "log", "requests", "requests/new", "people", "attention", "audit", "privacy"):
        desk.open(where)
        expect(page.get_by_text(desk.w("answer.waiting"), exact=True)).to_have_count(0)
        inspector.inspect(page, f"narrow-{where.replace('/', '-')}")
    assert not inspector.found, inspector.report()
    assert browser.faults == []
    assert len(inspector.seen) > 30
    browser.close()


def _pages(desk: Desk) -> Iterator[str]:
    """Yield every page of the site, each kind of thing with one of its own."""
    board = desk.json("board")
    windows = [w for lane in board["lanes"] for w in lane["windows"]]
    yesterday = desk.json(f"visits?limit=1&to={board['from_ms']}")["visits"]
    faulty = desk.json("visits?limit=1&faulty=true")["visits"]
    marked = desk.json("visits?limit=1&marked=true")["visits"]
    yield "board"
    yield "log"
    for state in sorted({w["state"] for w in windows}):
        yield f"rounds/{next(w['occurrence'] for w in windows if w['state'] == state)}"
    for visit in (*yesterday, *faulty, *marked):
        yield f"visits/{visit['id']}"
    yield "attention"
    for things, page in (
        ("checkpoints", "places"),
        ("maps", "maps"),
        ("assets", "assets"),
        ("routes", "routes"),
        ("plans", "plans"),
        ("forms", "forms"),
        ("people", "people"),
    ):
        yield page
        yield f"{page}/new"
        yield f"{page}/{desk.json(things)[things][-1]['id']}"
    yield "requests"
    for state in ("new", "open", "done"):
        yield f"requests/{desk.json(f'requests?state={state}')['requests'][0]['id']}"
    yield from ("requests/new", "requests/settings", "complaints")
    guard = next(one["id"] for one in desk.json("people")["people"] if one["role"] == "worker")
    yield from ("tags", "phones", "phones/new", "audit", f"data/{guard}", "privacy", "more")


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS, ids=["Chinese, light", "English, dark"])
def test_every_screen_of_the_phone(
    demo: Served,
    chromium: ChromiumMaker,
    axe: str,
    shoot: Shoot,
    tmp_path: Path,
    language: Language,
    scheme: Scheme,
    size: tuple[int, int],
) -> None:
    desk_browser = chromium(size=DESK)
    desk = Desk(desk_browser.open(), Words("en"), demo.url)
    desk.page.goto(f"{demo.url}/console/")
    log_in(desk, demo)
    browser = chromium(size=size, locale=LOCALES[language], scheme=scheme, camera=new_camera(tmp_path))
    phone = Pocket.open(browser, Words(language), demo.url)
    page = phone.page
    inspector = Inspector(axe, shoot, f"phone-{language}-{scheme}")

    browser.context.grant_permissions(["geolocation"], origin=demo.url)
    browser.context.set_geolocation(HERE)
    page.goto(f"{demo.url}/app/")
    expect(page.get_by_role("heading", name=phone.w("enrol.title"))).to_be_visible()
    inspector.inspect(page, "enrol")
    word = phone.join(desk.start_enrolment("测试手机"))
    inspector.inspect(page, "waiting")
    assert desk.confirm_phone("测试手机") == word
    expect(page.get_by_role("button", name="吴明远")).to_be_visible()
    inspector.inspect(page, "who")
    phone.enter("吴明远", pin=demo.found(r"PIN\s+(\d{6})"))
    expect(page.get_by_text(phone.w("consent.place"))).to_be_visible()
    inspector.inspect(page, "consent")
    phone.say_about_places(place=True)
    inspector.inspect(page, "today")

    occurrence, stop = _a_stop_with_a_form(desk)
    pump = next(one["id"] for one in desk.json("assets")["assets"] if one["number"] == "E1")
    for name, address, settled in (
        ("round", f"#/round/{occurrence}", "round.next"),
        ("form", f"#/form/{occurrence}/{stop}", "form.enter"),
        ("scan", f"#/scan/{occurrence}", "scan.hint"),
        ("ready", "#/ready", "ready.shell.ok"),
        ("menu", "#/menu", "menu.language"),
        ("my-data", "#/mydata", "mydata.withdraw"),
        ("rescue", "#/rescue", "carry.title"),
        ("finding", "#/finding", "find.where"),
        ("orders", "#/orders", "wo.title"),
        ("new-order", "#/neworder", "wo.new.where"),
        ("assets", "#/assets", "card.find.by"),
        ("asset", f"#/asset/{pump}", "card.state.say"),
        ("asset-state", f"#/assetstate/{pump}", "card.state.ask"),
        ("asset-form", f"#/assetform/{pump}", "form.enter"),
    ):
        page.goto(f"{demo.url}/app/{address}")
        expect(page.get_by_text(phone.w(settled)).first).to_be_visible()
        inspector.inspect(page, name)
    _an_order(phone, inspector, demo.url, pump)
    # Chromium says of a place that it is as old as this call, and an old one is told by no report
    browser.context.set_geolocation(HERE)
    page.goto(f"{demo.url}/app/#/")
    expect(page.get_by_role("heading", level=1, name=phone.w("today.title"))).to_be_visible()
    page.goto(f"{demo.url}/app/#/finding")
    expect(page.get_by_text(phone.w("find.where")).first).to_be_visible()
    page.evaluate("() => new Promise((told) => navigator.geolocation.getCurrentPosition(() => told()))")
    page.get_by_role("radio", name=phone.w("find.damage")).check()
    page.locator("textarea").fill("水表玻璃碎了")
    phone.press("find.save")
    expect(page.get_by_text(phone.w("saved.title")).first).to_be_visible()
    inspector.inspect(page, "saved")
    page.goto(f"{demo.url}/app/#/log")
    expect(page.get_by_role("heading", level=1, name=phone.w("log.title"))).to_be_visible()
    expect(page.locator("a.rec").first).to_have_attribute("data-at", "centre", timeout=30_000)
    place = _place_of(phone, "水表玻璃碎了")
    assert (place["lat"], place["lon"], place["accuracy"]) == (312_214_300, 1_214_512_800, 35)
    inspector.inspect(page, "log")
    page.locator("a.rec").first.click()
    inspector.inspect(page, "record")
    page.goto(f"{demo.url}/app/#/form/{occurrence}/{stop}")
    page.get_by_role("button", name=phone.w("form.enter")).first.click()
    page.get_by_role("button", name="9", exact=True).click()
    inspector.inspect(page, "reading")

    browser.context.set_offline(True)
    page.goto(f"{demo.url}/app/#/")
    page.reload()
    expect(page.get_by_role("heading", level=1, name=phone.w("today.title"))).to_be_visible()
    inspector.inspect(page, "today-offline")
    assert not inspector.found, inspector.report()
    assert browser.faults == []
    desk_browser.close()
    browser.close()


def _an_order(phone: Pocket, inspector: Inspector, url: str, asset: str) -> None:
    """Open an order for an asset, and look at it and at everything that can be done with it."""
    page = phone.page
    page.goto(f"{url}/app/#/neworder/asset/{asset}")
    page.get_by_role("radio", name=phone.w("wo.class.water")).check()
    page.locator("textarea").fill("密封漏水")
    phone.press("wo.new.mine")
    expect(page.get_by_text(phone.w("wo.act.open")).first).to_be_visible()
    order = page.url.split("/")[-1]
    inspector.inspect(page, "order")
    for act in ("pause", "return", "pass", "note", "labour", "sign", "complete"):
        page.goto(f"{url}/app/#/act/{order}/{act}")
        inspector.inspect(page, f"order-{act}")
    page.get_by_role("radio", name=phone.w("wo.result.fixed")).check()
    phone.press("wo.save.complete")
    expect(page.locator(".chip", has_text=phone.w("wo.state.done"))).to_be_visible()
    inspector.inspect(page, "order-done")
    page.goto(f"{url}/app/#/arrive/{order}")
    expect(page.get_by_text(phone.w("scan.hint"))).to_be_visible()
    inspector.inspect(page, "order-arrive")


def _place_of(phone: Pocket, note: str) -> dict[str, int]:
    """Return the place that was sent with a report."""
    for sent in (one for one in phone.sent if one.url.endswith("/push")):
        packed = sent.headers.get("content-encoding") == "gzip"
        message = json.loads(gzip.decompress(sent.body) if packed else sent.body)
        for record in message["records"]:
            private = record.get("private", {})
            if private.get("note", {}).get("value") == note:
                found: dict[str, int] = json.loads(private["geo"]["value"])
                return found
    raise LookupError(note)


def _a_stop_with_a_form(desk: Desk) -> tuple[str, str]:
    """Return an occurrence of the plant rooms, whatever the hour, and the first of its stops."""
    plan = next(p for p in desk.json("plans")["plans"] if p["demand"] == "P1-27")
    lane = next(lane for lane in desk.json("board")["lanes"] if lane["plan"]["id"] == plan["id"])
    route = next(r for r in desk.json("routes")["routes"] if r["id"] == plan["route"])
    return lane["windows"][-1]["occurrence"], route["stops"][0]["id"]


def test_a_phone_joins_by_the_code_that_the_server_printed(demo: Served, chromium: ChromiumMaker) -> None:
    phone_browser, desk_browser = chromium(), chromium(size=DESK)
    phone = Pocket.open(phone_browser, Words("en"), demo.url)
    word = phone.join(demo.found(r"Enrol a phone\s+(\S+)"))
    desk = Desk(desk_browser.open(), Words("en"), demo.url)
    desk.page.goto(f"{demo.url}/console/")
    log_in(desk, demo)
    desk.open("phones")
    desk.page.get_by_role("link", name=desk.w("enrolment.compare.act")).click()
    assert desk.page.locator(".word").inner_text() == word
    desk.press("enrolment.confirm")
    expect(phone.page.get_by_role("button", name="吴明远")).to_be_visible()
    phone_browser.close()
    desk_browser.close()
