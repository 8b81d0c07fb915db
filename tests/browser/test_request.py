"""A request from the scan to satisfied: a phone of which nothing is known, and the console of the desk."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from sync.tags import read_address
from tests.browser.chromium import DESK, PHONE
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import Desk, labels_of
from tests.browser.words import Words

pytestmark = pytest.mark.browser

FOUND = "门禁刷卡没反应，试了三张卡"


def photo(folder: Path) -> Path:
    """Return a photo as large as phones take them, with a place in its EXIF."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.effect_noise((3_000, 2_000), 60).convert("RGB").save(file, "JPEG", exif=exif)
    path = folder / "door.jpg"
    path.write_bytes(file.getvalue())
    return path


def barriers(page: Page, axe: str) -> list[str]:
    """Return what a machine finds that keeps people out."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("() => axe.run(document)")
    return [f"{one['id']}: {json.dumps(one['nodes'][0]['html'])}" for one in found["violations"]]


def test_a_resident_reports_and_is_satisfied(
    serve: ServedMaker, chromium: ChromiumMaker, shoot: Shoot, axe: str, tmp_path: Path
) -> None:
    served = serve()
    console = chromium(size=DESK)
    desk = Desk(console.open(), Words("en"), served.url)
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    desk.make_checkpoint("10", "1 栋大堂", "Lobby 1")
    [(text, _)] = labels_of(desk.print_sheet(1))
    desk.open("requests/settings")
    desk.type("desk.number", "0755 1000")
    desk.save(back="nav.requests")

    # the scan: no log-in, no script needed, the words of the phone
    phone = chromium(size=PHONE, locale="zh-CN")
    page = phone.open()
    page.goto(f"{served.url}/T/{read_address(text)}")
    expect(page.get_by_role("heading", name="报修和反映问题")).to_be_visible()
    expect(page.get_by_role("link", name="0755 1000")).to_have_attribute("href", "tel:07551000")
    assert barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_have_text("还没写是什么事")
    page.get_by_label("请写一下情况").fill(FOUND)
    page.get_by_label("电话（可不填）").fill("138 0000 0009")
    page.locator("input[type=file]").set_input_files(photo(tmp_path))
    expect(page.get_by_role("button", name="去掉照片 1")).to_be_visible()
    phone.context.set_offline(True)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("网络不通")
    expect(page.get_by_label("请写一下情况")).to_have_value(FOUND)
    phone.context.set_offline(False)
    shoot(page, "request-report-zh")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="您的报修 R-0001")).to_be_visible()
    expect(page.get_by_text("已收到，等人受理")).to_be_visible()
    assert barriers(page, axe) == []
    shoot(page, "request-follow-zh")
    link = page.url.partition("?")[0]

    # the desk takes it and answers
    desk.open("requests")
    desk.page.get_by_role("link", name="R-0001").click()
    expect(desk.page.get_by_role("heading", level=1, name="R-0001")).to_be_visible()
    expect(desk.page.get_by_role("link", name="138 0000 0009")).to_be_visible()
    expect(desk.page.locator(".photogrid--small img")).to_have_count(1)
    assert barriers(desk.page, axe) == []
    desk.press("desk.act.take")
    desk.press("desk.act.answer")
    answer = desk.page.get_by_role("dialog")
    answer.get_by_label(desk.w("desk.say.answer")).fill("读卡器已换，请再试")
    answer.get_by_role("button", name=desk.w("desk.go.answer"), exact=True).click()
    expect(desk.page.get_by_text(desk.w("desk.state.done"), exact=True).first).to_be_visible()
    shoot(desk.page, "request-desk-en")

    # under the private link: what became of it, without names; and the last word
    page.goto(link)
    expect(page.get_by_text("读卡器已换，请再试")).to_be_visible()
    assert "林晓岚" not in page.content()
    page.get_by_role("button", name="没办好").click()
    expect(page.get_by_text("您说没办好，重新办")).to_be_visible()
    desk.page.reload()
    desk.press("desk.act.answer")
    answer.get_by_label(desk.w("desk.say.answer")).fill("接线松了，已紧固")
    answer.get_by_role("button", name=desk.w("desk.go.answer"), exact=True).click()
    expect(desk.page.get_by_text(desk.w("desk.state.done"), exact=True).first).to_be_visible()
    page.goto(link)
    page.get_by_role("button", name="满意，办好了").click()
    expect(page.get_by_text("已办结")).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_text(desk.w("desk.state.closed"), exact=True).first).to_be_visible()
    expect(desk.page.get_by_text(desk.w("desk.event.followed.yes"), exact=True)).to_be_visible()
    assert page.context.cookies() == []
    assert console.faults == []
