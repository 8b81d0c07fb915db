"""What residents of the demo estate ask for: something in every state, through the desk's services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from server.demo.setting_up import Made
from server.feed import service as feed
from server.requests import service
from server.requests.models import Request
from server.sites.models import Site

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

EMERGENCY: Final = "0000 1190（演示）"
DESK: Final = "0000 1000（演示）"
"""Invented numbers, and they say so: nobody answers there."""


def tell(session: Session, *, made: Made, staff: Mapping[str, UUID], until_ms: int) -> None:
    """Set the desk up and let residents ask. Commits.

    :param staff: staff number → person
    """
    site = session.get_one(Site, made.site.id)
    numbers = {"phone": DESK, "emergency_phone": EMERGENCY}
    service.change_desk(session, site=site, changes=numbers)
    _Telling(session, site, made, desk=staff["K01"], other=staff["S01"], until_ms=until_ms).all()
    feed.commit(session, now_ms=until_ms)


class _Telling:
    """Tells what was asked, the oldest first."""

    def __init__(
        self, session: Session, site: Site, made: Made, *, desk: UUID, other: UUID, until_ms: int
    ) -> None:
        self._session, self._site, self._made = session, site, made
        self._desk, self._other, self._until_ms = desk, other, until_ms

    def all(self) -> None:
        """Tell everything."""
        self._settled()
        self._under_way()
        self._new()

    def _open(
        self, ago_ms: int, kind: str, text: str, *, at: str | None = None, desk: bool = False, **more: Any
    ) -> Request:
        target = None
        if at is not None:
            place_kind, place_id = self._made.places[at]
            target = {"kind": place_kind, "id": place_id}
        return service.open_request(
            self._session,
            site=self._site,
            kind=kind,
            class_=more.pop("class_", "other"),
            channel="phone" if desk else "code",
            text=text,
            target=target,
            by=self._desk if desk else None,
            now_ms=self._until_ms - ago_ms,
            **more,
        )

    def _do(self, ago_ms: int, request: Request) -> dict[str, Any]:
        return {"request": request, "by": self._desk, "now_ms": self._until_ms - ago_ms}

    def _settled(self) -> None:
        session = self._session
        tap = self._open(
            2 * DAY_MS,
            "repair",
            "三栋九层水管井滴水",
            at="13",
            class_="leak",
            contact=_contact("01", "马"),
        )
        service.take(session, **self._do(2 * DAY_MS - 4 * MINUTE_MS, tap))
        ago = 2 * DAY_MS - 3 * HOUR_MS
        service.say(session, kind="answered", text="换了密封圈，已试水，不滴了", **self._do(ago, tap))
        service.follow(
            session,
            request=tap,
            satisfied=True,
            text="",
            by=None,
            now_ms=self._until_ms - DAY_MS,
        )
        praise = self._open(DAY_MS + HOUR_MS, "praise", "夜班保安帮我找到了走失的老人，谢谢", desk=True)
        service.say(session, kind="ended", text="已转告班长", **self._do(DAY_MS, praise))
        lost = self._open(DAY_MS, "question", "快递柜怎么取件？", at="10")
        service.withdraw(session, request=lost, now_ms=self._until_ms - DAY_MS + 5 * MINUTE_MS)

    def _under_way(self) -> None:
        session = self._session
        team = next(iter(self._made.teams.values()))
        loud = self._open(
            9 * HOUR_MS,
            "complaint",
            "垃圾桶早上六点就拖，声音很大",
            desk=True,
            department=team,
            contact=_contact("02", "何先生"),
        )
        service.say(session, kind="answered", text="改到八点以后，换了胶轮", **self._do(5 * HOUR_MS, loud))
        slide = self._open(7 * HOUR_MS, "complaint", "乐园的灯坏了一周没人管", at="04", class_="lighting")
        service.take(session, **self._do(6 * HOUR_MS, slide))
        service.say(session, kind="told", text="灯具已到货，今天装", **self._do(2 * HOUR_MS, slide))
        errand = self._open(
            4 * HOUR_MS,
            "errand",
            "陪老人去医院取药",
            desk=True,
            window=(self._until_ms + 20 * HOUR_MS, self._until_ms + 21 * HOUR_MS),
            contact=_contact("03", "李阿姨"),
        )
        service.offer(session, to=self._other, **self._do(3 * HOUR_MS, errand))
        burst = self._open(8 * MINUTE_MS, "repair", "五栋没水了", desk=True, class_="water", place="5 栋")
        service.order(session, assignee=None, note="先看减压阀", **self._do(6 * MINUTE_MS, burst))
        again = self._open(5 * MINUTE_MS, "repair", "停水了？五栋", at="01", class_="water")
        service.merge_into(session, into=burst, **self._do(4 * MINUTE_MS, again))

    def _new(self) -> None:
        self._open(25 * MINUTE_MS, "suggestion", "东门能不能加一排自行车架", at="01")
        self._open(11 * MINUTE_MS, "repair", "门禁刷卡不灵", at="10", class_="door", contact=_contact("04"))
        self._open(3 * MINUTE_MS, "repair", "电梯里的灯一闪一闪", at="E8", class_="lift")


def _contact(last: str, name: str = "") -> service.Contact:
    return service.Contact(name=name, phone=f"138 0000 00{last}")
