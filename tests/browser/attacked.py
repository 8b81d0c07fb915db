"""The console under attack: an application served in this process, a browser that tells what ran."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request
from werkzeug.serving import WSGIRequestHandler, make_server

from server.people.access import COOKIE

WATCH = """
  window.__ran = (n) => console.log(`ran! ${n}`);
  for (const name of ['alert', 'confirm', 'prompt', 'print'])
    window[name] = () => console.log(`ran! ${name}`);
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    console.log(`csp! ${violatedDirective} ${blockedURI} ${sample}`));
"""
OURS = ("/console/", "/assets/", "/api/v1/", "/app/", "/favicon.ico")


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_arguments: Any, **_named: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """Serve an application on a port as long as the context lasts."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Asked:
    """A request that reached the server, and its answer."""

    method: str
    path: str
    origin: str | None
    logged_in: bool
    status: int


def listen(app: Flask) -> list[Asked]:
    """Return the list to which every request that reaches the application is added."""
    heard: list[Asked] = []

    @app.after_request
    def note(response: Response) -> Response:
        heard.append(
            Asked(
                request.method,
                request.path,
                request.headers.get("Origin"),
                COOKIE in request.cookies,
                response.status_code,
            )
        )
        return response

    return heard


@dataclass
class Watched:
    """A page, and all that went on in it that nobody wanted."""

    page: Page
    url: str
    ran: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)
    """Requests that the console has no business to make."""

    def quiet(self) -> bool:
        """Whether nothing ran, nothing was reported, nothing was fetched."""
        assert self.ran == []
        assert self.reports == []
        assert self.strayed == []
        return True


def watch(context: BrowserContext, page: Page, url: str) -> Watched:
    """Watch a page of the application at `url` from its next navigation on."""
    watched = Watched(page, url)

    def said(message: ConsoleMessage) -> None:
        text = message.text
        if text.startswith("ran! "):
            watched.ran.append(text)
        elif text.startswith("csp! ") or "Content Security Policy" in text or "TrustedHTML" in text:
            watched.reports.append(text)

    def asked(request: Request) -> None:
        path = request.url.removeprefix(url)
        if path == request.url or not path.startswith(OURS) or path.endswith("/x"):
            watched.strayed.append(request.url)

    def dialog(shown: Dialog) -> None:
        watched.ran.append(f"dialog {shown.message}")
        shown.dismiss()

    context.add_init_script(WATCH)
    page.on("console", said)
    page.on("request", asked)
    page.on("dialog", dialog)
    return watched


def log_in(context: BrowserContext, url: str, token: str) -> None:
    """Put the cookie of a session into the browser, as the server would have set it."""
    # its name demands TLS; a browser sends it to localhost without
    secure = url.replace("http:", "https:")
    context.add_cookies(
        [{"name": COOKIE, "value": token, "url": secure, "httpOnly": True, "sameSite": "Lax"}]
    )
