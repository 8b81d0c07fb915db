"""The server with its two sites, the phones in their pockets, and the office: all in one process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from qr.payload import tag_url
from server.db import db
from server.demo.walk import CAPABILITIES, InProcess, PhoneClock
from server.feed import service as feed
from server.jobs import JOBS
from server.people import enrolments, memberships, organisations
from server.people import service as people
from server.people.access import COOKIE
from server.sites import service as sites
from sync.ids import occurrence_id
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.store import Record, Store
from tests.api.field import PIN, stored
from tests.conftest import PUBLIC_URL, FakeClock
from tests.estate_month.oracle import Deed, Journal
from tests.estate_month.places import DAY, MIN_MS, Place
from tests.estate_month.story import Round, SetClock, Skip, Visit
from tests.logins import begin_session

BUILDINGS = {"building": 1}


class Pocket:
    """A phone in somebody's pocket, with its clock and its network."""

    def __init__(self, app: Flask, now: FakeClock, seed: str, *, skew_ms: int) -> None:
        self._now, self._store = now, Store()
        self._randomness = SeededRandomness(seed)
        self.net = InProcess(app, public_url=PUBLIC_URL)
        self.restart(skew_ms)

    def restart(self, skew_ms: int) -> None:
        """Begin the app anew: what counts since its start counts from nothing."""
        self.clock = PhoneClock(self._now)
        self.clock.skew_ms = skew_ms
        keys = StoredKeys(self._store, self._randomness)
        ports = Ports(self._store, self.net, self.clock, self._randomness, keys, OwnLocks())
        self.phone = Phone(ports, app="month")

    def sync(self, *, works: bool) -> bool:
        """Try to send and fetch everything; tell whether all is with the server."""
        self.net.reachable = works
        report = self.phone.sync()
        assert report.complete is works, report
        return works and self.phone.all_sent()


@dataclass
class Ground:
    """A site as it stands on the server, and what happens there."""

    place: Place
    site: UUID
    journal: Journal
    plans: dict[str, UUID]
    """Key → id."""
    tags: dict[str, str]
    """Id of a place → what stands on its tag."""
    stops: dict[str, list[str]]
    """Plan's key → the ids of the places of its stops, in order."""
    pockets: dict[str, Pocket] = field(default_factory=dict)
    devices: dict[str, UUID] = field(default_factory=dict)

    def id_of(self, one: Round) -> str:
        """Return the id of a round."""
        return occurrence_id(str(self.plans[one.plan.key]), one.from_ms, one.number)


class Field:
    """The company with both sites."""

    def __init__(self, app: Flask, session: Session, clock: FakeClock) -> None:
        self.app, self.session, self.clock = app, session, clock
        company = organisations.make_organisation(session, name="Green Estates", now_ms=clock.ms)
        self.company = company.id
        self.boss = organisations.make_person(
            session, organisation=company.id, name="Ada", number="A1", login="ada", now_ms=clock.ms,
            administrator=True,
        ).id  # fmt: skip
        session.commit()
        self.grounds: dict[str, Ground] = {}

    # -- the office

    def ask(self, method: str, path: str, **request: Any) -> Any:
        """Send a request from the console and return what is answered."""
        token = begin_session(self.session, self.boss, now_ms=self.clock.ms)
        self.session.commit()
        headers = {"Cookie": f"{COOKIE}={token}", "Origin": PUBLIC_URL}
        client = self.app.test_client(use_cookies=False)
        answer = client.open(path, method=method, headers=headers, **request)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json()

    def work(self) -> None:
        """Do the periodic work once, as a server does each minute."""
        with self.app.app_context(), Session(db.engine.execution_options(deferred=True)) as session:
            for job in JOBS.values():
                job(session, self.clock.ms)
                session.commit()

    # -- setting up

    def lay_out(self, place: Place, *, starts_on: date, seed: int) -> Ground:
        """Make a site from its template, with its people and their phones."""
        site = sites.make_site(
            self.session,
            organisation_id=self.company,
            name={"zh": place.key, "en": place.key},
            time_zone="Asia/Shanghai",
            day_start_min=place.day_start_min,
        )
        crafts = dict.fromkeys(plan.craft for plan in place.plans)
        teams = {
            craft: sites.make_team(self.session, site=site, name={"zh": craft, "en": craft}).id
            for craft in crafts
        }
        site_id = site.id
        feed.commit(self.session, now_ms=self.clock.ms)
        version = next(
            t["version"] for t in self.ask("GET", "/api/v1/templates")["templates"] if t["id"] == place.key
        )
        made = self.ask(
            "POST",
            f"/api/v1/sites/{site_id}/service-plan",
            json={
                "template": place.key,
                "version": version,
                "daytime": DAY,
                "demands": list(place.demands),
                "counts": BUILDINGS,
                "teams": {craft: str(team) for craft, team in teams.items()},
                "starts_on": starts_on.isoformat(),
            },
        )
        wanted = {plan.key for plan in place.plans}
        assert {plan["key"] for plan in made["plans"]} == wanted
        ids = {each["key"]: each["id"] for each in made["places"]}
        tags = {
            str(target): tag_url(PUBLIC_URL, tag.token)
            for target, tag in sites.current_tags(self.session, site=site).items()
        }
        ground = Ground(
            place,
            site_id,
            Journal(place),
            {plan["key"]: UUID(plan["id"]) for plan in made["plans"]},
            tags,
            {plan.key: [ids[stop] for stop in plan.stops] for plan in place.plans},
        )
        self.grounds[place.key] = ground
        self.session.commit()
        for number, phone in enumerate(place.phones):
            self._equip(ground, phone.key, teams[phone.craft], number, phone.skew_min, seed)
        return ground

    def _equip(self, ground: Ground, key: str, team: UUID, number: int, skew_min: int, seed: int) -> None:
        now = self.clock.ms
        person = organisations.make_person(
            self.session, organisation=self.company, name=f"Walker {key}", number=f"{key}{number}",
            trade="guard", now_ms=now,
        )  # fmt: skip
        person.pin_hash = stored(PIN)
        memberships.join(self.session, person=person, site=ground.site, role="worker", team=team)
        started = people.start_enrolment(
            self.session, organisation=self.company, site=ground.site, name=key, made_by=self.boss,
            public_url=PUBLIC_URL, now_ms=now,
        )  # fmt: skip
        feed.commit(self.session, now_ms=now)
        pocket = Pocket(self.app, self.clock, f"{seed} {key}", skew_ms=skew_min * MIN_MS)
        pocket.phone.enrol(started.code, name=key, capabilities=CAPABILITIES)
        enrolments.confirm(
            self.session, site=ground.site, enrolment=started.id, person=self.boss,
            receipt_key=self.app.extensions["roundsman.secrets"].receipt.public_key, now_ms=now,
        )  # fmt: skip
        feed.commit(self.session, now_ms=now)
        assert pocket.phone.confirm() == "active"
        assert pocket.sync(works=True)
        assert pocket.phone.sign_in(str(person.id), PIN).ok
        assert pocket.sync(works=True)
        ground.pockets[key] = pocket
        device = people.enrolment_of(self.session, site=ground.site, enrolment=started.id).device_id
        assert device is not None
        self.session.commit()
        ground.devices[key] = device
        ground.journal.heard[key] = [now]

    # -- what happens

    def visit(self, ground: Ground, event: Visit) -> None:
        """Let somebody scan a stop and fill in what it asks."""
        pocket, occurrence = ground.pockets[event.phone], ground.id_of(event.round)
        stops = self._stops(ground, event.round, pocket)
        if event.if_drawn and not self._is_drawn(ground, event, pocket):
            return
        place = ground.stops[event.round.plan.key][event.stop]
        scan = pocket.phone.scan(ground.tags[place], occurrence=occurrence)
        self._fill(pocket, scan, stops[event.stop])
        ground.journal.deeds.setdefault(event.round, []).append(Deed(event.at_ms, event.phone, event.stop))

    def skip(self, ground: Ground, event: Skip) -> None:
        """Let somebody skip a stop."""
        pocket = ground.pockets[event.phone]
        stop = self._stops(ground, event.round, pocket)[event.stop]
        pocket.phone.skip(ground.id_of(event.round), str(stop["id"]), "locked")
        ground.journal.skips.setdefault(event.round, []).append(Deed(event.at_ms, event.phone, event.stop))

    def set_clock(self, ground: Ground, event: SetClock) -> None:
        """Let somebody set a phone's clock."""
        pocket = ground.pockets[event.phone]
        if event.skew_ms != pocket.clock.skew_ms:
            ground.journal.set_ms.setdefault(event.phone, []).append(event.at_ms)
        if event.restarted:
            pocket.restart(event.skew_ms)
        pocket.clock.skew_ms = event.skew_ms

    def excuse(self, ground: Ground, one: Round) -> None:
        """Let the supervisor excuse a round."""
        self.ask(
            "POST",
            f"/api/v1/sites/{ground.site}/occurrences/{ground.id_of(one)}/excuse",
            json={"why": "The way was closed"},
        )
        ground.journal.excused[one] = self.clock.ms

    def accept(self, ground: Ground, one: Round, stop: int) -> None:
        """Let the supervisor accept that a stop was skipped."""
        stop_id = ground.journal.stop_ids[one.plan.key][stop]
        self.ask(
            "POST",
            f"/api/v1/sites/{ground.site}/occurrences/{ground.id_of(one)}/stops/{stop_id}/skip",
            json={"accepted": True},
        )
        ground.journal.accepted[one, stop] = self.clock.ms

    def write_off(self, ground: Ground, phone: str) -> None:
        """Let the supervisor take a phone out of service."""
        self.ask(
            "POST",
            f"/api/v1/sites/{ground.site}/devices/{ground.devices[phone]}/revoke",
            json={"why": "Never found again"},
        )
        ground.journal.revoked[phone] = self.clock.ms

    def _stops(self, ground: Ground, one: Round, pocket: Pocket) -> list[Any]:
        stops: list[Any] = pocket.phone.stops(ground.id_of(one))
        assert [s["target"]["id"] for s in stops] == ground.stops[one.plan.key], "not the template's stops"
        ground.journal.stop_ids[one.plan.key] = [str(stop["id"]) for stop in stops]
        ground.journal.ids[one] = ground.id_of(one)
        return stops

    def _is_drawn(self, ground: Ground, event: Visit, pocket: Pocket) -> bool:
        from sync.crew import drawn

        ids = ground.journal.stop_ids[event.round.plan.key]
        return ids[event.stop] in drawn(ground.id_of(event.round), ids)

    def _fill(self, pocket: Pocket, scan: Record, stop: Any) -> None:
        form: Any = next((row.body for row in pocket.phone.rows("form") if row.id == stop["form"]), None)
        asked: list[Any] = [] if form is None else [f for f in form["fields"] if f.get("required")]
        if asked:
            values = {f["id"]: _answer(f) for f in asked if f["kind"] != "text"}
            texts = {f["id"]: "Walker" for f in asked if f["kind"] == "text"}
            pocket.phone.answers(scan, values, texts=texts)


def _answer(asked: dict[str, Any]) -> object:
    if asked["kind"] == "check":
        return "ok"
    if asked["kind"] == "choice":
        return asked["options"][0]["id"]
    assert asked["kind"] == "number", "the story takes no photos"
    return f"{1:.{asked.get('decimals', 0)}f}"


__all__ = ["Field", "Ground", "Pocket"]
