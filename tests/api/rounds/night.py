"""Tonight's round, and a pump room with a checklist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.feed import service as feed
from server.forms import service as forms
from server.rounds.models import Occurrence, Plan, Visit
from server.rounds.service.judging import judge_all
from server.sites.models import Place
from tests.api.rounds.conftest import MIN, Estate
from tests.api.rounds.phone import Phone
from tests.conftest import FakeClock

FIELDS: list[dict[str, Any]] = [
    {
        "id": "pressure",
        "kind": "number",
        "label": {"zh": "出水压力", "en": "Pressure"},
        "required": True,
        "unit": "MPa",
        "decimals": 2,
        "limits": {"alarm_low": "0.25", "warn_low": "0.30", "warn_high": "0.60", "alarm_high": "0.65"},
    },
    {"id": "leaks", "kind": "check", "label": {"zh": "漏水", "en": "Leaks"}, "required": True},
    {"id": "remark", "kind": "text", "label": {"zh": "备注", "en": "Remark"}},
]


class Night:
    """Tonight's round, 22:00 to 24:00 with an hour of grace, and Wang's phone."""

    def __init__(self, estate: Estate, clock: FakeClock, **plan: Any) -> None:
        self.estate, self.clock = estate, clock
        self.plan: Plan = estate.plan(**plan)
        self.occurrence: Occurrence = estate.occurrences(self.plan)[0]
        self.id, self.start = self.occurrence.id, self.occurrence.from_ms
        self.phone: Phone = estate.phone("4 号手机")
        self.phone.sign_in(estate.people["Wang"], at_ms=clock.ms)
        self.phone.push(now_ms=clock.ms)

    def scan(self, n: int, minutes: float, *, phone: Phone | None = None, **members: Any) -> str:
        """Scan checkpoint `n` so many minutes into the window."""
        place = self.estate.places[n - 1]
        members.setdefault("tag", self.estate.tag(place))
        members.setdefault("occurrence", self.id)
        tag = members.pop("tag")
        return (phone or self.phone).scan(place, tag, at_ms=self.start + int(minutes * MIN), **members)

    def push(self, minutes: float, phone: Phone | None = None, remaining: int = 0) -> list[Any]:
        """Send everything so many minutes into the window."""
        self.clock.ms = self.start + int(minutes * MIN)
        answer = (phone or self.phone).push(now_ms=self.clock.ms, remaining=remaining)
        assert all(o.outcome == "applied" for o in answer.outcomes), answer.outcomes
        return [o.marks for o in answer.outcomes]

    def state(self, minutes: float) -> str:
        """Return the round's state so many minutes into the window."""
        [judged] = judge_all(
            self.estate.session,
            site_id=self.estate.site.id,
            occurrences=[self.estate.session.get_one(Occurrence, self.id)],
            now_ms=self.start + int(minutes * MIN),
        )
        return judged.judgement.state

    def visits(self) -> list[Visit]:
        """Return every visit of the site in the order of the log."""
        return list(self.estate.session.scalars(select(Visit).order_by(Visit.log, Visit.seq)))


class Room(Night):
    """A round of one pump room with a checklist."""

    def __init__(
        self,
        estate: Estate,
        clock: FakeClock,
        place: Place | None = None,
        fields: list[dict[str, Any]] = FIELDS,
        **terms: Any,
    ) -> None:
        definition = forms.make_form(
            estate.session,
            organisation_id=estate.site.organisation_id,
            site_id=estate.site.id,
            name={"zh": "泵房", "en": "Pump room"},
            fields=fields,
            now_ms=clock.ms,
        )
        feed.commit(estate.session, now_ms=clock.ms)
        self.form = UUID(definition["id"])
        self.place: Place = place or estate.places[0]
        route = estate.route(self.place, form=self.form, **terms)
        super().__init__(estate, clock, route=route)

    def answer(self, minutes: float, values: dict[str, Any], **members: Any) -> str:
        """Fill the checklist."""
        members.setdefault("edition", 1)
        return self.phone.answer(
            self.place,
            form=self.form,
            values=values,
            at_ms=self.start + int(minutes * MIN),
            occurrence=self.id,
            **members,
        )
