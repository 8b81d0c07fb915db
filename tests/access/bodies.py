"""What is sent with each line of the table, and bodies that name things of another site."""

from __future__ import annotations

from typing import Any

from tests.access.world import World
from tests.recurring import daily

NAME = {"zh": "新", "en": "New"}

Body = dict[str, Any]


def bodies(world: World, place: str) -> dict[str, Body]:
    """Return every body by its name in the table, with the ids of one place."""
    ids = world.ids[place]
    stops = [{"target": {"kind": "checkpoint", "id": ids["checkpoints"]}, "form": ids["forms"]}]
    return {
        "nothing": {},
        "login": {"login": "nobody", "password": "no such password"},
        "code": {"code": "123456"},
        "first_run": {
            "code": "x",
            "organisation": "x",
            "name": "x",
            "login": "x",
            "password": "fifteen letters",
        },
        "invitation": {"code": "A" * 22},
        "accept": {"code": "A" * 22, "login": "x", "password": "quite another one"},
        "company": {"name": "Another company"},
        "holidays": {"year": 2026, "free": [], "working": []},
        "site": {"name": NAME, "time_zone": "Asia/Shanghai"},
        "name": {"name": NAME},
        "place": {"number": "99", "name": NAME, "zone": ids["zones"]},
        "running": {"state": "stopped", "at_ms": 1_700_000_000_000, "why": "because"},
        "title": {"title": NAME},
        "duty": {"name": NAME, "kind": "test", "every_months": 12, "first_on": "2027-03-01"},
        "done": {"done_on": "2026-11-01", "passed": True},
        "take_over": {"from_whom": "the builder"},
        "take_over_checks": {"items": ["roof"], "assets": [ids["assets"]], "found": "there"},
        "import_part": {"part": 0},
        "needs": {"category": "pump", "needs": ["maker"]},
        "request": {"kind": "repair", "channel": "phone", "text": "out"},
        "act": {"act": "note", "text": "because"},
        "desk": {"contact_days": 30},
        "pin": {"target": {"kind": "checkpoint", "id": ids["checkpoints"]}, "at": {"x": 5_000, "y": 2_500}},
        "reprint": {"target": {"kind": "checkpoint", "id": ids["checkpoints"]}},
        "meter": {"asset": ids["assets"], "key": "fresh", "name": NAME, "kind": "gauge", "unit": "A"},
        "meter_reading": {"value": "1", "at_ms": 1_790_000_000_000, "why": "paper"},
        "meter_exchange": {"at_ms": 1_790_000_000_000, "end": "1", "start": "0", "why": "due"},
        "meter_correction": {"reading": "none", "value": None, "why": "misread"},
        "target": {
            "medium": "power",
            "scope": "meter",
            "scope_id": ids["meters"],
            "month": "2026-11",
            "amount": "900",
        },
        "form": {
            "name": NAME,
            "fields": [{"id": "ok", "kind": "check", "label": NAME, "required": True}],
        },
        "route": {"name": NAME, "order": "free", "stops": stops},
        "plan": {
            "name": NAME,
            "route": ids["routes"],
            "assignee": {"kind": "team", "id": ids["teams"]},
            "recurrence": daily(("08:00", "10:00")),
            "starts_on": "2026-12-01",
        },
        "preview": {"recurrence": daily(("08:00", "10:00")), "starts_on": "2026-12-01"},
        "special": {"route": ids["routes"], "why": "storm", "minutes": 120},
        "post": {"name": NAME, "team": ids["teams"]},
        "template": {
            "template": "residential",
            "version": 1,
            "daytime": {"from_min": 420, "to_min": 1140},
            "demands": ["P1-44h"],
            "teams": {"cleaning": ids["teams"]},
            "starts_on": "2026-12-01",
        },
        "newer": {"template": "residential", "version": 1},
        "copy": {"from": ids["sites"], "starts_on": "2026-12-01"},
        "part": {"number": "P-9", "name": NAME, "unit": "个"},
        "stock_move": {"why": "received", "quantity": "2"},
        "upkeep": {
            "name": NAME,
            "target": {"kind": "asset", "id": ids["assets"]},
            "recurrence": {"kind": "count", "times": 1, "per": "year"},
            "starts_on": "2026-12-01",
        },
        "upkeep_why": {"thing": ids["teams"], "why": "because"},
        "tally": {"part": ids["parts"], "counted": "2"},
        "drop": {"confirm": False},
        "why": {"why": "because"},
        "comment": {"text": "because"},
        "seen": {"reports": ["00000000-0000-4000-8000-000000000000"]},
        "order": {"class": "lighting", "place": "3-9"},
        "order_act": {"act": "note", "version": 1, "text": "because"},
        "order_policy": {"rates": {"labour_hour": "60", "currency": "CNY"}},
        "paper": {"person": ids["people"], "why": "because", "stops": []},
        "skip": {"accepted": True},
        "certificate": {"kind": "electrician_low", "number": "T-2", "valid_until": "2027-03-31"},
        "close": {"period": "2026-09"},
        "reporting": {"close_after_days": 3, "closes_itself": True},
        "erase": {"number": "not theirs"},
        "person": {"name": "New", "number": "N-1", "role": "worker", "team": ids["teams"]},
        "known": {"person": ids["people"], "role": "worker"},
        "badges": {"people": [ids["people"]]},
        "trade": {"trade": "cleaner"},
        "move": {"site": world.ids["home" if place == "next_door" else "next_door"]["sites"]},
        "enrolment": {"name": "new"},
        "retention": {"place_days": 30, "photo_days": None},
        "wipe": {"why": "because", "lose_records": 0, "lose_photos": 0},
    }


def foreign(world: World, at: str) -> list[tuple[str, str, Body]]:
    """Return requests at home whose bodies name a thing of another place: (method, path, body)."""
    home, theirs = world.ids["home"], world.ids[at]
    ours = bodies(world, "home")
    stop = {"target": {"kind": "checkpoint", "id": home["checkpoints"]}, "form": None}
    return [
        ("POST", "zones", {"name": NAME, "parent": theirs["zones"]}),
        ("PATCH", f"zones/{home['zones']}", {"parent": theirs["zones"]}),
        ("POST", "checkpoints", {**ours["place"], "zone": theirs["zones"]}),
        ("PATCH", f"checkpoints/{home['checkpoints']}", {"zone": theirs["zones"]}),
        ("POST", "assets", {**ours["place"], "zone": theirs["zones"]}),
        ("POST", "assets", {**ours["place"], "parent": theirs["assets"]}),
        ("PATCH", f"assets/{home['assets']}", {"parent": theirs["assets"]}),
        ("PATCH", f"assets/{home['assets']}", {"zone": theirs["zones"]}),
        ("PATCH", f"documents/{home['documents']}", {"assets": [theirs["assets"]]}),
        ("POST", f"duties/{home['duties']}/done", {**ours["done"], "document": theirs["documents"]}),
        ("POST", "take-over/checks", {"assets": [theirs["assets"]], "found": "there"}),
        ("POST", "tags/reprint", {"target": {"kind": "checkpoint", "id": theirs["checkpoints"]}}),
        (
            "POST",
            f"maps/{home['maps']}/pins",
            {**ours["pin"], "target": {"kind": "checkpoint", "id": theirs["checkpoints"]}},
        ),
        ("POST", "meters", {**ours["meter"], "asset": theirs["assets"]}),
        ("POST", "meters", {**ours["meter"], "team": theirs["teams"]}),
        ("PATCH", f"meters/{home['meters']}", {"feeds": theirs["meters"], "medium": "power"}),
        ("POST", "ledger/targets", {**ours["target"], "scope_id": theirs["meters"]}),
        ("POST", "ledger/targets", {**ours["target"], "scope": "team", "scope_id": theirs["teams"]}),
        ("POST", "ledger/targets", {**ours["target"], "scope": "site", "scope_id": theirs["sites"]}),
        ("GET", f"tags/sheet.pdf?targets={theirs['checkpoints']}", {}),
        ("POST", "routes", {**ours["route"], "stops": [{**stop, "form": theirs["forms"]}]}),
        (
            "POST",
            "routes",
            {
                **ours["route"],
                "stops": [{"target": {"kind": "checkpoint", "id": theirs["checkpoints"]}, "form": None}],
            },
        ),
        ("PATCH", f"routes/{home['routes']}", {"stops": [{**stop, "form": theirs["forms"]}]}),
        ("POST", "plans", {**ours["plan"], "route": theirs["routes"]}),
        ("POST", "plans", {**ours["plan"], "assignee": {"kind": "team", "id": theirs["teams"]}}),
        ("PATCH", f"plans/{home['plans']}", {"route": theirs["routes"]}),
        *(
            ("PATCH", f"plans/{home['plans']}", {"assignee": {"kind": kind, "id": theirs[things]}})
            for kind, things in (("team", "teams"), ("person", "people"), ("post", "posts"))
        ),
        ("PATCH", f"plans/{home['plans']}", {"stop": {**stop, "form": theirs["forms"]}}),
        ("POST", "special-rounds", {**ours["special"], "route": theirs["routes"]}),
        ("POST", "posts", {**ours["post"], "team": theirs["teams"]}),
        ("POST", "upkeep", {**ours["upkeep"], "target": {"kind": "asset", "id": theirs["assets"]}}),
        ("POST", "upkeep", {**ours["upkeep"], "form": theirs["forms"]}),
        ("POST", "upkeep", {**ours["upkeep"], "assignee": {"kind": "team", "id": theirs["teams"]}}),
        ("POST", "upkeep", {**ours["upkeep"], "parts": [{"part": theirs["parts"], "quantity": "1"}]}),
        ("POST", f"parts/{home['parts']}/moves", {**ours["stock_move"], "asset": theirs["assets"]}),
        ("POST", f"stock-takes/{home['takes']}/counts", {"part": theirs["parts"], "counted": "1"}),
        ("POST", "people", {**ours["person"], "team": theirs["teams"]}),
        ("PATCH", f"people/{home['people']}", {"team": theirs["teams"]}),
        ("POST", "badges", {"people": [theirs["people"]]}),
    ]
