"""The register of the demo estate: cards, papers, tests that are due, a lift that stood. All invented."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy.orm import Session

from qr import lettering
from server.assets.service import cards, duties, papers, states, takeover
from server.demo.estate import TIME_ZONE, label
from server.sites.models import Site

DAY_MS = 86_400_000
HOUR_MS = 3_600_000

CARDS: Mapping[str, dict[str, Any]] = {
    "E1": {
        "maker": "格兰富",
        "model": "CDL32-60",
        "serial": "GF2014-0611",
        "installed_on": "2014-06",
        "criticality": "A",
    },
    "E2": {"maker": "恒源水箱", "model": "SX-60", "installed_on": "2014", "criticality": "A"},
    "E3": {
        "maker": "顺特电气",
        "model": "SCB11-1000/10",
        "serial": "ST-14-0388",
        "installed_on": "2014-05-20",
        "criticality": "A",
        "certificate": "electrician_high",
    },
    "E4": {
        "maker": "正泰",
        "model": "GGD2",
        "installed_on": "2014-05",
        "criticality": "A",
        "certificate": "electrician_low",
    },
    "E5": {"maker": "凯泉", "model": "WQ40-15", "criticality": "B"},
    "E6": {
        "maker": "凯泉",
        "model": "XW(L)-I-1.0",
        "serial": "KQ-F-2207",
        "installed_on": "2014-06",
        "criticality": "A",
    },
    "E7": {"maker": "上柴", "model": "SC-200GF", "installed_on": "2014", "criticality": "B"},
    "E8": {
        "maker": "三菱电机",
        "model": "LEHY-II",
        "serial": "SMEC-14-20117",
        "installed_on": "2014-08-12",
        "criticality": "A",
        "special": True,
        "registration": "梯11粤B20117",
        "warranty_until": date(2016, 8, 11),
    },
}

PROCEDURES: tuple[tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("生活水泵操作规程 第 4 版", "Booster pump: operating procedure, 4th edition", "procedure", "水泵", (), (
        "1. 开泵前：看水箱液位高于 1.0 m，进出口阀门全开，盘车灵活。",
        "2. 打到自动位，观察出水压力 0.30–0.60 MPa，电流不大于 21 A。",
        "3. 一台故障时切到备用泵，挂“停用”牌，报维修。",
        "4. 停泵：先关出口阀，再按停止。泵房不得无人长时间手动运行。",
        "5. 发现跑、冒、滴、漏或异响，停泵并在手机上报。",
    )),
    ("生活水泵维修标准 第 2 版", "Booster pump: maintenance standard, 2nd edition", "standard", "水泵", (), (
        "月度：清洁、紧固、查机械密封渗漏（每分钟不超过 5 滴）。",
        "季度：润滑油、绝缘电阻不小于 0.5 MΩ、联动切换试验。",
        "年度：解体检查叶轮与轴承，换密封，校验压力表。",
    )),
    ("电梯困人应急救援规程", "Lift: rescue procedure", "procedure", "", ("E8",), (
        "1. 接报 3 分钟内与被困人通话，告知勿扒门。",
        "2. 通知维保单位，30 分钟内到场；物业 15 分钟内到现场安抚。",
        "3. 只有持证人员可以盘车放人。",
        "4. 放人后停梯，查明原因才能恢复，并在手机上登记停用与恢复时间。",
    )),
    ("配电室操作规程", "Switch room: operating procedure", "procedure", "配电柜", ("E3",), (
        "1. 两人进入，持有效电工证，穿绝缘鞋。",
        "2. 倒闸：填操作票，一人操作一人监护。",
        "3. 停电检修：停电、验电、接地、挂牌。",
    )),
)  # fmt: skip

DUTIES: tuple[tuple[str, str, str, str, int, str, int, int | None], ...] = (
    # asset, name, kind, months, anchor, days from today to the next, days since it was last done
    ("E8", "定期检验", "Annual inspection", "test", 12, "done", 24, 341),
    ("E1", "压力表校准", "Pressure gauge calibration", "calibration", 6, "done", -9, 191),
    ("E6", "压力表校准", "Pressure gauge calibration", "calibration", 6, "done", 96, 86),
    ("E3", "预防性试验", "Preventive test", "test", 36, "fixed", 410, None),
    ("E4", "接地电阻检测", "Earth resistance test", "lightning", 12, "done", 133, 232),
    ("E7", "蓄电池容量试验", "Battery capacity test", "test", 12, "done", -41, 406),
)  # fmt: skip

STOOD: tuple[tuple[float, float, str], ...] = (
    (78.4, 5.2, "门锁故障，已换门锁触点"),
    (41.1, 1.6, "轿厢不平层，重新调整"),
    (9.3, 3.8, "困人后停梯检查，制动器调整"),
)
"""Of lift 1: days before the end of the history, hours, why."""

TAKEN_OVER: tuple[tuple[float, str, str, tuple[str, ...]], ...] = (
    (19, "there", "", ("structure", "facade", "lobby", "stairs", "corridors", "greens")),
    (19, "defect", "3 号楼屋面雨水口堵塞、防水起鼓", ("roof",)),
    (16, "there", "", ("as_built", "acceptance", "equipment", "manuals", "permits", "fire", "warranty")),
    (16, "missing", "建设单位答应 12 月 20 日前补", ("pipes",)),
)
"""How many days ago what was found of which shared parts and papers."""


def enter(session: Session, *, site: Site, assets: Mapping[str, UUID], by: UUID, now_ms: int) -> None:
    """Fill the register of the estate. The caller commits.

    :param assets: number → id
    :param now_ms: the end of the history; days count from there
    """
    today = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(TIME_ZONE)).date()
    for number, card in CARDS.items():
        cards.change_asset(session, site=site, asset_id=assets[number], changes=dict(card), now_ms=now_ms)
    for zh, en, kind, category, numbers, lines in PROCEDURES:
        papers.add_paper(
            session,
            site=site,
            title=label(zh, en),
            kind=kind,
            file=papers.read(pdf(zh, lines)),
            assets=[assets[number] for number in numbers],
            categories=[category] if category else [],
            by=None,
            now_ms=now_ms,
        )
    for number, zh, en, kind, months, anchor, ahead, ago in DUTIES:
        asset = cards.find(session, site_id=site.id, asset_id=assets[number])
        due_on = today + timedelta(days=ahead)
        duty = duties.make_duty(
            session,
            site=site,
            asset=asset,
            members={
                "name": label(zh, en), "kind": kind, "every_months": months, "anchor": anchor,
                "first_on": due_on, "remind_days": 30,
            },
        )  # fmt: skip
        if ago is not None:
            done = {
                "done_on": today - timedelta(days=ago), "passed": True, "number": f"JL-{number}-{ago}",
                "by": "市特种设备检验院" if asset.special else "市计量院", "next_on": due_on,
            }  # fmt: skip
            duties.note_done(session, site=site, duty=duty, members=done, today=today, by=by, now_ms=now_ms)
    _stood(session, site, assets["E8"], by, now_ms)
    _taken_over(session, site, by, now_ms)


def _stood(session: Session, site: Site, lift: UUID, by: UUID, now_ms: int) -> None:
    asset = cards.find(session, site_id=site.id, asset_id=lift)
    for days, hours, why in STOOD:
        at = now_ms - int(days * DAY_MS)
        for state, moment, words in (("stopped", at, why), ("running", at + int(hours * HOUR_MS), "")):
            states.enter(
                session, site=site, asset=asset, state=state, at_ms=moment, why=words, by=by, now_ms=now_ms
            )


def _taken_over(session: Session, site: Site, by: UUID, now_ms: int) -> None:
    """Most of the estate was looked at when it was taken over, in the last weeks; the register goes on."""
    takeover.begin(session, site=site, from_whom="幸福置业（建设单位）", by=by, now_ms=now_ms - 20 * DAY_MS)
    for days, found, note, items in TAKEN_OVER:
        takeover.note_checks(
            session, site_id=site.id, items=items, assets=[], found=found, note=note, by=by,
            now_ms=now_ms - int(days * DAY_MS),
        )  # fmt: skip


def pdf(title: str, lines: tuple[str, ...]) -> bytes:
    """Return a paper of one page."""
    lettering.font(lettering.SANS)
    file = io.BytesIO()
    with lettering.one_at_a_time:
        sheet = Canvas(file, pagesize=A4, invariant=True)
        width, height = A4
        sheet.setFont(lettering.SANS, 20)
        sheet.drawCentredString(width / 2, height - 90, lettering.printable(title))
        sheet.line(60, height - 106, width - 60, height - 106)
        sheet.setFont(lettering.SANS, 13)
        at = height - 145
        for line in lines:
            for begin in range(0, len(line), 34):
                sheet.drawString(64, at, lettering.printable(line[begin : begin + 34]))
                at -= 24
            at -= 8
        sheet.showPage()
        sheet.save()
    return file.getvalue()
