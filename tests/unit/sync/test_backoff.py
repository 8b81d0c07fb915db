"""How long a phone waits before it tries again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.phone.backoff import CAP_MS, first_delay_ms, retry_delay_ms

chances = st.floats(0, 1, exclude_max=True)


def test_after_a_complete_round_there_is_nothing_to_wait_for() -> None:
    assert retry_delay_ms(0, 0.9) == 0


def test_the_ceiling_doubles_up_to_a_quarter_of_an_hour() -> None:
    ceilings = [retry_delay_ms(n, 0.5) for n in (1, 2, 3, 8, 9, 1000)]

    assert ceilings == [2_500, 5_000, 10_000, 320_000, 450_000, 450_000]


@given(st.integers(0, 10**6), chances, st.none() | st.integers(-5, 10**9))
def test_the_wait_is_never_longer_than_the_cap(
    failures: int, chance: float, retry_after_s: int | None
) -> None:
    assert 0 <= retry_delay_ms(failures, chance, retry_after_s=retry_after_s) <= CAP_MS


def test_what_the_server_asks_for_is_honoured_within_reason() -> None:
    assert retry_delay_ms(1, 0.0, retry_after_s=60) == 60_000
    assert retry_delay_ms(1, 0.0, retry_after_s=86_400) == CAP_MS


@given(chances)
def test_after_an_outage_phones_come_back_spread_over_two_minutes(chance: float) -> None:
    assert 0 <= first_delay_ms(chance) < 120_000
