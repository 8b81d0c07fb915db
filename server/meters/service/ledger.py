"""Ledgers of water, power and gas: what each meter, team and site used in a month, against its target.

A month is one of the site. What a counter rose counts in the month in which it was read, so that months
add up. Marked readings do not count until the office looked at them: a figure with such in it says so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.meters.models import Meter, MeterTarget
from server.meters.series import Usage
from server.meters.service.common import assets_of, meter_of
from server.meters.service.looking import usages
from server.problems import Invalid, NotFound
from server.sites.models import Site, Team
from sync.forms import fold_number
from sync.meters import micro_of, value_of

NOTHING: Final = Usage(0, 0, 0, None, None)
MOST: Final = 2_000
"""A site's ledger has no more meters of one medium than this."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a site."""

    year: int
    month: int

    @classmethod
    def of(cls, text: str) -> Month:
        """Return the month that `2026-11` names."""
        year, _, month = text.partition("-")
        return cls(int(year), int(month))

    @classmethod
    def at(cls, ms: int, zone: str) -> Month:
        """Return the month of a site in which a moment lies."""
        day = datetime.fromtimestamp(ms / 1000, ZoneInfo(zone))
        return cls(day.year, day.month)

    def back(self, months: int) -> Month:
        """Return the month so many before."""
        n = self.year * 12 + self.month - 1 - months
        return Month(n // 12, n % 12 + 1)

    def span(self, zone: str) -> tuple[int, int]:
        """Return the moments at which it begins and ends, ms."""
        after = self.back(-1)
        return _midnight(self, zone), _midnight(after, zone)

    @property
    def days(self) -> int:
        """How many days it has."""
        return monthrange(self.year, self.month)[1]

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def month_of(query: Mapping[str, Any], site: Site, now_ms: int) -> Month:
    """Return the month that a query names, else the one of the site in which it is now."""
    return Month.of(query["month"]) if "month" in query else Month.at(now_ms, site.time_zone)


def _midnight(month: Month, zone: str) -> int:
    return int(datetime(month.year, month.month, 1, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def ledger(session: Session, *, site: Site, medium: str, month: Month) -> dict[str, Any]:
    """Return the statement of a medium for a month of a site.

    Each figure is `{"used": decimal string | None, "unsure": how many readings do not count}`;
    None where nothing was read.
    """
    found = [
        meter
        for meter in session.scalars(
            select(Meter).where(Meter.site_id == site.id, Meter.medium == medium).limit(MOST)
        )
        if meter.definition["kind"] == "counter"
    ]
    spans = {
        name: one.span(site.time_zone)
        for name, one in (("now", month), ("before", month.back(1)), ("year", month.back(12)))
    }
    ids = [meter.id for meter in found]
    used = {
        name: usages(session, meter_ids=ids, from_ms=start, to_ms=end) for name, (start, end) in spans.items()
    }
    assets = assets_of(session, ids={meter.asset_id for meter in found})
    targets = targets_of(session, site_id=site.id, medium=medium, month=month)
    found.sort(key=lambda m: (m.feeds_id is not None, assets[m.asset_id].number, m.key))
    rows = [_row(meter, assets[meter.asset_id], used, targets) for meter in found]
    mains = [meter for meter in found if meter.feeds_id is None]
    return {
        "medium": medium,
        "month": str(month),
        "unit": next((meter.definition["unit"] for meter in found), ""),
        "mixed": len({meter.definition["unit"] for meter in found}) > 1,
        "meters": rows,
        "teams": _teams(session, site, found, used, targets),
        "site": _sums(mains, used) | {"target": targets.get(("site", site.id))},
        "losses": _losses(found, assets, used["now"]),
    }


def _figure(meters: Sequence[Meter], used: Mapping[UUID, Usage]) -> dict[str, Any]:
    """Return the sum of what some meters used; None when none of them was read."""
    read = [used[meter.id] for meter in meters if meter.id in used]
    if not any(one.readings for one in read):
        return {"used": None, "unsure": 0}
    return {
        "used": value_of(sum(one.amount for one in read)),
        "unsure": sum(one.unsure for one in read),
    }


def _sums(meters: Sequence[Meter], used: Mapping[str, Mapping[UUID, Usage]]) -> dict[str, Any]:
    return {name: _figure(meters, each) for name, each in used.items()}


def _row(
    meter: Meter, asset: Any, used: Mapping[str, Mapping[UUID, Usage]], targets: Mapping[Any, str]
) -> dict[str, Any]:
    now = used["now"].get(meter.id, NOTHING)
    return {
        "id": meter.id,
        "name": meter.name,
        "number": meter.number,
        "asset": asset,
        "team": meter.team_id,
        "feeds": meter.feeds_id,
        "unit": meter.definition["unit"],
        "retired": meter.retired_ms is not None,
        "first_ms": now.first_ms,
        "last_ms": now.last_ms,
        "readings": now.readings,
        "target": targets.get(("meter", meter.id)),
        **_sums([meter], used),
    }


def _teams(
    session: Session,
    site: Site,
    found: Sequence[Meter],
    used: Mapping[str, Mapping[UUID, Usage]],
    targets: Mapping[Any, str],
) -> list[dict[str, Any]]:
    """Return a row for each team that answers for a meter or has a target."""
    named = {meter.team_id for meter in found} | {scope_id for scope, scope_id in targets if scope == "team"}
    teams = session.scalars(select(Team).where(Team.site_id == site.id).order_by(Team.name_zh, Team.id))
    return [
        {
            "id": team.id,
            "name": team.name,
            "meters": sum(meter.team_id == team.id for meter in found),
            "target": targets.get(("team", team.id)),
            **_sums([meter for meter in found if meter.team_id == team.id], used),
        }
        for team in teams
        if team.id in named
    ]


def _losses(
    found: Sequence[Meter], assets: Mapping[UUID, Any], used: Mapping[UUID, Usage]
) -> list[dict[str, Any]]:
    """Return, for each meter with others behind it, what it counted and they did not.

    Only where every one of them was read and nothing is unsure: a loss made of missing readings is none.
    """
    rows = []
    for main in found:
        subs = [meter for meter in found if meter.feeds_id == main.id]
        if not subs:
            continue
        whole, parts = _figure([main], used), _figure(subs, used)
        unread = [meter.id for meter in (main, *subs) if not used.get(meter.id, NOTHING).readings]
        lost = share = None
        if not unread and whole["used"] is not None:
            micro = micro_of(whole["used"]) - micro_of(parts["used"] or "0")
            lost = value_of(micro)
            if micro_of(whole["used"]) > 0:
                share = f"{micro / micro_of(whole['used']):.4f}"
        rows.append(
            {
                "id": main.id,
                "name": main.name,
                "asset": assets[main.asset_id],
                "main": whole,
                "subs": parts,
                "meters": len(subs),
                "lost": lost,
                "share": share,
                "unread": len(unread),
                "unsure": whole["unsure"] + parts["unsure"],
            }
        )
    return rows


# -- targets -----------------------------------------------------------------------------


def targets_of(session: Session, *, site_id: UUID, medium: str, month: Month) -> dict[tuple[str, UUID], str]:
    """Return scope and id → the target that holds for a month."""
    rows = session.scalars(
        select(MeterTarget)
        .where(MeterTarget.site_id == site_id, MeterTarget.medium == medium, MeterTarget.month <= str(month))
        .order_by(MeterTarget.month, MeterTarget.set_ms, MeterTarget.id)
    )
    found: dict[tuple[str, UUID], str | None] = {}
    for row in rows:
        found[row.scope, row.scope_id] = row.amount
    return {key: amount for key, amount in found.items() if amount is not None}


def set_target(
    session: Session,
    *,
    site: Site,
    medium: str,
    scope: str,
    scope_id: UUID,
    month: str,
    amount: str | None,
    by: UUID,
    now_ms: int,
) -> None:
    """Say how much may be used in a month at most, from a month on; None: there is no target any more.

    :param amount: as it was typed
    :raises Invalid: it is no positive number
    :raises NotFound: the site has no such team or meter
    """
    folded = None if amount is None else fold_number(amount)
    if amount is not None and (folded is None or micro_of(folded) <= 0):
        raise Invalid(errors={"json": {"amount": ["not_a_number"]}})
    if scope == "meter":
        meter_of(session, site_id=site.id, meter_id=scope_id)
    elif scope == "team":
        team = session.get(Team, scope_id)
        if team is None or team.site_id != site.id:
            raise NotFound
    elif scope_id != site.id:
        raise NotFound
    session.add(
        MeterTarget(
            id=uuid4(),
            organisation_id=site.organisation_id,
            site_id=site.id,
            medium=medium,
            scope=scope,
            scope_id=scope_id,
            month=month,
            amount=folded,
            set_by=by,
            set_ms=now_ms,
        )
    )
    session.flush()
