"""A work order from the reading that was too high to the signature, both ends of it without a network.

Real server with the demo estate, two phones in two browsers, a camera that sees the printed label.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESK, Chromium
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import PIN, Desk, labels_of
from tests.browser.pocket import Pocket, damage, new_camera
from tests.browser.served import Served
from tests.browser.words import Language, Words

pytestmark = pytest.mark.browser

TECHNICIAN = "吴明远"
COLLEAGUE = "周建华"
PUMP = "E1"


@dataclass
class Site:
    """The demo estate, its desk, the label of the pump."""

    served: Served
    desk: Desk
    label: bytes
    asset: str
    part: str


@pytest.fixture(scope="module")
def estate(serve: ServedMaker, chromium: ChromiumMaker) -> Site:
    served = serve(demo=True)
    browser = chromium(size=DESK)
    desk = Desk(browser.open(), Words("en"), served.url)
    desk.page.goto(f"{served.url}/console/")
    login, password = re.search(r"Log in as\s+(\S+)\s+(\S+)", served.printed).groups()  # type: ignore[union-attr]
    desk.type("login.login", login)
    desk.type("login.password", password)
    desk.press("login.go")
    expect(desk.page.get_by_role("heading", level=1, name=desk.w("nav.board"))).to_be_visible()
    desk.site = desk.page.url.split("/sites/")[1].split("/")[0]
    tags = desk.json("tags")["tags"]
    desk.open("tags")
    with desk.page.expect_download() as waiting:
        desk.press("tag.sheet.all", n=len([tag for tag in tags if not tag.get("retired")]))
    numbers = [tag["target"]["number"] for tag in tags]
    found = labels_of(Path(waiting.value.path()).read_bytes())
    assert len(found) == len(numbers)
    pump = next(asset for asset in desk.json("assets")["assets"] if asset["number"] == PUMP)
    desk.make_guard(COLLEAGUE, "T02")
    part = _post(desk, "parts", {"number": "P-77", "name": {"zh": "机械密封", "en": "Seal"}, "unit": "只"})
    _post(desk, f"parts/{part['id']}/moves", {"why": "received", "quantity": "3"})
    desk.open("tags")
    expect(desk.page.get_by_role("cell", name=PUMP, exact=True).first).to_be_visible()
    shown = desk.page.locator("table").first.locator("tbody tr .num").all_inner_texts()
    return Site(served, desk, found[shown.index(PUMP)][1], pump["id"], part["id"])


def _post(desk: Desk, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Do at the desk what has a page of its own elsewhere."""
    answer: dict[str, Any] = desk.page.evaluate(
        """async ([path, body]) => {
          const answer = await fetch(path, {
            method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
          });
          if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
          return answer.json();
        }""",
        [f"/api/v1/sites/{desk.site}/{path}", body],
    )
    return answer


def _join(
    site: Site, chromium: ChromiumMaker, folder: Path, who: str, language: Language, pin: str
) -> tuple[Pocket, Chromium]:
    folder.mkdir()
    locale = "zh-CN" if language == "zh" else "en-GB"
    browser = chromium(size=(360, 800), locale=locale, camera=new_camera(folder))
    phone = Pocket.open(browser, Words(language), site.served.url)
    site.desk.open("phones")  # a code of its own, not the page of the phone before
    phone.join(site.desk.start_enrolment(who))
    site.desk.confirm_phone(who)
    expect(phone.page.get_by_role("button", name=who)).to_be_visible()
    phone.sign_in(who, pin=pin)
    phone.wait_until_ready()
    return phone, browser


def _open(phone: Pocket, address: str) -> Page:
    phone.page.goto(f"{phone.url}/app/{address}")
    expect(phone.page.get_by_role("heading", level=1).first).to_be_visible()
    return phone.page


def _main(phone: Pocket, words: str) -> None:
    """Press the one yellow act."""
    act = phone.page.locator(".dock .btn--main", has_text=words)
    expect(act).to_be_visible()
    act.click()


def _photo(phone: Pocket, seed: int) -> None:
    phone.page.locator("input[type=file]").first.set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": damage(seed)}
    )
    expect(phone.page.locator(".shot img")).to_be_visible()


def test_an_order_is_opened_offline_by_one_and_done_offline_by_another(
    estate: Site, chromium: ChromiumMaker, shoot: Shoot, tmp_path: Path
) -> None:
    desk = estate.desk
    first, first_browser = _join(
        estate, chromium, tmp_path / "a", TECHNICIAN, "zh", estate.served.found(r"PIN\s+(\d{6})")
    )
    second, second_browser = _join(estate, chromium, tmp_path / "b", COLLEAGUE, "en", PIN)

    # in the pump room, without a network: the code opens the card
    first_browser.context.set_offline(True)
    first.sent.clear()
    page = first.page
    page.goto(f"{first.url}/app/#/")
    first.look_at(estate.label, seed=31)
    _open(first, "#/scan")
    # in the hours of its round the same code leads to the form of that stop
    card, stop = page.get_by_text(first.w("card.scanned")), page.get_by_text(first.w("form.enter")).first
    expect(card.or_(stop).first).to_be_visible()
    shoot(page, "order-zh-card")
    scan = page.url.split("/")[-1]

    # a reading over its limit
    _open(first, f"#/assetform/{estate.asset}/{scan}")
    first.read_gauge("出水压力", "0.72")
    expect(page.get_by_text(first.w("form.over")).first).to_be_visible()
    shoot(page, "order-zh-reading")
    _fill_the_rest(first)
    expect(page.get_by_text(first.w("saved.title")).first).to_be_visible()

    # it stands still, and somebody has to mend it
    _open(first, f"#/assetstate/{estate.asset}/{scan}")
    page.get_by_role("radio", name=first.w("card.state.stopped")).check()
    _main(first, first.w("wo.save"))
    expect(page.locator(".chip", has_text=first.w("card.state.stopped"))).to_be_visible()
    _open(first, f"#/neworder/asset/{estate.asset}")
    page.get_by_role("radio", name=first.w("wo.class.water")).check()
    _photo(first, 41)
    page.locator("textarea").fill("压力太高，密封漏水")
    _main(first, first.w("wo.new.save"))
    expect(page.get_by_text(first.w("wo.act.open")).first).to_be_visible()
    order = page.url.split("/")[-1]
    expect(page.get_by_text(first.w("wo.unsent", n=1))).to_be_visible()
    shoot(page, "order-zh-opened")
    assert first.sent == []

    # it is sent; the desk gives it to the colleague
    first_browser.context.set_offline(False)
    first.wait_until_all_is_received()
    shown = desk.json(f"orders/{order}")
    colleague = next(one for one in desk.json("people")["people"] if one["name"] == COLLEAGUE)
    to = {"kind": "person", "id": colleague["id"]}
    _post(desk, f"orders/{order}/acts", {"act": "dispatch", "version": shown["version"], "to": to})

    # the colleague has it on the phone, and goes down without a network
    second.page.reload()  # opened again, it asks the server at once
    _open(second, "#/orders")
    card = second.page.locator(f"a.wo[href='#/order/{order}']")
    expect(card).to_be_visible(timeout=60_000)
    shoot(second.page, "order-en-list")
    second_browser.context.set_offline(True)
    card.click()
    _main(second, second.w("wo.accept"))
    second.look_at(estate.label, seed=32)
    _main(second, second.w("wo.arrive"))
    expect(second.page.locator(".chip", has_text=second.w("wo.state.working"))).to_be_visible()
    shoot(second.page, "order-en-working")
    _take_a_part(second, order)
    _sign(second, order)
    _open(second, f"#/act/{order}/complete")
    second.page.get_by_role("radio", name=second.w("wo.result.fixed")).check()
    second.page.get_by_role("button", name=second.w("wo.minutes.add", n=60)).click()
    second.page.get_by_role("button", name=second.w("wo.people.add")).click()
    _photo(second, 42)
    _main(second, second.w("wo.save.complete"))
    expect(second.page.locator(".chip", has_text=second.w("wo.state.done"))).to_be_visible()
    shoot(second.page, "order-en-done")
    _open(second, f"#/assetstate/{estate.asset}")
    second.page.get_by_role("radio", name=second.w("card.state.running")).check()
    _main(second, second.w("wo.save"))
    expect(second.page.locator(".chip", has_text=second.w("card.state.running"))).to_be_visible()
    second_browser.context.set_offline(False)
    second.wait_until_all_is_received()

    _is_proved(desk, estate, order, shoot)
    assert first_browser.faults == []
    assert second_browser.faults == []
    first_browser.close()
    second_browser.close()


def _fill_the_rest(phone: Pocket) -> None:
    """Answer whatever else the form of the pump asks, and save."""
    page = phone.page
    for section in page.locator("section.field").all():
        enter = section.get_by_role("button", name=phone.w("form.enter"))
        if enter.count() and enter.first.is_visible():
            enter.first.click()
            page.get_by_role("button", name="9", exact=True).click()
            # far from what it showed last: it asks once to look again
            while page.locator(".pad").is_visible():
                page.locator(".dock .btn--main").click()
        for check in section.get_by_role("radio", name=phone.w("form.ok"), exact=True).all():
            check.check()
        add = section.locator("input[type=file]")
        if add.count() and section.locator(".shot img").count() == 0:
            add.first.set_input_files({"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": damage(40)})
            expect(section.locator(".shot img").first).to_be_visible()
    phone.press("form.save")


def _take_a_part(phone: Pocket, order: str) -> None:
    page = _open(phone, f"#/parts/{order}")
    page.get_by_text("P-77").first.click()
    page.get_by_role("button", name=phone.w("stock.add", n=1), exact=True).first.click()
    page.locator(".dock .btn--main").click()
    expect(page.get_by_text("P-77").first).to_be_visible()


def _sign(phone: Pocket, order: str) -> None:
    page = _open(phone, f"#/act/{order}/sign")
    _main(phone, phone.w("wo.sign.draw"))
    page.get_by_label(phone.w("ink.name")).fill("张太太")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 120, steps=8)
    page.mouse.up()
    phone.press("ink.sign")
    expect(page.locator("img.signed")).to_be_visible()
    _main(phone, phone.w("wo.save"))
    expect(page.get_by_text(phone.w("wo.act.sign", who=phone.w("wo.sign.customer"))).first).to_be_visible()


def _is_proved(desk: Desk, site: Site, order: str, shoot: Shoot) -> None:
    """What both did is at the desk: the order with its minutes, and what is left of the part."""
    deadline = time.monotonic() + 60
    while True:
        shown = desk.json(f"orders/{order}")
        if shown["state"] == "done":
            break
        assert time.monotonic() < deadline, shown
        time.sleep(0.5)
    assert shown["labour_min"] == 120
    assert shown["conflicts"] == 0
    part = desk.json(f"parts/{site.part}")
    assert float(part["stock"]) == 1, "two of three were used"
    follow = [one["state"] for one in shown["deadlines"] if one["what"] == "follow"]
    assert follow == ["running"], "whoever asked is to be asked within two days"
    line = next(one for one in desk.json("orders/log")["orders"] if one["id"] == order)
    assert line["result"] == "fixed"
    assert line["done_by"]["name"] == COLLEAGUE
    pressure = next(
        one
        for one in desk.json("meters")["meters"]
        if one["asset"]["id"] == site.asset and one["key"] == "pressure"
    )
    read = desk.json(f"meters/{pressure['id']}/readings")["readings"]
    assert ("0.72", "alarm") in {(one["value"], one["level"]) for one in read}
    _stood_meanwhile(desk.json(f"assets/{site.asset}/running"))
    desk.open(f"orders/{order}")
    expect(desk.page.get_by_text(desk.w("wo.state.done")).first).to_be_visible()
    shoot(desk.page, "order-console")
    with desk.page.expect_response(re.compile(r"/chart\?from_ms=")) as answered:
        desk.open(f"assets/{site.asset}")
    expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
    expect(desk.page.locator(".uplot canvas")).to_be_visible()
    _is_drawn(desk.page, answered.value.url, answered.value.json())
    expect(desk.page.get_by_role("cell", name="0.72", exact=True)).to_be_visible()
    shoot(desk.page, "order-console-asset")


def _is_drawn(page: Page, url: str, chart: dict[str, Any]) -> None:
    """The chart has its limits in red and its readings in ink, and no ink in the longest silence."""
    expect(page.locator(".mchart__box[aria-busy=false]")).to_be_visible()
    asked = {name: int(value) for name, value in re.findall(r"(from_ms|to_ms)=(\d+)", url)}
    times = [point["at_ms"] for point in chart["points"] if asked["from_ms"] <= point["at_ms"]]
    gaps = [(after - before, before, after) for before, after in pairwise(times)]
    longest, before, after = max(gaps)
    assert longest > chart["gap_ms"] > 0, "the demo is silent for some days"
    heard = next(one for one in gaps if one[0] <= chart["gap_ms"])
    share = [
        (ms - asked["from_ms"]) / (asked["to_ms"] - asked["from_ms"]) for ms in (before, after, *heard[1:])
    ]
    inked = page.locator(".mchart__box").evaluate(
        """(box, [from, to, a, b]) => {
          const canvas = box.querySelector("canvas");
          const scale = canvas.width / canvas.clientWidth;
          const over = box.querySelector(".u-over");
          const left = over.offsetLeft * scale, wide = over.offsetWidth * scale;
          const top = over.offsetTop * scale, high = over.offsetHeight * scale;
          const count = (x1, x2, fits) => {
            const from = Math.round(left + x1 * wide), to = Math.max(1, Math.round((x2 - x1) * wide));
            const area = [from, Math.round(top), to, Math.round(high)];
            const { data } = canvas.getContext("2d").getImageData(...area);
            let n = 0;
            for (let i = 0; i < data.length; i += 4) n += fits(...data.subarray(i, i + 3));
            return n;
          };
          const ink = (r, g, b) => r < 70 && g < 70 && b < 70;
          const red = (r, g, b) => r > 170 && g < 70 && b < 80;
          const margin = (to - from) * 0.1;
          return {
            silence: count(from + margin, to - margin, ink),
            readings: count(a, b, ink),
            limits: count(from + margin, to - margin, red),
          };
        }""",
        share,
    )
    assert inked["silence"] == 0
    assert inked["readings"] > 0
    assert inked["limits"] > 0


def _stood_meanwhile(told: dict[str, Any]) -> None:
    """The pump stood from what the one said until what the other said, and counts as one failure."""
    assert told["state"] == "running"
    stood, runs = told["stretches"][-2:]
    assert (stood["state"], runs["state"]) == ("stopped", "running")
    assert stood["end"]["estimate_ms"] == runs["begin"]["estimate_ms"] > stood["begin"]["estimate_ms"]
    assert told["months"][-1]["failures"] >= 1
    assert told["months"][-1]["down_ms"] > 0
