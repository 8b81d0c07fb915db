"""Opens orders for what was found: by the site's rules, and one for each thing and field at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.meters.models import Meter, MeterReading
from server.meters.service import Over
from server.meters.service.newest import Turn
from server.orders.models import OrderAct, WorkOrder
from server.orders.service.acting import act
from server.orders.service.folding import is_rebuilding
from server.orders.service.opening import open_order, orders_from
from server.orders.service.policies import policy_of
from server.orders.service.scoping import records_seen
from server.rounds.service.found import Found
from server.rounds.service.photos import Behind
from server.sites.models import Asset
from sync.orders import UNDER_WAY

_CLASSES: Final = {
    "pump": "water",
    "tank": "water",
    "水": "water",
    "lift": "lift",
    "电梯": "lift",
    "transformer": "power",
    "switch": "power",
    "genset": "power",
    "generator": "power",
    "配电": "power",
    "light": "lighting",
    "lamp": "lighting",
    "灯": "lighting",
    "gas": "gas",
    "燃气": "gas",
    "fire": "fire",
    "消防": "fire",
    "door": "door",
    "gate": "door",
    "门禁": "door",
}
"""Word in an asset's category → what kind of trouble it has."""

_REPORTS: Final = {
    "damage": {"zh": "损坏", "en": "Damage"},
    "hazard": {"zh": "隐患", "en": "Hazard"},
    "dirt": {"zh": "脏污", "en": "Dirt"},
    "blocked": {"zh": "占堵", "en": "Blocked"},
    "other": {"zh": "异常", "en": "Something wrong"},
}
_LEVELS: Final = {
    "alarm": {"zh": "超限报警", "en": "alarm"},
    "warning": {"zh": "预警", "en": "warning"},
    "fault": {"zh": "异常", "en": "fault"},
}


def register_all() -> None:
    """Have rounds and meters tell what they find, and photos of orders shown to whom they concern."""
    if take_findings not in Found.listeners:
        Found.listeners.append(take_findings)
    if take_turn not in Over.listeners:
        Over.listeners.append(take_turn)
    if records_seen not in Behind.records:
        Behind.records.append(records_seen)


def take_findings(session: Session, findings: Sequence[Mapping[str, Any]], now_ms: int) -> None:
    """Open an order for each finding that the site's rules name, or join it to the one that is under way."""
    if is_rebuilding(session):
        return
    for finding in findings:
        site_id: UUID = finding["site_id"]
        if not _is_wanted(finding, policy_of(session, site_id=site_id)["findings"]):
            continue
        if orders_from(session, site_id=site_id, source_kind="finding", source_ids=[finding["id"]]):
            continue
        if _is_joined(session, site_id, finding["target_id"], finding["id"]):
            continue
        rule = _rule(session, finding)
        open_or_join(
            session,
            organisation_id=finding["organisation_id"],
            site_id=site_id,
            rule=rule,
            finding=finding["id"],
            target={"kind": finding["target_kind"], "id": str(finding["target_id"])}
            if finding["target_id"] is not None
            else None,
            title=_title(finding),
            urgent=finding["urgency"] == "urgent" or finding["level"] == "alarm",
            by=finding["person_id"],
            now_ms=now_ms,
        )


def take_turn(session: Session, meter: Meter, turn: Turn, now_ms: int) -> None:
    """Open an order for a meter beyond its limits, and note on it when the value has returned."""
    if is_rebuilding(session):
        return
    rule = f"meter:{meter.id}"
    level = "alarm" if turn.level == "alarm" else "warning"
    if turn.what == "returned":
        order = _under_way(session, meter.site_id, rule)
        if order is not None:
            _act(
                session,
                order,
                "note",
                {"text": turn.value, "returned": True},
                now_ms=now_ms,
            )
        return
    if not policy_of(session, site_id=meter.site_id)["findings"][level]:
        return
    field = turn.reading_id.rpartition(".")[2]
    finding = f"{turn.record_hash}.{field}" if turn.record_hash else turn.reading_id
    words = _LEVELS[level]
    open_or_join(
        session,
        organisation_id=meter.organisation_id,
        site_id=meter.site_id,
        rule=rule,
        finding=finding,
        target={"kind": "asset", "id": str(meter.asset_id)},
        title={
            "zh": f"{meter.name_zh} {turn.value} {words['zh']}",
            "en": f"{meter.name_en or meter.name_zh} {turn.value} {words['en']}",
        },
        urgent=level == "alarm",
        by=turn.person_id,
        now_ms=now_ms,
    )


def open_or_join(
    session: Session,
    *,
    organisation_id: UUID,
    site_id: UUID,
    rule: str | None,
    finding: str,
    target: dict[str, str] | None,
    title: dict[str, str],
    urgent: bool,
    by: UUID | None,
    now_ms: int,
) -> WorkOrder:
    """Open an order of a rule, or join the finding to the one that is under way: one at a time."""
    order = _under_way(session, site_id, rule) if rule is not None else None
    if order is not None:
        act_id = uuid5(order.id, finding)
        if session.get(OrderAct, act_id) is None:
            _act(
                session,
                order,
                "join",
                {"finding": finding, "text": title["zh"]},
                act_id=act_id,
                now_ms=now_ms,
            )
        return order
    return open_order(
        session,
        organisation_id=organisation_id,
        site_id=site_id,
        kind="repair",
        cls=_class(session, target),
        urgency="urgent" if urgent else "normal",
        title=title,
        target=target,
        source={"kind": "finding", "id": finding},
        by=by,
        rule=rule,
        now_ms=now_ms,
    )


def _act(
    session: Session,
    order: WorkOrder,
    kind: str,
    p: dict[str, Any],
    *,
    now_ms: int,
    act_id: UUID | None = None,
) -> None:
    act(
        session,
        site_id=order.site_id,
        order_id=order.id,
        kind=kind,
        p=p,
        by=None,
        now_ms=now_ms,
        act_id=act_id,
    )


def _rule(session: Session, finding: Mapping[str, Any]) -> str | None:
    """Return what has one order at a time: the meter that was read, or else the field of the thing.

    By the meter's rule, a reading that is still too high joins the order that the first one opened.
    """
    if finding["field"] is None or finding["target_id"] is None:
        return None
    if finding["visit_id"] is not None:
        read = (finding["organisation_id"], f"{finding['visit_id']}.{finding['field']}")
        reading = session.get(MeterReading, read)
        if reading is not None:
            return f"meter:{reading.meter_id}"
    return f"{finding['target_kind']}:{finding['target_id']}:{finding['field']}"


def _is_wanted(finding: Mapping[str, Any], rules: Mapping[str, bool]) -> bool:
    if finding["level"] is not None:
        return rules.get(finding["level"], False)
    return rules["report"] or (finding["urgency"] == "urgent" and rules["urgent"])


def _under_way(session: Session, site_id: UUID, rule: str) -> WorkOrder | None:
    query = select(WorkOrder).where(
        WorkOrder.site_id == site_id, WorkOrder.rule == rule, WorkOrder.state.in_(UNDER_WAY)
    )
    return session.scalars(query.order_by(WorkOrder.number).limit(1)).first()


def _is_joined(session: Session, site_id: UUID, target_id: UUID | None, finding: str) -> bool:
    """Whether an order about the same thing has the finding already, such as that of its meter."""
    if target_id is None:
        return False
    ids = session.scalars(
        select(WorkOrder.id).where(WorkOrder.site_id == site_id, WorkOrder.target_id == target_id)
    )
    wanted = [uuid5(order, finding) for order in ids]
    return session.scalar(select(OrderAct.id).where(OrderAct.id.in_(wanted)).limit(1)) is not None


def _title(finding: Mapping[str, Any]) -> dict[str, str]:
    if finding["level"] is None:
        return _REPORTS.get(finding["kind"], _REPORTS["other"])
    label = finding["label"] or {"zh": finding["field"] or "", "en": ""}
    value = f" {finding['value']} {finding['unit'] or ''}".rstrip() if finding["value"] else ""
    words = _LEVELS.get(finding["level"], _LEVELS["fault"])
    return {
        "zh": f"{label['zh']}{value} {words['zh']}".strip(),
        "en": f"{label.get('en') or label['zh']}{value} {words['en']}".strip(),
    }


def _class(session: Session, target: Mapping[str, str] | None) -> str:
    if target is None or target["kind"] != "asset":
        return "other"
    asset = session.get(Asset, UUID(target["id"]))
    words = f"{asset.category} {asset.name_zh} {asset.name_en}".lower() if asset is not None else ""
    return next((cls for word, cls in _CLASSES.items() if word in words), "other")
