"""What a scan means on this phone: which tag, which stop of which round, which form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sync.phone.store import Entity, Store
from sync.tags import fold_token, read_address, tag_hash

Result = Literal["known", "unknown", "retired", "not_here", "no_tag"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `token` is None when the text is no tag."""

    result: Result
    token: str | None = None
    tag: Entity | None = None
    target: Mapping[str, object] | None = None
    stop: Mapping[str, Any] | None = None


def stops(store: Store, occurrence: str) -> list[Mapping[str, Any]]:
    """Return the stops of an occurrence's route, in their order; none when it is not known."""
    found = store.entity("occurrence", occurrence)
    plan = None if found is None else store.entity("plan", str(found.body["plan"]))
    route = None if plan is None else store.entity("route", str(plan.body["route"]))
    if route is None:
        return []
    listed: Any = route.body["stops"]
    return sorted(listed, key=lambda stop: stop["number"])


def form_of(store: Store, stop: Mapping[str, Any] | None) -> Entity | None:
    """Return the form of a stop, or None."""
    form = None if stop is None else stop.get("form")
    return None if form is None else store.entity("form", str(form))


def read(store: Store, text: str, *, occurrence: str | None, stop: str | None) -> Reading:
    """Return what a text that was read (or a bare token) means here.

    :param stop: the stop that is meant; None takes the first of the round with this target
    """
    token = read_address(text) or fold_token(text)
    if token is None:
        return Reading("no_tag")
    wanted = tag_hash(token)
    tag = next((tag for tag in store.entities("tag") if tag.body["hash"] == wanted), None)
    if tag is None:
        return Reading("unknown", token)
    place: Any = tag.body["target"]
    entity = store.entity(place["kind"], place["id"])
    target = None if entity is None else {"kind": entity.kind, "id": entity.id, "version": entity.version}
    if tag.body["retired"]:
        return Reading("retired", token, tag, target)
    if occurrence is None:
        return Reading("known", token, tag, target)
    here = [
        found
        for found in stops(store, occurrence)
        if found["target"]["kind"] == place["kind"]
        and found["target"]["id"] == place["id"]
        and stop in (None, found["id"])
    ]
    if not here:
        return Reading("not_here", token, tag, target)
    return Reading("known", token, tag, target, here[0])


def walks_on(store: Store, stop: Mapping[str, Any] | None) -> bool:
    """Whether the scan alone does a stop: it has no form, or none with a required field."""
    if stop is None:
        return False
    if stop.get("form") is None:
        return True
    form = form_of(store, stop)
    fields: Any = [] if form is None else form.body["fields"]
    return form is not None and not any(field.get("required", False) for field in fields)
