"""The main job, end to end: laid out in the console, walked offline, killed, finished, proved.

Real server, real Chromium, a camera that shows the labels of the printed sheet.
"""

from __future__ import annotations

import gzip
import json
import re
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from sync.encoding import sha256_hex
from sync.tags import read_address
from tests.browser.chromium import DESK, Chromium
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import Desk, labels_of
from tests.browser.pocket import Pocket, Sent, new_camera
from tests.browser.served import Served
from tests.browser.words import Language, Words

pytestmark = pytest.mark.browser

CHECKPOINTS = (
    ("01", "东门岗", "East gate"),
    ("02", "水泵房门外", "Pump-room door"),
    ("03", "儿童乐园", "Playground"),
    ("04", "配电室门外", "Switch-room door"),
    ("05", "监控中心", "Control centre"),
)
ROUTE = (("01", None), ("02", "Pump room"), ("03", None), ("04", "Pump room"), ("05", None))
PRESSURE = {"en": "Pressure", "zh": "出水压力"}
LEAKS = {"en": "Leaks", "zh": "跑冒滴漏"}


@dataclass
class Garden:
    """A site that was laid out by hand in the console, and the server that it lives on."""

    served: Served
    browser: Chromium
    desk: Desk
    sheet: bytes


@pytest.fixture(scope="module")
def garden(serve: ServedMaker, chromium: ChromiumMaker, shoot: Shoot) -> Iterator[Garden]:
    served = serve()
    browser = chromium(size=DESK)
    desk = Desk(browser.open(), Words("en"), served.url)
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    for number, zh, en in CHECKPOINTS:
        desk.make_checkpoint(number, zh, en)
    desk.make_gauge_form()
    desk.make_route("园区", "Grounds", ROUTE)
    sheet = desk.print_sheet(len(CHECKPOINTS))
    yield Garden(served, browser, desk, sheet)
    assert browser.faults == []


def test_the_printed_sheet_carries_the_tag_of_every_checkpoint(garden: Garden) -> None:
    tags = garden.desk.json("tags")["tags"]
    assert sorted(tag["target"]["number"] for tag in tags) == [number for number, _, _ in CHECKPOINTS]
    assert list(garden.desk.labels) == [number for number, _, _ in CHECKPOINTS]
    seen = [text for text, _ in labels_of(garden.sheet)]
    assert all(text.startswith(f"{garden.served.url.upper()}/T/") for text in seen)
    assert len({read_address(text) for text in seen} - {None}) == len(CHECKPOINTS)


@dataclass(frozen=True)
class Case:
    """One journey: language and size of the phone, who walks, how the network goes away."""

    language: Language
    size: tuple[int, int]
    guard: str
    number: str
    phone: str
    plan: tuple[str, str]
    server_dies: bool
    seed: int
    """No two pictures are the same: the same one twice is a mark."""


ENGLISH = Case(
    language="en",
    size=(412, 839),
    guard="Wang Haisheng",
    number="G01",
    phone="Phone 1",
    plan=("园区巡逻 甲", "Grounds, first"),
    server_dies=True,
    seed=10,
)
CHINESE = Case(
    language="zh",
    size=(360, 800),
    guard="刘大川",
    number="G02",
    phone="2 号手机",
    plan=("园区巡逻 乙", "Grounds, second"),
    server_dies=False,
    seed=20,
)


@pytest.mark.parametrize("case", [ENGLISH, CHINESE], ids=["English", "Chinese, 360 x 800"])
def test_a_guard_walks_a_round_offline_and_the_supervisor_sees_it_proved(
    garden: Garden, chromium: ChromiumMaker, shoot: Shoot, tmp_path: Path, case: Case
) -> None:
    desk, served = garden.desk, garden.served
    desk.make_plan(*case.plan)
    desk.make_guard(case.guard, case.number)

    # a phone joins by the code on the page
    browser = chromium(
        size=case.size, locale="zh-CN" if case.language == "zh" else "en-GB", camera=new_camera(tmp_path)
    )
    phone = Pocket.open(browser, Words(case.language), served.url)
    word = phone.join(desk.start_enrolment(case.phone))
    shoot(phone.page, f"{case.language}-enrol")
    assert desk.confirm_phone(case.phone) == word
    expect(phone.page.get_by_role("heading", name=phone.w("pin.who"))).to_be_visible()
    shoot(phone.page, f"{case.language}-who")
    phone.sign_in(case.guard)
    phone.wait_until_ready()
    plan = case.plan[0 if case.language == "zh" else 1]
    phone.page.get_by_role("link", name=re.compile(plan)).first.click()
    shoot(phone.page, f"{case.language}-round")

    # the network goes away, and with it, in one case, the server
    browser.context.set_offline(True)
    if case.server_dies:
        served.kill()
    walked_from = time.time()
    phone.scan(1, desk.labels["01"], seed=case.seed + 1)
    phone.saw_saved(1)
    shoot(phone.page, f"{case.language}-scanned")
    phone.leave_scanner()

    phone.scan(2, desk.labels["02"], seed=case.seed + 2)
    phone.read_gauge(PRESSURE[case.language], "0.71")
    expect(phone.page.get_by_text(phone.w("form.over")).first).to_be_visible()
    high = phone.photograph(PRESSURE[case.language], seed=case.seed)
    phone.answer(LEAKS[case.language], "form.ok")
    shoot(phone.page, f"{case.language}-checklist")
    phone.save_form()
    shoot(phone.page, f"{case.language}-saved")
    phone.look_at(desk.labels["03"], seed=case.seed + 3)
    phone.follow("saved.next", n=3)
    phone.saw_saved(3)

    # the system ends the app; it is opened again without a network
    browser.kill()
    phone = Pocket.open(browser, Words(case.language), served.url)
    browser.context.set_offline(True)
    phone.page.goto(f"{served.url}/app/")
    heading = phone.page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    if heading.inner_text() == phone.w("pin.who"):
        phone.sign_in(case.guard)
    phone.page.get_by_role("link", name=re.compile(plan)).first.click()
    expect(phone.page.get_by_text(phone.w("round.arrived", n=3))).to_be_visible()
    shoot(phone.page, f"{case.language}-reopened")

    phone.scan(4, desk.labels["04"], seed=case.seed + 4)
    phone.read_gauge(PRESSURE[case.language], "0.45")
    phone.answer(LEAKS[case.language], "form.fault")
    leak = phone.photograph(LEAKS[case.language], seed=case.seed + 1)
    phone.save_form()
    phone.look_at(desk.labels["05"], seed=case.seed + 5)
    phone.follow("saved.next", n=5)
    phone.saw_saved(5)
    shoot(phone.page, f"{case.language}-round-done")
    phone.leave_scanner()
    expect(phone.page.get_by_text(phone.w("round.done"))).to_be_visible()
    assert phone.sent == []

    # the network comes back, and the phone finds it by itself
    if case.server_dies:
        served.start()
    browser.context.set_offline(False)
    phone.wait_until_all_is_received()
    shoot(phone.page, f"{case.language}-log")

    window = _window(desk, case.plan[0])
    assert (window["state"], window["done"], window["total"]) == ("done", 5, 5)
    visits = _visits_when_photos_came(desk, case.plan[0], photos=2)
    assert len(visits) == 5
    _is_proved(desk, visits, walked_from=walked_from)
    _is_seen(desk, shoot, case, window["occurrence"], visits)
    photos = {p["sha256"]: p for v in visits for p in desk.json(f"visits/{v['id']}")["photos"]}
    assert len(photos) == 2
    for photo in photos.values():
        assert photo["state"] == "stored"
        assert sha256_hex(desk.file(photo["url"])) == photo["sha256"]
    assert high != leak

    # the same requests again change nothing
    before = _everything(desk)
    pushes = [sent for sent in phone.sent if sent.url.endswith("/push")]
    assert pushes
    for sent in phone.sent:
        if sent.method == "POST":
            status, answer = _again(sent)
            assert status == (201 if "/api/v1/blobs/" in sent.url else 200)
            if sent.url.endswith("/push"):
                assert {o["outcome"] for o in json.loads(answer)["outcomes"]} == {"duplicate"}
    assert _everything(desk) == before
    assert browser.faults == []
    browser.close()


def test_a_stop_that_was_skipped_offline_is_accepted_in_the_console(
    garden: Garden, chromium: ChromiumMaker, shoot: Shoot, tmp_path: Path
) -> None:
    desk = garden.desk
    desk.make_route("两个点", "Two stops", (("01", None), ("03", None)))
    desk.make_plan("短巡", "Short round", route="Two stops")
    desk.make_guard("孙国柱", "G03")
    browser = chromium(size=(360, 800), locale="en-GB", camera=new_camera(tmp_path))
    phone = Pocket.open(browser, Words("en"), garden.served.url)
    phone.join(desk.start_enrolment("Phone 3"))
    desk.confirm_phone("Phone 3")
    phone.sign_in("孙国柱")
    phone.wait_until_ready()
    phone.page.get_by_role("link", name=re.compile("Short round")).first.click()

    browser.context.set_offline(True)
    sent = len(phone.sent)
    phone.scan(1, desk.labels["01"], seed=31)
    phone.saw_saved(1)
    phone.leave_scanner()
    phone.follow("round.skip")
    phone.page.get_by_role("radio", name=phone.w("skip.locked")).check()
    shoot(phone.page, "skip-asked")
    phone.press("skip.save")
    expect(phone.page.get_by_text(phone.w("round.skipped.why")).first).to_be_visible()
    shoot(phone.page, "skip-kept")
    assert len(phone.sent) == sent

    browser.context.set_offline(False)
    phone.wait_until_all_is_received()
    window = _window(desk, "短巡")
    assert (window["state"], window["done"], window["total"]) == ("progress", 1, 2)

    desk.open(f"rounds/{window['occurrence']}")
    expect(desk.page.get_by_text(phone.w("skip.locked"))).to_be_visible()
    shoot(desk.page, "console-skip")
    desk.press("skip.accept")
    desk.page.get_by_role("dialog").get_by_role("button", name=desk.w("skip.accept")).click()
    expect(desk.page.get_by_text(desk.w("skip.decided.bare", name="林晓岚"))).to_be_visible()
    assert _window(desk, "短巡")["state"] == "done"
    assert browser.faults == []
    browser.close()


def _window(desk: Desk, plan: str) -> dict[str, Any]:
    """Return the plan's window on today's board, whichever day of the site it began on."""
    board = desk.json("board")
    lanes = [lane for lane in board["lanes"] if lane["plan"]["name"]["zh"] == plan]
    [window] = [w for lane in lanes for w in lane["windows"] if w["from_ms"] <= board["now_ms"] < w["to_ms"]]
    found: dict[str, Any] = window
    return found


def _visits(desk: Desk, plan: str) -> list[dict[str, Any]]:
    visits = desk.json("visits?limit=200")["visits"]
    return [visit for visit in visits if visit["plan"] and visit["plan"]["zh"] == plan]


def _visits_when_photos_came(desk: Desk, plan: str, *, photos: int) -> list[dict[str, Any]]:
    """Return the visits once every photo and every scan's frame that their records name has arrived."""
    deadline = time.monotonic() + 60
    while True:
        visits = _visits(desk, plan)
        if (
            sum(v["photos"] for v in visits) >= photos
            and not any(v["photos_pending"] for v in visits)
            and all(desk.json(f"visits/{v['id']}")["frame"]["state"] == "stored" for v in visits)
        ):
            return visits
        assert time.monotonic() < deadline, visits
        time.sleep(0.5)


def _is_proved(desk: Desk, visits: list[dict[str, Any]], *, walked_from: float) -> None:
    """Every visit has interval, frame, tag proof, receipt, a whole chain; no mark but haste and no place."""
    alarms = [r for v in visits for r in v["readings"] if r["level"] == "alarm"]
    assert [(r["value"], r["unit"]) for r in alarms] == [("0.71", "MPa")]
    for visit in visits:
        proof = desk.json(f"visits/{visit['id']}")
        t = proof["time"]
        assert t["quality"] == "A"
        assert t["lower_ms"] <= t["estimate_ms"] <= t["upper_ms"]
        assert abs(t["estimate_ms"] - walked_from * 1000) < 10 * 60_000
        assert proof["frame"]["state"] == "stored"
        assert proof["tag"]["proof"] == "proven"
        assert proof["chain"]["receipt"]["check_word"]
        assert {record["signature"] for record in proof["chain"]["records"]} == {"verified"}
        assert not proof["chain"]["gap_before"]
        assert not proof["chain"]["gap_after"]
        # nobody walks as fast as this test, and nobody said yes to places
        assert set(visit["marks"]) <= {"too_fast", "burst", "no_location"}, visit
        assert "no_location" in visit["marks"]
        assert (proof["location"], proof["geo"]) == ("refused", None)


def _is_seen(desk: Desk, shoot: Shoot, case: Case, occurrence: str, visits: list[dict[str, Any]]) -> None:
    """The pages say so too: the board, the round, the log and the evidence of the high reading."""
    desk.open("board")
    bars = desk.page.get_by_role("list", name=case.plan[1]).get_by_role("link")
    done = bars.filter(has_text=desk.w("state.done")).filter(has_text="5/5")
    expect(done).to_have_count(1)
    shoot(desk.page, f"console-{case.language}-board")
    desk.open(f"rounds/{occurrence}")
    expect(desk.page.get_by_text(desk.w("why.done", total=5))).to_be_visible()
    shoot(desk.page, f"console-{case.language}-round")
    desk.open("log")
    expect(desk.page.locator("tbody tr", has_text=case.plan[1])).to_have_count(5)
    shoot(desk.page, f"console-{case.language}-log")
    [high] = [v for v in visits if any(r["level"] == "alarm" for r in v["readings"])]
    desk.open(f"visits/{quote(high['id'])}")
    expect(desk.page.get_by_text(desk.w("level.alarm")).first).to_be_visible()
    expect(desk.page.get_by_text(desk.w("quality.A")).first).to_be_visible()
    expect(desk.page.get_by_text(desk.w("chain.receipt")).first).to_be_visible()
    expect(desk.page.locator(".frames img")).to_be_visible()
    shoot(desk.page, f"console-{case.language}-evidence")


def _everything(desk: Desk) -> Any:
    """Return what must not change: visits and their evidence, findings, phones without their last contact."""
    visits = desk.json("visits?limit=200")["visits"]
    evidence = [desk.json(f"visits/{visit['id']}") for visit in visits]
    return visits, evidence, desk.json("findings")["findings"]


def _again(sent: Sent) -> tuple[int, bytes]:
    """Send a request again, byte for byte, proof included; return status and body of the answer."""
    kept = ("authorization", "content-type", "content-encoding", "accept", "tus-resumable")
    request = urllib.request.Request(
        sent.url,
        data=sent.body,
        method=sent.method,
        headers={n: v for n, v in sent.headers.items() if n in kept or n.startswith("upload-")},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        body: bytes = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return answer.status, body
