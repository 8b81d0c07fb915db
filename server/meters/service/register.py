"""The register of meters: making and changing them. Whatever decides a reading makes another edition."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.meters.models import Meter, MeterEdition, MeterReading
from server.meters.service.common import feed_meter, meter_of
from server.problems import Invalid, NotFound, Problem
from server.sites import service as sites
from server.sites.models import Asset, Label, Site, Team
from sync.ids import uuid7
from sync.meters import MEMBERS, check_meter

MOST_PER_ASSET: Final = 40
MEDIA: Final = ("water", "power", "gas")


class MeterKeyTaken(Problem):
    """Another meter of the asset has this key, or had it before it was retired."""

    slug, status, title = "meter-key-taken", HTTPStatus.CONFLICT, "This key is taken"


class MeterHasReadings(Problem):
    """Readings in another unit would not be comparable: retire the meter and make another one."""

    slug, status, title = "meter-has-readings", HTTPStatus.CONFLICT, "The meter has readings"


class TooManyMeters(Problem):
    """One asset has no more meters than this."""

    slug, status, title = "too-many-meters", HTTPStatus.CONFLICT, "This asset has too many meters"
    carries: ClassVar = {"most": {"type": "integer"}}


DEFAULTS: Final[dict[str, Any]] = {
    "unit": "",
    "decimals": 0,
    "kind": "gauge",
    "max": None,
    "limits": {},
    "seasons": [],
    "jump": None,
}


def make_meter(
    session: Session,
    *,
    site: Site,
    asset_id: UUID,
    key: str,
    name: Label,
    now_ms: int,
    number: str = "",
    medium: str = "",
    feeds: UUID | None = None,
    team: UUID | None = None,
    since_ms: int | None = None,
    **definition: Any,
) -> Meter:
    """Make a meter on an asset.

    :param definition: members of `sync.meters.MEMBERS`; those that are absent get their defaults
    :param since_ms: from when its first edition holds; earlier than now where older readings come along
    :raises NotFound: the site has no such asset
    :raises Invalid: the definition is none, or what it names is not of this site
    :raises MeterKeyTaken: the asset has one of this key
    """
    asset = session.get(Asset, asset_id)
    if asset is None or asset.site_id != site.id:
        raise NotFound
    keys = session.scalars(select(Meter.key).where(Meter.asset_id == asset_id)).all()
    if key in keys:
        raise MeterKeyTaken(f"The asset has a meter {key}")
    if len(keys) >= MOST_PER_ASSET:
        raise TooManyMeters(f"{len(keys)} meters", most=MOST_PER_ASSET)
    whole = {**DEFAULTS, **definition}
    _check(whole)
    meter_id = UUID(uuid7(now_ms + len(keys), secrets.token_bytes(10)))
    _check_ties(session, site, meter_id, feeds, team, medium)
    meter = Meter(
        id=meter_id,
        organisation_id=site.organisation_id,
        site_id=site.id,
        asset_id=asset_id,
        key=key,
        number=number,
        name=name,
        edition=1,
        definition=whole,
        medium=medium,
        feeds_id=feeds,
        team_id=team,
        version=1,
    )
    session.add(meter)
    session.flush()
    _add_edition(session, meter, now_ms if since_ms is None else since_ms)
    session.flush()
    feed_meter(session, meter)
    return meter


def change_meter(
    session: Session, *, site: Site, meter_id: UUID, changes: dict[str, Any], now_ms: int
) -> Meter:
    """Change a meter. Limits, seasons and the like make another edition; older readings keep theirs.

    :raises NotFound: the site has no such meter
    :raises Invalid: the definition is none, or what it names is not of this site
    :raises MeterHasReadings: unit or kind would be another one under readings that are there
    """
    meter = meter_of(session, site_id=site.id, meter_id=meter_id, lock=True)
    changes = dict(changes)
    whole = {**meter.definition, **{name: changes.pop(name) for name in MEMBERS & changes.keys()}}
    changed = False
    if whole != meter.definition:
        _check(whole)
        _check_kept(session, meter, whole)
        meter.edition += 1
        meter.definition = whole
        _add_edition(session, meter, now_ms)
        changed = True
    if "retired" in changes:
        retired = changes.pop("retired")
        if retired != (meter.retired_ms is not None):
            meter.retired_ms, changed = (now_ms if retired else None), True
    columns = {{"feeds": "feeds_id", "team": "team_id"}.get(name, name): v for name, v in changes.items()}
    if columns.keys() & {"feeds_id", "team_id", "medium"}:
        tied = {n: columns.get(n, getattr(meter, n)) for n in ("feeds_id", "team_id", "medium")}
        _check_ties(session, site, meter.id, tied["feeds_id"], tied["team_id"], tied["medium"])
    for name, value in columns.items():
        if getattr(meter, name) != value:
            setattr(meter, name, value)
            changed = True
            if name == "number":
                meter.numbered_ms = now_ms
    if changed:
        meter.version += 1
        feed_meter(session, meter)
        session.flush()
    return meter


def _check(definition: dict[str, Any]) -> None:
    faults = check_meter(definition)
    if faults:
        errors: dict[str, list[str]] = {}
        for fault in faults:
            errors.setdefault(fault.path, []).append(fault.code)
        raise Invalid(errors={"json": errors})


def _check_kept(session: Session, meter: Meter, whole: dict[str, Any]) -> None:
    if all(whole[name] == meter.definition[name] for name in ("unit", "kind")):
        return
    of_it = select(MeterReading.id).where(MeterReading.meter_id == meter.id).limit(1)
    if session.scalar(of_it) is not None:
        raise MeterHasReadings("Unit and kind stay once there are readings; retire it and make another")


def _check_ties(
    session: Session, site: Site, meter_id: UUID, feeds: UUID | None, team: UUID | None, medium: str
) -> None:
    """Refuse a team of another site, a main meter that measures something else, and a loop of main meters."""
    if team is not None:
        found = session.get(Team, team)
        if found is None or found.site_id != site.id:
            raise Invalid(errors={"json": {"team": ["Not a team of this site"]}})
    seen, above = {meter_id}, feeds
    while above is not None:
        main = session.get(Meter, above)
        if main is None or main.site_id != site.id:
            raise Invalid(errors={"json": {"feeds": ["Not a meter of this site"]}})
        if above in seen:
            raise Invalid(errors={"json": {"feeds": ["A meter does not lie behind itself"]}})
        if not medium or main.medium != medium:
            raise Invalid(errors={"json": {"feeds": ["The main meter measures something else"]}})
        seen.add(above)
        above = main.feeds_id


def _add_edition(session: Session, meter: Meter, since_ms: int) -> None:
    session.add(
        MeterEdition(
            meter_id=meter.id,
            edition=meter.edition,
            organisation_id=meter.organisation_id,
            site_id=meter.site_id,
            since_ms=since_ms,
            definition=meter.definition,
        )
    )


def site_of(session: Session, meter: Meter) -> Site:
    """Return the site of a meter."""
    return sites.site_of(session, organisation_id=meter.organisation_id, site_id=meter.site_id)
