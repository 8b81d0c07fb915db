"""Real Chromium with a profile that outlives it: closed, killed and opened again."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.conftest import CHROMIUM

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
WAIT_MS = 30_000
"""How long a locator and an expectation wait: two busy cores are slow."""

expect.set_options(timeout=WAIT_MS)

PHONE = (360, 800)
DESK = (1366, 900)

Locale = Literal["zh-CN", "en-GB"]
Scheme = Literal["light", "dark"]


@dataclass
class Chromium:
    """One browser with its profile: a phone, or the supervisor's desk.

    `faults` collects what the pages throw or log as an error while they are watched.
    """

    playwright: Playwright
    profile: Path
    size: tuple[int, int]
    locale: Locale
    scheme: Scheme = "light"
    camera: Path | None = None
    faults: list[str] = field(default_factory=list)
    _context: BrowserContext | None = None

    def open(self) -> Page:
        """Start the browser on its profile; return its page."""
        assert CHROMIUM, "no Chromium was found: see tests/browser/ensure-chromium.sh"
        assert self._context is None, "it is open already"
        flags = [*FLAGS]
        if self.camera is not None:
            flags.append(f"--use-file-for-fake-video-capture={self.camera}")
        width, height = self.size
        self._context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=flags,
            headless=True,
            locale=self.locale,
            timezone_id="Asia/Shanghai",
            color_scheme=self.scheme,
            viewport={"width": width, "height": height},
            device_scale_factor=2 if self.is_phone else 1,
            has_touch=self.is_phone,
            accept_downloads=True,
        )
        self._context.set_default_timeout(WAIT_MS)
        self._context.on("weberror", lambda error: self.faults.append(str(error.error)))
        return self._context.pages[0] if self._context.pages else self._context.new_page()

    @property
    def is_phone(self) -> bool:
        """Whether it is as small as a phone."""
        return self.size[0] < 600

    @property
    def context(self) -> BrowserContext:
        """The open browser."""
        assert self._context is not None, "it is closed"
        return self._context

    def close(self) -> None:
        """Close it as a person does."""
        if self._context is not None:
            self._context.close()
            self._context = None

    def kill(self) -> None:
        """End every process of this profile at once, as the system does with an app: SIGKILL."""
        context, self._context = self.context, None
        killed = list(_processes(self.profile))
        assert killed, "no process of this profile was found"
        for pid in killed:
            with contextlib.suppress(ProcessLookupError):  # it went with its parent
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while list(_processes(self.profile)):
            assert time.monotonic() < deadline, "the browser survived SIGKILL"
            time.sleep(0.05)
        with contextlib.suppress(Error):  # there is nobody left to close
            context.close()


def _processes(profile: Path) -> Iterator[int]:
    """Yield the processes that were started with this profile; its path is this test's own."""
    flag = f"--user-data-dir={profile}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            arguments = (entry / "cmdline").read_bytes().split(b"\0")
            alive = b"State:\tZ" not in (entry / "status").read_bytes()
        except OSError:
            continue
        if alive and flag in arguments:
            yield int(entry.name)


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe finds on the page: rule, and the elements in question."""
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte: once per document
        page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(
        """async () => {
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
          const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
          return violations.map(({ id, help, nodes }) =>
            ({ id, help, nodes: nodes.map((n) => n.target.join(" ") + "  " + n.failureSummary) }));
        }"""
    )
    return [f"{rule['id']}: {rule['help']}\n    " + "\n    ".join(rule["nodes"]) for rule in found]
