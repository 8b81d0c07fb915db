"""Plays both stories at once, and compares the report with the truth at several moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from tests.estate_month.field import Field, Ground
from tests.estate_month.oracle import OPEN, PROVEN, sums
from tests.estate_month.places import Place
from tests.estate_month.story import (
    DAY,
    HOUR,
    Event,
    Excuse,
    Round,
    SetClock,
    Skip,
    Span,
    Story,
    Sync,
    Visit,
    midnight,
    tell,
)

STATES = ("done", "late", "partial", "missed", "excused", "unheard", "unproven", *OPEN)
WALKED = (*PROVEN, "partial", "missed")
SAID_LESS = ("unproven", "unheard")


@dataclass
class Found:
    """What was compared, for the figures at the end."""

    looks: int = 0
    rounds: int = 0
    rows: int = 0
    weak: int = 0
    said_less: int = 0
    states: Counter[str] = field(default_factory=Counter)
    revisions: dict[str, list[str | None]] = field(default_factory=dict)
    records: int = 0

    def __str__(self) -> str:
        told = ", ".join(f"{self.states[state]} {state}" for state in STATES if self.states[state])
        return (
            f"{self.records} records; {self.looks} reports, {self.rows} rows, {self.rounds} rounds compared, "
            f"{self.weak} of weak evidence, {self.said_less} times less was said than the truth; "
            f"at the end {told}; closed {self.revisions}"
        )


def eve(span: Span) -> int:
    """Return when the sites are laid out: at noon of the day before, ms."""
    return midnight(span.first - timedelta(days=1)) + 12 * HOUR


class Month:
    """Both sites through a period."""

    def __init__(
        self, made: Field, span: Span, seed: int, places: Iterable[Place], *, say: Callable[[str], None]
    ) -> None:
        self.field, self.span, self.say = made, span, say
        self.found = Found()
        starts_on = span.first - timedelta(days=1)
        self.told: list[tuple[Story, Ground]] = [
            (tell(place, span, seed), made.lay_out(place, starts_on=starts_on, seed=seed)) for place in places
        ]
        self._end = max(span.end_ms(story.place) for story, _ in self.told)
        self._waiting: list[tuple[Ground, Skip]] = []

    def play(self) -> Found:
        """Live through everything and compare at each of the moments; return what was compared.

        :raises AssertionError: a report that is not the truth, or says more than the evidence
        """
        first, length = midnight(self.span.first), self.span.walked * DAY
        moments: list[tuple[int, str, Callable[[], None]]] = [
            (first + length // 2 + 13 * HOUR, "in the middle", _nothing),
            (self._end + 30 * 60_000, "at the end", _nothing),
            (self._end + 4 * DAY, "after the late phones", _nothing),
            (self._end + 7 * DAY + HOUR, "when it is closed", self._close),
            (self._end + 11 * DAY, "after what came later", _nothing),
            (self._end + 12 * DAY, "when the lost phone is written off", self._write_off),
        ]
        mornings = [(first + n * DAY + 3 * HOUR, "", _nothing) for n in range(self.span.days + 12)]
        numbers = count()
        happening = [(e.at_ms, next(numbers), e, ground) for story, ground in self.told for e in story.events]
        looking = [(at, next(numbers), (name, act), None) for at, name, act in [*moments, *mornings]]
        for at, _, what, ground in sorted([*happening, *looking], key=lambda each: each[:2]):
            self.field.clock.ms = at
            if ground is not None:
                self._happen(ground, what)  # type: ignore[arg-type]
            else:
                name, act = what  # type: ignore[misc]
                self._office()
                act()
                self.field.work()
                if name:
                    self.look(name)
        for _, ground in self.told:
            self.found.records += sum(len(list(p.phone.store.records())) for p in ground.pockets.values())
            closed = self._closed(ground)
            self.found.revisions[ground.place.key] = [each["share"] for each in closed]
            assert len(closed) > 1, "nothing came after the period was closed"
        return self.found

    def _happen(self, ground: Ground, event: Event) -> None:
        match event:
            case Visit():
                self.field.visit(ground, event)
            case Skip():
                self.field.skip(ground, event)
                if event.accepted:
                    self._waiting.append((ground, event))
            case Excuse():
                self.field.excuse(ground, event.round)
            case SetClock():
                self.field.set_clock(ground, event)
            case Sync():
                if event.phone not in ground.journal.revoked and ground.pockets[event.phone].sync(
                    works=event.works
                ):
                    ground.journal.heard[event.phone].append(event.at_ms)

    def _office(self) -> None:
        """Let the supervisor decide about the skipped stops that are known by now."""
        later = []
        for ground, skip in self._waiting:
            if ground.journal.heard[skip.phone][-1] >= skip.at_ms:
                self.field.accept(ground, skip.round, skip.stop)
            else:
                later.append((ground, skip))
        self._waiting = later

    def _close(self) -> None:
        for _, ground in self.told:
            self.field.ask("POST", f"/api/v1/sites/{ground.site}/closings", json={"period": self.span.key})

    def _write_off(self) -> None:
        for story, ground in self.told:
            for phone in story.lost:
                self.field.write_off(ground, phone)

    # -- comparing

    def look(self, name: str) -> None:
        """Compare both sites' reports with the truth, as it stands now."""
        for story, ground in self.told:
            report = self.field.ask("GET", f"/api/v1/sites/{ground.site}/report?period={self.span.key}")
            said = self._rounds(ground)
            about = f"{ground.place.key} {name}"
            self.found.looks += 1
            ids = {ground.id_of(one): one for one in story.rounds}
            assert said.keys() == ids.keys(), f"{about}: other rounds than are due"
            wrong = [
                line for round_id, one in ids.items() if (line := self._wrong(ground, one, said[round_id]))
            ]
            assert not wrong, f"{about}:\n" + "\n".join(wrong[:20])
            self._rows(ground, story, report, about)
            if closed := report["closed"]["revisions"]:
                assert closed[-1]["sums"] == report["sums"], f"{about}: the last revision is not the report"
                assert closed[-1]["share"] == report["sums"]["low"]
                stated = {each["demand"]: each["sums"] for each in closed[-1]["demands"]}
                assert stated == {
                    row["key"]: row["sums"] for row in report["demands"] if row["key"] in stated
                }, about
            self.say(f"  {about}: {report['sums']}")
            if name.startswith("when the lost"):
                self.found.states.update(said.values())

    def _wrong(self, ground: Ground, one: Round, said: str) -> str | None:
        """Return what is wrong with what is said of a round, or None."""
        now, journal = self.field.clock.ms, ground.journal
        told, truth, weak = journal.told(one, now), journal.truth(one, now), journal.weak(one)
        self.found.rounds += 1
        self.found.weak += weak
        self.found.said_less += said != truth and said not in OPEN
        # A stop that is only claimed counts as visited, and makes in part what nobody walked in time
        claimed = weak and said == "partial" and told == "missed"
        excused = weak and said == "excused" and one in journal.excused
        fits = said == told or claimed or excused or (weak and said in SAID_LESS)
        never_more = (truth in PROVEN) == (said in PROVEN) if said in WALKED else True
        if fits and never_more:
            return None
        deeds = [(d.at_ms - one.from_ms, d.phone, d.stop) for d in journal._of(one)]
        return (
            f"{one.plan.key} #{one.number} at {one.from_ms}: said {said}, told {told}, truth {truth}, "
            f"weak {weak}, length {one.to_ms - one.from_ms}, deeds {deeds}, id {ground.id_of(one)}"
        )

    def _rows(self, ground: Ground, story: Story, report: dict[str, Any], about: str) -> None:
        rows: list[tuple[str, dict[str, Any], list[Round]]] = [("all", report["sums"], story.rounds)]
        for row in report["demands"]:
            mine = [one for one in story.rounds if row["key"] in one.plan.demands]
            rows.append((row["key"], row["sums"], mine))
        keys = {str(plan_id): key for key, plan_id in ground.plans.items()}
        for row in report["plans"]:
            key = keys[row["key"]]
            rows.append((key, row["sums"], [one for one in story.rounds if one.plan.key == key]))
        assert {name for name, _, _ in rows[1:]} >= {*ground.place.demands}, f"{about}: rows are missing"
        now, journal = self.field.clock.ms, ground.journal
        for name, said, mine in rows:
            told = sums(journal.told(one, now) for one in mine)
            weak = sum(journal.weak(one) for one in mine)
            self.found.rows += 1
            found = {state: said[state] for state in (*STATES, "due")}
            wanted = {state: told[state] for state in (*STATES, "due")}
            if weak == 0:
                assert found == wanted, f"{about}, row {name}"
            found["partial"] += found.pop("missed")
            wanted["partial"] += wanted.pop("missed")
            for state in (*PROVEN, "partial"):
                assert wanted[state] - weak <= found[state] <= wanted[state], f"{about}, row {name}: {state}"
            self._interval(ground, mine, said, f"{about}, row {name}")

    def _interval(self, ground: Ground, mine: list[Round], said: dict[str, Any], about: str) -> None:
        """The share that is stated must hold the one in fact, of all rounds that are due by now."""
        now, journal = self.field.clock.ms, ground.journal
        due = [one for one in mine if journal.told(one, now) not in (*OPEN, "excused")]
        if not due or said["due"] != len(due):  # claims in a round that is not over make it due early
            return
        share = sum(journal.truth(one, now) in PROVEN for one in due) / len(due)
        low, high = float(said["low"]), float(said["high"])
        assert low - 0.001 <= share <= high + 0.001, f"{about}: {share} not in {low}…{high}"

    def _rounds(self, ground: Ground) -> dict[str, str]:
        """Return id → state of every round behind the report."""
        found: dict[str, str] = {}
        path = f"/api/v1/sites/{ground.site}/report/rounds?period={self.span.key}&limit=500"
        after = ""
        while True:
            page = self.field.ask("GET", f"{path}{after}")
            found |= {each["occurrence"]: each["state"] for each in page["rounds"]}
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"

    def _closed(self, ground: Ground) -> list[Any]:
        report = self.field.ask("GET", f"/api/v1/sites/{ground.site}/report?period={self.span.key}")
        closed: list[Any] = report["closed"]["revisions"]
        return closed


def _nothing() -> None:
    """Do nothing: the moment is only looked at."""
