"""After the first load the app needs no server: it opens, leads everywhere, and keeps what it reads."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
import qrcode
from playwright.sync_api import expect

from tests.browser import camera
from tests.browser.chromium import DESK
from tests.browser.conftest import ChromiumMaker, ServedMaker
from tests.browser.desk import Desk
from tests.browser.pocket import Pocket, new_camera
from tests.browser.served import Served
from tests.browser.words import Words

pytestmark = pytest.mark.browser

GUARD = "王海生"


@dataclass
class Alone:
    """A phone whose server is gone for good."""

    phone: Pocket
    label: bytes


@pytest.fixture(scope="module")
def alone(serve: ServedMaker, chromium: ChromiumMaker, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    served: Served = serve()
    desk_browser = chromium(size=DESK)
    desk = Desk(desk_browser.open(), Words("en"), served.url)
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    desk.make_checkpoint("01", "东门岗", "East gate")
    desk.make_checkpoint("02", "西门岗", "West gate")
    desk.make_route("园区", "Grounds", [("01", None)])
    desk.make_plan("园区巡逻", "Grounds round")
    desk.make_guard(GUARD, "G01")
    desk.print_sheet(2)
    browser = chromium(camera=new_camera(tmp_path_factory.mktemp("camera")))
    phone = Pocket.open(browser, Words("en"), served.url)
    phone.join(desk.start_enrolment("Phone 1"))
    desk.confirm_phone("Phone 1")
    phone.sign_in(GUARD)
    phone.wait_until_ready()
    desk_browser.close()
    served.kill()
    return Alone(phone, desk.labels["02"])


def test_it_opens_again_when_the_server_is_gone(alone: Alone) -> None:
    page, w = alone.phone.page, alone.phone.w
    page.reload()
    expect(page.get_by_role("heading", level=1, name=w("today.title"))).to_be_visible()
    expect(page.get_by_role("link", name="Grounds round").first).to_be_visible()


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("#/log", "log.title"),
        ("#/finding", "find.title"),
        ("#/menu", "menu.title"),
        ("#/ready", "ready.title"),
    ],
)
def test_an_address_leads_to_its_screen_in_a_new_tab(alone: Alone, address: str, title: str) -> None:
    page = alone.phone.browser.context.new_page()
    page.goto(f"{alone.phone.url}/app/{address}")
    expect(page.get_by_role("heading", level=1, name=alone.phone.w(title))).to_be_visible()
    page.close()


def test_a_round_opens_by_its_own_address(alone: Alone) -> None:
    page = alone.phone.page
    page.goto(f"{alone.phone.url}/app/#/")
    page.get_by_role("link", name="Grounds round").first.click()
    address = page.url
    other = alone.phone.browser.context.new_page()
    other.goto(address)
    expect(other.get_by_text("East gate").first).to_be_visible()
    other.close()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://u.example/coupon/8841", "no_tag"),
        ("HTTP://LOCALHOST:8000/T/0123456789ABCDEF", "unknown"),
        (None, "not_here"),
    ],
    ids=["no tag at all", "unknown tag", "a place that is no stop"],
)
def test_a_code_that_does_not_belong_here_is_told_and_kept(alone: Alone, text: str | None, key: str) -> None:
    phone, page = alone.phone, alone.phone.page
    page.goto(f"{phone.url}/app/#/log")
    expect(page.locator("a.rec").last).to_contain_text(phone.w("kind.shift.start"))
    before = page.locator("a.rec").count()
    label = alone.label if text is None else _code(text)
    phone.look_at(label, seed=len(key))
    page.goto(f"{phone.url}/app/#/")
    phone.follow("scan.act", n=1)
    expect(page.get_by_text(phone.w(f"scan.{key}"))).to_be_visible()
    page.goto(f"{phone.url}/app/#/log")
    expect(page.locator("a.rec")).to_have_count(before + 1)


def test_a_wall_without_a_code_is_not_a_scan(alone: Alone) -> None:
    phone, page = alone.phone, alone.phone.page
    assert phone.browser.camera is not None
    camera.show_wall(phone.browser.camera)
    page.goto(f"{phone.url}/app/#/")
    phone.follow("scan.act", n=1)
    expect(page.get_by_text(phone.w("scan.hint"))).to_be_visible()
    page.wait_for_timeout(1_500)
    expect(page.locator(".outcome")).to_have_count(0)


def test_nothing_went_wrong_on_the_way(alone: Alone) -> None:
    assert alone.phone.browser.faults == []


def _code(text: str) -> bytes:
    out = io.BytesIO()
    qrcode.make(text, border=4).save(out)
    return out.getvalue()
