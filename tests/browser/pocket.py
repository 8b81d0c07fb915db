"""A phone in somebody's pocket: what a person does in the app, one function each."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser import camera
from tests.browser.chromium import Chromium
from tests.browser.desk import PIN
from tests.browser.words import Words


@dataclass(frozen=True)
class Sent:
    """A request as it left the phone."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Pocket:
    """The app in a browser with a camera."""

    browser: Chromium
    words: Words
    url: str
    page: Page
    sent: list[Sent] = field(default_factory=list)
    """Every message to the server, in order."""

    @classmethod
    def open(cls, browser: Chromium, words: Words, url: str) -> Pocket:
        """Open the browser; the app is not opened yet."""
        pocket = cls(browser, words, url, browser.open())
        pocket._listen()
        return pocket

    def w(self, key: str, **values: object) -> str:
        """Return a text of the app."""
        return self.words.phone(key, **values)

    def _listen(self) -> None:
        def note(request: Request) -> None:
            if "/api/v1/sync/push" in request.url or "/api/v1/blobs/" in request.url:
                self.sent.append(
                    Sent(request.method, request.url, request.headers, request.post_data_buffer or b"")
                )

        self.browser.context.on("request", note)

    # -- joining and signing in ------------------------------------------------------------

    def join(self, address: str) -> str:
        """Open the address of the code and ask to join; return the check word that is shown."""
        self.page.goto(address)
        self.page.get_by_role("button", name=self.w("enrol.act"), exact=True).click()
        word = self.page.locator(".word")
        expect(word).to_be_visible()
        return word.inner_text()

    def sign_in(self, name: str, *, pin: str = PIN, place: bool = False) -> None:
        """Choose a person of the roster, enter the digits, and say about places what is asked."""
        self.enter(name, pin=pin)
        self._arrive(place=place)

    def sign_in_by_badge(self, name: str, badge: bytes, *, pin: str = PIN, place: bool = False) -> None:
        """Hold a badge before the camera: it says who; the digits say that it is them."""
        self.look_at(badge, seed=sum(badge[-64:]))
        self.press("pin.badge")
        expect(self.page.get_by_text(self.w("pin.ask", name=name))).to_be_visible()
        self.digits(pin)
        self._arrive(place=place)

    def _arrive(self, *, place: bool) -> None:
        asked = self.page.get_by_role("heading", level=1, name=self.w("consent.title"))
        expect(self._today().or_(asked)).to_be_visible()
        if asked.is_visible():
            self.say_about_places(place=place)
        expect(self._today()).to_be_visible()

    def enter(self, name: str, *, pin: str = PIN) -> None:
        """Choose a person of the roster and enter the digits."""
        self.page.get_by_role("button", name=name).click()
        self.digits(pin)

    def digits(self, pin: str) -> None:
        """Enter digits on the pad."""
        for digit in pin:
            self.page.get_by_role("button", name=digit, exact=True).click()

    def say_about_places(self, *, place: bool) -> None:
        """Say whether records may have a place."""
        self.press("consent.give" if place else "consent.refuse")

    def _today(self) -> Locator:
        return self.page.get_by_role("heading", level=1, name=self.w("today.title"))

    def wait_until_ready(self) -> None:
        """Wait until the app says that it works without a network."""
        self.page.goto(f"{self.url}/app/#/ready")
        expect(self.page.get_by_text(self.w("ready.shell.ok"))).to_be_visible()
        expect(self.page.locator("dl.rows").get_by_text(self.w("ready.reader.ok")).first).to_be_visible()
        self.page.get_by_role("link", name=self.w("ready.start")).click()

    # -- a round ---------------------------------------------------------------------------

    def press(self, key: str, **values: object) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=self.w(key, **values)).click()

    def follow(self, key: str, **values: object) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=self.w(key, **values)).first.click()

    def look_at(self, label: bytes, *, seed: int) -> None:
        """Hold the camera before a label."""
        assert self.browser.camera is not None
        camera.show(self.browser.camera, label, seed=seed)

    def scan(self, number: int, label: bytes, *, seed: int) -> None:
        """Go to the scanner for stop `number` and read the label that hangs there."""
        self.look_at(label, seed=seed)
        self.follow("scan.act", n=number)

    def saw_saved(self, number: int) -> None:
        """Wait until the scanner says that stop `number` is saved on this phone."""
        expect(self.page.get_by_text(self.w("scan.saved", n=number))).to_be_visible()

    def leave_scanner(self) -> None:
        """Close the scanner: back to the round."""
        self.page.get_by_role("link", name=self.w("scan.close")).click()

    def read_gauge(self, field_name: str, value: str) -> None:
        """Enter a reading on the number pad."""
        row = self.field(field_name)
        row.get_by_role("button", name=self.w("form.enter")).click()
        for key in value:
            name = self.w("form.point") if key == "." else key
            self.page.get_by_role("button", name=name, exact=True).click()
        self.press("form.confirm")

    def answer(self, field_name: str, key: str) -> None:
        """Answer a check."""
        self.field(field_name).get_by_role("radio", name=self.w(key), exact=True).check()

    def photograph(self, field_name: str, *, seed: int) -> bytes:
        """Take a photo for a field; the phone's own camera app gives it as a file."""
        picture = damage(seed)
        row = self.field(field_name)
        row.locator("input[type=file]").set_input_files(
            {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        expect(row.locator(".shot img")).to_be_visible()
        return picture

    def save_form(self) -> None:
        """Save the checklist and wait until the phone says that it has it."""
        self.press("form.save")
        expect(self.page.get_by_text(self.w("saved.title")).first).to_be_visible()

    def wait_until_all_is_received(self) -> None:
        """The network is there: open the log and wait until nothing is on the phone only."""
        self.page.goto(f"{self.url}/app/#/log")
        expect(self.page.locator(".rec").first).to_be_visible()  # a log that is not drawn yet lacks nothing
        expect(self.page.locator(".rec[data-at=phone]")).to_have_count(0, timeout=60_000)

    def field(self, name: str) -> Locator:
        """Return the field with this question."""
        return (
            self.page.locator("section.field").filter(has=self.page.locator(".field__q", has_text=name)).first
        )


def damage(seed: int) -> bytes:
    """Return a photo as a phone takes it: large, with colours, a JPEG."""
    random = Random(seed)
    picture = Image.new("RGB", (1600, 1200), (168, 172, 170))
    draw = ImageDraw.Draw(picture)
    for _ in range(400):
        x, y = random.randrange(1600), random.randrange(1200)
        shade = random.randint(120, 200)
        box = (x, y, x + random.randint(10, 90), y + random.randint(10, 60))
        draw.ellipse(box, fill=(shade, shade, shade - 20))
    draw.line([(300, 200), (620, 520), (580, 800), (900, 1100)], fill=(60, 52, 48), width=14)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def new_camera(folder: Path) -> Path:
    """Return a camera that sees a bare wall."""
    path = folder / "camera.y4m"
    camera.show_wall(path)
    return path
