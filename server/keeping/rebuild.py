"""Makes the projections again from the ledger, which alone is the truth.

A projection is a table that only the appliers of records write. Nothing goes in but stored records,
what was judged of them, and the tables of the site; so what comes out is what was there, or one of
the two is wrong.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from server.assets.models import StateSaid
from server.ledger.logs import replay
from server.meters import service as meters
from server.meters.models import MeterExchange, MeterHour, MeterReading
from server.orders import service as orders
from server.orders.models import OrderEvent
from server.people.models import Shift, ShiftEnd
from server.privacy.models import Consent
from server.rounds.models import Finding, Reading, Visit
from server.rounds.said import Explanation, StandIn
from server.rounds.skips import Skip
from server.stock.models import StockCount, StockMove

PROJECTIONS: tuple[Any, ...] = (
    Reading,
    Finding,
    Visit,
    Shift,
    ShiftEnd,
    Consent,
    StandIn,
    Explanation,
    Skip,
    StateSaid,
    OrderEvent,
    MeterReading,
    MeterHour,
    MeterExchange,
    StockMove,
    StockCount,
)
"""In an order in which they may be emptied."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is another one, or only on one side."""

    table: str
    key: str
    why: str


def rebuild(session: Session, organisation: UUID) -> int:
    """Empty the projections of an organisation and make them again; return how many records were read.

    The caller commits, or looks and rolls back.
    """
    for model in PROJECTIONS:
        session.execute(delete(model).where(model.organisation_id == organisation))
    session.expire_all()
    meters.derive(session, organisation=organisation)
    with orders.rebuilding(session, organisation):
        return replay(session, organisation=organisation)


def differences(session: Session, organisation: UUID) -> list[Difference]:
    """Make the projections again and name, per table, the first row that is not as it was.

    The caller rolls back, or commits what was made.
    """
    before = {model: _digests(session, model, organisation) for model in PROJECTIONS}
    rebuild(session, organisation)
    session.flush()
    found = []
    for model in PROJECTIONS:
        was, now = before[model], _digests(session, model, organisation)
        wrong = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
        if wrong:
            key = wrong[0]
            why = (
                "it is missing"
                if key not in was
                else "no record makes it"
                if key not in now
                else "it is another"
            )
            found.append(Difference(model.__tablename__, key, why))
    return found


def _digests(session: Session, model: Any, organisation: UUID) -> dict[str, bytes]:
    """Return the hash of every row by its key."""
    table: Table = model.__table__
    keys = [column.name for column in table.primary_key.columns]
    query = select(table).where(table.c.organisation_id == organisation).execution_options(yield_per=1_000)
    found = {}
    for row in session.execute(query).mappings():
        values = dict(row)
        text = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
        found[" ".join(str(row[name]) for name in keys)] = hashlib.sha256(text.encode()).digest()[:16]
    return found
