"""The words of files and papers, in both screen languages; those of states are the screens'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from server.reports.periods import Period

Lang = Literal["zh", "en"]

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "report": ("服务方案执行报告", "Service report"),
    "score": ("条款与得分", "Clauses and score"),
    "plans": ("按计划", "By plan"),
    "routes": ("按路线", "By route"),
    "teams": ("按班组", "By team"),
    "days": ("按日", "By day"),
    "clause": ("条款", "Clause"),
    "demand": ("要求", "Demand"),
    "figure": ("标准", "Figure"),
    "name": ("名称", "Name"),
    "day": ("日期", "Day"),
    "due": ("应做", "Due"),
    "done": ("按时", "On time"),
    "late": ("超时", "Late"),
    "partial": ("部分", "In part"),
    "missed": ("没做", "Missed"),
    "excused": ("免做", "Excused"),
    "unheard": ("未回传", "Not heard"),
    "unproven": ("待核实", "Unproven"),
    "low": ("完成率低", "Share, low"),
    "high": ("完成率高", "Share, high"),
    "share": ("完成率", "Share done"),
    "verdict": ("结论", "Verdict"),
    "verdict.met": ("达标", "Met"),
    "verdict.short": ("欠 {n} 次", "{n} short"),
    "verdict.open": ("还不能定", "Cannot say yet"),
    "verdict.none": ("未到时间", "Not yet due"),
    "when": ("时间安排", "When"),
    "since": ("{day} 起 {when}", "from {day} {when}"),
    "semicolon": ("；", "; "),
    "gap": ("最长间隔（时）", "Longest gap, h"),
    "none": ("其他", "Other"),
    "everybody": ("不限班组", "Any team"),
    "site": ("项目", "Site"),
    "period": ("期间", "Period"),
    "made": ("出表时间", "Made"),
    "received": ("最后收到", "Received up to"),
    "never": ("没有", "never"),
    "edition": ("版本", "Edition"),
    "open": ("未定稿", "Not closed"),
    "closed": ("定稿，第 {n} 版，{at}", "Closed, revision {n}, {at}"),
    "was": ("前次 {share}", "was {share}"),
    "page": ("第 {n} 页，共 {m} 页", "Page {n} of {m}"),
    "zone": ("时区", "Time zone"),
    "days_begin": ("一天从 {at} 算起", "Days begin at {at}"),
    "note.range": (
        "低数只算有证据的，高数把未回传和待核实的也算做了。",
        "The low figure counts what is proven; the high one takes what is not heard or not proven for done.",
    ),
    "note.closed": (
        "定稿只算有证据的：未回传、待核实的不算完成，也不叫漏做。",
        "A closed figure counts what is proven: silence and doubt are not done, and not called missed.",
    ),
    "note.unheard": ("{n} 次未回传，手机：{phones}", "{n} not heard yet, phones: {phones}"),
    "note.unproven": ("{n} 次待核实", "{n} unproven"),
    "note.corrected": (
        "{n} 次原报有误，记录晚到，已更正",
        "{n} corrected: reported otherwise before late records came",
    ),
    "note.excused": ("{n} 次免做，不计入应做", "{n} excused and not due"),
    "unsure_gap": ("可能更短", "may be shorter"),
    # registers
    "register.patrol": ("巡查登记台账", "Patrol register"),
    "register.equipment": ("设备巡检登记台账", "Equipment inspection register"),
    "register.complaints": ("投诉登记台账", "Complaint register"),
    "complaint.number": ("编号", "Number"),
    "complaint.came": ("时间", "Came"),
    "complaint.text": ("投诉内容", "Complaint"),
    "complaint.place": ("地点", "Place"),
    "complaint.department": ("责任部门", "Department"),
    "complaint.owner": ("首问责任人", "Owner"),
    "complaint.answer": ("答复", "Answer"),
    "complaint.kept": ("时限", "Deadline"),
    "complaint.follow": ("回访", "Follow-up"),
    "complaint.met": ("按时", "In time"),
    "complaint.late": ("超时", "Late"),
    "complaint.missed": ("已超时", "Overdue"),
    "complaint.running": ("没到", "Running"),
    "complaint.paused": ("暂停", "Paused"),
    "complaint.unheard": ("未回传", "Not heard"),
    "complaint.unproven": ("待核实", "Unproven"),
    "complaint.satisfied": ("满意", "Satisfied"),
    "complaint.dissatisfied": ("没办好", "Not settled"),
    "complaint.none": ("本期没有投诉", "No complaints in this period"),
    "complaint.sign.desk": ("客服签字", "Desk (signature)"),
    "no": ("序号", "No."),
    "time": ("时间", "Time"),
    "round": ("班次", "Round"),
    "stop": ("点位", "Stop"),
    "thing": ("设备 / 点位", "Equipment"),
    "who": ("巡查人", "Walked by"),
    "inspector": ("巡检人", "Inspected by"),
    "found": ("情况", "Condition"),
    "readings": ("项目与读数", "Items and readings"),
    "result": ("结论", "Result"),
    "action": ("处理", "Action taken"),
    "remark": ("备注", "Remarks"),
    "fine": ("正常", "Normal"),
    "faulty": ("异常", "Fault"),
    "not_reached": ("未到", "Not visited"),
    "sign.walker": ("巡查人签字", "Walked by (signature)"),
    "sign.leader": ("班长签字", "Team leader (signature)"),
    "sign.head": ("项目负责人签字", "Site manager (signature)"),
    "seal": ("盖章", "Seal"),
    "date": ("日期", "Date"),
    "route": ("路线", "Route"),
    "part": ("第 {n} 册，共 {m} 册：第 {a}–{b} 行", "Part {n} of {m}: lines {a} to {b}"),
    "only_own": ("只列本班组（单位）人员的记录", "Only records of one's own team or company"),
    "claimed": ("时间或地点待核实", "time or place unproven"),
    "marked": ("需说明", "marked"),
    "paper": ("补录，纸质记录", "From paper, no proof"),
    "entered": ("{who} 录入", "entered by {who}"),
    "skipped": ("跳过", "Skipped"),
    "skip.accepted": ("{who} 同意", "accepted by {who}"),
    "skip.refused": ("{who} 不同意", "not accepted by {who}"),
    "skip.open": ("主管还没看", "not decided yet"),
    "by": ("（{who}）", " ({who})"),
    "ledger.water": ("用水台账 {month}", "Water ledger {month}"),
    "ledger.power": ("用电台账 {month}", "Power ledger {month}"),
    "ledger.gas": ("燃气台账 {month}", "Gas ledger {month}"),
    "ledger.what": ("部位、仪表", "Place, meter"),
    "ledger.number": ("表号", "Meter no."),
    "ledger.unit": ("单位", "Unit"),
    "ledger.used": ("本月用量", "Used"),
    "ledger.before": ("上月", "Month before"),
    "ledger.change": ("环比", "Change"),
    "ledger.year": ("去年同月", "Year before"),
    "ledger.target": ("定额", "Target"),
    "ledger.left": ("结余", "Left"),
    "ledger.last": ("抄表时间", "Last read"),
    "ledger.site": ("全项目（总表）", "Site (main meters)"),
    "ledger.loss": ("损耗：总表减分表", "Loss: main less sub meters"),
    "ledger.share": ("占总表 {share}%", "{share}% of the main meter"),
    "ledger.unsure": ("{n} 条读数待核，未计", "{n} readings to check, not counted"),
    "ledger.unread": ("{n} 只表没有抄，不能算", "{n} meters not read, cannot say"),
    "ledger.empty": ("本月没有仪表", "No meters in this ledger"),
    "ledger.rule": (
        "用量记在抄表的那个月：本月最后一次读数减上月最后一次读数。",
        "Use counts in the month in which it was read: its last reading less that of the month before.",
    ),
    "served": ("工单、报修、设备", "Work, requests, equipment"),
    "counted": ("统计项", "What is counted"),
    "kept": ("做到", "Kept"),
    "not_scored": ("（按 P1-33 评）", " (P1-33 is the score)"),
    "measure.deadlines": ("时限", "Deadlines"),
    "measure.duties": ("检测、校准", "Tests, calibrations"),
    "measure.cards": ("设备卡片", "Asset cards"),
    "measure.papers": ("操作规程、保养规范", "Procedures, standards"),
    "measure.logs": ("设备记录", "Asset records"),
    "measure.takeover": ("承接查验项", "Items of the take-over"),
    "measure.lifts": ("电梯运行时间", "Time in which lifts ran"),
    "measure.lamps": ("灯具", "Lamps"),
    "empty": ("本期没有记录", "No rounds in this period"),
}


def say(key: str, lang: Lang, **values: object) -> str:
    """Return a word or sentence."""
    return WORDS[key][0 if lang == "zh" else 1].format(**values)


_ORDERS = {
    "open": ("待派", "waits for dispatch"),
    "dispatched": ("已派", "dispatched"),
    "accepted": ("已接", "accepted"),
    "working": ("处理中", "in work"),
    "paused": ("已暂停", "paused"),
    "done": ("已完工", "done"),
    "verified": ("已验收", "verified"),
    "closed": ("已回访", "followed up"),
    "cancelled": ("已取消", "cancelled"),
}


def order_word(state: str, lang: str) -> str:
    """Return the state of a work order in words."""
    zh, en = _ORDERS.get(state, (state, state))
    return zh if lang == "zh" else en


def label(name: Mapping[str, str] | None, lang: Lang, otherwise: str = "") -> str:
    """Return a name in a language; an empty English one shows the Chinese."""
    if name is None:
        return otherwise
    return (name["en"] if lang == "en" else "") or name["zh"]


def stamp(ms: int | None, zone: ZoneInfo, lang: Lang) -> str:
    """Return a moment as ``2026-11-23 22:58`` in the site's zone."""
    if ms is None:
        return say("never", lang)
    return f"{datetime.fromtimestamp(ms / 1000, zone):%Y-%m-%d %H:%M}"


def period_words(period: Period, lang: Lang) -> str:
    """Return a period in words: ``2026 年 11 月`` with its days."""
    first, last = period.first, period.last
    if period.kind == "day":
        return _day(first, lang)
    days = f"{first.isoformat()} – {last.isoformat()}"
    if period.kind == "span":
        return days
    zh = {
        "week": f"{period.key[:4]} 年第 {int(period.key[-2:])} 周" if period.kind == "week" else "",
        "month": f"{first.year} 年 {first.month} 月",
        "quarter": f"{first.year} 年第 {(first.month + 2) // 3} 季度",
        "year": f"{first.year} 年",
    }
    en = {
        "week": f"Week {int(period.key[-2:])} of {period.key[:4]}" if period.kind == "week" else "",
        "month": f"{first:%B %Y}",
        "quarter": f"Quarter {(first.month + 2) // 3} of {first.year}",
        "year": str(first.year),
    }
    return (
        f"{(zh if lang == 'zh' else en)[period.kind]}（{days}）"
        if lang == "zh"
        else f"{en[period.kind]} ({days})"
    )


def percent(share: str | None) -> str:
    """Return a share in thousandths as ``96.8``; nothing where there is none."""
    if share is None:
        return "—"
    thousandths = round(float(share) * 1000)
    return f"{thousandths // 10}.{thousandths % 10}"


def share_words(low: str | None, high: str | None) -> str:
    """Return ``96.8–98.7 %``, one figure where both ends agree."""
    if low is None:
        return "—"
    return f"{percent(low)} %" if low == high else f"{percent(low)}–{percent(high)} %"


def _day(day: date, lang: Lang) -> str:
    weekday = "一二三四五六日"[day.weekday()]
    return f"{day.isoformat()} 周{weekday}" if lang == "zh" else f"{day:%a} {day.isoformat()}"
