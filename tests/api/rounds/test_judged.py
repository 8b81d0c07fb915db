"""From the scan on the phone to the state of the round."""

from __future__ import annotations

import pytest

from server.feed import service as feed
from server.people import service as people
from server.rounds import service as rounds
from server.rounds.service.judging import judge_all
from server.sites import service as sites
from sync.tags import tag_proof
from tests.api.rounds.conftest import MIN, Estate, H
from tests.api.rounds.night import Night
from tests.conftest import FakeClock
from tests.recurring import daily
from tests.statements import counted


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


def test_a_round_goes_from_upcoming_to_done(night: Night) -> None:
    assert night.state(-1) == "upcoming"
    assert night.state(0) == "open"
    night.scan(1, 10)
    night.push(11)
    assert night.state(11) == "progress"
    night.scan(2, 20)
    night.scan(3, 30)
    marks = night.push(31)

    assert night.state(31) == "done"
    assert marks == [[], []]
    [first, *_] = night.visits()
    assert (first.occurrence_id, first.tag_proof, first.quality) == (night.id, "proven", "A")
    assert first.person_id == night.estate.people["Wang"].id


def test_a_stop_made_up_in_the_grace_is_late_and_after_it_is_too_late(night: Night) -> None:
    night.scan(1, 10)
    night.scan(2, 20)
    night.push(21)
    night.scan(3, 130)
    night.push(131)
    assert night.state(200) == "late"


def test_what_comes_after_the_grace_is_marked_and_counts_for_nothing(night: Night) -> None:
    for n in (1, 2):
        night.scan(n, n * 10)
    night.scan(3, 181)
    marks = night.push(182)

    assert marks[-1] == ["after_grace"]
    assert night.state(182) == "partial"


def test_what_comes_before_the_window_is_marked_early(night: Night) -> None:
    night.scan(1, -5)

    assert night.push(1) == [["early"]]
    assert night.state(1) == "open"


def test_an_hour_without_word_is_not_missed_until_the_phone_is_heard(night: Night) -> None:
    assert night.state(181) == "unheard"

    night.push(181)

    assert night.state(181) == "missed"


def test_a_phone_that_is_heard_but_keeps_something_back_is_not_heard_out(night: Night) -> None:
    night.push(181, remaining=3)

    assert night.state(181) == "unheard"


def test_late_records_re_judge_a_round_by_themselves(night: Night) -> None:
    silent = night.estate.phone("5 号手机")
    silent.sign_in(night.estate.people["Liu"], at_ms=night.start - H)
    silent.push(now_ms=night.start - H)
    for n in (1, 2, 3):
        night.scan(n, n * 10, phone=silent)
    night.push(181)
    assert night.state(181) == "unheard"

    night.push(600, phone=silent)  # out of the basement in the morning

    assert night.state(600) == "done", "a night without a network is not suspicious in itself"
    assert night.visits()[0].quality == "A"


def test_a_revoked_phone_keeps_no_round_open(night: Night) -> None:
    night.phone.revoke()

    assert night.state(181) == "missed"


def test_a_phone_of_another_team_keeps_no_round_open(estate: Estate, clock: FakeClock) -> None:
    night = Night(estate, clock, assignee={"kind": "team", "id": estate.team.id})
    assert night.state(181) == "missed", "Wang is of no team"

    wang, membership = people.person_of(estate.session, site=estate.site.id, person=estate.people["Wang"].id)
    people.change_person(
        estate.session,
        person=wang,
        membership=membership,
        changes={"team": estate.team.id},
        now_ms=clock.ms,
    )
    feed.commit(estate.session, now_ms=clock.ms)
    assert night.state(181) == "unheard"


def test_a_contractors_phone_keeps_no_round_open_that_names_no_team(night: Night, clock: FakeClock) -> None:
    estate = night.estate
    assert night.state(181) == "unheard"

    firm = people.make_company(
        estate.session, organisation=estate.site.organisation_id, name="捷达电梯", now_ms=clock.ms
    )
    wang, membership = people.person_of(estate.session, site=estate.site.id, person=estate.people["Wang"].id)
    people.change_person(
        estate.session,
        person=wang,
        membership=membership,
        changes={"role": "contractor", "company": firm.id},
        now_ms=clock.ms,
    )
    feed.commit(estate.session, now_ms=clock.ms)
    assert night.state(181) == "missed"


def test_a_phone_used_a_week_ago_no_longer_carries(estate: Estate, clock: FakeClock) -> None:
    estate.plan()
    old = estate.phone("旧手机")
    old.sign_in(estate.people["Liu"], at_ms=clock.ms)
    old.sign_out(at_ms=clock.ms)
    old.push(now_ms=clock.ms)
    plan = estate.plan(name={"zh": "晚", "en": ""}, recurrence=daily(("22:00", "23:00")))

    def state_of(nth: int) -> str:
        occurrence = estate.occurrences(plan)[nth]
        [judged] = judge_all(
            estate.session,
            site_id=estate.site.id,
            occurrences=[occurrence],
            now_ms=occurrence.to_ms + 2 * H,
        )
        return judged.judgement.state

    assert state_of(6) == "unheard"
    assert state_of(7) == "missed"


@pytest.mark.parametrize(("heard_at", "expected"), [(400, "unproven"), (60, "done")])
def test_a_clock_that_contradicts_itself_is_not_believed_but_the_bounds_are(
    night: Night, heard_at: int, expected: str
) -> None:
    for n in (1, 2):
        night.scan(n, n * 10)
    night.push(25)
    night.scan(3, 40)
    night.phone.wall_error_ms = 5 * H
    night.push(heard_at)

    assert night.visits()[-1].quality == "C"
    assert night.state(heard_at) == expected


def test_a_guessed_proof_is_marked_and_leaves_the_round_unproven(night: Night) -> None:
    for n in (1, 2):
        night.scan(n, n * 10)
    night.scan(3, 30, proof="0" * 64)

    assert night.push(31)[-1] == ["tag_unproven"]
    assert night.state(31) == "unproven"

    night.scan(3, 40)
    night.push(41)
    assert night.state(41) == "done"


def test_a_proof_is_good_for_its_own_record_only(night: Night) -> None:
    night.scan(1, 10)
    night.push(11)
    token = night.estate.tag(night.estate.places[0]).token
    copied = tag_proof(log=night.phone.key.log, seq=night.phone.seq, token=token)
    night.scan(1, 20, proof=copied)

    assert night.push(21) == [["tag_unproven"]]


def test_the_code_of_another_place_proves_nothing_here(night: Night) -> None:
    night.scan(1, 10, tag=night.estate.tag(night.estate.places[1]))

    assert night.push(11) == [["tag_unproven"]]


def test_a_scan_without_a_code_proves_nothing(night: Night) -> None:
    night.scan(1, 10, tag=None)

    assert night.push(11) == [["tag_unproven"]]
    assert night.visits()[0].tag_proof == "none"


def test_an_old_print_is_stale_and_one_of_a_place_taken_down_is_retired(night: Night) -> None:
    estate, session = night.estate, night.estate.session
    old = [estate.tag(place) for place in estate.places]
    sites.reprint(
        session, site=estate.site, kind="checkpoint", place_id=estate.places[0].id, now_ms=night.start
    )
    extra = sites.make_place(
        session, "checkpoint", site=estate.site, number="09", name={"zh": "旧", "en": ""}, now_ms=night.start
    )
    gone = estate.tag(extra)
    sites.change_place(
        session,
        "checkpoint",
        site=estate.site,
        place_id=extra.id,
        changes={"retired": True},
        now_ms=night.start,
    )
    feed.commit(session, now_ms=night.start)

    night.scan(1, 10, tag=old[0])
    night.phone.scan(extra, gone, at_ms=night.start + 20 * MIN, result="retired")
    night.scan(2, -61, tag=old[1], occurrence=None)

    assert night.push(21) == [["stale_tag"], ["retired_tag"], ["clock_back"]]


def test_what_the_phone_does_not_know_is_kept_as_what_it_was(night: Night) -> None:
    night.phone.stray(at_ms=night.start + MIN, text="HTTPS://X/T/0000000000000000")
    night.phone.stray(at_ms=night.start + 2 * MIN, text="hello", result="no_tag")

    assert night.push(3) == [["unknown_tag"], []]
    assert [(v.result, v.target_id, v.occurrence_id) for v in night.visits()] == [
        ("unknown", None, None),
        ("no_tag", None, None),
    ]


def test_a_place_that_is_no_stop_of_the_round_is_not_here(night: Night) -> None:
    estate = night.estate
    extra = sites.make_place(
        estate.session, "checkpoint", site=estate.site, number="09", name={"zh": "远", "en": ""}, now_ms=1
    )
    feed.commit(estate.session, now_ms=night.clock.ms)

    night.phone.scan(
        extra, estate.tag(extra), at_ms=night.start + MIN, occurrence=night.id, result="not_here"
    )

    assert night.push(2) == [["not_here"]]
    assert night.state(2) == "open"


def test_two_walls_within_five_seconds_are_too_fast_and_the_order_is_noted(night: Night) -> None:
    night.scan(2, 10, out_of_order=True)
    night.scan(1, 10.05)
    night.scan(1, 10.06)
    night.scan(3, 10.2)

    assert night.push(11) == [["out_of_order"], ["too_fast"], [], []]


def test_a_scan_that_names_no_round_counts_for_the_only_one_that_fits(night: Night) -> None:
    night.scan(1, 10, occurrence=None)
    night.scan(2, -30, occurrence=None)
    night.push(20)

    by_place = {v.target_id: v.occurrence_id for v in night.visits()}
    assert by_place == {night.estate.places[0].id: night.id, night.estate.places[1].id: None}


def test_a_scan_that_fits_two_rounds_and_names_none_counts_for_none(night: Night) -> None:
    night.estate.plan(name={"zh": "另一条", "en": ""})
    night.scan(1, 10, occurrence=None)
    night.push(20)

    assert night.visits()[0].occurrence_id is None


def test_a_round_is_judged_by_the_stops_that_it_began_with(night: Night) -> None:
    night.clock.ms = night.start + MIN
    rounds.change_route(
        night.estate.session,
        site=night.estate.site,
        route_id=night.plan.route_id,
        changes={"stops": [rounds.StopSpec("checkpoint", night.estate.places[0].id)]},
        now_ms=night.clock.ms,
    )
    feed.commit(night.estate.session, now_ms=night.clock.ms)
    night.scan(1, 10)
    night.push(11)
    assert night.state(11) == "progress", "tonight still has three stops"

    tomorrow = night.estate.occurrences(night.plan)[1]
    [judged] = judge_all(
        night.estate.session, site_id=night.estate.site.id, occurrences=[tomorrow], now_ms=night.clock.ms
    )
    assert judged.judgement.total == 1


def test_a_crew_of_two_needs_both_at_the_first_the_last_and_the_drawn_stop(
    estate: Estate, clock: FakeClock
) -> None:
    night = Night(estate, clock, crew=2)
    other = estate.phone("2 号手机")
    other.sign_in(estate.people["Liu"], at_ms=clock.ms)
    for n in (1, 2, 3):
        night.scan(n, n * 10)
    night.scan(1, 10.5, phone=other)
    night.scan(2, 20.5, phone=other)
    night.push(35)
    night.push(36, phone=other)
    assert night.state(36) == "progress"

    night.scan(3, 37, phone=other)
    night.push(38, phone=other)
    assert night.state(38) == "done"


def test_a_long_walk_costs_few_statements_per_scan_when_it_is_sent_at_once(night: Night) -> None:
    costs: list[int] = []
    for minutes, scans in ((20, 2), (60, 22)):
        for number in range(scans):
            night.scan(1 + number % 3, minutes + number / 2)
        with counted() as count:
            assert night.push(minutes + 15) == [[]] * scans
        costs.append(count.statements)
    assert costs[0] > 10
    each = (costs[1] - costs[0]) / 20
    assert each <= 3  # its code, whether it was here before, and what is written of it
