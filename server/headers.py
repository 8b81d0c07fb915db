"""Security headers of every answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from server.config import Settings

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "font-src 'self'",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types roundsman",
    )
)
"""For the phone app and the console. `wasm-unsafe-eval` lets the code reader run; nothing is inline."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For what is data and never a page: JSON, photos, PDFs."""


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""
    public = urlsplit(settings.public_url)

    @app.after_request
    def secure(response: Response) -> Response:
        headers = response.headers
        # a worker lives by its own script's policy: the shell's must fetch, the reader's must run wasm
        is_page = response.mimetype in ("text/html", "text/javascript")
        headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DATA_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()"
        )
        if public.scheme == "https" and request.host == public.netloc:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
            response.vary.add("Cookie")
        return response
