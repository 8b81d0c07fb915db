"""Parts that a person takes, brings back and counts on the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.phone.saving import Picture
from sync.phone.store import Record, Store
from sync.records import Base


class StockActs:
    """The part of a phone that keeps the store's book."""

    store: Store

    def move_part(
        self,
        part: str,
        quantity: str,
        *,
        why: str = "used",
        order: str | None = None,
        asset: str | None = None,
        note: str | None = None,
    ) -> Record:
        """Save that so much of a part was taken (``-2``) or brought (``2``)."""
        payload = {"part": part, "quantity": quantity, "order": order, "why": why, "asset": asset}
        return self._save("stock.move", payload, note=note, base=self._seen(part))

    def count_part(self, part: str, counted: str) -> Record:
        """Save how much of a part lies there."""
        return self._save("stock.count", {"part": part, "counted": counted}, base=self._seen(part))

    def _seen(self, part: str) -> Base | None:
        row = self.store.entity("part", part)
        return Base(part, row.version) if row else None

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
