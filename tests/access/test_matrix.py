"""Every route × method × role × distance, against the table that a person wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.access.bodies import bodies, foreign
from tests.access.table import ROWS, Row
from tests.access.world import ROLES, World
from tests.api.field import SAME_ORIGIN, slug

SAFE = ("GET", "HEAD", "OPTIONS")
RESCUE = "application/x-ndjson"
NAMES = {"slug": "not-found", "name": "nothing", "token": "ABCD"}
"""What stands for the parameters of addresses that everybody may ask for."""


def address(row: Row, world: World, *, site: str, thing: str) -> str:
    """Return the row's address, with the site of one place and the thing of another."""

    def fill(found: re.Match[str]) -> str:
        name = found["name"]
        if name == "site_id":
            return f"sites/{world.ids[site]['sites']}"
        if name in NAMES:
            return f"{found['kind']}/{NAMES[name]}"
        kind = found["kind"]
        return f"{kind}/{world.ids[thing].get(kind, '00000000-0000-4000-8000-000000000000')}"

    return re.sub(r"(?P<kind>\w+)/<(?:\w+:)?(?P<name>\w+)>", fill, row.rule)


def ask(
    row: Row,
    world: World,
    who: str | None,
    *,
    site: str = "home",
    thing: str | None = None,
    raw: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> TestResponse:
    """Send the row's request as somebody."""
    path = address(row, world, site=site, thing=thing or site)
    request: dict[str, Any] = {"headers": SAME_ORIGIN if headers is None else headers}
    if row.body == "rescue":
        request |= {"data": raw or b"", "content_type": RESCUE}
    elif raw is not None:
        request |= {"data": raw, "content_type": "application/json"}
    elif row.body is not None:
        request["json"] = bodies(world, site)[row.body]
    return world.browser(who).open(path, method=row.method, buffered=True, **request)


def expected(row: Row, role: str, *, site: str, thing: str) -> int:
    """Return the status that the table gives for a role at a distance."""
    letter = row.letter(role)
    at_home = site == "home" or (role == "administrator" and site == "next_door")
    if row.names_site and (not at_home or role == "worker"):
        return 404
    if letter == ".":
        return 403
    return row.status if letter.isupper() and site == thing else 404


CASES = [
    (site, thing, role)
    for site, thing, roles in (
        ("home", "home", ROLES),
        ("next_door", "next_door", ROLES),
        ("abroad", "abroad", ("administrator", "supervisor")),
        ("home", "next_door", ("administrator", "supervisor", "desk", "contractor")),
        ("home", "abroad", ("administrator",)),
    )
    for role in roles
]
"""Site and thing of the address, and who asks. The last two name another's thing under one's own site."""


def is_told(answer: TestResponse) -> str:
    return f"{answer.status_code} {answer.get_data(as_text=True)[:200]}"


@pytest.mark.parametrize("row", [row for row in ROWS if not row.is_public], ids=str)
def test_a_row_of_the_matrix(world: World, undo: Callable[[], None], row: Row) -> None:
    wrong = []
    undo()
    before = world.rows()
    for site, thing, role in sorted(
        CASES, key=lambda case: expected(row, case[2], site=case[0], thing=case[1])
    ):
        if (not row.names_site and "next_door" in (site, thing)) or (row.thing is None and site != thing):
            continue
        if not row.names_site and site == "abroad":
            continue
        wanted = expected(row, role, site=site, thing=thing)
        goes_through = wanted == row.status and row.letter(role).isupper() and row.method not in SAFE
        if not goes_through and wanted < 400 and row.method not in SAFE:
            raise AssertionError("a request that is refused has a status of 4xx")
        answer = ask(row, world, role, site=site, thing=thing)
        if answer.status_code != wanted:
            wrong.append(f"{role} at {site}, thing of {thing}: {wanted} expected, {is_told(answer)}")
        if goes_through:
            undo()
        elif row.method not in SAFE and world.rows() != before:
            wrong.append(f"{role} at {site}, thing of {thing}: was refused and changed something")
            undo()
    assert not wrong, "\n".join([str(row), *wrong])


@pytest.mark.parametrize("row", [row for row in ROWS if not row.is_public], ids=str)
def test_nobody_gets_as_far_as_the_body_without_a_session_that_holds(world: World, row: Row) -> None:
    for who in (None, "stale", "ended"):
        answer = ask(row, world, who, raw=b"{")
        assert (answer.status_code, slug(answer)) == (401, "not-logged-in"), who


@pytest.mark.parametrize("row", [r for r in ROWS if r.method not in SAFE], ids=str)
def test_what_changes_something_comes_from_our_own_pages(world: World, row: Row) -> None:
    who = None if row.is_public else "administrator"
    for headers in (
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"},
    ):
        answer = ask(row, world, who, raw=b"{", headers=headers)
        assert (answer.status_code, slug(answer)) == (403, "cross-site"), headers


@pytest.mark.parametrize("row", [r for r in ROWS if r.fresh], ids=str)
def test_what_cannot_be_undone_takes_a_fresh_log_in(world: World, row: Row) -> None:
    answer = ask(row, world, "unfresh")
    assert (answer.status_code, slug(answer)) == (403, "fresh-login")


@pytest.mark.parametrize("row", [r for r in ROWS if not r.fresh and not r.is_public], ids=str)
def test_everything_else_goes_without(world: World, undo: Callable[[], None], row: Row) -> None:
    answer = ask(row, world, "unfresh")
    if row.method not in SAFE:
        undo()
    told = slug(answer) if answer.mimetype == "application/problem+json" else ""
    assert told != "fresh-login"


@pytest.mark.parametrize("row", [r for r in ROWS if r.is_public], ids=str)
def test_a_public_row_asks_for_no_session(world: World, row: Row) -> None:
    answer = ask(row, world, None)
    assert answer.status_code == row.status, is_told(answer)


@pytest.mark.parametrize("at", ["next_door", "abroad"])
def test_no_body_reaches_a_thing_of_another_site(world: World, at: str) -> None:
    """Ada, who administers both sites, may not tie them together either."""
    before = world.rows()
    for who in ("supervisor", "administrator"):
        browser = world.browser(who)
        for method, path, body in foreign(world, at):
            answer = browser.open(
                f"/api/v1/sites/{world.ids['home']['sites']}/{path}",
                method=method,
                json=body if method != "GET" else None,
                headers=SAME_ORIGIN,
            )
            assert answer.status_code in (404, 422), (who, method, path, body, is_told(answer))
    assert world.rows() == before


def test_every_route_has_a_row_and_every_row_a_route(world: World) -> None:
    """Whoever adds a route says in `tests/access/table.py` who may use it (phones: `test_phones.py`)."""
    views: dict[str, Any] = dict(world.app.view_functions)
    served = {
        (method, rule.rule)
        for rule in world.app.url_map.iter_rules()
        if views[rule.endpoint].policy != "phone"
        and not rule.rule.startswith(("/api/v1/sync/", "/api/v1/blobs/"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    named = {(row.method, row.rule) for row in ROWS}
    assert served - named == set(), "routes that say nowhere who may"
    assert named - served == set(), "rows of routes that are no more"
    assert len(named) == len(ROWS)


def test_the_table_says_of_each_route_what_the_code_declares(world: World) -> None:
    """Fresh or not, public or not: read from the views, so that neither can drift."""
    for rule in world.app.url_map.iter_rules():
        view: Any = world.app.view_functions[rule.endpoint]
        for row in ROWS:
            if row.rule == rule.rule and row.method in (rule.methods or ()):
                assert row.fresh == view.fresh, row
                assert row.is_public == (view.policy == "public"), row
