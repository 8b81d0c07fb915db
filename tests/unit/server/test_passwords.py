"""Passwords and PINs."""

from __future__ import annotations

from server.people.passwords import fits, make_hash, wait_after


def test_a_hash_is_argon2id_and_salted() -> None:
    one, other = make_hash("four words in a row"), make_hash("four words in a row")
    assert one.startswith("$argon2id$")
    assert one != other
    assert fits(one, "four words in a row")
    assert not fits(one, "four words in a rov")


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
