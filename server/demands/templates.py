"""The templates: for a kind of site, what has to be made so that its service plan is kept.

They are data of the repository (`data/templates`, one file each; `data/forms.toml` holds the
checklists that they share) and are read once. `server.demands.drafting` turns one into what a site
would get.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from server.demands.catalogue import Words

DATA = Path(__file__).with_name("data")

Craft = Literal["security", "cleaning", "engineering", "greenery", "desk", "care"]
"""Whose work a plan is; the site says which team that is."""

CRAFTS: tuple[Craft, ...] = ("security", "cleaning", "engineering", "greenery", "desk", "care")


class Per(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a site has several of, such as buildings; the site says how many."""

    key: str
    name: Words
    """With ``{n}`` for the number of each."""
    ask: Words
    count: int
    """How many are offered."""
    most: int


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the site."""

    key: str
    name: Words
    per: str | None = None


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint or an asset."""

    key: str
    name: Words
    zone: str
    kind: Literal["checkpoint", "asset"] = "checkpoint"
    category: str = ""
    per: str | None = None


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stop: the key of its place and, where something is filled in, of the form."""

    at: str
    form: str | None = None
    certificate: str | None = None
    dwell_s: int | None = None


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stops in walking order; stops at places of each building follow one another building by building."""

    key: str
    name: Words
    stops: tuple[Stop, ...]
    order: Literal["free", "advised", "enforced"] = "advised"


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What recurs, and the demands that it serves, the first one above all."""

    key: str
    name: Words
    demands: tuple[str, ...]
    craft: Craft
    recurrence: dict[str, Any]
    """As a plan has it, but for windows that say ``part``: those follow from the site's day and night."""
    route: str | None = None
    stop: Stop | None = None
    crew: Literal[1, 2] = 1
    grace_min: int = 0
    judged: bool = False
    """The service plan leaves open how often; the trade says so."""
    optional: bool = False
    """Not chosen at first: it serves another service plan."""
    per: str | None = None


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kind of site needs."""

    id: str
    version: int
    name: Words
    about: Words
    per: tuple[Per, ...] = ()
    zone: tuple[Zone, ...] = ()
    place: tuple[Place, ...] = ()
    route: tuple[Route, ...] = ()
    plan: tuple[Plan, ...] = ()

    @property
    def demands(self) -> tuple[str, ...]:
        """The ids of the demands that it schedules, in the order of its plans."""
        return tuple(dict.fromkeys(found for plan in self.plan for found in plan.demands))


class Form(msgspec.Struct, frozen=True):
    """A checklist; `fields` as docs/protocol/forms.md."""

    key: str
    name: Words
    fields: tuple[dict[str, Any], ...]


@functools.cache
def templates() -> tuple[Template, ...]:
    """Return the templates by their ids."""
    return tuple(_read(path) for path in sorted((DATA / "templates").glob("*.toml")))


def template(template_id: str) -> Template | None:
    """Return the template of this id, such as ``residential``, or None."""
    return next((found for found in templates() if found.id == template_id), None)


@functools.cache
def forms() -> dict[str, Form]:
    """Return the checklists that templates put at stops, by key."""
    read = tomllib.loads((DATA / "forms.toml").read_text("utf-8"))
    return {
        key: Form(key, msgspec.convert(form["name"], Words), tuple(_field(field) for field in form["fields"]))
        for key, form in read.items()
    }


def _read(path: Path) -> Template:
    read = tomllib.loads(path.read_text("utf-8"))
    for route in read.get("route", []):
        route["stops"] = [_stop(stop) for stop in route["stops"]]
    for plan in read.get("plan", []):
        if "stop" in plan:
            plan["stop"] = _stop(plan["stop"])
        plan["recurrence"] = _recurrence(plan)
    return msgspec.convert({"id": path.stem, **read}, Template)


def _stop(stop: Any) -> Any:
    """Read ``place:form`` or the long form of a stop."""
    if not isinstance(stop, str):
        return stop
    at, _, form = stop.partition(":")
    return {"at": at, "form": form or None}


def _recurrence(plan: dict[str, Any]) -> dict[str, Any]:
    """Take from a plan what says when, and return it as a plan's recurrence."""
    if "count" in plan:
        return {"kind": "count", **plan.pop("count")}
    found: dict[str, Any] = {"kind": "calendar", "rule": plan.pop("rule"), "days": "all", "shift": "none"}
    if "every" in plan:
        return {**found, "every": plan.pop("every")}
    return {**found, "windows": plan.pop("windows")}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    """Read a field: its label stands beside its options, and it is required unless it says otherwise."""
    label = {"zh": field.pop("zh"), "en": field.pop("en")}
    made: dict[str, Any] = {"required": True, **field, "label": label}
    if made["kind"] == "choice":
        made["options"] = [
            {
                "id": option["id"],
                "label": {"zh": option["zh"], "en": option["en"]},
                "fault": option.get("fault", False),
            }
            for option in made["options"]
        ]
    if made["kind"] == "number":
        made = {"unit": "", "decimals": 0, **made}
    if made["kind"] == "text":
        made = {"max": 120, **made}
    return made
