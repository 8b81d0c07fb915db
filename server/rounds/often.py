"""A recurrence in words, as files and papers say it. Pure.

The console says it in the same words (`pwa/src/console/recurrence.ts`); `tests/vectors/recurrence.json` holds
the two to each other, and a test holds the words below to the console's catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

Lang = Literal["zh", "en"]

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "often.per.day": ("每天 {n} 次", "{n} a day"),
    "often.per.week": ("每周 {n} 次", "{n} a week"),
    "often.per.half_month": ("每半月 {n} 次", "{n} each half month"),
    "often.per.month": ("每月 {n} 次", "{n} a month"),
    "often.per.quarter": ("每季度 {n} 次", "{n} a quarter"),
    "often.per.half_year": ("每半年 {n} 次", "{n} each half year"),
    "often.per.year": ("每年 {n} 次", "{n} a year"),
    "often.after.days": ("做完后每 {n} 天", "{n} days after it was done"),
    "often.after.months": ("做完后每 {n} 个月", "{n} months after it was done"),
    "often.once": ("一次", "Once"),
    "often.open": ("到期后 {n} 天内", "within {n} days"),
    "often.any_time": ("期内任何时候", "any time in the period"),
    "often.every_minutes": ("每 {n} 分钟", "every {n} min"),
    "often.window.days": ("{from} 至 {n} 天后 {to}", "{from} to {to}, {n} days later"),
    "often.months": ("只在 {list} 月", "only in months {list}"),
    "often.working": ("每个工作日", "Working days"),
    "often.free": ("每个休息日", "Days off"),
    "often.only_working": ("只在工作日", "working days only"),
    "often.only_free": ("只在休息日", "days off only"),
    "often.comma": ("，", ", "),
    "often.shift.before": ("遇休息日提前", "brought forward from days off"),
    "often.shift.after": ("遇休息日顺延", "put off from days off"),
    "often.days.n": ("每 {n} 天", "Every {n} days"),
    "often.weeks.n": ("每 {n} 周", "Every {n} weeks "),
    "often.weekly": ("每周", "Weekly"),
    "often.last_working": ("最后一个工作日", "last working day"),
    "often.first_working": ("第一个工作日", "first working day"),
    "often.month": (" {n} 月", "month {n} "),
    "often.yearly": ("每年", "Yearly "),
    "often.years.n": ("每 {n} 年", "Every {n} years "),
    "often.monthly": ("每月", "Monthly "),
    "often.months.n": ("每 {n} 个月", "Every {n} months "),
    "often.last_day": ("最后一天", "last day"),
    "often.day_before_end": ("倒数第 {n} 天", "day {n} from the end"),
    "often.day": (" {n} 日", "day {n}"),
    "often.last_weekday": ("最后一个{day}", "last {day}"),
    "often.nth_weekday": ("第 {n} 个{day}", "{day} no. {n}"),
    "often.nth_from_end": ("倒数第 {n} 个{day}", "{day} no. {n} from the end"),
    "often.of": ("{list}里的{nth}", "{nth} of {list}"),
    "often.nth": ("第 {n} 个", "no. {n}"),
    "often.nth_end": ("倒数第 {n} 个", "no. {n} from the end"),
    "often.last": ("最后一个", "last"),
    "often.on": ("每{list}", "{list}"),
    "days.daily": ("每天", "Daily"),
    "list.and": ("、", ", "),
    "day.1": ("周一", "Mon"),
    "day.2": ("周二", "Tue"),
    "day.3": ("周三", "Wed"),
    "day.4": ("周四", "Thu"),
    "day.5": ("周五", "Fri"),
    "day.6": ("周六", "Sat"),
    "day.7": ("周日", "Sun"),
}
"""Chinese and English, by the console's keys."""


def when_words(recurrence: Mapping[str, Any], lang: Lang) -> str:
    """Return on which days a plan comes, and in which windows: `每天 08:00–10:00`."""
    return f"{recurrence_words(recurrence, lang)} {windows_words(recurrence, lang)}".strip()


def recurrence_words(recurrence: Mapping[str, Any], lang: Lang) -> str:
    """Return on which days it comes or how often: `每周一、周三`, `每月最后一个工作日`, `每周 2 次`."""
    say = _Words(lang)
    match recurrence["kind"]:
        case "count":
            return say(f"often.per.{recurrence['per']}", n=recurrence["times"])
        case "after":
            [(unit, n)] = recurrence["every"].items()
            return say(f"often.after.{unit}", n=n)
        case "once":
            return say("often.once")
        case _:
            return _days(recurrence, say)


def windows_words(recurrence: Mapping[str, Any], lang: Lang) -> str:
    """Return the windows of a day, or in which time it is to be done."""
    say = _Words(lang)
    kind = recurrence["kind"]
    if kind == "once":
        return f"{recurrence['from'].replace('T', ' ')}–{recurrence['to'].replace('T', ' ')}"
    if kind == "after":
        return say("often.open", n=recurrence["open_days"])
    if kind == "count":
        return say("often.any_time")
    if every := recurrence.get("every"):
        return f"{every['from']}–{every['to']} {say('often.every_minutes', n=every['minutes'])}"
    return say.all(_window(one, say) for one in recurrence.get("windows", ()))


class _Words:
    """Says words in one language."""

    def __init__(self, lang: Lang) -> None:
        self._n = 0 if lang == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        return WORDS[key][self._n].format(**values)

    def day(self, code: str) -> str:
        """Return a day of the week."""
        return self(f"day.{DAYS.index(code) + 1}")

    def all(self, words: Any) -> str:
        """Return words in a row."""
        return self("list.and").join(words)


def _window(window: Mapping[str, Any], say: _Words) -> str:
    days = window.get("days", 0)
    begin, end = window["from"], window["to"]
    return say("often.window.days", **{"from": begin, "to": end, "n": days}) if days else f"{begin}–{end}"


def _days(recurrence: Mapping[str, Any], say: _Words) -> str:
    rule, days = recurrence["rule"], recurrence.get("days", "all")
    if days != "all" and rule == "FREQ=DAILY":
        return say(f"often.{days}")
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    words = [_rule(parts, recurrence.get("shift", "none"), say)]
    if parts["FREQ"] != "YEARLY" and "BYMONTH" in parts:
        words.append(say("often.months", list=say.all(parts["BYMONTH"].split(","))))
    if days != "all":
        words.append(say(f"often.only_{days}"))
    return say("often.comma").join(words)


def _rule(parts: Mapping[str, str], shift: str, say: _Words) -> str:
    n = int(parts.get("INTERVAL", "1"))
    match parts["FREQ"]:
        case "DAILY":
            plain = say("days.daily") if n == 1 else say("often.days.n", n=n)
            found = _weekdays(parts["BYDAY"], say) if "BYDAY" in parts else plain
        case "WEEKLY":
            found = _weekly(parts.get("BYDAY"), n, say)
        case "MONTHLY":
            monthly = say("often.monthly") if n == 1 else say("often.months.n", n=n)
            ends = {("-1", "before"): "often.last_working", ("1", "after"): "often.first_working"}
            if end := ends.get((parts.get("BYMONTHDAY", ""), shift)):
                return monthly + say(end)
            found = monthly + _day_of_month(parts, say)
        case _:
            yearly = say("often.yearly") if n == 1 else say("often.years.n", n=n)
            month = say("often.month", n=say.all(parts["BYMONTH"].split(","))) if "BYMONTH" in parts else ""
            found = yearly + month + _day_of_month(parts, say)
    moved = "" if shift == "none" else say("often.comma") + say(f"often.shift.{shift}")
    return found.strip() + moved


def _weekly(byday: str | None, n: int, say: _Words) -> str:
    if byday is None:
        return say("often.weekly") if n == 1 else say("often.weeks.n", n=n)
    return _weekdays(byday, say) if n == 1 else say("often.weeks.n", n=n) + _in_a_week(byday, say)


def _weekdays(byday: str, say: _Words) -> str:
    return say("days.daily") if byday.count(",") == 6 else say("often.on", list=_in_a_week(byday, say))


def _in_a_week(byday: str, say: _Words) -> str:
    return say.all(say.day(code) for code in sorted(byday.split(","), key=DAYS.index))


def _day_of_month(parts: Mapping[str, str], say: _Words) -> str:
    if "BYMONTHDAY" in parts:
        return say.all(_month_day(day, say) for day in parts["BYMONTHDAY"].split(","))
    if "BYDAY" not in parts:
        return ""
    days, positions = parts["BYDAY"].split(","), parts.get("BYSETPOS", "")
    if positions and (len(days) > 1 or "," in positions):
        nth = say.all(_position(n, say) for n in positions.split(","))
        return say("often.of", list=_in_a_week(parts["BYDAY"], say), nth=nth)
    return say.all(_weekday(one[-2:], one[:-2] or positions, say) for one in days)


def _month_day(day: str, say: _Words) -> str:
    if day == "-1":
        return say("often.last_day")
    return say("often.day_before_end", n=day[1:]) if day.startswith("-") else say("often.day", n=day)


def _weekday(code: str, n: str, say: _Words) -> str:
    """Return a weekday of the month: every one, the first, the last."""
    day = say.day(code)
    if not n:
        return day
    if n == "-1":
        return say("often.last_weekday", day=day)
    key = "often.nth_from_end" if n.startswith("-") else "often.nth_weekday"
    return say(key, n=n.lstrip("+-"), day=day)


def _position(n: str, say: _Words) -> str:
    if n == "-1":
        return say("often.last")
    return say("often.nth_end" if n.startswith("-") else "often.nth", n=n.lstrip("+-"))
