"""Tests and calibrations: what is due on which asset, what was done, and what proves it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assets import duties
from server.assets.models import Document, Duty, DutyDone
from server.problems import Invalid, NotFound
from server.sites.models import Asset, Site

MOST_DUTIES = 20
"""Of one asset."""
SETTINGS = ("kind", "every_months", "anchor", "first_on", "remind_days")


def duty_of(session: Session, *, site: Site, duty_id: UUID) -> Duty:
    """Return a duty of the site that was not taken off.

    :raises NotFound: there is none, or it belongs to another site
    """
    found = session.get(Duty, duty_id)
    if found is None or found.site_id != site.id or found.retired_ms is not None:
        raise NotFound
    return found


def make_duty(session: Session, *, site: Site, asset: Asset, members: dict[str, Any]) -> Duty:
    """Say that an asset needs a test or a calibration again and again.

    :raises Invalid: it has as many as it may have, or was taken down
    """
    if asset.retired:
        raise Invalid(errors={"json": {"kind": ["It was taken down"]}})
    if len(duties_of(session, asset_ids=[asset.id])) >= MOST_DUTIES:
        raise Invalid(errors={"json": {"kind": [f"At most {MOST_DUTIES}"]}})
    made = Duty(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        asset_id=asset.id,
        name=members["name"],
        next_on=members["first_on"],
        **{setting: members[setting] for setting in SETTINGS},
    )
    session.add(made)
    session.flush()
    return made


def change_duty(session: Session, *, duty: Duty, changes: dict[str, Any], now_ms: int) -> Duty:
    """Change a duty, or take it off its asset (`retired`); what was done stays."""
    for name in ("name", *SETTINGS):
        if name in changes:
            setattr(duty, name, changes[name])
    if changes.get("retired"):
        duty.retired_ms = now_ms
    _settle(session, duty)
    return duty


def note_done(
    session: Session, *, site: Site, duty: Duty, members: dict[str, Any], today: date, by: UUID, now_ms: int
) -> DutyDone:
    """Note that a test or a calibration was done; one that was not passed leaves it due.

    :raises Invalid: the day lies ahead, the next one does not lie after it, or the paper is none of the site
    """
    if members["done_on"] > today:
        raise Invalid(errors={"json": {"done_on": ["It lies ahead"]}})
    if members.get("next_on") is not None and members["next_on"] <= members["done_on"]:
        raise Invalid(errors={"json": {"next_on": ["It comes after the test"]}})
    paper = members.get("document")
    if paper is not None:
        found = session.get(Document, paper)
        if found is None or found.site_id != site.id:
            raise Invalid(errors={"json": {"document": ["Not a paper of this site"]}})
    return _add(
        session,
        duty,
        done_on=members["done_on"],
        passed=members["passed"],
        number=members.get("number", ""),
        by=members.get("by", ""),
        document_id=paper,
        next_on=members.get("next_on"),
        voids=None,
        entered_by=by,
        entered_ms=now_ms,
    )


def take_back(session: Session, *, duty: Duty, done_id: UUID, by: UUID, now_ms: int) -> DutyDone:
    """Take back what was noted by mistake; both rows stay.

    :raises NotFound: nothing of the kind stands
    """
    found = next((one for one in done_of(session, duty_ids=[duty.id])[duty.id] if one.id == done_id), None)
    if found is None:
        raise NotFound
    return _add(
        session,
        duty,
        done_on=found.done_on,
        passed=False,
        number=found.number,
        by=found.by,
        document_id=None,
        next_on=None,
        voids=found.id,
        entered_by=by,
        entered_ms=now_ms,
    )


def duties_of(session: Session, *, asset_ids: Collection[UUID]) -> list[Duty]:
    """Return what is due on assets, what comes first first."""
    query = select(Duty).where(Duty.asset_id.in_(asset_ids), Duty.retired_ms.is_(None))
    return list(session.scalars(query.order_by(Duty.next_on, Duty.id)))


def done_of(session: Session, *, duty_ids: Collection[UUID]) -> dict[UUID, list[DutyDone]]:
    """Return duty → what stands of what was done, the last first; what was taken back is left out."""
    rows = session.scalars(
        select(DutyDone)
        .where(DutyDone.duty_id.in_(duty_ids))
        .order_by(DutyDone.done_on.desc(), DutyDone.entered_ms.desc(), DutyDone.id)
    ).all()
    taken_back = {one.voids for one in rows if one.voids}
    found: dict[UUID, list[DutyDone]] = {one: [] for one in duty_ids}
    for row in rows:
        if row.voids is None and row.id not in taken_back:
            found[row.duty_id].append(row)
    return found


def due(
    session: Session, *, site_id: UUID, until: date, limit: int | None = None
) -> Sequence[tuple[Duty, Asset]]:
    """Return what is due at a site before `until`, the longest over first; not of an asset taken down."""
    query = (
        select(Duty, Asset)
        .join(Asset, Asset.id == Duty.asset_id)
        .where(
            Duty.site_id == site_id,
            Duty.retired_ms.is_(None),
            Duty.next_on < until,
            Asset.retired_ms.is_(None),
        )
        .order_by(Duty.next_on, Duty.id)
    )
    return [(duty, asset) for duty, asset in session.execute(query.limit(limit))]


def reminders(session: Session, *, site_id: UUID, today: date, limit: int) -> list[tuple[Duty, Asset]]:
    """Return what somebody is told of today: what is over, and what is due within its days of notice."""
    ahead = due(session, site_id=site_id, until=today + timedelta(days=366))
    told = [(duty, asset) for duty, asset in ahead if (duty.next_on - today).days <= duty.remind_days]
    return told[:limit]


def _add(session: Session, duty: Duty, **members: Any) -> DutyDone:
    made = DutyDone(
        id=uuid4(),
        organisation_id=duty.organisation_id,
        site_id=duty.site_id,
        duty_id=duty.id,
        **members,
    )
    session.add(made)
    session.flush()
    _settle(session, duty)
    return made


def _settle(session: Session, duty: Duty) -> None:
    stands = done_of(session, duty_ids=[duty.id])[duty.id]
    duty.next_on = duties.next_due(
        every_months=duty.every_months,
        anchor=duty.anchor,
        first_on=duty.first_on,
        done=[duties.Done(one.done_on, one.next_on) for one in stands if one.passed],
    )
    session.flush()
