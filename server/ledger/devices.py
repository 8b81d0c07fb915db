"""Phones and their logs, as a request's proof finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import String, Table, Uuid, bindparam, column, func, select, table, update
from sqlalchemy.orm import Session

from server.direct import Direct, listed
from server.ledger.models import Device, DeviceSite, Log
from sync.messages import NamedSite


@dataclass(frozen=True, slots=True)
class Caller:
    """The phone that signed a request, by the log whose key it used."""

    organisation_id: UUID
    site_id: UUID
    device_id: UUID
    device_name: str
    device_state: str
    log: str
    public_key: str


_CALLER = Direct(
    select(
        Device.organisation_id,
        Device.site_id,
        Device.id,
        Device.name,
        Device.state,
        Log.id.label("log"),
        Log.public_key,
    )
    .join(Device, Device.id == Log.device_id)
    .where(Log.id == bindparam("log"))
)
"""Every request of a phone asks this: built once, for the building costs more than the answer."""


def find_caller(session: Session, log: str) -> Caller | None:
    """Return the phone that a log belongs to, or None when nobody knows the log."""
    row = _CALLER.row(session, {"log": log})
    return None if row is None else Caller(*row)


# -- the sites of a phone --------------------------------------------------------------

_SITE = table("site", column("id", Uuid()), column("name_zh", String()), column("name_en", String()))
"""What the ledger reads of the sites, which are a feature above it."""

_NAMED = select(_SITE.c.name_zh, _SITE.c.name_en).where(_SITE.c.id == bindparam("site"))


def site_of(session: Session, site_id: UUID) -> NamedSite:
    """Return a site as a phone shows it."""
    row = session.execute(_NAMED, {"site": site_id}).one()
    return NamedSite(id=str(site_id), name={"zh": row.name_zh, "en": row.name_en})


_GRANTED = select(DeviceSite.site_id).where(
    DeviceSite.device_id == bindparam("device"), DeviceSite.until_ms.is_(None)
)


def sites_of(session: Session, device_id: UUID) -> list[UUID]:
    """Return the sites whose state a phone may read now."""
    return list(session.connection().scalars(_GRANTED, {"device": device_id}))


def worked_for(session: Session, device_id: UUID) -> set[UUID]:
    """Return every site that a phone ever worked for: what it recorded there is taken."""
    return set(session.scalars(select(DeviceSite.site_id).where(DeviceSite.device_id == device_id)))


def phones_of(session: Session, site_id: UUID) -> dict[UUID, Device]:
    """Return every phone that works or ever worked for a site, by its id: it may have evidence of it."""
    there = select(DeviceSite.device_id).where(DeviceSite.site_id == site_id)
    return {device.id: device for device in session.scalars(select(Device).where(Device.id.in_(there)))}


def assign(session: Session, *, device: Device, site_id: UUID, now_ms: int) -> None:
    """Have a phone work for a site from now on, and for no other."""
    last = session.scalar(select(func.max(DeviceSite.number)).where(DeviceSite.device_id == device.id))
    session.execute(
        update(DeviceSite)
        .where(DeviceSite.device_id == device.id, DeviceSite.until_ms.is_(None))
        .values(until_ms=now_ms)
        .execution_options(synchronize_session=False)
    )
    device.site_id = site_id
    session.add(
        DeviceSite(
            device_id=device.id,
            number=(last or 0) + 1,
            organisation_id=device.organisation_id,
            site_id=site_id,
            from_ms=now_ms,
            until_ms=None,
        )
    )
    session.flush()


# -- logs ------------------------------------------------------------------------------


@dataclass(slots=True)
class LockedLog:
    """A log whose row is locked; see the model for what the columns mean.

    It changes with every record, so it stands apart from the session; `save_logs` writes it once.
    """

    id: str
    organisation_id: UUID
    site_id: UUID
    device_id: UUID
    public_key: str
    alg: str
    state: str
    max_seq: int
    head_hash: str
    kept: int
    settled_seq: int
    settled_hash: str


_STATE = ("alg", "state", "max_seq", "head_hash", "kept", "settled_seq", "settled_hash")
"""What changes of a log."""

_LOG = cast(Table, Log.__table__)
_LOCK = (
    select(*(_LOG.c[name] for name in LockedLog.__slots__))
    .where(_LOG.c.id.op("IN")(listed("names")))
    .order_by(_LOG.c.id)
    .with_for_update()
)
_LOCK_ANY = Direct(_LOCK)
_LOCK_OURS = Direct(_LOCK.where(_LOG.c.organisation_id == bindparam("organisation")))
_SAVE = Direct(
    update(_LOG)
    .where(_LOG.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in _STATE})
)


def lock_logs(
    session: Session, names: Iterable[str], *, organisation: UUID | None = None
) -> dict[str, LockedLog]:
    """Lock logs in the order of their names, those that there are.

    :param organisation: leave out the logs of others
    """
    session.flush()  # a log may just have been begun
    bound = {"names": names, "organisation": organisation}
    rows = (_LOCK_ANY if organisation is None else _LOCK_OURS).rows(session, bound)
    return {row.id: LockedLog(*row) for row in rows}


def save_logs(session: Session, logs: Mapping[str, LockedLog]) -> None:
    """Write the state of logs from `lock_logs`."""
    rows = [{"b_id": log.id, **{f"b_{name}": getattr(log, name) for name in _STATE}} for log in logs.values()]
    if rows:
        _SAVE.run_many(session, rows)
