"""A form with every kind of field, filled without a network, and all of it found in the console.

Real server, real Chromium; its microphone hums a tone, its camera shows the printed label.
"""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sync.forms import KINDS
from tests.browser.chromium import DESK, PHONE, violations
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import Desk
from tests.browser.pocket import Pocket, damage, new_camera
from tests.browser.words import Words

pytestmark = pytest.mark.browser


def _field(field_id: str, kind: str, zh: str, **options: Any) -> dict[str, Any]:
    return {"id": field_id, "kind": kind, "label": {"zh": zh, "en": ""}, **options}


def _options(*names: str) -> list[dict[str, Any]]:
    return [{"id": f"o{n}", "label": {"zh": name, "en": ""}} for n, name in enumerate(names)]


FIELDS = [
    _field("leaks", "check", "跑冒滴漏", required=True),
    _field("mode", "choice", "方式", options=_options("自动", "手动")),
    _field("where", "several", "漏在哪里", options=_options("阀门", "接头", "管道"), required=True,
           **{"if": {"field": "leaks", "is": "fault"}}),
    _field("total", "number", "灯具总数", required=True),
    _field("out", "number", "不亮的灯", required=True),
    _field("share", "computed", "完好率", formula="(total - out) / total * 100", unit="%", decimals=1,
           limits={"warn_low": "95"}),
    _field("pressure", "meter", "压力", meter="pressure", required=True),
    _field("part", "part", "配件"),
    _field("photo", "photo", "照片", required=True, mark_up=True, stamp=True),
    _field("remark", "text", "备注", required=True, voice=True),
    _field("said", "voice", "口述", required=True),
    _field("tested", "time", "检定日期", of="date", required=True),
    _field("signed", "signature", "签名", required=True, name=True),
]  # fmt: skip


def test_every_kind_is_filled_offline_and_found_in_the_console(
    serve: ServedMaker, chromium: ChromiumMaker, axe: str, shoot: Shoot, tmp_path: Path
) -> None:
    assert {field["kind"] for field in FIELDS} == set(KINDS)
    served = serve()
    office = chromium(size=DESK)
    desk = Desk(office.open(), Words("en"), served.url)
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    desk.make_checkpoint("01", "水泵房门外", "Pump-room door")
    guided = [{**FIELDS[0], "guide": {"picture": guide_picture(desk)}}, *FIELDS[1:]]
    form = desk.send("forms", {"name": {"zh": "每一种", "en": "Every kind"}, "fields": guided})
    tried_beside_the_editor(desk, form["id"], axe, shoot)
    desk.make_route("园区", "Grounds", [("01", "Every kind")])
    desk.print_sheet(1)
    desk.make_plan("巡查", "Round")
    desk.make_guard("刘大川", "G02")

    browser = chromium(size=PHONE, locale="zh-CN", camera=new_camera(tmp_path))
    phone = Pocket.open(browser, Words("zh"), served.url)
    word = phone.join(desk.start_enrolment("2 号手机"))
    assert desk.confirm_phone("2 号手机") == word
    phone.sign_in("刘大川")
    phone.wait_until_ready()
    has_the_guide_picture(phone, desk)
    browser.context.set_offline(True)
    phone.sent.clear()
    phone.scan(1, desk.labels["01"], seed=7)
    fill(phone, shoot)
    phone.save_form()
    assert phone.sent == []

    browser.context.set_offline(False)
    phone.wait_until_all_is_received()
    evidence = evidence_when_all_came(desk)
    found_in_the_answers(evidence)
    found_on_the_page(desk.page, desk, evidence, shoot)
    assert office.faults == []
    assert [fault for fault in browser.faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []


def guide_picture(desk: Desk) -> dict[str, Any]:
    """Keep a picture of what to look for; return it as a field names it."""
    kept: dict[str, Any] = desk.page.evaluate(
        """async ([path, data]) => {
          const body = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const headers = { "Content-Type": "image/jpeg" };
          const answer = await fetch(path, { method: "POST", headers, body });
          if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
          return answer.json();
        }""",
        [f"/api/v1/sites/{desk.site}/forms/pictures", base64.b64encode(damage(11)).decode()],
    )
    return kept


def has_the_guide_picture(phone: Pocket, desk: Desk) -> None:
    """Wait until the picture has come down, and stand before the round."""
    occurrence = desk.json("board")["lanes"][0]["windows"][0]["occurrence"]
    stop = desk.json("routes")["routes"][0]["stops"][0]["id"]
    phone.page.goto(f"{phone.url}/app/#/form/{occurrence}/{stop}")
    expect(phone.page.locator(".guide img")).to_be_visible(timeout=60_000)
    phone.page.goto(f"{phone.url}/app/#/")
    phone.page.get_by_role("link", name=re.compile("巡查")).first.click()


def tried_beside_the_editor(desk: Desk, form: str, axe: str, shoot: Shoot) -> None:
    """The preview is the phone's own form: a fault asks where it leaks, and the share comes by itself."""
    desk.open(f"forms/{form}")
    preview = desk.page.locator(".preview__phone")
    rows = preview.locator("section.field")
    expect(rows).to_have_count(len(FIELDS) - 1)
    preview.get_by_role("radio", name=desk.words.phone("form.fault"), exact=True).check()
    expect(rows).to_have_count(len(FIELDS))
    preview.get_by_role("button", name=desk.words.phone("ink.open"), exact=True).click()
    expect(desk.page.locator("main")).to_have_count(1)
    assert violations(desk.page, axe) == []
    preview.get_by_role("button", name=desk.words.phone("nav.close")).click()
    desk.press("form.edit", name="完好率")
    expect(desk.page.get_by_label(desk.w("form.formula"), exact=True)).to_have_value(
        "([灯具总数] - [不亮的灯]) / [灯具总数] * 100"
    )
    shoot(desk.page, "every-kind-editor")
    desk.press("form.edit", name="漏在哪里")
    shoot(desk.page, "every-kind-condition")


def fill(phone: Pocket, shoot: Shoot) -> None:
    """Answer every field as a person does, and draw, speak and sign."""
    page = phone.page
    row = phone.field
    expect(row("跑冒滴漏")).to_be_visible()
    guide = row("跑冒滴漏").locator(".guide img")
    expect(guide).to_be_visible()
    assert guide.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    expect(row("漏在哪里")).to_have_count(0)
    phone.answer("跑冒滴漏", "form.fault")
    row("漏在哪里").get_by_label("接头").check()
    row("漏在哪里").get_by_label("管道").check()
    row("方式").get_by_role("radio", name="手动").check()
    phone.read_gauge("灯具总数", "40")
    phone.read_gauge("不亮的灯", "4")
    expect(row("完好率").locator("output")).to_have_text("90.0")
    expect(row("压力").get_by_text(phone.w("form.meter.none"))).to_be_visible()
    row("配件").locator("select").select_option("other")
    row("配件").get_by_label(phone.w("form.part.name")).fill("密封圈")

    phone.photograph("照片", seed=3)
    row("照片").get_by_role("button", name=phone.w("form.photo.mark", n=1)).click()
    draw(page, page.locator("canvas.ink__photo"))
    shoot(page, "every-kind-mark-up")
    phone.press("ink.take")
    expect(row("照片").locator(".shot img")).to_have_count(1)

    speak(phone, row("备注"))
    speak(phone, row("口述"))
    row("检定日期").locator("input").fill("2026-09-18")
    row("签名").get_by_role("button", name=phone.w("ink.open")).click()
    page.get_by_label(phone.w("ink.name")).fill("刘大川")
    draw(page, page.locator("canvas.ink__pad"))
    shoot(page, "every-kind-signature")
    phone.press("ink.sign")
    expect(row("签名").locator("img.signed")).to_be_visible()
    shoot(page, "every-kind-filled")


def speak(phone: Pocket, row: Locator) -> None:
    """Record a second or so of the microphone's tone."""
    row.get_by_role("button", name=re.compile(phone.w("voice.start", n=10))).click()
    expect(row.get_by_text(phone.w("voice.left", n=9))).to_be_visible()
    row.get_by_role("button", name=phone.w("voice.stop")).click()
    expect(row.get_by_role("button", name=phone.w("voice.again"))).to_be_visible()


def draw(page: Page, canvas: Locator) -> None:
    """Draw a line across with the finger."""
    box = canvas.bounding_box()
    assert box is not None
    x, y, wide, high = box["x"], box["y"], box["width"], box["height"]
    page.mouse.move(x + wide * 0.3, y + high * 0.3)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(
            x + wide * (0.3 + 0.05 * step), y + high * (0.3 + (0.04 if step % 2 else 0.07) * step)
        )
    page.mouse.up()


def evidence_when_all_came(desk: Desk) -> dict[str, Any]:
    """Return the evidence of the visit once its blobs are there."""
    until = time.time() + 60
    while True:
        visits = desk.json("visits")["visits"]
        if visits:
            evidence: dict[str, Any] = desk.json(f"visits/{visits[0]['id']}")
            if evidence["photos"] and all(one["state"] == "stored" for one in evidence["photos"]):
                return evidence
        assert time.time() < until, visits and desk.json(f"visits/{visits[0]['id']}")["photos"]
        time.sleep(1)


def found_in_the_answers(evidence: dict[str, Any]) -> None:
    said = {one["field"]: one["value"] for one in evidence["answers"]}
    assert said["where"] == "o1 o2"
    assert (said["share"], said["part"]) == ("90.0", {"private": True, "quantity": "1"})
    assert said["tested"] == "2026-09-18"
    assert said["signed"] == {"signed": True}
    assert said["remark"].keys() == said["said"].keys() == {"seconds"}
    texts = {one["field"]: one["text"] for one in evidence["answers"]}
    assert (texts["signed"], texts["part"]) == ("刘大川", "密封圈")
    roles = sorted((one["role"], one["field"], one["of"] is None) for one in evidence["photos"])
    assert roles == [
        ("photo", "photo", False), ("photo", "photo", True), ("signature", "signed", True),
        ("voice", "remark", True), ("voice", "said", True),
    ]  # fmt: skip


def found_on_the_page(page: Page, desk: Desk, evidence: dict[str, Any], shoot: Shoot) -> None:
    desk.open(f"visits/{evidence['id']}")
    play = page.get_by_role("button", name=desk.w("photo.voice.play"))
    expect(play).to_have_count(2)
    play.first.click()
    expect(page.get_by_role("button", name=desk.w("photo.voice.stop"))).to_be_visible()
    pictures = page.locator(".photogrid img")
    expect(pictures).to_have_count(2)
    expect(page.get_by_role("link", name=desk.w("photo.original"))).to_be_visible()
    for n in range(2):
        pictures.nth(n).scroll_into_view_if_needed()
        expect(pictures.nth(n)).to_have_js_property("complete", True)
        assert pictures.nth(n).evaluate("image => image.naturalWidth") > 0
    shoot(page, "every-kind-evidence")
