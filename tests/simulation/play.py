"""What can happen to phones and a server, one method each, with a model that knows what may be lost.

`Play` is driven by the state machine at random and by the directed scenarios line by line. After
every step it knows where each captured record is: on the server, in a phone, in both. A record that
is in neither must have been destroyed by an event that destroys (a wipe, a damaged row, a server set
back after a phone was wiped): the model computes that from the world before and after the event, so
nothing else may ever vanish.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.forms import service as forms
from server.ledger.models import Log
from server.people import leaving
from server.people import service as people
from server.problems import NotFound
from server.sites import service as sites
from server.sites.models import Site
from sync.phone.engine import RoundReport
from sync.phone.phone import NotReady
from sync.phone.store import Record, Store
from tests.api.field import PIN
from tests.simulation import carrying, ordering, truths
from tests.simulation.installation import FIELDS, Backup, Installation
from tests.simulation.network import FAULTS
from tests.simulation.pocket import Pocket

YEAR = 365 * 24 * 3_600_000
SKEWS = (0, 3_600_000, -3_600_000, -10 * YEAR, 11 * YEAR, 40 * 24 * 3_600_000, 90_000, -90_000)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia")
ROUNDS_TO_QUIET = 12
MOST_PHONES = 4


class Play:
    """A server, phones, and everything that was ever captured."""

    def __init__(self, server: Installation) -> None:
        self.server = server
        self.captured: dict[str, str] = {}
        self.destroyed: set[str] = set()
        self.server_backups: list[Backup] = []
        self.phone_backups: list[tuple[str, Store]] = []
        self.files: list[bytes] = []
        """Rescue files that lie around; each is brought in the end."""
        self.pockets = [
            Pocket(name, server, store.copy())
            for name, store in zip(("a", "b"), server.furnished.phones, strict=True)
        ]
        for pocket in self.pockets:
            self.captured.update(pocket.held())
        self.rounds = 0
        """How many rounds of phones were played."""
        self.wipes = 0
        """How many phones wiped themselves by order."""
        self._count = 0

    # -- the model ---------------------------------------------------------------------

    def somewhere(self) -> set[str]:
        """Return the records that are on the server, or undamaged in a phone or a file."""
        with self.server.session() as session:
            found = set(truths.bodies(session))
        for file in self.files:
            found |= carrying.records_in(file)
        for pocket in self.pockets:
            found |= pocket.held().keys()
        return found

    def assert_nothing_vanished(self) -> None:
        """I3: what was saved is on the server or on a phone, unless something destroyed the last copy."""
        gone = self.captured.keys() - self.somewhere() - self.destroyed
        assert not gone, f"I3: {len(gone)} records are nowhere"

    @contextmanager
    def destroying(self) -> Iterator[None]:
        """Count the records whose last copy goes while the context lasts."""
        before = self.somewhere()
        yield
        self.destroyed |= (before - self.somewhere()) & self.captured.keys()

    def equation(self) -> Counter[str]:
        """Return where the captured records are; the sum must be all of them."""
        with self.server.session() as session:
            outcomes = truths.outcomes(session)
        held = set().union(*(pocket.held() for pocket in self.pockets))
        count: Counter[str] = Counter(captured=len(self.captured))
        for record in self.captured:
            if record in outcomes:
                count[outcomes[record]] += 1
            elif record in held:
                count["pending"] += 1
            elif record in self.destroyed:
                count["destroyed"] += 1
        assert count.total() == 2 * count["captured"], f"conservation: {dict(count)}"
        return count

    def pocket(self, number: int) -> Pocket:
        """Return one of the phones."""
        return self.pockets[number % len(self.pockets)]

    # -- capturing ---------------------------------------------------------------------

    def scan(self, who: int, place: int, *, fill: bool) -> None:
        """Scan a checkpoint, in the round that runs if the phone knows one, and fill its form."""
        pocket = self.pocket(who)
        tokens = self.server.tokens()
        token = tokens[self.server.furnished.places[place % 3]]
        now = self.server.clock.ms
        running = [
            row.id
            for row in pocket.phone.rows("occurrence")
            if int(str(row.body["from_ms"])) <= now < int(str(row.body["to_ms"]))
        ]
        scan = pocket.scan(token, running[0] if running else None)
        self._captured(pocket, scan)
        if fill and scan is not None:
            self._captured(pocket, pocket.answers(scan, self._next()))

    def finding(self, who: int, pictures: int) -> None:
        """Report something, with photos."""
        pocket = self.pocket(who)
        self._captured(pocket, pocket.finding(self._next(), pictures=pictures))

    def open_order(self, who: int, *, mine: bool) -> None:
        """Open a work order on a phone."""
        self._captured(self.pocket(who), ordering.opened(self.pocket(who), self._next(), mine=mine))

    def say(self, who: int, which: int, word: int, guard: str) -> None:
        """Say something to a work order on a phone, whatever it makes of it."""
        pocket = self.pocket(who)
        self._captured(pocket, ordering.said(pocket, which, word, self.server.furnished.people[guard]))

    def act_on_order(self, which: int, act: int, guard: str) -> None:
        """Do something to a work order at the desk."""
        people = self.server.furnished.people
        ordering.office(self.server, which, act, people[guard], people["li"], number=self._next())

    def shift(self, who: int, guard: str) -> None:
        """Let another guard take over the phone."""
        pocket = self.pocket(who)
        if pocket.phone.person is not None:
            pocket.phone.sign_out()
        with contextlib.suppress(NotReady):  # it is taken out of service
            pocket.phone.sign_in(str(self.server.furnished.people[guard]), PIN)
        self._captured(pocket, None)

    def _captured(self, pocket: Pocket, record: Record | None) -> None:
        if record is not None:
            assert pocket.store.record(record.hash) is not None, "saved and not in the store"
        self.captured.update(pocket.held())

    def _next(self) -> int:
        self._count += 1
        return self._count

    # -- sending -----------------------------------------------------------------------

    def sync(self, who: int, faults: list[tuple[str, str]] | None = None) -> RoundReport:
        """Do a round on a network that does these faults, each once: (step, fault)."""
        pocket = self.pocket(who)
        pocket.network.faults = [(step, FAULTS[fault]) for step, fault in faults or ()]
        self.rounds += 1
        stored_before = {r.hash for r in pocket.store.records() if r.stored}
        try:
            report = pocket.phone.sync()
        finally:
            pocket.network.faults = []
        self._noted(pocket, report)
        with self.server.session() as session:
            kept = truths.bodies(session)
        for record in pocket.store.records():
            if record.stored and record.hash not in stored_before:
                assert kept.get(record.hash) == record.wire.body.encode(), "I1: a false acknowledgement"
        return report

    def _noted(self, pocket: Pocket, report: RoundReport) -> None:
        """Note what a round did to a phone: one that wiped itself did so by an order to lose nothing."""
        self.captured.update(pocket.held())
        if report.wiped:
            assert pocket.store.records() == [], "wiped, and something is left"
            self.wipes += 1
            self.assert_nothing_vanished()
            self._begin_anew(pocket)

    # -- other ways to the server ------------------------------------------------------

    def export(self, who: int, sixths: int) -> None:
        """Write a phone's rescue file, or a part of it."""
        file = carrying.cut(carrying.rescue_file(self.pocket(who)), sixths)
        with self.destroying():  # a file that nobody brings gets lost
            self.files = [*self.files[-2:], file]

    def bring(self, which: int) -> None:
        """Import one of the files, if there is one; it may be brought again."""
        if self.files:
            carrying.bring(self.server, self.files[which % len(self.files)])

    def carry(self, who: int, by: int) -> None:
        """Let a colleague's phone send what this one has."""
        carrying.carry(self.server, author=self.pocket(who), bringer=self.pocket(by))

    # -- time --------------------------------------------------------------------------

    def pass_time(self, ms: int) -> None:
        """Let time pass for all, and the server do its periodic work."""
        self.server.clock.ms += ms
        self.server.tick()

    def set_clock(self, who: int, skew_ms: int, zone: str) -> None:
        """Set a phone's clock wrong, or right, and its zone; the page goes on."""
        pocket = self.pocket(who)
        pocket.clock.skew_ms = skew_ms
        pocket.phone.saver.tz = zone

    def restart(self, who: int) -> None:
        """Kill the app and open it again."""
        self.pocket(who).restart()

    # -- what destroys -----------------------------------------------------------------

    def back_up_server(self) -> None:
        """Copy the server's data."""
        self.server_backups = [*self.server_backups[-2:], self.server.back_up()]

    def set_server_back(self, which: int, *, announced: bool) -> None:
        """Restore one of the copies, if there is one; records that no phone holds any more are lost."""
        if not self.server_backups:
            return
        with self.destroying():
            self.server.restore(self.server_backups[which % len(self.server_backups)], announced=announced)

    def back_up_phone(self, who: int) -> None:
        """Copy a phone, keys included."""
        pocket = self.pocket(who)
        self.phone_backups = [*self.phone_backups[-2:], (pocket.name, pocket.store.copy())]

    def set_phone_back(self, who: int, which: int) -> None:
        """Restore a copy of this phone, if there is one: the same key, an older head."""
        pocket = self.pocket(who)
        copies = [store for name, store in self.phone_backups if name == pocket.name]
        if copies:
            with self.destroying():
                pocket.restart(copies[which % len(copies)].copy())

    def clone(self, who: int) -> None:
        """Make a second phone with the same key."""
        if len(self.pockets) < MOST_PHONES:
            original = self.pocket(who)
            twin = Pocket(original.name, self.server, original.store.copy())
            twin.revoked = original.revoked
            self.pockets.append(twin)

    def wipe(self, who: int) -> None:
        """Clear a phone's data; it joins again as a new phone."""
        with self.destroying():
            self.pocket(who).restart(Store())
        self._begin_anew(self.pocket(who))

    def _begin_anew(self, pocket: Pocket) -> None:
        """Have a phone that is empty join as a new one."""
        if pocket.store.heads():
            pocket.restart(Store())
        pocket.name = f"{pocket.name}+"
        pocket.revoked = False
        pocket.join()
        self.captured.update(pocket.held())
        if pocket.phone.sync().complete:
            pocket.phone.sign_in(str(self.server.furnished.people["wang"]), PIN)
        self.captured.update(pocket.held())

    def lose_key(self, who: int) -> None:
        """Let the browser drop the key of the current log and keep everything else."""
        pocket = self.pocket(who)
        pocket.store.set_secret(f"key:{pocket.phone.log}", None)
        pocket.restart()

    def damage(self, who: int, which: int) -> None:
        """Flip a byte in one stored row; never in the record that opens a log."""
        pocket = self.pocket(who)
        records = [record for record in pocket.store.records() if record.seq > 1]
        if records:
            victim = records[which % len(records)]
            with self.destroying():
                database: sqlite3.Connection = pocket.store._db
                database.execute(
                    "UPDATE record SET body = replace(body, '\"v\":1', '\"v\":7') WHERE hash = ?",
                    (victim.hash,),
                )

    # -- the office --------------------------------------------------------------------

    def relocate(self, place: int) -> None:
        """Print a new tag for a checkpoint; the one before is retired."""
        place_id = self.server.furnished.places[place % 3]

        def work(session: Session, site: Site) -> None:
            found = next(p for p in sites.places_of(session, "checkpoint", site=site) if p.id == place_id)
            sites.print_tag(session, "checkpoint", place=found, now_ms=self.server.clock.ms)

        self.server.change(work)

    def new_edition(self) -> None:
        """Publish another edition of the form."""
        label = {"zh": f"压力 {self._next()}", "en": "Pressure"}

        def work(session: Session, site: Site) -> None:
            fields = [{**FIELDS[0], "label": label}, FIELDS[1]]
            forms.change_form(
                session,
                site_id=site.id,
                form_id=self.server.furnished.form,
                changes={"fields": fields},
                now_ms=self.server.clock.ms,
            )

        self.server.change(work)

    def leave(self, guard: str, *, left: bool) -> None:
        """Let a guard leave the company, or come back."""

        def work(session: Session, site: Site) -> None:
            person, membership = people.person_of(
                session, site=site.id, person=self.server.furnished.people[guard]
            )
            people.change_person(
                session,
                person=person,
                membership=membership,
                changes={"left": left},
                now_ms=self.server.clock.ms,
            )

        self.server.change(work)

    def revoke(self, who: int) -> None:
        """Take a phone out of service, and its clones with it; one phone always stays."""
        pocket = self.pocket(who)
        twins = [p for p in self.pockets if p.store.meta("device") == pocket.store.meta("device")]
        others = [p for p in self.pockets if p not in twins and not p.revoked]
        if others and self._decide(pocket, leaving.revoke, why="lost"):
            for twin in twins:
                twin.revoked = True

    def drain(self, who: int) -> None:
        """Have a phone only hand over what it has, and its clones with it."""
        self._decide(self.pocket(who), leaving.drain, why="worn out")

    def order_wipe(self, who: int) -> None:
        """Tell a phone that leaves to wipe itself, and that nothing may be lost by it."""
        self._decide(self.pocket(who), leaving.order_wipe, why="worn out", records=0, photos=0)

    def _decide(self, pocket: Pocket, deed: Callable[..., object], **members: object) -> bool:
        """Have the office do something about a phone; False where it refuses, or knows no such phone."""
        device = pocket.store.meta("device")
        done = False

        def work(session: Session, site: Site) -> None:
            nonlocal done
            common = {"site": site.id, "person": self.server.furnished.people["li"]}
            # the server may have been set back to before the phone joined
            with contextlib.suppress(NotFound, leaving.NotPossible, leaving.StillUnsent):
                deed(session, **common, device=UUID(device), now_ms=self.server.clock.ms, **members)
                done = True

        if device is not None:
            self.server.change(work)
        return done

    # -- the end -----------------------------------------------------------------------

    def heal(self) -> None:
        """Let everybody have the network until nothing changes any more, and no longer than that."""
        for pocket in self.pockets:
            pocket.network.faults = []
        for _ in range(ROUNDS_TO_QUIET):
            self.pass_time(3_700_000)
            reports = [self._settle(pocket) for pocket in self.pockets]
            if all(reports):
                break
        else:
            raise AssertionError(f"I8: no quiet after {ROUNDS_TO_QUIET} rounds: {reports}")
        self.pass_time(73 * 3_600_000)
        for pocket in self.pockets:
            assert self._settle(pocket), "I8: quiet does not last"

    def _settle(self, pocket: Pocket) -> bool:
        """Do one round, with a supervisor's help where the phone needs it; True when all is done."""
        self.rounds += 1
        report = pocket.phone.sync()
        pocket.revoked = report.reason == "device-revoked"
        pocket.draining = report.device_state == "draining"
        if report.wiped:
            self._noted(pocket, report)
            return False  # it is another phone now
        if not pocket.revoked and (report.reason == "unknown-log" or self._is_unknown(pocket)):
            # one that leaves may not join again: the supervisor keeps it first
            self._decide(pocket, leaving.keep)
            pocket.join()
            report = pocket.phone.sync()
            pocket.draining = False
        self._noted(pocket, report)
        # the photo of a damaged record stays with it, to be rescued by hand: it waits, as the phone says
        done = pocket.store.count_unsent() == 0 and not pocket.store.uploads(state="waiting", ready=True)
        assert not done or pocket.phone.all_sent() == (not pocket.kept_back()), (
            "I8: another count than the phone's"
        )
        return done and (report.complete or pocket.revoked)

    def _is_unknown(self, pocket: Pocket) -> bool:
        with self.server.session() as session:
            return session.scalar(select(Log.state).where(Log.id == pocket.phone.log)) == "unknown"

    def end(self) -> Counter[str]:
        """Bring every file, heal, assert every invariant, and return the conservation equation."""
        for file in self.files:
            carrying.bring(self.server, file)
        self.heal()
        self.assert_nothing_vanished()
        truths.assert_all(self.server, self.pockets)
        ordering.assert_all(self.server, self.pockets)
        found = self.equation()
        assert not found["pending"]
        return found


Step = Callable[[Play], Any]
