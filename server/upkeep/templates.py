"""Upkeep that service plans ask for, ready to be made into rules. Data alone.

The figures are those of the demands; how long a turn may take is trade judgement, to be set per site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Template:
    """A rule without a site: what, when, in which class of work."""

    key: str
    demand: str
    name: dict[str, str]
    recurrence: dict[str, Any]
    cls: str = "other"
    lead_days: int = 14
    asks_signature: bool = True
    target_kind: str = "site"
    category: str = ""


def _per(per: str) -> dict[str, Any]:
    return {"kind": "count", "times": 1, "per": per}


TEMPLATES: Final = (
    Template(
        "lightning", "P1-16", {"zh": "防雷检测", "en": "Lightning protection test"}, _per("year"), "power", 30
    ),
    Template(
        "pipes",
        "P1-26",
        {"zh": "雨污管道检查疏通", "en": "Rain and sewage pipes dredged"},
        _per("year"),
        "water",
    ),
    Template(
        "wells",
        "P1-26",
        {"zh": "雨污水井清掏", "en": "Rain and sewage wells cleared"},
        _per("half_year"),
        "water",
    ),
    Template(
        "septic_check", "P1-26", {"zh": "化粪池检查", "en": "Septic tank checked"}, _per("quarter"), "water"
    ),
    Template("septic", "P1-26", {"zh": "化粪池清掏", "en": "Septic tank emptied"}, _per("year"), "water"),
    Template(
        "tanks",
        "P1-46",
        {"zh": "二次供水水箱清洗消毒", "en": "Water tanks cleaned"},
        _per("half_year"),
        "water",
    ),
    Template("store", "P1-30", {"zh": "仓库盘点", "en": "Store counted"}, _per("quarter"), "other", 7, False),
)
"""By the demands P1-16, P1-26, P1-30 and P1-46."""
