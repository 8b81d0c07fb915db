"""Projects `asset.state`: somebody at the asset says that it stands, or runs again.

A mark that is set here: `unknown_asset` (the site has no such asset). A mark refuses nothing. An asset that
was moved or taken down meanwhile takes the record all the same: it is said of what the person saw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assets.models import StateSaid
from server.assets.service.states import settle
from server.bulk import Bulk, as_uuid
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.sites.models import Asset
from sync import payloads

OWN_MARKS = frozenset({"unknown_asset"})
_SAID = Bulk(StateSaid)


def register_all() -> None:
    """Have the ledger bring these records here."""
    appliers.register("asset.state", 1, apply_states)


def apply_states(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `asset.state`: one row each, whether or not there is such an asset."""
    asked = {as_uuid(arrival.payload.asset) for arrival in arrivals}  # type: ignore[union-attr]
    known: dict[UUID, UUID] = {
        row.id: row.site_id
        for row in session.execute(select(Asset.id, Asset.site_id).where(Asset.id.in_(asked)))
    }
    rows: list[dict[str, Any]] = []
    marks: list[Iterable[str]] = []
    for arrival in arrivals:
        said, interval = arrival.payload, arrival.interval
        assert isinstance(said, payloads.AssetState)  # noqa: S101  registered for this type
        asset = as_uuid(said.asset)
        mine = frozenset() if known.get(asset) == arrival.site_id else OWN_MARKS
        actor = arrival.body.envelope.actor
        rows.append(
            {
                "organisation_id": arrival.organisation_id,
                "hash": arrival.hash,
                "site_id": arrival.site_id,
                "device_id": arrival.device_id,
                "person_id": as_uuid(actor) if actor else None,
                "asset_id": asset,
                "state": said.state,
                "since_ms": said.since_ms,
                "lower_ms": interval.lower,
                "estimate_ms": interval.estimate,
                "upper_ms": interval.upper,
                "quality": interval.quality,
                "log": arrival.log,
                "seq": arrival.seq,
                "received_ms": arrival.received_ms,
                "marks": sorted({*arrival.marks} - OWN_MARKS | mine),
            }
        )
        marks.append(mine)
    _SAID.insert(session, rows)
    here = {row["asset_id"] for row in rows if known.get(row["asset_id"]) == row["site_id"]}
    settle(session, here)
    return marks
