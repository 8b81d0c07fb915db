"""Which exchanges of a meter stand: who could have known of whom decides, not who came first."""

from __future__ import annotations

from itertools import permutations

from server.meters.exchanges import Exchange, standing, twice
from server.meters.series import Judged, Point, Terms, judged

FIRST = Exchange("a", at_ms=100, received_ms=900, seen=0, log="A", seq=5, number="N1")
COUNTER = Terms(counter=True, modulus=None, jump=None)


def test_two_phones_that_knew_nothing_of_each_other_make_one_exchange_and_a_question() -> None:
    other = Exchange("b", at_ms=200, received_ms=800, seen=0, log="B", seq=9)
    for order in permutations((FIRST, other)):
        assert [x.id for x in standing(order)] == ["a"]
        assert twice(order) == {"b"}


def test_a_phone_that_had_heard_of_the_first_made_another_one() -> None:
    assert twice((FIRST, Exchange("b", 200, 950, seen=1, log="B", seq=9))) == frozenset()


def test_a_phone_knows_its_own_log_before_the_server_does() -> None:
    assert twice((FIRST, Exchange("b", 200, 900, seen=0, log="A", seq=6))) == frozenset()


def test_the_office_knows_what_came_before_it_acted_and_nothing_else() -> None:
    assert twice((FIRST, Exchange("b", 200, received_ms=901))) == frozenset()
    assert twice((FIRST, Exchange("b", 200, received_ms=899))) == {"b"}


def test_whoever_confirms_makes_both_stand_and_whoever_strikes_out_lets_the_other_stand() -> None:
    yes = Exchange("b", 200, 800, seen=0, log="B", seq=9, confirmed=True)
    assert [x.id for x in standing((FIRST, yes))] == ["a", "b"]
    gone = Exchange("a", 100, 900, seen=0, log="A", seq=5, struck=True)
    other = Exchange("b", 200, 800, seen=0, log="B", seq=9)
    assert [x.id for x in standing((gone, other))] == ["b"]
    assert twice((gone, other)) == frozenset()


def test_what_was_noted_twice_is_counted_once() -> None:
    series = [
        Point("r", 50, 700),
        Point("a", 100, 0, exchange=True, end=800),
        Point("b", 200, 5, exchange=True, end=800, twice=True),
        Point("s", 300, 30),
    ]
    assert judged(COUNTER, series) == [
        Judged(None, None), Judged("exchanged", 100), Judged("twice", None), Judged(None, 30),
    ]  # fmt: skip
