"""Records that wait for a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from server.ledger import service as ledger
from server.rounds.service.names import names_of
from server.sites.models import Site

MOST_BODY = 4_000
"""So many characters of a record's body are shown; `raw` ones can be megabytes."""


def quarantine(session: Session, *, site: Site) -> dict[str, Any]:
    """Return the site's records in quarantine, the newest first."""
    names = names_of(session, site=site)
    return {
        "records": [
            {
                "hash": view.hash,
                "log": view.log,
                "device": {"id": view.device_id, "name": names.devices[view.device_id].name},
                "seq": view.seq,
                "type": view.type,
                "code": view.code,
                "received_ms": view.received_ms,
                "body": view.body[:MOST_BODY].decode("utf-8", "replace"),
            }
            for view in ledger.quarantined(session, site.organisation_id, site.id)
        ]
    }
