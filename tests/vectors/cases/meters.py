"""Meters: which limits hold on a day, and what a meter can show."""

from __future__ import annotations

from typing import Any

OWN = {"warn_high": "35", "alarm_high": "40"}
WINTER = {"alarm_low": "5", "warn_high": "30"}
RAIN = {"alarm_high": "1.3"}
ROOM: dict[str, Any] = {
    "unit": "°C",
    "decimals": 0,
    "kind": "gauge",
    "limits": OWN,
    "seasons": [
        {"from": "11-15", "to": "03-15", "limits": WINTER},
        {"from": "06-01", "to": "06-01", "limits": RAIN},
    ],
}
WATER: dict[str, Any] = {"unit": "m³", "decimals": 1, "kind": "counter", "max": "99999.9"}
GAUGE: dict[str, Any] = {"unit": "°C", "decimals": 2, "kind": "gauge"}


def cases() -> dict[str, list[dict[str, Any]]]:
    """Return the lists of cases."""
    days = [
        ("the day before a season", "2026-11-14", OWN),
        ("the first day of a season", "2026-11-15", WINTER),
        ("New Year's Eve", "2026-12-31", WINTER),
        ("New Year's Day", "2027-01-01", WINTER),
        ("29 February", "2028-02-29", WINTER),
        ("the last day of a season", "2027-03-15", WINTER),
        ("the day after a season", "2027-03-16", OWN),
        ("a season of one day", "2026-06-01", RAIN),
        ("the day after a season of one day", "2026-06-02", OWN),
    ]
    values = [
        ("a whole number", WATER, "12", None),
        ("as many decimals as it has", WATER, "12.5", None),
        ("a decimal too many", WATER, "12.50", "too_many_decimals"),
        ("its highest value", WATER, "99999.9", None),
        ("more than it can show", WATER, "100000", "over_max"),
        ("a counter below nothing", WATER, "-1", "negative"),
        ("a counter at minus nothing", WATER, "-0", "negative"),
        ("a gauge below nothing", GAUGE, "-12.25", None),
        ("a comma", GAUGE, "12,5", "not_a_number"),
        ("full-width digits", GAUGE, "１２３", "not_a_number"),
        ("an exponent", GAUGE, "1e400", "not_a_number"),
        ("nothing", GAUGE, "", "not_a_number"),
        ("no text", GAUGE, 12, "not_a_number"),
        ("an unending number", GAUGE, "NaN", "not_a_number"),
    ]
    return {
        "limits": [{"name": n, "definition": ROOM, "day": day, "limits": limits} for n, day, limits in days],
        "values": [{"name": n, "definition": d, "value": v, "fault": fault} for n, d, v, fault in values],
    }
