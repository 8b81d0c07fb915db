"""A phone in many hands: joined where it will be used, handed over, dumped, taken out of service, wiped.

Real server, real Chromium.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Geolocation, expect

from tests.browser.chromium import DESK
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import PIN, Desk, labels_of
from tests.browser.pocket import Pocket, damage, new_camera
from tests.browser.saving import log_of
from tests.browser.served import Served
from tests.browser.words import Words

pytestmark = pytest.mark.browser

WANG, LIU = "王海生", "刘大川"
NOTE = "The lamp over the east gate is dark"
THERE: Geolocation = {"latitude": 31.22152, "longitude": 121.45152, "accuracy": 18}
CODE = "AAECAwQFBgcICQoLDA0ODw"

WECHAT = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50"
ALIPAY = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 AlipayClient/10.5.90"
DINGTALK = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 AliApp(DingTalk/7.6.0)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"


@dataclass
class Shared:
    """A site with two guards, the desk, and a phone that joined."""

    served: Served
    desk: Desk
    phone: Pocket
    badges: dict[str, bytes]
    """Who → picture of the printed badge."""


@pytest.fixture(scope="module")
def shared(serve: ServedMaker, chromium: ChromiumMaker, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    served: Served = serve()
    desk = Desk(chromium(size=DESK).open(), Words("en"), served.url)
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    desk.make_guard(WANG, "G01")
    desk.make_guard(LIU, "G02")
    for number, zh, en in (("01", "东门岗", "East gate"), ("02", "儿童乐园", "Playground")):
        desk.make_checkpoint(number, zh, en)
    desk.make_route("园区", "Grounds", (("01", None), ("02", None)))
    desk.make_plan("园区巡逻", "Grounds")
    desk.print_sheet(2)
    printed = [label for _, label in labels_of(desk.print_badges())]
    phone = Pocket.open(
        chromium(camera=new_camera(tmp_path_factory.mktemp("camera"))), Words("en"), served.url
    )
    phone.join(desk.start_enrolment("Phone 1"))
    desk.confirm_phone("Phone 1")
    return Shared(served, desk, phone, dict(zip((WANG, LIU), printed, strict=True)))


def test_where_a_phone_cannot_stay_it_says_how_to_go_on_and_asks_the_server_nothing(
    shared: Shared, chromium: ChromiumMaker, shoot: Shoot
) -> None:
    browser = chromium(locale="zh-CN")
    browser.open()
    asked: list[str] = []
    browser.context.on("request", lambda request: asked.append(request.url))
    for agent in (WECHAT, ALIPAY, DINGTALK, IPHONE):
        page = browser.context.new_page()
        # for the page's own scripts too, before any of them runs
        said = f"{{ get: () => {json.dumps(agent)} }}"
        page.add_init_script(f"Object.defineProperty(navigator, 'userAgent', {said})")
        page.goto(f"{shared.served.url}/app/#enrol={CODE}")
        expect(page.get_by_text("登记码还没有用掉。")).to_be_visible()
        title = "先放到主屏幕" if agent == IPHONE else "请用浏览器打开"
        expect(page.get_by_text(title)).to_be_visible()
        expect(page.get_by_text(re.compile(CODE))).to_be_visible()
        expect(page.get_by_role("button", name="登记", exact=True)).to_have_count(0)
        expect(page.get_by_label(re.compile("登记码"))).to_have_count(0)
        assert page.evaluate("location.hash") == f"#enrol={CODE}"
        shoot(page, f"enrol-elsewhere-{'ios' if agent == IPHONE else 'inside'}")
        page.close()
    assert [url for url in asked if "/app/" in url]
    assert not [url for url in asked if "/api/" in url]
    browser.close()


def test_what_one_guard_left_unsent_is_hidden_from_the_next_and_arrives_as_the_first_ones(
    shared: Shared, shoot: Shoot
) -> None:
    phone, page = shared.phone, shared.phone.page
    phone.sign_in_by_badge(WANG, shared.badges[WANG])
    phone.browser.context.set_offline(True)
    page.goto(f"{shared.served.url}/app/#/finding")
    _report(phone, NOTE, photo=True)
    # a second one is half filled and stays his
    page.goto(f"{shared.served.url}/app/#/finding")
    page.get_by_label(re.compile(phone.w("find.note"))).fill("half a thought")
    page.wait_for_timeout(600)
    phone.browser.context.set_offline(False)

    # handing over takes two taps: the person's sign, the next person
    page.route("**/api/v1/sync/push", lambda route: route.abort())
    page.goto(f"{shared.served.url}/app/#/")
    page.get_by_role("link", name=phone.w("pin.change")).click()
    shoot(page, "hand-over")
    phone.browser.context.grant_permissions(["geolocation"])
    phone.browser.context.set_geolocation(THERE)
    phone.sign_in_by_badge(LIU, shared.badges[LIU], place=True)
    waiting = [row for row in log_of(phone) if "unsent" in row]
    assert len(waiting) > 2
    # what waits is counted for its own author alone
    mine = sum(json.loads(row["body"])["actor"] == _person(shared, LIU) for row in waiting)
    assert 0 < mine < len(waiting)
    expect(page.locator(".sync").get_by_text(phone.w("sync.waiting", n=mine))).to_be_visible()

    page.goto(f"{shared.served.url}/app/#/log")
    expect(page.get_by_role("heading", level=1, name=phone.w("log.title"))).to_be_visible()
    expect(page.locator(".rec")).to_have_count(mine)
    for theirs in (NOTE, "half a thought", WANG):
        expect(page.get_by_text(theirs)).to_have_count(0)
    page.goto(f"{shared.served.url}/app/#/finding")
    expect(page.get_by_label(re.compile(phone.w("find.note")))).to_have_value("")
    (his,) = (row for row in log_of(phone) if "note" in row["private"])
    page.goto(f"{shared.served.url}/app/#/record/{json.loads(his['body'])['seq']}")
    page.wait_for_timeout(300)
    expect(page.get_by_text(phone.w("log.missing"))).to_be_visible()
    expect(page.get_by_text(NOTE)).to_have_count(0)
    expect(page.locator("main img")).to_have_count(0)

    # she walks, agrees to places, and takes it back halfway
    phone.browser.context.set_geolocation(THERE)  # Chromium says of a place that it is as old as this call
    _walk(shared, 1, then="mydata.withdraw")
    _walk(shared, 2, then=None)

    page.unroute("**/api/v1/sync/push")
    page.goto(f"{shared.served.url}/app/#/")
    _until_sent(phone)
    found = shared.desk.json("findings")["findings"]
    assert [(finding["person"]["name"], finding["record"]) for finding in found] == [(WANG, his["hash"])]
    visits = shared.desk.json("visits")["visits"]
    assert {visit["person"]["name"] for visit in visits} == {LIU}
    said = {visit["stop_number"]: shared.desk.json(f"visits/{visit['id']}") for visit in visits}
    assert [(said[n]["location"], "no_location" in said[n]["marks"]) for n in (1, 2)] == [
        ("given", False),
        ("refused", True),
    ]
    assert said[1]["geo"]["accuracy"] == 18
    _see_place(shared, said[1]["id"], shoot)


def test_a_dump_of_the_store_through_the_pages_own_interfaces_yields_no_pin_and_no_key(
    shared: Shared,
) -> None:
    page = shared.phone.page
    dump = page.evaluate(DUMP)
    text = json.dumps(dump["rows"])
    assert {"keys", "verifiers", "meta", "log"} <= set(dump["rows"])
    assert len(dump["rows"]["verifiers"]) == 2
    assert PIN not in text
    # what is kept of a PIN needs the phone's own key: no digits make it without that
    assert set(dump["rows"]["verifiers"][0]) == {"person", "salt", "mac", "tries"}
    assert dump["guessed"] == [], "a PIN was found from its row alone"
    assert len(dump["keys"]) == 2  # the log's, and the one for PINs
    for key in dump["keys"]:
        assert key["extractable"] is False
        assert key["exported"] == {
            "raw": "InvalidAccessError",
            "pkcs8": "InvalidAccessError",
            "jwk": "InvalidAccessError",
        }
        assert key["wrapped"] == "InvalidAccessError"
        assert key["clone"] is False, "a structured clone can be exported no more than the key itself"
    assert "weak" not in {row["key"] for row in dump["rows"]["meta"]}


def test_revoked_with_work_on_it_the_phone_shows_nothing_and_loses_nothing_and_is_wiped_when_it_is_empty(
    shared: Shared, shoot: Shoot
) -> None:
    phone, page, desk = shared.phone, shared.phone.page, shared.desk
    phone.browser.context.set_offline(True)
    page.goto(f"{shared.served.url}/app/#/finding")
    _report(phone, "seen after it was lost")
    (late,) = [
        row["hash"]
        for row in log_of(phone)
        if row["private"].get("note", {}).get("value") == "seen after it was lost"
    ]

    (device,) = desk.json("devices")["devices"]
    desk.open(f"phones/phone.{device['id']}")
    expect(desk.page.get_by_text(desk.w("phone.decide"))).to_be_visible()
    shoot(desk.page, "lost-phone")
    desk.page.set_viewport_size({"width": 360, "height": 800})
    shoot(desk.page, "lost-phone-360")
    desk.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    _decide(desk, "phone.revoke")
    phone.browser.context.set_offline(False)
    phone.page.goto(f"{shared.served.url}/app/#/")
    page.reload()
    expect(page.get_by_role("heading", level=1, name=phone.w("leave.title"))).to_be_visible()
    expect(page.get_by_text(phone.w("leave.empty"))).to_be_visible()
    shoot(page, "leaving")
    for hidden in (LIU, WANG, NOTE):
        expect(page.get_by_text(hidden)).to_have_count(0)

    # it came, apart; the supervisor has it count
    assert late not in [finding["record"] for finding in desk.json("findings")["findings"]]
    desk.page.reload()
    desk.press("phone.accept")
    expect(desk.page.get_by_text(re.compile("records count now"))).to_be_visible()
    assert late in [finding["record"] for finding in desk.json("findings")["findings"]]

    _decide(desk, "phone.wipe")
    page.get_by_role("button", name=phone.w("leave.send")).click()
    expect(page.get_by_text(phone.w("leave.wiped.done"))).to_be_visible()
    nothing = {"stores": [], "caches": [], "local": 0, "session": 0, "workers": 0}
    for _ in range(300):  # a browser may still be closing the store when it has told that it is gone
        left = page.evaluate(LEFT)
        if left == nothing:
            break
        page.wait_for_timeout(100)
    assert left == nothing
    desk.page.reload()
    expect(desk.page.get_by_text(desk.w("phone.state.wiped")).first).to_be_visible()
    # it may join again like a new one
    page.get_by_role("button", name=phone.w("leave.wiped.again")).click()
    expect(page.get_by_role("heading", level=1, name=phone.w("enrol.title"))).to_be_visible()
    assert phone.browser.faults == []


def _person(shared: Shared, name: str) -> str:
    """Return a person's id."""
    (found,) = (one["id"] for one in shared.desk.json("people")["people"] if one["name"] == name)
    return str(found)


def _walk(shared: Shared, number: int, *, then: str | None) -> None:
    """Scan a stop of the round, and then say something else to places, or nothing."""
    phone, page = shared.phone, shared.phone.page
    page.goto(f"{shared.served.url}/app/#/")
    page.get_by_role("link", name=re.compile("Grounds")).first.click()
    phone.scan(number, shared.desk.labels[f"0{number}"], seed=number)
    phone.saw_saved(number)
    phone.leave_scanner()
    if then is not None:
        page.goto(f"{shared.served.url}/app/#/mydata")
        phone.press(then)
        expect(page.get_by_text(phone.w("mydata.refused"))).to_be_visible()


def _see_place(shared: Shared, visit: str, shoot: Shoot) -> None:
    """Give the stop a position, and see where the phone said it was."""
    desk = shared.desk
    desk.page.evaluate(
        """async ([site, id]) => {
          const at = `/api/v1/sites/${site}/checkpoints`;
          const { checkpoints } = await (await fetch(at)).json();
          const { id: place } = checkpoints.find(({ number }) => number === '01');
          const how = { method: 'PATCH', headers: { 'Content-Type': 'application/json' } };
          const position = { lat: 312214300, lon: 1214512800 };
          const answer = await fetch(`${at}/${place}`, { ...how, body: JSON.stringify({ position }) });
          if (!answer.ok) throw new Error(await answer.text());
        }""",
        [desk.site, visit],
    )
    for size, name in (((1440, 900), "place-drawn"), ((360, 800), "place-drawn-360")):
        desk.page.set_viewport_size({"width": size[0], "height": size[1]})
        desk.open(f"visits/{visit}")
        expect(desk.page.get_by_role("img", name=re.compile("north-east of the stop"))).to_be_visible()
        expect(desk.page.get_by_text(desk.w("place.consent.given"))).to_be_visible()
        shoot(desk.page, name)
    desk.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def _report(phone: Pocket, note: str, *, photo: bool = False) -> None:
    """Report damage with a note, on the screen that is open."""
    if photo:
        phone.page.locator("input[type=file]").set_input_files(
            {"name": "IMG_0002.jpg", "mimeType": "image/jpeg", "buffer": damage(2)}
        )
        expect(phone.page.locator(".shot img")).to_be_visible()
    phone.page.get_by_role("radio", name=phone.w("find.damage"), exact=True).check()
    phone.page.get_by_label(re.compile(phone.w("find.note"))).fill(note)
    phone.press("find.save")
    expect(phone.page.get_by_text(phone.w("saved.title")).first).to_be_visible()


def _until_sent(phone: Pocket) -> None:
    """Wait until the phone's store says that nothing waits."""
    for _ in range(300):
        if not [row for row in log_of(phone) if "unsent" in row]:
            return
        phone.page.wait_for_timeout(100)
    raise AssertionError("something still waits")


def _decide(desk: Desk, deed: str) -> None:
    """Press the deed on a phone's page, say why, and press it again."""
    desk.page.get_by_role("button", name=desk.w(deed), exact=True).click()
    dialog: Any = desk.page.get_by_role("dialog")
    dialog.get_by_label(desk.w("excuse.reason")).fill("lost in the pond")
    dialog.get_by_role("button", name=desk.w(deed), exact=True).click()
    expect(dialog).to_have_count(0)


DUMP = """async () => {
  const rows = {}, keys = [];
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const db = await asked(indexedDB.open('roundsman'));
  for (const store of db.objectStoreNames) {
    rows[store] = await asked(db.transaction(store).objectStore(store).getAll());
  }
  db.close();
  const refusal = (work) => work.then(() => 'given', (error) => error.name);
  const { subtle } = crypto;
  for (const { key } of rows.keys) {
    const exported = {};
    for (const form of ['raw', 'pkcs8', 'jwk']) exported[form] = await refusal(subtle.exportKey(form, key));
    const wrapping = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['wrapKey']);
    const how = { name: 'AES-GCM', iv: new Uint8Array(12) };
    const wrapped = await refusal(subtle.wrapKey('jwk', key, wrapping, how));
    keys.push({ extractable: key.extractable, exported, wrapped, clone: structuredClone(key).extractable });
  }
  // the PIN that somebody with only the rows would find: every derivation that needs no key
  const guessed = [];
  const utf8 = (text) => new TextEncoder().encode(text);
  const plain = (text) => atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = (text) => Uint8Array.from(plain(text), (c) => c.charCodeAt(0));
  const word = (data) => btoa(String.fromCharCode(...new Uint8Array(data)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  for (const { person, salt, mac } of rows.verifiers) {
    const pin = await subtle.importKey('raw', utf8('%PIN%'), 'PBKDF2', false, ['deriveBits']);
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations: 100000 };
    const derived = await subtle.deriveBits(how, pin, 256);
    const message = new Uint8Array([...utf8(person), ...new Uint8Array(derived)]);
    const tries = [derived];
    for (const text of [derived, message]) tries.push(await subtle.digest('SHA-256', text));
    for (const hidden of [new Uint8Array(32), bytes(salt)]) {
      const hmac = { name: 'HMAC', hash: 'SHA-256' };
      const key = await subtle.importKey('raw', hidden, hmac, false, ['sign']);
      tries.push(await subtle.sign('HMAC', key, message));
    }
    if (tries.some((one) => word(one) === mac)) guessed.push(person);
  }
  return { rows: JSON.parse(JSON.stringify(rows)), keys, guessed };
}""".replace("%PIN%", PIN)

LEFT = """async () => ({
  stores: (await indexedDB.databases()).filter(({ name }) => name === 'roundsman').map(({ name }) => name),
  caches: await caches.keys(),
  local: localStorage.length,
  session: sessionStorage.length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
