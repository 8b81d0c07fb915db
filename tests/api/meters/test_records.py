"""From a phone's record to the series: reading, level, mark, the order it opens; and all of it made again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.feed import service as feed
from server.forms import service as forms
from server.keeping.rebuild import differences
from server.meters.models import Meter, MeterHour, MeterReading
from server.orders.models import OrderAct, WorkOrder
from server.rounds.models import Reading
from server.sites.models import Place
from tests.api.meters.conftest import As, Estate, make
from tests.api.rounds.night import Night
from tests.conftest import FakeClock

FIELDS: list[dict[str, Any]] = [
    {"id": "press", "kind": "meter", "label": {"zh": "压力", "en": "Pressure"}, "meter": "pressure",
     "unit": "MPa", "decimals": 2},
    {"id": "used", "kind": "meter", "label": {"zh": "水表", "en": "Water"}, "meter": "water",
     "unit": "m³", "decimals": 1},
]  # fmt: skip


class Pumps(Night):
    """A round of the pump, whose form asks for both of its meters."""

    def __init__(self, estate: Estate, clock: FakeClock, pump: Place) -> None:
        made = forms.make_form(
            estate.session,
            organisation_id=estate.site.organisation_id,
            site_id=estate.site.id,
            name={"zh": "水泵", "en": "Pump"},
            fields=FIELDS,
            now_ms=clock.ms,
        )
        feed.commit(estate.session, now_ms=clock.ms)
        self.form, self.pump = UUID(made["id"]), pump
        super().__init__(estate, clock, route=estate.route(pump, form=self.form))

    def read(self, minutes: int, values: dict[str, Any]) -> str:
        """Scan the pump and answer; nothing is sent."""
        at_ms = self.start + minutes * 60_000
        tag = self.estate.tag(self.pump)
        scan = self.phone.scan(self.pump, tag, at_ms=at_ms, occurrence=self.id, walk_on=False)
        self.phone.answer(
            self.pump, form=self.form, values=values, at_ms=at_ms + 30_000, occurrence=self.id, scan=scan,
            edition=1,
        )  # fmt: skip
        return scan

    def series(self, meter: Meter) -> list[MeterReading]:
        """Return the points of a meter in their order."""
        self.estate.session.expire_all()
        query = select(MeterReading).where(MeterReading.meter_id == meter.id)
        return list(self.estate.session.scalars(query.order_by(MeterReading.estimate_ms)))


def said(meter: Meter, value: str, edition: int = 1) -> dict[str, Any]:
    """Return an answer as the phone writes it."""
    return {"meter": str(meter.id), "edition": edition, "value": value}


@pytest.fixture
def pumps(estate: Estate, clock: FakeClock, pump: Place, pressure: Meter, water: Meter) -> Pumps:
    return Pumps(estate, clock, pump)


def all_rows(session: Any, model: Any) -> list[tuple[Any, ...]]:
    table = model.__table__
    return sorted((tuple(row) for row in session.execute(select(table))), key=repr)


def test_what_a_phone_reads_is_judged_opens_one_order_and_is_the_same_when_made_again(
    pumps: Pumps, pressure: Meter, water: Meter, as_: As, at: str
) -> None:
    session = pumps.estate.session
    first = pumps.read(5, {"press": said(pressure, "0.45"), "used": said(water, "100.0")})
    second = pumps.read(35, {"press": said(pressure, "0.72"), "used": said(water, "900.0")})
    third = pumps.read(65, {"press": said(pressure, "0.70"), "used": {"cannot_read": "dark"}})
    pumps.push(70)

    points = pumps.series(pressure)
    assert [(one.value, one.level, one.mark) for one in points] == [
        ("0.45", "normal", None), ("0.72", "alarm", None), ("0.70", "alarm", None),
    ]  # fmt: skip
    assert [one.visit_id for one in points] == [first, second, third]
    wang = pumps.estate.people["Wang"].id
    assert {(one.person_id, one.entered_by, one.edition) for one in points} == {(wang, None, 1)}
    assert all(one.lower_ms is not None and one.lower_ms <= one.estimate_ms <= one.upper_ms for one in points)
    jumped = pumps.series(water)
    assert [(one.value, one.mark) for one in jumped] == [("100.0", None), ("900.0", "jump")]
    shown = {
        (row.visit_id, row.field): (row.value, row.unit, row.level)
        for row in session.scalars(select(Reading))
    }
    assert shown[second, "press"] == ("0.72", "MPa", "alarm")
    assert shown[third, "used"] == (None, "m³", None), "who could not read it said so"

    [order] = session.scalars(select(WorkOrder))
    assert (order.urgency, order.state, str(order.target_id)) == ("urgent", "open", str(pumps.pump.id))
    assert order.source_id.startswith(points[2].record_hash or "-"), "the newest one opened it"
    assert [one.kind for one in session.scalars(select(OrderAct))] == ["join"], "0.72 is told with it"

    listed = as_("Li").get(f"{at}/meters?asset={pumps.pump.id}").json
    assert listed is not None
    last = {one["key"]: one["last"] for one in listed["meters"]}
    assert (last["pressure"]["value"], last["pressure"]["level"]) == ("0.7", "alarm")
    assert as_("Chen").get(f"{at}/meters").status_code == 404, "of another site"

    before = [all_rows(session, model) for model in (MeterReading, MeterHour, WorkOrder, OrderAct)]
    assert differences(session, pumps.estate.site.organisation_id) == []
    session.commit()
    assert [all_rows(session, model) for model in (MeterReading, MeterHour, WorkOrder, OrderAct)] == before

    pumps.read(80, {"press": said(pressure, "0.75"), "used": said(water, "900.2")})
    pumps.push(85)
    pumps.read(90, {"press": said(pressure, "0.50"), "used": said(water, "900.5")})
    pumps.push(95)
    assert len(session.scalars(select(WorkOrder)).all()) == 1, "one order until the value has returned"
    session.expire_all()
    acts = session.scalars(select(OrderAct).where(OrderAct.order_id == order.id)).all()
    assert [one.p["text"] for one in acts if one.p.get("returned")] == ["0.5"], "the order hears of it"


def test_what_is_no_reading_of_the_meter_stays_in_the_record_and_out_of_the_series(
    pumps: Pumps, pressure: Meter, water: Meter, estate: Estate, pump: Place
) -> None:
    elsewhere = make(estate, pump, "other", {"unit": "°C", "decimals": 0, "kind": "gauge"})
    for minutes, answer in enumerate(
        (
            said(pressure, "0,45"),
            said(pressure, "1e400"),
            said(pressure, "０.４５"),
            said(pressure, "0.451"),
            said(pressure, "0.45", edition=9),
            said(elsewhere, "0.45"),
            said(water, "0.45"),
        )
    ):
        pumps.read(5 + minutes, {"press": answer})
    pumps.push(30)
    assert [len(pumps.series(one)) for one in (pressure, elsewhere, water)] == [0, 0, 0]
    answers = [one.answers["press"] for one in pumps.visits() if one.answers]
    assert len(answers) == 7, "nothing that was said is lost"
    assert list(estate.session.scalars(select(WorkOrder))) == []
