"""Time as an interval; the expectations are worked out by hand from docs/protocol/time.md."""

from __future__ import annotations

SHANGHAI = "Asia/Shanghai"
T0 = 1_795_438_800_000
"""A moment of the server, ms; everything below is counted from here."""

HOUR = 3_600_000


def _t(wall: int, mono: int, boot: str = "b7c1d2e3", tz: str = SHANGHAI) -> dict[str, object]:
    return {"wall": wall, "mono": mono, "boot": boot, "tz": tz}


def _anchor(server_ms: int, wall: int, mono: int, boot: str = "b7c1d2e3") -> dict[str, object]:
    return {"server_ms": server_ms, "wall": wall, "mono": mono, "boot": boot}


def _after(wall: int, mono: int, boot: str = "b7c1d2e3") -> dict[str, object]:
    return {"wall": wall, "mono": mono, "boot": boot}


def _case(name: str, expect: dict[str, object], **given: object) -> dict[str, object]:
    empty = {"anchor": None, "after": None, "floor": None, "ceiling": None, "previous": None}
    return {"name": name, "input": {**empty, **given}, "expect": expect}


def _expect(lower: int | None, estimate: int, upper: int, quality: str, *marks: str) -> dict[str, object]:
    return {"lower": lower, "estimate": estimate, "upper": upper, "quality": quality, "marks": list(marks)}


def cases() -> dict[str, object]:
    """Return the content of time.json."""
    return {"evaluate": [*_singles(), *_denied()], "runs": _runs(), "pace": _pace()}


def _singles() -> list[dict[str, object]]:
    before = _anchor(T0, T0, 1_000)
    return [
        _case(
            "both sides agree to the millisecond",
            _expect(T0, T0 + 60_000, T0 + 120_000, "A"),
            t=_t(T0 + 60_000, 61_000),
            anchor=before,
            received_ms=T0 + 120_000,
            after=_after(T0 + 120_000, 121_000),
        ),
        _case(
            "a clock an hour fast is corrected by both sides",
            _expect(T0, T0 + 60_000, T0 + 120_000, "A", "outside_bounds", "future_wall"),
            t=_t(T0 + HOUR + 60_000, 61_000),
            anchor=_anchor(T0, T0 + HOUR, 1_000),
            received_ms=T0 + 120_000,
            after=_after(T0 + HOUR + 120_000, 121_000),
        ),
        _case(
            "the mean is rounded down",
            _expect(T0, T0 + 60_001, T0 + 120_000, "A"),
            t=_t(T0 + 60_000, 61_000),
            anchor=before,
            received_ms=T0 + 120_000,
            after=_after(T0 + 119_997, 121_000),
        ),
        _case(
            "a negative mean is rounded down too",
            _expect(-20_000, -10_003, 0, "A"),
            t=_t(-10_003, 61_000),
            anchor=_anchor(-20_000, -20_000, 51_000),
            received_ms=0,
            after=_after(-1, 71_000),
        ),
        _case(
            "just within what may differ: 10 s and one part in ten thousand",
            _expect(T0, T0 + 505_050, T0 + 1_000_000, "A"),
            t=_t(T0 + 500_000, 501_000),
            anchor=before,
            received_ms=T0 + 1_000_000,
            after=_after(T0 + 1_000_000 - 10_100, 1_001_000),
        ),
        _case(
            "one millisecond beyond: the sides contradict, the page session decides",
            _expect(T0, T0 + 500_000, T0 + 1_000_000, "C", "clock_jump"),
            t=_t(T0 + 500_000, 501_000),
            anchor=before,
            received_ms=T0 + 1_000_000,
            after=_after(T0 + 1_000_000 - 10_101, 1_001_000),
        ),
        _case(
            "contradiction, the session of the request: counted back from receipt",
            _expect(T0, T0 + 7_000_000, T0 + 7_200_000, "C", "clock_jump"),
            t=_t(T0 + 1_000, 50_000, "aaaaaaaa"),
            anchor=_anchor(T0, T0, 1_000, "bbbbbbbb"),
            received_ms=T0 + 7_200_000,
            after=_after(T0 + 5_000_000, 250_000, "aaaaaaaa"),
        ),
        _case(
            "contradiction, the session of the anchor: counted on from it",
            _expect(T0, T0 + 49_000, T0 + 7_200_000, "C", "clock_jump"),
            t=_t(T0 + 1_000_000, 50_000, "aaaaaaaa"),
            anchor=_anchor(T0, T0, 1_000, "aaaaaaaa"),
            received_ms=T0 + 7_200_000,
            after=_after(T0 + 5_000_000, 250_000, "cccccccc"),
        ),
        _case(
            "contradiction and no session in common: the phone's word, within the bounds",
            _expect(T0, T0 + 1_000_000, T0 + 7_200_000, "C", "clock_jump"),
            t=_t(T0 + 1_000_000, 50_000, "aaaaaaaa"),
            anchor=_anchor(T0, T0, 1_000, "bbbbbbbb"),
            received_ms=T0 + 7_200_000,
            after=_after(T0 + 5_000_000, 250_000, "cccccccc"),
        ),
        _case(
            "only the receipt: one side",
            _expect(None, T0 + 60_000, T0 + 120_000, "B"),
            t=_t(T0 + 60_000, 61_000),
            received_ms=T0 + 120_000,
            after=_after(T0 + 120_000, 121_000),
        ),
        _case(
            "only the anchor, an import: one side",
            _expect(T0, T0 + 60_000, T0 + 2 * HOUR, "B"),
            t=_t(T0 + 60_000, 61_000),
            anchor=before,
            received_ms=T0 + 2 * HOUR,
        ),
        _case(
            "an import without an anchor: nothing but the phone's word",
            _expect(None, T0 + 60_000, T0 + 2 * HOUR, "D"),
            t=_t(T0 + 60_000, 61_000),
            received_ms=T0 + 2 * HOUR,
        ),
        _case(
            "the phone's word is not believed beyond the receipt",
            _expect(None, T0, T0, "D", "outside_bounds", "future_wall"),
            t=_t(T0 + HOUR, 61_000),
            received_ms=T0,
        ),
        _case(
            "the predecessor's bound is a bound too, and raises the estimate",
            _expect(T0 + 90_000, T0 + 90_000, T0 + 120_000, "A"),
            t=_t(T0 + 60_000, 61_000),
            anchor=before,
            received_ms=T0 + 120_000,
            after=_after(T0 + 120_000, 121_000),
            floor=T0 + 90_000,
        ),
        _case(
            "a floor alone is no anchor: the quality stays D",
            _expect(T0 + 90_000, T0 + 90_000, T0 + 120_000, "D"),
            t=_t(T0 + 60_000, 61_000),
            received_ms=T0 + 120_000,
            floor=T0 + 90_000,
        ),
        _case(
            "the successor's bound lowers the estimate",
            _expect(T0, T0 + 30_000, T0 + 30_000, "A"),
            t=_t(T0 + 60_000, 61_000),
            anchor=before,
            received_ms=T0 + 120_000,
            after=_after(T0 + 120_000, 121_000),
            ceiling=T0 + 30_000,
        ),
        _case(
            "the server's own clock was set back: the upper bound is the lower one",
            _expect(T0, T0, T0, "A"),
            t=_t(T0 + 1_000, 2_000),
            anchor=before,
            received_ms=T0 - 5_000,
            after=_after(T0 + 1_500, 2_500),
        ),
        _case(
            "clock back by 2 s is not worth a mark",
            _expect(None, T0, T0 + 1_000, "B"),
            t=_t(T0, 70_000),
            received_ms=T0 + 1_000,
            after=_after(T0 + 1_000, 71_000),
            previous=_t(T0 + 2_000, 69_900, "ffffffff"),
        ),
        _case(
            "clock back by more than 2 s",
            _expect(None, T0, T0 + 1_000, "B", "clock_back"),
            t=_t(T0, 70_000),
            received_ms=T0 + 1_000,
            after=_after(T0 + 1_000, 71_000),
            previous=_t(T0 + 2_001, 69_900, "ffffffff"),
        ),
        _case(
            "wall ran 5 s less than mono: still no jump",
            _expect(None, T0, T0 + 1_000, "B"),
            t=_t(T0, 70_000),
            received_ms=T0 + 1_000,
            after=_after(T0 + 1_000, 71_000),
            previous=_t(T0 - 15_000, 50_000),
        ),
        _case(
            "wall ran more than 5 s less than mono: the clock jumped",
            _expect(None, T0, T0 + 1_000, "B", "clock_jump"),
            t=_t(T0, 70_000),
            received_ms=T0 + 1_000,
            after=_after(T0 + 1_000, 71_000),
            previous=_t(T0 - 14_999, 50_000),
        ),
        _case(
            "wall ran far more than mono: the phone slept, no mark",
            _expect(None, T0, T0 + 1_000, "B"),
            t=_t(T0, 70_000),
            received_ms=T0 + 1_000,
            after=_after(T0 + 1_000, 71_000),
            previous=_t(T0 - 5 * HOUR, 69_000),
        ),
        _case(
            "another page session proves no jump",
            _expect(None, T0, T0 + 1_000, "B"),
            t=_t(T0, 70_000),
            received_ms=T0 + 1_000,
            after=_after(T0 + 1_000, 71_000),
            previous=_t(T0 - 1_000, 10_000, "ffffffff"),
        ),
        _case(
            "a minute before the lower bound is no mark, a millisecond more is one",
            _expect(T0, T0 + 1_000, T0 + 2_000, "A", "outside_bounds"),
            t=_t(T0 - 60_001, 2_000),
            anchor=_anchor(T0, T0 - 61_001, 1_000),
            received_ms=T0 + 2_000,
            after=_after(T0 - 59_001, 3_000),
        ),
        _case(
            "a minute before the lower bound exactly",
            _expect(T0, T0 + 1_000, T0 + 2_000, "A"),
            t=_t(T0 - 60_000, 2_000),
            anchor=_anchor(T0, T0 - 61_000, 1_000),
            received_ms=T0 + 2_000,
            after=_after(T0 - 59_000, 3_000),
        ),
        _case(
            "a minute after receipt exactly",
            _expect(None, T0, T0, "D"),
            t=_t(T0 + 60_000, 2_000),
            received_ms=T0,
        ),
        _case(
            "the phone changed its zone",
            _expect(None, T0, T0 + 1_000, "B", "zone_changed"),
            t=_t(T0, 70_000, tz="Asia/Tokyo"),
            received_ms=T0 + 1_000,
            after=_after(T0 + 1_000, 71_000),
            previous=_t(T0 - 1_000, 69_000),
        ),
        _case(
            "a day offline exactly is no mark",
            _expect(None, T0, T0 + 24 * HOUR, "B"),
            t=_t(T0, 1_000),
            received_ms=T0 + 24 * HOUR,
            after=_after(T0 + 24 * HOUR, 2_000, "ffffffff"),
        ),
        _case(
            "more than a day offline",
            _expect(None, T0, T0 + 24 * HOUR + 1, "B", "long_offline"),
            t=_t(T0, 1_000),
            received_ms=T0 + 24 * HOUR + 1,
            after=_after(T0 + 24 * HOUR + 1, 2_000, "ffffffff"),
        ),
        _case(
            "a clock before 1970 is only a clock",
            _expect(T0, T0 + 60_000, T0 + 120_000, "A", "outside_bounds"),
            t=_t(-100_000, 61_000),
            anchor=_anchor(T0, -160_000, 1_000),
            received_ms=T0 + 120_000,
            after=_after(-40_000, 121_000),
        ),
        _case(
            "several marks keep their order",
            _expect(
                None,
                T0,
                T0,
                "D",
                "clock_back",
                "clock_jump",
                "outside_bounds",
                "future_wall",
                "zone_changed",
            ),
            t=_t(T0 + HOUR, 70_000, tz="UTC"),
            received_ms=T0,
            previous=_t(T0 + 2 * HOUR, 10_000),
        ),
    ]


def _denied() -> list[dict[str, object]]:
    """Return what the page session makes of a clock that was wrong for a while, and right again."""
    here, other = _anchor(T0, T0, 0), _anchor(T0, T0, 0, "00c0ffee")
    late = T0 + 8 * HOUR
    return [
        _case(
            "a clock set back, and right again before the phone is heard: the session says when it was",
            _expect(T0, T0 + 6 * HOUR, late, "C", "clock_jump"),
            t=_t(T0 + 2 * HOUR, 6 * HOUR),
            anchor=here,
            received_ms=late,
            after=_after(late, 8 * HOUR),
        ),
        _case(
            "a clock set forward, and right again: the session until the request denies it",
            _expect(T0, T0 + 5 * HOUR, late, "C", "clock_jump"),
            t=_t(T0 + 7 * HOUR, 4 * HOUR),
            anchor=other,
            received_ms=late,
            after=_after(late, 7 * HOUR),
        ),
        _case(
            "a session that slept says less than passed, and denies nothing",
            _expect(T0, T0 + 6 * HOUR, late, "A"),
            t=_t(T0 + 6 * HOUR, 1 * HOUR),
            anchor=here,
            received_ms=late,
            after=_after(late, 2 * HOUR),
        ),
        _case(
            "one side alone, denied by the session since the anchor",
            _expect(T0, T0 + 3 * HOUR, T0 + 9 * HOUR, "C", "clock_jump"),
            t=_t(T0 + 1 * HOUR, 3 * HOUR),
            anchor=here,
            received_ms=T0 + 9 * HOUR,
        ),
        _case(
            "one side alone, denied by the session until the request",
            _expect(None, T0 + 2 * HOUR, late, "C", "clock_jump"),
            t=_t(T0 + 7 * HOUR, 2 * HOUR),
            received_ms=late,
            after=_after(late, 8 * HOUR),
        ),
        _case(
            "10 s and a ten-thousandth of what passed are not enough to deny it",
            _expect(T0, T0 + 2 * HOUR - 10_720, late, "A"),
            t=_t(T0 + 2 * HOUR - 10_720, 2 * HOUR),
            anchor=here,
            received_ms=late,
            after=_after(late, 4 * HOUR),
        ),
        _case(
            "and one ms more is",
            _expect(T0, T0 + 6 * HOUR, late, "C", "clock_jump"),
            t=_t(T0 + 2 * HOUR - 10_721, 2 * HOUR),
            anchor=here,
            received_ms=late,
            after=_after(late, 4 * HOUR),
        ),
    ]


def _runs() -> list[dict[str, object]]:
    def sighting(wall: int, mono: int, anchor: object, received_ms: int) -> dict[str, object]:
        return {
            "t": _t(wall, mono),
            "anchor": anchor,
            "received_ms": received_ms,
            "after": _after(received_ms, mono + received_ms - wall),
        }

    return [
        {
            "name": "an earlier anchor after a later one lowers nothing; a late receipt raises nothing",
            "sightings": [
                sighting(T0 + 10_000, 10_000, _anchor(T0, T0, 0), T0 + 100_000),
                sighting(T0 + 20_000, 20_000, _anchor(T0 + 15_000, T0 + 15_000, 15_000), T0 + 50_000),
                sighting(T0 + 30_000, 30_000, _anchor(T0, T0, 0), T0 + 90_000),
            ],
            "expect": [
                _expect(T0, T0 + 10_000, T0 + 50_000, "A"),
                _expect(T0 + 15_000, T0 + 20_000, T0 + 50_000, "A"),
                _expect(T0 + 15_000, T0 + 30_000, T0 + 90_000, "A"),
            ],
        },
        {
            "name": "the server's clock set back within a run keeps the bounds monotone",
            "sightings": [
                sighting(T0 + 1_000, 1_000, _anchor(T0, T0, 0), T0 + 2_000),
                sighting(T0 + 3_000, 3_000, _anchor(T0 + 2_000, T0 + 2_000, 2_000), T0 + 1_500),
            ],
            "expect": [
                _expect(T0, T0 + 1_000, T0 + 2_000, "A"),
                _expect(T0 + 2_000, T0 + 2_000, T0 + 2_000, "A"),
            ],
        },
    ]


def _pace() -> list[dict[str, object]]:
    """Scans of one log, each with its place and its second, and the marks that each gets."""

    def case(name: str, *scans: tuple[str, float, list[str]]) -> dict[str, object]:
        return {
            "name": name,
            "scans": [{"place": place, "estimate_ms": T0 + int(s * 1_000)} for place, s, _ in scans],
            "marks": [marks for _, _, marks in scans],
        }

    fast, slow, both = ["too_fast"], ["burst"], ["burst", "too_fast"]
    return [
        case("two walls within 5 s are too fast", ("a", 0, []), ("b", 4.999, fast), ("c", 9.999, [])),
        case("the same code twice is not too fast", ("a", 0, []), ("a", 1, [])),
        case("a clock that was set back is no excuse", ("a", 10, []), ("b", 6, fast)),
        case(
            "the fifth place within half a minute is a burst",
            ("a", 0, []), ("b", 7.5, []), ("c", 15, []), ("d", 22.5, []), ("e", 30, slow), ("f", 37.5, slow),
        ),
        case(
            "a millisecond more is none",
            ("a", 0, []), ("b", 7, []), ("c", 14, []), ("d", 21, []), ("e", 30.001, []),
        ),
        case(
            "four places are no burst, however often",
            ("a", 0, []), ("b", 1, fast), ("c", 2, fast), ("d", 3, fast), ("a", 4, fast), ("a", 5, []),
        ),
        case(
            "a sheet of codes is both",
            ("a", 0, []), ("b", 1, fast), ("c", 2, fast), ("d", 3, fast), ("e", 4, both), ("f", 5, both),
        ),
    ]  # fmt: skip
