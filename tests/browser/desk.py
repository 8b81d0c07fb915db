"""The supervisor's desk: what a person does in the console, one function each."""

from __future__ import annotations

import base64
import io
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2  # type: ignore[import-untyped]
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from server.people.totp import code_at
from tests.browser.words import Words

ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "a long way round the garden"
PIN = "802614"


@dataclass
class Desk:
    """The console in a browser, and what was made in it."""

    page: Page
    words: Words
    url: str
    site: str = ""
    secret: str = ""
    """What the authenticator app holds."""
    spent: str = ""
    """The six digits with which that app was set up."""
    labels: dict[str, bytes] = field(default_factory=dict)
    """Number of a checkpoint → picture of its printed label."""

    def w(self, key: str, **values: object) -> str:
        """Return a text of the console."""
        return self.words.console(key, **values)

    def open(self, where: str) -> None:
        """Go to a page of the site, such as ``plans/new``."""
        self.page.goto(f"{self.url}/console/#/sites/{self.site}/{where}")

    def type(self, key: str, text: str, *, inside: Locator | None = None) -> None:
        """Fill the field with this label."""
        where: Any = inside or self.page
        where.get_by_label(re.compile(rf"^{re.escape(self.w(key))}( {self.w('field.optional')})?$")).fill(
            text
        )

    def name(self, zh: str, en: str, *, key: str = "thing.name", inside: Locator | None = None) -> None:
        """Fill a name in both languages."""
        where: Any = inside or self.page
        where.get_by_label(f"{self.w(key)} · {self.w('field.zh')}").fill(zh)
        where.get_by_label(f"{self.w(key)} · {self.w('field.en')}").fill(en)

    def press(self, key: str, **values: object) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=self.w(key, **values), exact=True).click()

    def save(self, *, back: str, act: str = "act.save") -> None:
        """Keep the form in hand and wait for the list that it leads back to."""
        self.press(act)
        expect(self.page.get_by_role("heading", level=1, name=self.w(back), exact=True)).to_be_visible()

    # -- setting up ------------------------------------------------------------------------

    def first_run(self, code: str) -> None:
        """Make the organisation and its first administrator."""
        self.page.goto(f"{self.url}/console/#/first-run?code={code}")
        self.type("first.organisation", "Garden Care")
        self.type("first.name", "林晓岚")
        self.type("login.login", "lin")
        self.type("login.password", PASSWORD)
        self.press("first.go")
        self.set_up_app()
        expect(self.page.get_by_role("heading", level=1, name=self.w("nav.sites"))).to_be_visible()

    def set_up_app(self) -> list[str]:
        """Set up an authenticator app as an administrator must; return the recovery codes."""
        expect(self.page.get_by_role("heading", level=1, name=self.w("factor.title"))).to_be_visible()
        self.press("totp.make")
        self.secret = "".join(self.page.locator(".secret .code").inner_text().split())
        self.spent = self.code()
        self.type("totp.code", self.spent)
        self.press("totp.confirm")
        codes = self.page.locator(".codes__l .code")
        expect(codes).to_have_count(10)
        shown = codes.all_inner_texts()
        self.press("recovery.done")
        return shown

    def code(self, *, later: int = 0) -> str:
        """Return the six digits that the app shows, now or so many steps later."""
        return code_at(base64.b32decode(self.secret), int(time.time()) // 30 + later)

    def make_site(self, zh: str, en: str) -> None:
        """Make a site and remember its id."""
        self.page.get_by_role("link", name=self.w("sites.new")).click()
        self.name(zh, en)
        self.type("site.zone", "Asia/Shanghai")
        self.save(back="service.template")
        self.site = self.page.url.partition("/sites/")[2].split("/")[0]

    def make_checkpoint(self, number: str, zh: str, en: str) -> None:
        """Make a checkpoint; its tag comes with it."""
        self.open("places/new")
        self.type("place.number", number)
        self.name(zh, en)
        self.save(back="nav.places")
        expect(self.page.get_by_role("cell", name=number, exact=True)).to_be_visible()

    def make_gauge_form(self) -> None:
        """Publish a form with a reading that has limits, and a check that asks for a photo on a fault."""
        self.open("forms/new")
        self.name("泵房", "Pump room")
        self._field(0, "number", "出水压力", "Pressure")
        first = self.page.locator("ol.steps > li").nth(0)
        self.type("form.unit", "MPa", inside=first)
        self.type("form.decimals", "2", inside=first)
        limits = (("alarm_low", "0.25"), ("warn_low", "0.30"), ("warn_high", "0.60"), ("alarm_high", "0.65"))
        for limit, value in limits:
            self.type(f"form.limits.{limit}", value, inside=first)
        self._field(1, "check", "跑冒滴漏", "Leaks")
        self.page.locator("ol.steps > li").nth(1).get_by_label(self.w("form.photo_on_fault")).check()
        self.save(back="nav.forms", act="form.publish")

    def _field(self, index: int, kind: str, zh: str, en: str) -> None:
        self.page.get_by_label(self.w("form.kind.next")).select_option(kind)
        self.press("form.add")
        row = self.page.locator("ol.steps > li").nth(index)
        self.name(zh, en, key="form.question", inside=row)
        row.get_by_label(self.w("form.required"), exact=True).select_option("always")

    def make_route(self, zh: str, en: str, stops: Sequence[tuple[str, str | None]]) -> None:
        """Make a route: numbers of checkpoints in walking order, each with the name of a form or None."""
        self.open("routes/new")
        self.name(zh, en)
        for number, _ in stops:
            choice = self.page.get_by_label(self.w("route.next"))
            option = choice.locator("option", has_text=re.compile(rf"^{number} "))
            choice.select_option(value=option.get_attribute("value"))
            self.press("route.add")
        for n, (_, form) in enumerate(stops):
            if form is not None:
                row = self.page.locator("ol.steps > li").nth(n)
                row.get_by_label(self.w("route.form")).select_option(label=form)
        self.save(back="nav.routes")

    def make_plan(self, zh: str, en: str, *, route: str | None = None) -> None:
        """Plan a route, the first or one by its name, in a window that has begun and lasts for hours yet."""
        now = datetime.now(ZONE)
        self.open("plans/new")
        self.name(zh, en)
        if route is not None:
            choice = self.page.get_by_label(self.w("plan.route"), exact=True)
            option = choice.locator("option", has_text=re.compile(rf"^{route} "))
            choice.select_option(value=option.get_attribute("value"))
        window = self.page.get_by_role("group", name=self.w("plan.windows"))
        window.get_by_label(self.w("plan.from"), exact=True).fill(f"{now - timedelta(hours=1):%H}:00")
        window.get_by_label(self.w("plan.to"), exact=True).fill(f"{now + timedelta(hours=4):%H}:00")
        # A window that began before midnight belongs to the day before.
        self.type("plan.starts", f"{now - timedelta(days=1):%Y-%m-%d}")
        self.save(back="nav.plans")

    def make_guard(self, name: str, number: str) -> None:
        """Add a guard with a PIN."""
        self.open("people/new")
        self.type("person.name", name)
        self.type("person.number", number)
        self.type("person.pin.new", PIN)
        self.save(back="nav.people")

    # -- tags ------------------------------------------------------------------------------

    def print_sheet(self, count: int) -> bytes:
        """Print all tags; return the PDF, and keep a picture of each label in `labels`."""
        self.open("tags")
        with self.page.expect_download() as waiting:
            self.press("tag.sheet.all", n=count)
        pdf = Path(waiting.value.path()).read_bytes()
        self.labels = {
            number: label for number, (_, label) in zip(self._numbers(), labels_of(pdf), strict=True)
        }
        return pdf

    def _numbers(self) -> list[str]:
        cells = self.page.locator("table").first.locator("tbody tr .num")
        return cells.all_inner_texts()

    def print_badges(self) -> bytes:
        """Print the badges of everybody who signs in on phones; return the PDF."""
        self.open("people")
        self.press("badges.print")
        with self.page.expect_download() as waiting:
            self.page.get_by_role("dialog").get_by_role("button", name=self.w("badge.print")).click()
        return Path(waiting.value.path()).read_bytes()

    # -- phones ----------------------------------------------------------------------------

    def start_enrolment(self, name: str) -> str:
        """Make a code; return the address that its picture on the page holds."""
        self.open("phones/new")
        self.type("phone.name", name)
        self.press("enrolment.go")
        code = self.page.get_by_role("img", name=self.w("enrolment.qr"))
        expect(code).to_be_visible()
        shown = Image.open(io.BytesIO(self.page.locator(".qrbox").screenshot()))
        [found] = zxingcpp.read_barcodes(shown)
        return found.text

    def confirm_phone(self, name: str) -> str:
        """Wait for the check word, confirm it and return it."""
        word = self.page.locator(".word")
        expect(word).to_be_visible()
        text = word.inner_text()
        self.press("enrolment.confirm")
        expect(self.page.get_by_text(self.w("enrolment.active", name=name))).to_be_visible()
        return text

    # -- looking ---------------------------------------------------------------------------

    def json(self, path: str) -> Any:
        """Return what the API answers to the person who is logged in."""
        return self.page.evaluate(
            "async (path) => (await fetch(path)).json()", f"/api/v1/sites/{self.site}/{path}"
        )

    def send(self, path: str, body: dict[str, Any]) -> Any:
        """Return what the API answers to a thing that is made for the site."""
        return self.page.evaluate(
            """async ([path, body]) => {
              const headers = { "Content-Type": "application/json" };
              const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
              if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
              return answer.json();
            }""",
            [f"/api/v1/sites/{self.site}/{path}", body],
        )

    def file(self, url: str) -> bytes:
        """Return a file as the person who is logged in gets it."""
        text: str = self.page.evaluate(
            """async (url) => {
              const answer = await fetch(url);
              if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
              let text = "";
              const bytes = new Uint8Array(await answer.arrayBuffer());
              for (const byte of bytes) text += String.fromCharCode(byte);
              return btoa(text);
            }""",
            url,
        )
        return base64.b64decode(text)


def labels_of(pdf: bytes) -> list[tuple[str, bytes]]:
    """Return address and picture of every label on a printed sheet, in walking order."""
    found: list[tuple[int, int, str, bytes]] = []
    document = pypdfium2.PdfDocument(pdf)
    for page_number, page in enumerate(document):
        picture = page.render(scale=200 / 72).to_pil().convert("L")
        for code in zxingcpp.read_barcodes(picture):
            corners = [code.position.top_left, code.position.bottom_right]
            left, top = corners[0].x, corners[0].y
            side = corners[1].x - left
            margin = side // 6
            box = (left - margin, top - margin, left + side + margin, top + side + margin + side // 3)
            out = io.BytesIO()
            picture.crop(box).save(out, "PNG")
            found.append((page_number * 10_000 + top // 40, left, code.text, out.getvalue()))
    document.close()
    return [(text, label) for _, _, text, label in sorted(found)]
