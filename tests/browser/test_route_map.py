"""A map of the site: places are put on it by dragging and by keys; a phone shows the round offline."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import DESK
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import Desk
from tests.browser.pocket import Pocket, new_camera
from tests.browser.words import Words

pytestmark = pytest.mark.browser

GUARD = "王海生"


def drawing() -> bytes:
    """Return the picture of a map."""
    image = Image.new("RGB", (1_600, 1_200), (219, 230, 208))
    draw = ImageDraw.Draw(image)
    draw.rectangle((200, 150, 700, 500), fill=(232, 220, 200), outline=(120, 126, 118), width=4)
    draw.rectangle((0, 560, 1_600, 680), fill=(244, 243, 238))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def spot(pin: Locator) -> tuple[float, float]:
    """Return where a pin stands, in per cent of the map."""
    return tuple(pin.evaluate("e => [parseFloat(e.style.left), parseFloat(e.style.top)]"))


def drag(page: Page, pin: Locator, *, to: tuple[float, float]) -> None:
    """Drag a pin to a spot of the map, in shares of its width and height."""
    pin.scroll_into_view_if_needed()
    box, sheet = pin.bounding_box(), page.locator(".plan").bounding_box()
    assert box is not None
    assert sheet is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] * to[0], sheet["y"] + sheet["height"] * to[1], steps=5)
    page.mouse.up()


def test_a_plan_is_made_at_the_desk_and_shown_on_a_phone_without_a_network(
    serve: ServedMaker, chromium: ChromiumMaker, tmp_path_factory: pytest.TempPathFactory, shoot: Shoot
) -> None:
    served = serve()
    desk_browser = chromium(size=DESK)
    desk = Desk(desk_browser.open(), Words("en"), served.url)
    page = desk.page
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    desk.make_checkpoint("01", "东门岗", "East gate")
    desk.make_checkpoint("02", "西门岗", "West gate")
    desk.make_route("园区", "Grounds", [("01", None), ("02", None)])
    desk.make_plan("园区巡逻", "Grounds round")
    desk.make_guard(GUARD, "G01")

    desk.open("maps/new")
    desk.name("园区平面图", "Plan of the grounds")
    page.locator("input[type=file]").set_input_files(
        {"name": "plan.png", "mimeType": "image/png", "buffer": drawing()}
    )
    desk.press("maps.new.go")
    expect(page.get_by_role("heading", level=1, name="Plan of the grounds")).to_be_visible()

    # dragged: what is saved is what a reload shows
    page.locator(".pinlist > li", has_text="East gate").get_by_role("button", name=desk.w("maps.put")).click()
    east = page.locator(".plan__pin[title='01 East gate']")
    expect(east).to_be_visible()
    drag(page, east, to=(0.8, 0.5))
    expect(page.locator(".pinlist > li", has_text="East gate")).to_contain_text("80 %")
    # moved by keys alone
    page.locator(".pinlist > li", has_text="West gate").get_by_role("button", name=desk.w("maps.put")).click()
    west = page.locator(".plan__pin[title='02 West gate']")
    west.focus()
    for _ in range(3):
        with page.expect_response(lambda r: r.url.endswith("/pins") and r.ok):
            west.press("Shift+ArrowLeft")
    expect(page.locator(".pinlist > li", has_text="West gate")).to_contain_text("35 %, 50 %")
    page.reload()
    expect(east).to_be_visible()
    x, y = spot(east)
    assert abs(x - 80) < 1
    assert abs(y - 50) < 1
    assert spot(west) == (35, 50)
    page.get_by_label(desk.w("maps.route.draw")).select_option(label="Grounds")
    expect(page.locator(".plan polyline")).to_have_attribute(
        "points", f"{round(x * 100)},{round(y * 100)} 3500,5000"
    )
    shoot(page, "console-plan-en")

    browser = chromium(camera=new_camera(tmp_path_factory.mktemp("camera")))
    phone = Pocket.open(browser, Words("en"), served.url)
    phone.join(desk.start_enrolment("Phone 1"))
    desk.confirm_phone("Phone 1")
    phone.sign_in(GUARD)
    phone.wait_until_ready()
    expect(phone.page.locator(".sync--ok")).to_be_visible()
    desk_browser.close()
    served.kill()

    phone.page.reload()
    phone.page.get_by_role("link", name="Grounds round").first.click()
    phone.page.get_by_role("button", name=phone.w("map.title")).click()
    picture = phone.page.locator(".map img")
    expect(picture).to_be_visible()
    assert picture.evaluate("async e => { await e.decode(); return e.naturalWidth; }") == 1_600
    expect(phone.page.locator(".map__pin[data-s=next]")).to_have_text("1")
    shoot(phone.page, "phone-route-map-en")
