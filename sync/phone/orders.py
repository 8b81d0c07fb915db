"""What a person says to work orders on the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from sync.phone.saving import Picture
from sync.phone.store import Record, Store
from sync.records import Base


class OrderActs:
    """The part of a phone that speaks to work orders."""

    store: Store

    def open_order(
        self,
        cls: str,
        *,
        target: Mapping[str, str] | None = None,
        urgency: str = "normal",
        finding: Record | None = None,
        mine: bool = False,
        note: str | None = None,
        photos: Sequence[Picture] = (),
        order: str | None = None,
    ) -> str:
        """Make a work order and return its id; `mine`: the person does it at once."""
        order = order or str(uuid4())
        payload = {
            "order": order,
            "target": dict(target) if target else None,
            "kind": "repair",
            "urgency": urgency,
            "class": cls,
            "finding": finding.hash if finding else None,
            "mine": mine,
        }
        deps = [finding.hash] if finding else []
        self._save("order.open", payload, note=note, deps=deps, pictures=photos)
        return order

    def say(
        self,
        order: str,
        word: str,
        *,
        scan: Record | None = None,
        answers: Record | None = None,
        note: str | None = None,
        name: str | None = None,
        pictures: Sequence[Picture] = (),
        **p: Any,
    ) -> Record:
        """Save a record `order.<word>`, with the version of the order that the phone has."""
        payload = {"order": order, **p}
        if word in ("arrive", "leave"):
            payload["scan"] = scan.hash if scan else None
        if word == "complete":
            payload["answers"] = answers.hash if answers else None
        row = self.store.entity("order", order)
        return self._save(
            f"order.{word}",
            payload,
            note=note,
            private={"name": name} if name else {},
            deps=[record.hash for record in (scan, answers) if record],
            pictures=pictures,
            base=Base(order, row.version) if row else None,
        )

    def _save(
        self,
        kind: str,
        payload: Mapping[str, object],
        *,
        note: str | None = None,
        private: Mapping[str, str] | None = None,
        deps: Sequence[str] = (),
        pictures: Sequence[Picture] = (),
        base: Base | None = None,
    ) -> Record:
        raise NotImplementedError
