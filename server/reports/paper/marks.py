"""Marks and reasons in words, as the screens have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.reports.paper.words import Lang

MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "too_fast": ("走得太快", "Too fast"),
    "clock_back": ("时钟往回走过", "The clock went back"),
    "clock_jump": ("时钟不准", "Clock is off"),
    "outside_bounds": ("时钟不准", "Clock is off"),
    "future_wall": ("时钟偏快", "The clock was ahead"),
    "zone_changed": ("时区变过", "The time zone changed"),
    "long_offline": ("很久没联网", "Long without a network"),
    "burst": ("一下子来得太多", "Many at once"),
    "seq_gap": ("中间缺号", "A number is missing"),
    "dep_missing": ("等的记录没有来", "What it waited for is missing"),
    "fork": ("同号有两条", "Two records with one number"),
    "weak_key": ("钥匙不牢", "Weak key"),
    "tag_unproven": ("码没有证实", "The code is not proven"),
    "unknown_tag": ("不认识的码", "Unknown code"),
    "retired_tag": ("停用的码", "Replaced code"),
    "stale_tag": ("旧版的码", "Older print"),
    "not_here": ("不在这一轮", "Not in this round"),
    "out_of_order": ("顺序不同", "Out of order"),
    "early": ("早于时间", "Too early"),
    "after_grace": ("晚于补巡期", "After the grace"),
    "duplicate_photo": ("照片用过", "Photo used before"),
    "incomplete": ("没填全", "Not filled in"),
    "two_phones": ("两部手机同时用", "On two phones"),
    "no_certificate": ("没有要求的证", "No certificate"),
    "not_theirs": ("不是本人的任务", "Not theirs by the plan"),
}

SKIPS: Final[Mapping[str, tuple[str, str]]] = {
    "locked": ("锁着，没钥匙", "Locked, no key"),
    "blocked": ("路不通", "No way through"),
    "works": ("正在施工", "Works under way"),
    "unsafe": ("不安全", "Not safe"),
    "weather": ("天气", "Weather"),
    "other": ("别的原因", "Another reason"),
}


def mark_word(mark: str, lang: Lang) -> str:
    """Return what a mark says; nothing of one that asks for no explanation, as a place not kept by choice."""
    return _word(MARKS, mark, lang)


def skip_word(reason: str, lang: Lang) -> str:
    """Return why a stop was skipped."""
    return _word(SKIPS, reason, lang)


def _word(words: Mapping[str, tuple[str, str]], key: str, lang: Lang) -> str:
    found = words.get(key)
    return found[0 if lang == "zh" else 1] if found else ""
