"""Figures of log-ins that need no server."""

from __future__ import annotations

import pytest

from server.people import totp
from server.people.sessions import network_of


@pytest.mark.parametrize(
    ("moment_s", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(moment_s: int, code: str) -> None:
    """The last six digits of the examples of RFC 6238."""
    assert totp.code_at(b"12345678901234567890", moment_s // 30) == code


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_an_address_only_its_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network
