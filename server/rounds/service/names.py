"""Names of what a board, a visit or a finding mentions, loaded at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger.devices import phones_of as phones_of_site
from server.ledger.models import Device
from server.people.models import Person
from server.rounds.models import Plan
from server.rounds.said import StandIn
from server.rounds.service.judging import Judged
from server.rounds.service.said import owner_names
from server.sites import service as sites
from server.sites.models import Site


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what a board or a visit mentions."""

    plans: dict[UUID, Plan]
    places: dict[UUID, Any]
    persons: dict[UUID, str]
    devices: dict[UUID, Device]
    owners: dict[UUID, Any] = field(default_factory=dict)
    """Of the teams, people and companies for whom somebody stood in."""

    def person(self, person_id: UUID | None) -> dict[str, Any] | None:
        """Return a person as they are shown."""
        return {"id": person_id, "name": self.persons.get(person_id, "")} if person_id else None

    def place(self, place_id: UUID | None) -> dict[str, str] | None:
        """Return the name of a place."""
        place = self.places.get(place_id) if place_id else None
        name: dict[str, str] | None = place.name if place else None
        return name


def names_of(
    session: Session,
    *,
    site: Site,
    devices: dict[UUID, Device] | None = None,
    takes: Iterable[StandIn] = (),
) -> Names:
    """Return the names of the site's plans, places, persons and phones, and of those stood in for."""
    if devices is None:
        devices = phones_of_site(session, site.id)
    persons = select(Person.id, Person.name).where(Person.organisation_id == site.organisation_id)
    return Names(
        plans={p.id: p for p in session.scalars(select(Plan).where(Plan.site_id == site.id))},
        places=sites.places_by_id(session, site_id=site.id),
        persons=dict(session.execute(persons).all()),
        devices=devices,
        owners=owner_names(session, organisation=site.organisation_id, takes=takes),
    )


def _instead_of(take: StandIn, names: Names) -> dict[str, Any] | None:
    if take.instead_kind is None or take.instead_id is None:
        return None
    return {"kind": take.instead_kind, "name": names.owners.get(take.instead_id)}


def stand_ins(judged: Judged, names: Names) -> list[dict[str, Any]]:
    """Return who took a round over, and for whom, as it is shown."""
    return [
        {
            "record": take.hash,
            "person": names.person(take.person_id),
            "device": {"id": take.device_id, "name": names.devices[take.device_id].name},
            "at_ms": take.estimate_ms,
            "instead_of": _instead_of(take, names),
            "marks": take.marks,
        }
        for take in judged.taken
    ]


def silent_device(judged: Judged, names: Names) -> dict[str, Any] | None:
    """Return the phone that an unheard round waits for: one that sent some of it, else the last one heard."""
    if not judged.judgement.silent:
        return None
    walked = {visit.device_id for visit in judged.visits}
    device = max(
        (names.devices[device_id] for device_id in judged.judgement.silent),
        key=lambda d: (d.id in walked, d.heard_ms or 0, d.id.int),
    )
    return device_view(device)


def device_view(device: Device) -> dict[str, Any]:
    """Return a phone with its last word."""
    return {"id": device.id, "name": device.name, "heard_ms": device.heard_ms}
