"""What the browser tests share: Chromium, the served application, axe, a place for pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.browser.chromium import PHONE, Chromium, Locale, Scheme
from tests.browser.served import ROOT, Served

SCREENS = ROOT / "test-results" / "screens"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


ServedMaker = Callable[..., Served]
ChromiumMaker = Callable[..., Chromium]
Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMaker]:
    """Return a function that starts a server of the test's own."""
    with ExitStack() as stack:

        def start(*, demo: bool = False) -> Served:
            served = Served(tmp_path_factory.mktemp("served"), demo=demo)
            stack.callback(served.kill)
            served.start()
            return served

        yield start


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromiumMaker]:
    """Return a function that makes a browser with a fresh profile, not yet opened."""
    with ExitStack() as stack:

        def make(
            *,
            size: tuple[int, int] = PHONE,
            locale: Locale = "en-GB",
            scheme: Scheme = "light",
            camera: Path | None = None,
        ) -> Chromium:
            profile = tmp_path_factory.mktemp("profile")
            made = Chromium(playwright, profile, size, locale, scheme, camera)
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe, to be evaluated on a page: its policy admits no foreign script tag."""
    return (ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def shoot() -> Shoot:
    """Return a function that keeps a picture of a page under test-results/screens/."""
    SCREENS.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    return take
