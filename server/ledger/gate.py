"""Whether a record that can be read is evidence of the site whose phone sent it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger.appliers import on_roster
from server.ledger.items import Item
from server.ledger.models import Log
from sync.keys import log_of
from sync.payloads import LogOpen


@dataclass(slots=True)
class Gate:
    """Judges the records of one phone, and remembers whom the site knows."""

    session: Session
    site_id: UUID
    device_id: UUID
    _roster: dict[UUID, bool] = field(default_factory=dict)

    def objection(self, log: Log, item: Item) -> str | None:
        """Return the quarantine code of a record that was read, or None when it may have its turn."""
        if item.body is None:
            return "schema"
        envelope, payload = item.body.envelope, item.body.payload
        if envelope.site != str(self.site_id):
            return "scope_denied"
        if isinstance(payload, LogOpen) and (
            log_of(payload.public_key) != log.id or payload.device != str(self.device_id)
        ):
            return "schema"
        if envelope.actor is not None and not self._knows(UUID(envelope.actor)):
            return "actor_denied"
        return None

    def expect(self, items: Iterable[Item]) -> None:
        """Look up the persons of many records at once."""
        actors = {UUID(item.body.envelope.actor) for item in items if item.body and item.body.envelope.actor}
        unseen = actors - self._roster.keys()
        if unseen:
            known = on_roster(self.session, self.site_id, unseen)
            self._roster.update({actor: actor in known for actor in unseen})

    def _knows(self, actor: UUID) -> bool:
        if actor not in self._roster:
            self._roster[actor] = actor in on_roster(self.session, self.site_id, {actor})
        return self._roster[actor]
