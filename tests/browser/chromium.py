"""Real Chromium with a profile that outlives it: closed, killed and opened again."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.conftest import CHROMIUM
from tests.faults import processes

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

    def freeze(self) -> None:
        """Stop every process of this profile where it stands; what can follow is `kill`."""
        os.killpg(self._group(), signal.SIGSTOP)
        deadline = time.monotonic() + 60
        while running := [pid for pid in _processes(self.profile) if not processes.is_stopped(pid)]:
            assert time.monotonic() < deadline, f"{running} do not stop"
            time.sleep(0.002)

    def kill(self) -> None:
        """End every process of this profile at once, as the system does with an app: SIGKILL."""
        group = self._group()
        context, self._context = self.context, None
        os.killpg(group, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while left := _processes(self.profile):
            assert time.monotonic() < deadline, f"{left} survived SIGKILL"
            time.sleep(0.05)
        with contextlib.suppress(Error):  # there is nobody left to close
            context.close()

    def _group(self) -> int:
        """Return the process group: the kernel lets no fork slip away from a signal to a group."""
        groups = {os.getpgid(pid) for pid in _processes(self.profile)}
        assert len(groups) == 1, f"one group of processes, not {groups}"
        (group,) = groups
        assert group != os.getpgid(0), "the browser is in this process's own group"
        return group


def _processes(profile: Path) -> list[int]:
    """Return the live processes that were started with this profile; its path is this test's own.

    The children write their command line anew, with spaces between the arguments.
    """
    flag = f"--user-data-dir={profile}".encode()
    found = []
    for pid in processes.parents():
        with contextlib.suppress(OSError):
            if flag in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").split(b" "):
                found.append(pid)
    return found


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe finds on the page: rule, and the elements in question."""
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte: once per document
        page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(
        """async () => {
          // a page that waits for an answer is not the page yet
          const waits = () => !document.querySelector("h1") || document.querySelector('[aria-busy="true"]');
          for (let tries = 0; tries < 200 && waits(); tries += 1) {
            await new Promise((next) => setTimeout(next, 50));
          }
          // a colour on its way from light to dark is no colour of the page
          const fades = document.getAnimations().filter((one) => one instanceof CSSTransition);
          await Promise.allSettled(fades.map((one) => one.finished));
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
          const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
          return violations.map(({ id, help, nodes }) =>
            ({ id, help, nodes: nodes.map((n) => n.target.join(" ") + "  " + n.failureSummary) }));
        }"""
    )
    return [f"{rule['id']}: {rule['help']}\n    " + "\n    ".join(rule["nodes"]) for rule in found]
