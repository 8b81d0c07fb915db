"""When a plan comes, in words: the files of the server and the console say it alike."""

from __future__ import annotations

from typing import Any

_EIGHT = [{"from": "08:00", "to": "10:00"}]


def _says(name: str, recurrence: dict[str, Any], zh: tuple[str, str], en: tuple[str, str]) -> dict[str, Any]:
    """Return a case: the recurrence, and in each language its days and its windows."""
    return {"name": name, "recurrence": recurrence, "zh": list(zh), "en": list(en)}


def _rule(name: str, rule: str, zh: str, en: str, **members: Any) -> dict[str, Any]:
    recurrence = {"kind": "calendar", "rule": rule, "windows": _EIGHT, **members}
    return _says(name, recurrence, (zh, "08:00–10:00"), (en, "08:00–10:00"))


def _in(windows: dict[str, Any], zh: str, en: str) -> dict[str, Any]:
    recurrence = {"kind": "calendar", "rule": "FREQ=DAILY", **windows}
    return _says(f"windows {en}", recurrence, ("每天", zh), ("Daily", en))


def cases() -> dict[str, object]:
    """Return the content of recurrence.json."""
    weekdays = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR"
    return {
        "words": [
            _rule("every day", "FREQ=DAILY", "每天", "Daily"),
            _rule("every third day", "FREQ=DAILY;INTERVAL=3", "每 3 天", "Every 3 days"),
            _rule("working days", "FREQ=DAILY", "每个工作日", "Working days", days="working"),
            _rule("days off", "FREQ=DAILY", "每个休息日", "Days off", days="free"),
            _rule("weekdays by day", "FREQ=DAILY;BYDAY=WE,MO", "每周一、周三", "Mon, Wed"),
            _rule("all seven", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "每天", "Daily"),
            _rule("a season", "FREQ=DAILY;BYMONTH=6,7", "每天，只在 6、7 月", "Daily, only in months 6, 7"),
            _rule("weekly", "FREQ=WEEKLY", "每周", "Weekly"),
            _rule("weekdays", "FREQ=WEEKLY;BYDAY=FR,TU", "每周二、周五", "Tue, Fri"),
            _rule("every other week", "FREQ=WEEKLY;INTERVAL=2", "每 2 周", "Every 2 weeks"),
            _rule(
                "every other week by day",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
                "每 2 周周一、周四",
                "Every 2 weeks Mon, Thu",
            ),
            _rule(
                "weekdays that are worked",
                "FREQ=WEEKLY;BYDAY=SA",
                "每周六，只在工作日",
                "Sat, working days only",
                days="working",
            ),
            _rule(
                "days of the month",
                "FREQ=MONTHLY;BYMONTHDAY=5,20",
                "每月 5 日、 20 日",
                "Monthly day 5, day 20",
            ),
            _rule("the last day", "FREQ=MONTHLY;BYMONTHDAY=-1", "每月最后一天", "Monthly last day"),
            _rule(
                "a day from the end",
                "FREQ=MONTHLY;BYMONTHDAY=-3",
                "每月倒数第 3 天",
                "Monthly day 3 from the end",
            ),
            _rule(
                "the last working day",
                "FREQ=MONTHLY;BYMONTHDAY=-1",
                "每月最后一个工作日",
                "Monthly last working day",
                shift="before",
            ),
            _rule(
                "the first working day of a quarter",
                "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
                "每 3 个月第一个工作日",
                "Every 3 months first working day",
                shift="after",
            ),
            _rule(
                "a day that is put off",
                "FREQ=MONTHLY;BYMONTHDAY=15",
                "每月 15 日，遇休息日顺延",
                "Monthly day 15, put off from days off",
                shift="after",
            ),
            _rule("a first weekday", "FREQ=MONTHLY;BYDAY=1MO", "每月第 1 个周一", "Monthly Mon no. 1"),
            _rule(
                "a last weekday", "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "每月最后一个周五", "Monthly last Fri"
            ),
            _rule(
                "a last but one",
                "FREQ=MONTHLY;BYDAY=-2TU",
                "每月倒数第 2 个周二",
                "Monthly Tue no. 2 from the end",
            ),
            _rule("each of a weekday", "FREQ=MONTHLY;BYDAY=MO", "每月周一", "Monthly Mon"),
            _rule(
                "the first of some weekdays",
                f"{weekdays};BYSETPOS=1",
                "每月周一、周二、周三、周四、周五里的第 1 个",
                "Monthly no. 1 of Mon, Tue, Wed, Thu, Fri",
            ),
            _rule(
                "the first and the last of some weekdays",
                "FREQ=MONTHLY;BYDAY=SU,SA;BYSETPOS=1,-1",
                "每月周六、周日里的第 1 个、最后一个",
                "Monthly no. 1, last of Sat, Sun",
            ),
            _rule(
                "a day of the year",
                "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1",
                "每年 6 月 1 日",
                "Yearly month 6 day 1",
            ),
            _rule("every other year", "FREQ=YEARLY;INTERVAL=2", "每 2 年", "Every 2 years"),
            _in({"windows": []}, "", ""),
            _in(
                {"windows": [{"from": "08:00", "to": "10:00"}, {"from": "22:30", "to": "06:00"}]},
                "08:00–10:00、22:30–06:00",
                "08:00–10:00, 22:30–06:00",
            ),
            _in(
                {"windows": [{"from": "06:00", "to": "06:00", "days": 7}]},
                "06:00 至 7 天后 06:00",
                "06:00 to 06:00, 7 days later",
            ),
            _in(
                {"every": {"from": "15:00", "to": "23:00", "minutes": 60}},
                "15:00–23:00 每 60 分钟",
                "15:00–23:00 every 60 min",
            ),
            *(
                _says(
                    f"so many a {per}",
                    {"kind": "count", "times": 2, "per": per},
                    (zh, "期内任何时候"),
                    (en, "any time in the period"),
                )
                for per, zh, en in (
                    ("day", "每天 2 次", "2 a day"),
                    ("week", "每周 2 次", "2 a week"),
                    ("half_month", "每半月 2 次", "2 each half month"),
                    ("month", "每月 2 次", "2 a month"),
                    ("quarter", "每季度 2 次", "2 a quarter"),
                    ("half_year", "每半年 2 次", "2 each half year"),
                    ("year", "每年 2 次", "2 a year"),
                )
            ),
            _says(
                "days after the last time",
                {"kind": "after", "every": {"days": 90}, "open_days": 7},
                ("做完后每 90 天", "到期后 7 天内"),
                ("90 days after it was done", "within 7 days"),
            ),
            _says(
                "months after the last time",
                {"kind": "after", "every": {"months": 6}, "open_days": 14},
                ("做完后每 6 个月", "到期后 14 天内"),
                ("6 months after it was done", "within 14 days"),
            ),
            _says(
                "a special round",
                {"kind": "once", "from": "2026-12-01T18:30", "to": "2026-12-01T20:00"},
                ("一次", "2026-12-01 18:30–2026-12-01 20:00"),
                ("Once", "2026-12-01 18:30–2026-12-01 20:00"),
            ),
        ]
    }
