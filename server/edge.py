"""What no request may be, whatever it asks for: looked at before anything else of it is read.

A request must name this server, have one length, and an address that can be written down.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, redirect, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from server.config import Settings
from server.problems import Problem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
URL_CHARACTERS = 4_096
REFUSED = "roundsman.refused"
"""In the WSGI environment: the problem for which a request was refused before it had arrived."""


class UntrustedHost(Problem):
    """The request names a host that nobody said is ours."""

    slug, status, title = "untrusted-host", HTTPStatus.BAD_REQUEST, "This is not a name of this server"


class WrongHost(Problem):
    """The request names one of our hosts, and not the one under which we are used."""

    slug, status, title = "wrong-host", HTTPStatus.MISDIRECTED_REQUEST, "This server has another address"


class BadRequestLine(Problem):
    """The address or the headers contradict themselves, or hold what no address of ours can hold."""

    slug, status, title = "bad-request", HTTPStatus.BAD_REQUEST, "This is not a request that can be answered"


def init_app(app: Flask, settings: Settings) -> None:
    """Look at every request before its route is sought, and believe as many proxies as there are."""
    public = urlsplit(settings.public_url)
    others = frozenset({*LOOPBACK, *settings.hosts})
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]

    @app.before_request
    def sound() -> None:
        refused: Problem | None = request.environ.get(REFUSED)
        if refused is not None:
            raise refused
        headers, query = request.headers, request.query_string
        if "Transfer-Encoding" in headers and "Content-Length" in headers:
            raise BadRequestLine("a length and an encoding that has none")
        if headers.get("Transfer-Encoding", "chunked").lower() != "chunked":
            raise BadRequestLine("an encoding that nobody undoes here")
        if "," in headers.get("Content-Length", ""):
            raise BadRequestLine("several lengths")
        if "\0" in request.path or b"\0" in query or b"%00" in query:
            raise BadRequestLine("a NUL in the address")
        if len(request.path) + len(query) > URL_CHARACTERS:
            raise BadRequestLine(f"an address of more than {URL_CHARACTERS} characters")

    @app.before_request
    def one_address() -> Response | None:
        host = request.host.lower()
        if host == public.netloc.lower():
            return None
        if host not in others and _without_port(host) not in others:
            raise UntrustedHost(f"Use {settings.public_url}")
        if request.path == "/healthz":
            return None
        if request.method in ("GET", "HEAD") and not request.path.startswith("/api/"):
            # 127.0.0.1 is the same machine, but another origin: keys, store and cookies would differ
            return redirect(settings.public_url + request.full_path.rstrip("?"), 308)
        raise WrongHost(f"Use {settings.public_url}")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
