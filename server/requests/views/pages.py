"""What the resident's pages share: the language, the words, the headers, and who asks how often."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.orm import Session

from qr.code import modules_of, outlines
from server import throttle
from server.requests.kinds import Class, Kind
from server.requests.words import Lang, say
from server.secrets import Secrets
from server.sites.models import Site

_HERE = Path(__file__).resolve().parent.parent
STYLE = (_HERE / "static" / "page.css").read_bytes()
SCRIPT = (_HERE / "static" / "page.js").read_bytes()

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

ASKED: tuple[Kind, ...] = ("repair", "complaint", "suggestion", "praise", "question", "errand")
CLASSES: tuple[Class, ...] = (
    "water", "power", "gas", "lift", "leak", "lighting", "door", "glass", "fire", "other"
)  # fmt: skip

_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_ICONS = {
    "phone": (
        '<path d="M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2'
        'A16 16 0 0 1 4 5a2 2 0 0 1 2-2z"/>'
    ),
    "camera": '<path d="M4 8h3l2-3h6l2 3h3v11H4z"/><circle cx="12" cy="13" r="3.5"/>',
    "tick": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
}


def _icon(name: str) -> Markup:
    return Markup(  # noqa: S704  our own drawing
        '<svg class="i" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{_ICONS[name]}</svg>'
    )


def language() -> Lang:
    """Return in which language the page is: as asked for, else as the browser prefers."""
    asked = request.form.get("lang") if request.method == "POST" else request.args.get("lang")
    if asked in ("zh", "en"):
        return "en" if asked == "en" else "zh"
    return preferred()


def preferred() -> Lang:
    """Return which of the two languages the browser prefers."""
    best = request.accept_languages.best_match(("zh", "zh-CN", "zh-TW", "zh-Hans", "en"), "zh")
    return "en" if best == "en" else "zh"


def page(name: str, *, lang: Lang, site: Site | None, status: int = 200, **members: Any) -> Response:
    """Return a page of one language."""
    zone = ZoneInfo(site.time_zone if site else "Asia/Shanghai")
    html = _PAGES.get_template(name).render(
        lang=lang,
        site=site,
        t=lambda key, **values: say(key, lang, **values),
        name=lambda label: (label["en"] if lang == "en" else "") or label["zh"],
        when=lambda ms: f"{datetime.fromtimestamp(ms / 1000, zone):%Y-%m-%d %H:%M}",
        icon=_icon,
        dial=lambda phone: "".join(c for c in phone if c.isdecimal() or c == "+"),
        **{"refresh": None, "refusal": None, **members},
    )
    return dress(Response(html, status=status, mimetype="text/html"))


def dress(response: Response) -> Response:
    """Give a page its headers: nothing from elsewhere, no copy on the way, not found by searching.

    The referrer goes to ourselves alone; without one the browser would not say from where a form comes.
    """
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    response.vary.add("Accept-Language")
    return response


def wants_json() -> bool:
    """Whether the page's script asks: it shows a refusal beside what was typed."""
    return "application/json" in request.headers.get("Accept", "")


def typed(*names: str) -> dict[str, str]:
    """Return fields of a form, trimmed, without characters that nobody types.

    :raises RequestEntityTooLarge: more came than a form may hold
    """
    request.max_form_parts = 40
    return {name: clean(request.form.get(name, "")) for name in names}


def clean(text: str) -> str:
    """Return a text without control characters and without what turns the direction of writing."""
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return "".join(kept).strip()


def photo_files() -> list[bytes]:
    """Return the photos of a form as they came; empty file fields are none."""
    return [data for file in request.files.getlist("photos") if (data := file.read())]


def qr_of(address: str) -> tuple[str, int]:
    """Return the outline of an address's code as the path of a drawing, and how many units wide it is."""
    modules = modules_of(address.upper())
    quiet = 4
    parts = ["M" + "L".join(f"{x + quiet} {y + quiet}" for x, y in loop) + "Z" for loop in outlines(modules)]
    return "".join(parts), len(modules) + 2 * quiet


def qr_rows(address: str) -> list[str]:
    """Return an address's code as rows of 0 and 1."""
    return ["".join("1" if dark else "0" for dark in row) for row in modules_of(address.upper())]


LIMITS: Mapping[str, tuple[int, int]] = {
    "report-code": (8, 5 * 60_000),
    "report-from": (30, 60_000),
    "report-site": (200, 20_000),
    "rescue-code": (10, 30_000),
    "rescue-site": (60, 10_000),
    "follow-link": (20, 60_000),
}
"""How often: so many at once, and one more after so many ms. Many phones share one address."""


def count(session: Session, kind: str, whose: str, *, now_ms: int) -> None:
    """Use one of what may be done at once.

    :raises TooMuch: none is left
    """
    at_once, every_ms = LIMITS[kind]
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    name = throttle.name_of(kind, whose, key=secrets.session)
    throttle.use(session, name=name, at_once=at_once, every_ms=every_ms, now_ms=now_ms)


def network() -> str:
    """Return the network from which somebody asks: an address, or of the newer ones what a household gets."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return address.exploded[:19]
    return str(address)
