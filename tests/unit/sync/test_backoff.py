"""How long a phone waits before it tries again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.phone.backoff import CAP_MS, LONG_OUTAGE_MS, OUTAGE_SPREAD_MS, Pacer, retry_delay_ms
from sync.phone.engine import RoundReport

chances = st.floats(0, 1, exclude_max=True)


def test_after_a_complete_round_there_is_nothing_to_wait_for() -> None:
    assert retry_delay_ms(0, 0.9) == 0


def test_the_ceiling_doubles_up_to_a_quarter_of_an_hour() -> None:
    ceilings = [retry_delay_ms(n, 0.5) for n in (1, 2, 3, 8, 9, 1000)]

    assert ceilings == [2_500, 5_000, 10_000, 320_000, 450_000, 450_000]


@given(st.integers(0, 10**6), chances, st.none() | st.integers(-5, 10**9))
def test_the_wait_is_bounded_whatever_the_server_asks(
    failures: int, chance: float, retry_after_s: int | None
) -> None:
    most = CAP_MS if retry_after_s is None else CAP_MS + 1_800_000

    assert 0 <= retry_delay_ms(failures, chance, retry_after_s=retry_after_s) <= most


def test_what_the_server_asks_for_is_honoured_within_reason_and_the_jitter_comes_on_top() -> None:
    asked = [retry_delay_ms(1, 0.0, retry_after_s=s) for s in (-7, 0, 60, 86_400)]

    assert asked == [5_000, 5_000, 60_000, 1_800_000]
    assert retry_delay_ms(1, 0.5, retry_after_s=60) == 62_500


FAILED = RoundReport(reason="network")
ILL = RoundReport(reason="busy", status=503, retry_after_s=60)


def test_only_a_complete_round_forgets_the_failures_before_it() -> None:
    pacer = Pacer()
    for _ in range(3):
        pacer.ended(FAILED, now=0, chance=0.5)
    assert pacer.wait_ms(now=0, chance=0.5) == 10_000

    pacer.ended(RoundReport(complete=True), now=0, chance=0.5)
    pacer.ended(FAILED, now=0, chance=0.5)

    assert pacer.wait_ms(now=0, chance=0.5) == 2_500


def test_a_server_that_is_not_well_is_not_asked_sooner_because_the_network_is_back() -> None:
    pacer = Pacer()
    pacer.ended(ILL, now=0, chance=0.0)

    assert pacer.wait_ms(now=0, chance=0.0, network_is_back=True) == 60_000
    assert pacer.wait_ms(now=59_000, chance=0.0) == 1_000


@given(chances)
def test_after_a_long_outage_phones_come_back_spread_over_two_minutes(chance: float) -> None:
    pacer = Pacer()
    for now in (0, LONG_OUTAGE_MS + 1):
        for _ in range(8):
            pacer.ended(FAILED, now=now, chance=0.999)

    wait = pacer.wait_ms(now=LONG_OUTAGE_MS + 1, chance=chance, network_is_back=True)

    assert wait == int(OUTAGE_SPREAD_MS * chance)


def test_after_a_short_outage_the_round_comes_at_once() -> None:
    pacer = Pacer()
    pacer.ended(FAILED, now=0, chance=0.9)

    assert pacer.wait_ms(now=1_000, chance=0.9, network_is_back=True) == 0
