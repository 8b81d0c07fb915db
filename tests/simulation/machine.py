"""Harness A: everything that can happen, in any order, against the real server.

Hypothesis chooses the steps and shrinks what fails to the shortest story that still fails. There
are more rules that set something back than rules that capture, for that is where histories part.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.postgres import Cluster
from tests.simulation import ordering
from tests.simulation.installation import Installation, installed
from tests.simulation.network import FAULTS, STEPS
from tests.simulation.play import SKEWS, ZONES, Play

phones = st.integers(0, 3)
small = st.integers(0, 5)
guards = st.sampled_from(["wang", "liu"])
faults = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(sorted(FAULTS))), max_size=3)

servers: list[Installation] = []
"""The server that the examples play with; set by `furnishing`."""

totals: Counter[str] = Counter()
"""The conservation equation over all examples that ended well."""


@contextmanager
def furnishing(postgres: Cluster | None) -> Iterator[Installation]:
    """Furnish a server for all examples of a run."""
    with (
        tempfile.TemporaryDirectory(prefix="rm-machine-") as folder,
        installed(Path(folder), postgres=postgres) as server,
    ):
        servers.append(server)
        yield server
        servers.pop()


class Machine(RuleBasedStateMachine):
    """The rules. What they do is `Play`; what must hold at the end is `truths`."""

    @initialize()
    def begin(self) -> None:
        servers[-1].begin_anew()
        self.play = Play(servers[-1])

    # -- captures

    @rule(who=phones, place=small, fill=st.booleans())
    def scan(self, who: int, place: int, fill: bool) -> None:
        self.play.scan(who, place, fill=fill)

    @rule(who=phones, pictures=st.integers(0, 2))
    def finding(self, who: int, pictures: int) -> None:
        self.play.finding(who, pictures)

    @rule(who=phones, guard=st.sampled_from(["wang", "liu"]))
    def shift(self, who: int, guard: str) -> None:
        self.play.shift(who, guard)

    # -- work orders

    @rule(who=phones, mine=st.booleans())
    def order_opened(self, who: int, mine: bool) -> None:
        self.play.open_order(who, mine=mine)

    @rule(who=phones, which=small, word=st.integers(0, len(ordering.WORDS) - 1), guard=guards)
    def order_said(self, who: int, which: int, word: int, guard: str) -> None:
        self.play.say(who, which, word, guard)

    @rule(which=small, act=st.integers(0, len(ordering.ACTS)), guard=guards)
    def order_at_the_desk(self, which: int, act: int, guard: str) -> None:
        self.play.act_on_order(which, act, guard)

    # -- rounds

    @rule(who=phones)
    def whole_round(self, who: int) -> None:
        self.play.sync(who)

    @rule(who=phones, faults=faults)
    def bad_round(self, who: int, faults: list[tuple[str, str]]) -> None:
        self.play.sync(who, faults)

    @rule(who=phones, fault=st.sampled_from(sorted(FAULTS)))
    def bad_push(self, who: int, fault: str) -> None:
        self.play.sync(who, [("push", fault)])

    @rule(who=phones)
    def pull_lost(self, who: int) -> None:
        self.play.sync(who, [("pull", "lost_ack")])

    @rule(who=phones, sixths=st.sampled_from([2, 5, 6, 6, 6]))
    def rescue_exported(self, who: int, sixths: int) -> None:
        self.play.export(who, sixths)

    @rule(which=small)
    def rescue_imported(self, which: int) -> None:
        self.play.bring(which)

    @rule(who=phones, by=phones)
    def carried(self, who: int, by: int) -> None:
        self.play.carry(who, by)

    # -- histories part

    @rule()
    def srv_backup(self) -> None:
        self.play.back_up_server()

    @rule(which=small)
    def srv_restore(self, which: int) -> None:
        self.play.set_server_back(which, announced=True)

    @rule(which=small)
    def srv_restore_unannounced(self, which: int) -> None:
        self.play.set_server_back(which, announced=False)

    @rule(who=phones)
    def dev_backup(self, who: int) -> None:
        self.play.back_up_phone(who)

    @rule(who=phones, which=small)
    def dev_restore(self, who: int, which: int) -> None:
        self.play.set_phone_back(who, which)

    @rule(who=phones)
    def clone(self, who: int) -> None:
        self.play.clone(who)

    @rule(who=phones)
    def dev_wipe(self, who: int) -> None:
        self.play.wipe(who)

    @rule(who=phones)
    def key_lost(self, who: int) -> None:
        self.play.lose_key(who)

    @rule(who=phones, which=small)
    def row_damaged(self, who: int, which: int) -> None:
        self.play.damage(who, which)

    @rule(who=phones)
    def app_killed(self, who: int) -> None:
        self.play.restart(who)

    # -- time

    @rule(who=phones, skew=st.sampled_from(SKEWS), zone=st.sampled_from(ZONES))
    def clock_set(self, who: int, skew: int, zone: str) -> None:
        self.play.set_clock(who, skew, zone)

    @rule(hours=st.sampled_from([0.1, 1, 9, 73, 24 * 40]))
    def time_passes(self, hours: float) -> None:
        self.play.pass_time(int(hours * 3_600_000))

    # -- the office

    @rule(place=small)
    def relocate(self, place: int) -> None:
        self.play.relocate(place)

    @rule()
    def new_edition(self) -> None:
        self.play.new_edition()

    @rule(guard=st.sampled_from(["wang", "liu"]), left=st.booleans())
    def person_leaves(self, guard: str, left: bool) -> None:
        self.play.leave(guard, left=left)

    @rule(who=phones)
    def revoke(self, who: int) -> None:
        self.play.revoke(who)

    @rule(who=phones)
    def drain(self, who: int) -> None:
        self.play.drain(who)

    @rule(who=phones)
    def wipe_ordered(self, who: int) -> None:
        self.play.order_wipe(who)

    @rule()
    def quiet(self) -> None:
        self.play.heal()

    # -- what holds

    @invariant()
    def nothing_vanished(self) -> None:
        self.play.assert_nothing_vanished()

    def teardown(self) -> None:
        totals.update(self.play.end())
        totals["rounds"] += self.play.rounds
        totals["wiped"] += self.play.wipes


def run(*, examples: int, steps: int, number: int, shrink: bool = True) -> None:
    """Run the machine; `number` is the seed that makes it this run and no other."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    run_state_machine_as_test(
        seed(number)(type("Machine", (Machine,), {})),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


def equation() -> str:
    """Return the conservation equation of all examples so far, as a sentence."""
    parts = ("applied", "held", "forked", "quarantined", "pending", "destroyed")
    right = " + ".join(f"{totals[part]} {part}" for part in parts)
    return f"{totals['captured']} captured = {right}"
