"""Passwords and PINs."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters

from server.people import passwords
from server.people.passwords import PASSWORD_CHARACTERS, _common, fits, make_hash, too_simple
from server.throttle import wait_after
from tests import cheap


@pytest.fixture(autouse=True)
def _as_in_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", cheap.HASHER)


def test_a_hash_is_argon2id_and_salted() -> None:
    one, other = make_hash("four words in a row"), make_hash("four words in a row")
    assert one.startswith("$argon2id$")
    cost = extract_parameters(one)
    assert cost.memory_cost >= 65_536  # KiB
    assert cost.time_cost >= 3
    assert one != other
    assert fits(one, "four words in a row")
    assert not fits(one, "four words in a rov")


def test_a_phone_hashes_a_pin_a_hundred_thousand_times() -> None:
    assert cheap.ROUNDS >= 100_000


def test_nothing_fits_where_nothing_is_stored() -> None:
    assert not fits(None, "nobody has this password")
    assert not fits("no hash at all", "x")


def test_waits_double_from_a_minute_to_an_hour() -> None:
    assert [wait_after(failed) // 1000 for failed in range(13)] == [
        *[0] * 5,
        60,
        120,
        240,
        480,
        960,
        1920,
        3600,
        3600,
    ]
    assert wait_after(10**9) == 3_600_000


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("four words in a row", None),
        ("巡更路线今晚改走东门再回岗亭", None),
        ("Password1234", "too common"),
        ("1qaz2wsx3edc", "too common"),
        ("lin.xiaolan.2026", "too common"),
        ("LIN.XIAOLAN.2026", "too common"),
        ("aaaaaaaaaaaa", "too simple"),
        ("121212121212", "too simple"),
        ("abcabcabcabc", "too simple"),
        ("abcdefghijkl", "too simple"),
        ("123456789012345", "too simple"),
        ("987654321098765", "too simple"),
        ("abcdefghijkm", None),
    ],
)
def test_what_anybody_would_try_first_is_no_password(password: str, why: str | None) -> None:
    assert too_simple(password, login="lin.xiaolan.2026") == why


def test_the_common_ones_are_long_enough_to_matter() -> None:
    assert all(len(word) >= PASSWORD_CHARACTERS for word in _common())
    assert len(_common()) > 50
