"""Work orders of the demo estate: one in every state, said by its phones and its office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from server.demo import story
from server.demo.people import TECHNICIAN
from server.demo.setting_up import Made
from server.demo.walk import Handset, sync
from server.feed import service as feed
from server.orders import service
from server.rounds import rules
from server.sites.models import Site

PHONE: Final = "3"
"""The technician's."""


@dataclass(frozen=True, slots=True)
class Office:
    """The office does something to an order; `opens` makes it."""

    at_ms: int
    order: str
    act: str
    p: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Says:
    """The technician says something to an order on the phone; with `later` it is sent with the next."""

    at_ms: int
    order: str
    word: str
    p: Mapping[str, Any] = field(default_factory=dict)
    later: bool = False


Event = Office | Says


def tell(until_ms: int) -> list[Event]:
    """Return what was said to orders until a moment, in order."""
    yesterday = story.first_day(until_ms) + timedelta(days=1)

    def at(time: str, day: int = 0) -> int:
        hours, minutes = time.split(":")
        return rules.moment_ms(yesterday + timedelta(days=day), int(hours) * 60 + int(minutes), story.ZONE)

    me = {"to": {"kind": "person", "id": "T01"}}
    events: list[Event] = [
        _opens(at("08:12", -1), "closed", "lighting", "3 栋 9 层楼道灯不亮", "Corridor 3-9 dark", at="13"),
        Office(at("08:20", -1), "closed", "dispatch", me),
        Says(at("09:05", -1), "closed", "accept"),
        Says(at("09:20", -1), "closed", "arrive"),
        Says(at("09:46", -1), "closed", "labour", {"minutes": 26, "people": 1}),
        Says(at("09:47", -1), "closed", "complete", {"result": "fixed", "note": "换了两支灯管"}),
        Office(at("10:30", -1), "closed", "verify", {"ok": True}),
        Office(at("15:00", -1), "closed", "follow", {"satisfied": True}),
        _opens(at("09:30"), "verified", "door", "西门门禁刷卡不灵", "West gate reader fails", at="02"),
        Office(at("09:33"), "verified", "dispatch", me),
        Says(at("10:02"), "verified", "arrive"),
        Says(at("10:40"), "verified", "complete", {"result": "fixed", "note": "读头进水，已换"}),
        Office(at("11:15"), "verified", "cost", {"amount": "180.00", "what": "读头"}),
        Office(at("11:20"), "verified", "verify", {"ok": True}),
        _opens(at("10:10"), "done", "glass", "3 栋大堂玻璃裂", "Cracked pane, lobby 3", at="12"),
        Office(at("10:15"), "done", "dispatch", me),
        Says(at("13:10"), "done", "arrive"),
        Says(at("14:00"), "done", "labour", {"minutes": 45, "people": 2}),
        Says(at("14:05"), "done", "complete", {"result": "temporary", "note": "已贴膜围挡，等换玻璃"}),
        _opens(at("11:00"), "cancelled", "other", "儿童滑梯螺丝松", "Loose bolt, slide", at="04"),
        Office(at("11:25"), "cancelled", "cancel", {"why": "与昨天那张重复"}),
        _opens(at("11:40"), "paused", "lift", "1 号电梯异响", "Noise in lift 1"),
        Office(at("11:45"), "paused", "dispatch", me),
        Says(at("14:30"), "paused", "arrive"),
        Says(at("14:50"), "paused", "pause", {"reason": "parts", "until_ms": None, "note": "导靴要订货"}),
        _opens(
            at("13:05"), "conflict", "leak", "B1 西车库顶板滴水", "Dripping ceiling, garage west", at="15"
        ),
        Office(at("13:08"), "conflict", "dispatch", me),
        Says(at("15:10"), "conflict", "arrive", later=True),
        Says(
            at("15:40"),
            "conflict",
            "complete",
            {"result": "fixed", "note": "地下没网，拧紧了接头"},
            later=True,
        ),
        Office(at("15:50"), "conflict", "cancel", {"why": "已转外委防水"}),
        _opens(at("15:20"), "working", "fire", "消防箱缺水带", "Hose missing in a fire box", at="13"),
        Office(at("15:25"), "working", "dispatch", me),
        Says(at("16:10"), "working", "accept"),
        Says(at("16:30"), "working", "arrive"),
        _opens(at("16:00"), "accepted", "power", "园区路灯闪", "Flickering street lamp", at="03"),
        Office(at("16:05"), "accepted", "dispatch", me),
        Says(at("16:50"), "accepted", "accept"),
        _opens(at("16:20"), "returned", "gas", "调压箱门锁锈死", "Seized lock, gas regulator", at="07"),
        Office(at("16:25"), "returned", "dispatch", me),
        Says(at("17:00"), "returned", "return", {"reason": "no_skill"}),
        _opens(at("17:10"), "proposal", "other", "东侧围栏锈蚀一段", "Rusted fence, east", at="06"),
        Office(at("17:30"), "proposal", "propose", {"text": "更换 12 米围栏，含刷漆", "amount": "4800.00"}),
        _opens(until_ms - 22 * 60_000, "given", "door", "东门道闸不抬杆", "East barrier stays down", at="01"),
        Office(until_ms - 18 * 60_000, "given", "dispatch", me),
        _opens(
            until_ms - 6 * 60_000,
            "open",
            "water",
            "12 栋 302 水管漏水",
            "Burst pipe, 12-302",
            kind="request",
            urgency="urgent",
            place="12 栋 302",
        ),
    ]
    kept = [one for one in events if one.at_ms <= until_ms]
    return sorted(kept, key=lambda one: one.at_ms)


def _opens(
    at_ms: int, order: str, cls: str, zh: str, en: str, *, at: str | None = None, **more: Any
) -> Office:
    return Office(at_ms, order, "opens", {"cls": cls, "title": {"zh": zh, "en": en}, "at": at, **more})


class Teller:
    """Lets the office and the technician's phone do what is told."""

    def __init__(self, session: Session, *, made: Made, staff: Mapping[str, UUID]) -> None:
        self._session, self._made, self._staff = session, made, staff
        self._orders = dict[str, UUID]()

    def office(self, event: Office) -> None:
        """Do what the office does."""
        order_id = self._orders.setdefault(event.order, uuid4())
        if event.act == "opens":
            self._open(order_id, event)
        else:
            service.act(
                self._session,
                site_id=self._made.site.id,
                order_id=order_id,
                kind=event.act,
                p=self._p(event.p),
                by=self._staff["K01"],
                now_ms=event.at_ms,
            )
        feed.commit(self._session, now_ms=event.at_ms)

    def says(self, event: Says, handset: Handset) -> None:
        """Say it on the phone, where its technician is signed in."""
        if handset.staff != TECHNICIAN:
            return
        p = dict(event.p)
        note = p.pop("note", None)
        if not event.later:
            sync(handset)  # what came down since
        handset.phone.say(str(self._orders[event.order]), event.word, note=note, **p)
        if not event.later:
            sync(handset)

    def _open(self, order_id: UUID, event: Office) -> None:
        p = event.p
        site = self._session.get_one(Site, self._made.site.id)
        target = None
        if p["at"] is not None:
            kind, place_id = self._made.places[p["at"]]
            target = {"kind": kind, "id": str(place_id)}
        service.open_order(
            self._session,
            organisation_id=site.organisation_id,
            site_id=site.id,
            order_id=order_id,
            kind=p.get("kind", "repair"),
            cls=p["cls"],
            urgency=p.get("urgency", "normal"),
            title=p["title"],
            target=target,
            source={"kind": "office", "id": str(self._staff["K01"])},
            place=p.get("place"),
            by=self._staff["K01"],
            now_ms=event.at_ms,
        )

    def _p(self, p: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(p)
        if "to" in found:
            found["to"] = {"kind": "person", "id": str(self._staff[found["to"]["id"]])}
        return found
