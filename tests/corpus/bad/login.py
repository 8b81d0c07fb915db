"""What is no log-in, no session and no page of ours. Each is refused, and nobody is told why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.corpus.bad import Refused

COOKIE = "__Host-roundsman"
NOBODY = "not-logged-in"


@dataclass(frozen=True)
class Asked:
    """A request of somebody who is not who they say; `{token}` is the token of a session that is good."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    status: int = 401
    slug: str = NOBODY


def strangers(token: str, digest: str) -> Iterator[Asked]:
    """Yield requests whose session is none.

    :param token: the token of a session that is good
    :param digest: what the database keeps of it
    """
    half = len(token) // 2
    for name, value in (
        ("nothing", ""),
        ("a blank", " "),
        ("null", "null"),
        ("undefined", "undefined"),
        ("true", "true"),
        ("zeros", "0" * len(token)),
        ("As", "A" * len(token)),
        ("cut by one", token[:-1]),
        ("one longer", token + "A"),
        ("half", token[:half]),
        ("twice", token * 2),
        ("another last letter", token[:-1] + ("A" if token[-1] != "A" else "B")),
        ("another first letter", ("A" if token[0] != "A" else "B") + token[1:]),
        ("the other case", token.swapcase()),
        ("backwards", token[::-1]),
        ("with padding", token + "="),
        ("with a plus", token[:-1] + "+"),
        ("with a percent sign", "%41" + token[1:]),
        ("with a dot", token[:half] + "." + token[half:]),
        ("with a NUL's name", token + "%00"),
        ("what the database keeps", digest),
        ("60 KB", "A" * 60_000),
        ("SQL", "' OR '1'='1"),
        ("SQL's comment", token[:-1] + "'--"),
        ("a path", "../../secrets/session"),
        ("a template", "{{7*7}}"),
        ("a JWT of nobody", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."),
        ("Flask's own", "eyJ1c2VyX2lkIjoxfQ.aSxQ.x"),
        ("a pickle", "gASVCwAAAAAAAACMBGV4ZWOULg=="),
        ("JSON", json.dumps({"person": "ada"})),
        ("ada", "ada"),
        ("full-width", "Ａ" * 3),
    ):
        yield Asked(f"cookie: {name}", {"Cookie": f"{COOKIE}={value}"})
    for name in ("roundsman", "__Secure-roundsman", "__host-roundsman", "session", "__Host-roundsman2", "x"):
        yield Asked(f"cookie named {name}", {"Cookie": f"{name}={token}"})
    for header, value in (
        ("Authorization", f"Bearer {token}"),
        ("Authorization", token),
        ("Authorization", "Basic YWRhOmFkYQ=="),
        ("Authorization", "Negotiate x"),
        ("X-Session", token),
        ("X-Auth-Token", token),
        ("X-Forwarded-User", "ada"),
        ("Remote-User", "ada"),
        ("X-Remote-User", "ada"),
        ("X-Original-User", "ada"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1;by=ada"),
        ("X-Original-URL", "/api/v1/session"),
        ("X-HTTP-Method-Override", "OPTIONS"),
    ):
        yield Asked(f"{header}: {value[:12]}", {header: value})
    for query in (f"token={token}", f"{COOKIE}={token}", "admin=1", "debug=true", "role=administrator"):
        yield Asked(f"?{query[:14]}", query=query)


def elsewhere(public: str) -> Iterator[Asked]:
    """Yield the headers of pages that are not ours, beside a session that is good: 403 `cross-site`."""
    host = public.removeprefix("http://")
    for origin in (
        "null", "", "http://evil.example", f"http://{host}.evil.example", f"http://evil.example/{host}",
        f"https://{host}", f"http://{host}:81", f"http://{host}@evil.example", f"http://evil-{host}",
        f"http://x.{host}", f"http://{host}/", f"http://{host}#", f" http://{host}x", f"HTTP://{host}",
        f"http://{host}, http://evil.example", f"ftp://{host}", f"//{host}", host, "file://",
        "http://127.0.0.1:9", "http://[::1]", f"http://{host}%00", "*", "data:", "chrome-extension://abc",
    ):  # fmt: skip
        yield Asked(f"Origin {origin}", {"Origin": origin}, status=403, slug="cross-site")
    for site in (
        "cross-site",
        "same-site",
        "none",
        "",
        "Same-Origin",
        "same-origin ",
        "same-origin, cross-site",
    ):
        headers = {"Sec-Fetch-Site": site, "Origin": "http://evil.example"}
        yield Asked(f"Sec-Fetch-Site {site}", headers, status=403, slug="cross-site")
    yield Asked("neither", {}, status=403, slug="cross-site")
    yield Asked("a referrer alone", {"Referer": f"{public}/console/"}, status=403, slug="cross-site")


NOBODYS = (
    "li'--", "' OR 1=1 --", "li%00", "li\\u0000", "*", "li*", "(|(uid=*))", "admin", "root", "ａｄａ", "аda",
    "a\u0301da", "../ada", "${jndi:ldap://x}", "{{ada}}", "%61da", "ada@localhost", "\U0001f468", "ada;ada",
)  # fmt: skip
"""Texts that are no login of anybody, however they look."""


def bodies() -> Iterator[Refused]:
    """Yield log-ins that are none in form (422), and such as are nobody's (401)."""
    wrong = [None, 1, 1.5, True, [], {}, ["li"], {"$ne": ""}, {"$gt": ""}]
    for member in ("login", "password"):
        good = {"login": "nobody", "password": "a sentence of nobody"}
        for value in wrong:
            yield _login(f"{member} is {json.dumps(value)}", {**good, member: value}, 422)
        yield _login(f"no {member}", {name: text for name, text in good.items() if name != member}, 422)
        yield _login(f"{member} is empty", {**good, member: ""}, 422)
        yield _login(f"{member} of 10,000", {**good, member: "x" * 10_000}, 422)
    for more in ("remember", "role", "organisation", "is_admin", "code", "__proto__", "fresh"):
        yield _login(f"one more: {more}", {"login": "nobody", "password": "x" * 12, more: True}, 422)
    for number, login in enumerate(NOBODYS):
        yield _login(f"nobody's ({number})", {"login": login, "password": "x" * 12}, 401)


def _login(name: str, body: object, status: int) -> Refused:
    slug = "invalid-body" if status == 422 else "wrong-login"
    return Refused(name, json.dumps(body).encode(), status, slug)
