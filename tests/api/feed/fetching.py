"""A phone's half of what comes down, written as the protocol page says it and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.api.field import Handset, data

Row = dict[str, Any]


@dataclass
class Fetched:
    """What a phone holds: rows by kind and id, and its bookmark. Killed anywhere, it goes on from here."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    cursor: str | None = None
    scopes: list[str] = field(default_factory=list)
    coming: str | None = None
    resume: str | None = None
    pages: int = 0

    def take(self, rows: list[Row]) -> None:
        """Apply rows, each only if it is newer."""
        for row in rows:
            known = self.rows.get((row["kind"], row["id"]))
            if known is not None and known["version"] >= row["version"]:
                continue
            if row["op"] == "upsert":
                self.rows[row["kind"], row["id"]] = row
            elif known is not None and known["scope"] == row["scope"]:
                del self.rows[row["kind"], row["id"]]


def step(phone: Handset, held: Fetched, *, limit: int = 1_000) -> bool:
    """Ask for one more page and apply it; tell whether it was the last."""
    held.pages += 1
    mark = {"cursor": held.cursor, "scopes": held.scopes, "limit": limit}
    if held.coming is not None:
        answer = phone.post("snapshot", {**mark, "scope": held.coming, "resume": held.resume})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        page = data(answer)
        held.take(page["rows"])
        held.resume = page["resume"]
        if held.resume is None:
            held.scopes, held.cursor, held.coming = [*held.scopes, held.coming], page["cursor"], None
        return False
    answer = phone.post("pull", mark)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    page = data(answer)
    change = page["scopes"]
    held.cursor = page["cursor"]
    if change["add"] or change["remove"]:
        held.scopes = [scope for scope in held.scopes if scope not in change["remove"]]
        granted = {*held.scopes, *change["add"]}
        held.rows = {key: row for key, row in held.rows.items() if row["scope"] in granted}
        held.coming, held.resume = next(iter(change["add"]), None), None
        return False
    held.take(page["rows"])
    return not page["more"]


def fetch(phone: Handset, held: Fetched | None = None, *, limit: int = 1_000) -> Fetched:
    """Ask until nothing more comes."""
    held = held or Fetched()
    while not step(phone, held, limit=limit):
        assert held.pages < 10_000, "it never ends"
    return held
