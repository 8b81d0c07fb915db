"""Whether a record that can be read is evidence of a site that its phone works or worked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from server.bulk import as_uuid
from server.ledger.appliers import on_roster
from server.ledger.devices import LockedLog, worked_for
from server.ledger.items import Item
from sync.keys import log_of
from sync.payloads import LogOpen


def stand_at_site(session: Session, log: LockedLog, items: Iterable[Item]) -> None:
    """Let records of `log` stand at the site that they name, if their phone ever worked for it.

    A phone that was moved may still have records of the site before, and may not know yet that it
    was moved: what it saw there is evidence all the same.
    """
    usual = str(log.site_id)
    elsewhere = [item for item in items if item.body and item.body.envelope.site != usual]
    if not elsewhere:
        return
    sites = {str(site): site for site in worked_for(session, log.device_id)}
    for item in elsewhere:
        named = item.body.envelope.site if item.body else usual
        item.site_id = sites.get(named, log.site_id)


@dataclass(slots=True)
class Gate:
    """Judges the records of one phone, and remembers whom each site knows."""

    session: Session
    device_id: UUID
    _roster: dict[tuple[str, str], bool] = field(default_factory=dict)
    """(Site, person) as records name them → whether the person belongs or belonged there."""

    def objection(self, log: LockedLog, item: Item) -> str | None:
        """Return the quarantine code of a record that was read, or None when it may have its turn."""
        if item.body is None:
            return "schema"
        envelope, payload = item.body.envelope, item.body.payload
        if as_uuid(envelope.site) != item.site_id:
            return "scope_denied"
        if isinstance(payload, LogOpen) and (
            log_of(payload.public_key) != log.id or payload.device != str(self.device_id)
        ):
            return "schema"
        if envelope.actor is not None and not self._knows(envelope.site, envelope.actor):
            return "actor_denied"
        return None

    def expect(self, items: Iterable[Item]) -> None:
        """Look up the persons of many records at once."""
        named = {(item.body.envelope.site, item.body.envelope.actor) for item in items if item.body}
        unseen: dict[str, set[str]] = {}
        for site, actor in named:
            if actor is not None and (site, actor) not in self._roster:
                unseen.setdefault(site, set()).add(actor)
        for site, actors in unseen.items():
            known = on_roster(self.session, as_uuid(site), {as_uuid(actor) for actor in actors})
            self._roster.update({(site, actor): as_uuid(actor) in known for actor in actors})

    def _knows(self, site: str, actor: str) -> bool:
        if (site, actor) not in self._roster:
            person = as_uuid(actor)
            self._roster[site, actor] = person in on_roster(self.session, as_uuid(site), {person})
        return self._roster[site, actor]
