"""What was said of an asset, with who said it, as it is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assets import states
from server.assets.models import StateEntry, StateSaid
from server.ledger import service as ledger
from server.people.models import Person
from server.sites.models import Asset

MOST = 200


def said_views(session: Session, *, asset: Asset, names: bool) -> list[dict[str, Any]]:
    """Return what was said of an asset's state, the last first.

    :param names: whether whoever asks may see who it was
    """
    said = session.scalars(
        select(StateSaid)
        .where(StateSaid.asset_id == asset.id, StateSaid.site_id == asset.site_id)
        .order_by(StateSaid.estimate_ms.desc(), StateSaid.hash)
        .limit(MOST)
    ).all()
    entered = session.scalars(
        select(StateEntry)
        .where(StateEntry.asset_id == asset.id)
        .order_by(StateEntry.at_ms.desc(), StateEntry.id)
        .limit(MOST)
    ).all()
    people = {one.person_id for one in said} | {one.entered_by for one in entered}
    known = names_of(session, people) if names else {}
    photos: dict[str, int] = {}
    for claim in ledger.claims(session, asset.organisation_id, [one.hash for one in said]):
        photos[claim.hash] = photos.get(claim.hash, 0) + 1
    rows: list[dict[str, Any]] = []
    for one in said:
        at = states.claimed(one.since_ms, one.lower_ms, one.estimate_ms, one.upper_ms)
        rows.append(
            {
                "key": one.hash,
                "source": "record",
                "state": one.state,
                "at": _moment(at),
                "claimed": one.since_ms is not None and one.since_ms < one.estimate_ms,
                "said_ms": one.estimate_ms,
                "person": known.get(one.person_id) if one.person_id else None,
                "note": ledger.private_values(session, asset.organisation_id, one.hash).get("note"),
                "marks": one.marks,
                "photos": photos.get(one.hash, 0),
            }
        )
    rows += [
        {
            "key": str(entry.id),
            "source": "office",
            "state": entry.state,
            "at": _moment(states.Moment(None, entry.at_ms, entry.entered_ms)),
            "claimed": True,
            "said_ms": entry.entered_ms,
            "person": known.get(entry.entered_by),
            "note": entry.why or None,
            "marks": [],
            "photos": 0,
        }
        for entry in entered
    ]
    return sorted(rows, key=lambda row: row["at"]["estimate_ms"], reverse=True)[:MOST]


def names_of(session: Session, people: set[UUID | None]) -> dict[UUID, dict[str, Any]]:
    """Return person → id and name."""
    ids = [one for one in people if one is not None]
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: {"id": row.id, "name": row.name} for row in rows}


def _moment(moment: states.Moment) -> dict[str, Any]:
    return {"lower_ms": moment.lower, "estimate_ms": moment.estimate, "upper_ms": moment.upper}
