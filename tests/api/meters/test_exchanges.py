"""A technician exchanges a meter with a phone: late, twice, and of a meter that is none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.feed import service as feed
from server.keeping.rebuild import differences
from server.meters import service as meters
from server.meters.models import Meter, MeterReading
from server.people.models import Person
from sync.meters import MeterExchange
from tests.api.assets.test_cards import told
from tests.api.meters.conftest import As, Estate
from tests.api.rounds.conftest import H
from tests.api.rounds.phone import Phone


def swap(phone: Phone, meter: Meter, at_ms: int, **said: Any) -> str:
    """Seal an exchange; nothing is sent."""
    whole = {"edition": 1, "end": "800.0", "start": "0.0", "number": "N2", "seen": 0, **said}
    return phone.record("meter.exchange", MeterExchange(str(meter.id), **whole), at_ms=at_ms)


def outcomes(phone: Phone, now: int) -> list[tuple[str, list[str]]]:
    return [(one.outcome, list(one.marks)) for one in phone.push(now_ms=now).outcomes]


def read(estate: Estate, meter: Meter, at_ms: int, value: str) -> None:
    meters.enter_reading(
        estate.session, site_id=meter.site_id, meter_id=meter.id, value=value, at_ms=at_ms, why="x",
        by=estate.session.scalars(select(Person.id)).all()[0], now_ms=at_ms,
    )  # fmt: skip


def series(estate: Estate, meter: Meter) -> list[tuple[str | None, str | None, int | None]]:
    estate.session.expire_all()
    query = select(MeterReading).where(MeterReading.meter_id == meter.id).order_by(MeterReading.estimate_ms)
    return [(one.value, one.mark, one.step and one.step // 100_000) for one in estate.session.scalars(query)]


def test_exchanged_with_a_phone_late_and_twice(estate: Estate, as_: As, at: str, water: Meter) -> None:
    one, two = estate.phone("A"), estate.phone("B")
    estate.clock.ms += 12 * H
    now = estate.clock.ms
    read(estate, water, now - 10 * H, "795.0")
    read(estate, water, now - 5 * H, "2.0")
    feed.commit(estate.session, now_ms=now)
    for phone, name in ((one, "Wang"), (two, "Wang")):
        phone.sign_in(estate.people[name], at_ms=now - 9 * H)
    assert series(estate, water)[1][1] == "lower", "nobody has told of the exchange yet"

    second = swap(two, water, now - 6 * H, number="N3", end="801.0")
    two.push(now_ms=now - 4 * H)
    assert series(estate, water) == [("795.0", None, None), ("0.0", "exchanged", 60), ("2.0", None, 20)]
    estate.session.refresh(water)
    assert (water.number, water.exchanges) == ("N3", 1)

    swap(one, water, now - 8 * H)
    assert set(map(str, outcomes(one, now))) == {"('applied', [])"}
    first_and_twice = [
        ("795.0", None, None), ("0.0", "exchanged", 50), ("0.0", "twice", None), ("2.0", None, 20),
    ]  # fmt: skip
    assert series(estate, water) == first_and_twice, "it falls into its place, and nothing is counted twice"
    listed = told(as_("Li").get(f"{at}/meters/{water.id}/readings?marked=true"))["readings"]
    assert [(x["id"], x["number"], x["end"]) for x in listed] == [(second, "N3", "801")]
    [shown] = told(as_("Li").get(f"{at}/meters?asset={water.asset_id}"))["meters"]
    assert shown["marked"] == 1
    drawn = told(as_("Li").get(f"{at}/meters/{water.id}/chart?from_ms={now - 24 * H}&to_ms={now}"))
    assert [(x["end"], x["number"]) for x in drawn["exchanges"]] == [("800", "N2")]
    before = (water.number, water.version)
    assert water.number == "N3", "what comes late does not take the number of a later one"
    assert differences(estate.session, estate.site.organisation_id) == []
    estate.session.refresh(water)
    assert (water.number, water.version) == before
    feed.commit(estate.session, now_ms=now)

    yes = {"reading": second, "value": "0.0", "why": "两次都换了"}
    told(as_("Li").post(f"{at}/meters/{water.id}/corrections", yes), 201)
    assert series(estate, water)[2] == ("0.0", "exchanged", 8010)
    told(as_("Li").post(f"{at}/meters/{water.id}/corrections", {**yes, "value": None}), 201)
    assert [x[1:] for x in series(estate, water)] == [
        (None, None),
        ("exchanged", 50),
        (None, None),
        (None, 20),
    ]


def test_what_the_meter_cannot_show_is_kept_and_marked(estate: Estate, water: Meter) -> None:
    phone = estate.phone("A")
    estate.clock.ms += 12 * H
    now = estate.clock.ms
    phone.sign_in(estate.people["Wang"], at_ms=now - 9 * H)
    swap(phone, water, now - 3 * H, end="800.123")
    phone.record(
        "meter.exchange", MeterExchange(str(estate.places[0].id), 1, None, "0", None, 0), at_ms=now - 2 * H
    )
    assert outcomes(phone, now)[-2:] == [("applied", ["incomplete"]), ("applied", ["not_here"])]
    assert series(estate, water) == [("0.0", "exchanged", None)]
