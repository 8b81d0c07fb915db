"""A tag says a short address that any camera reads and only one token fits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qr.payload import ALPHANUMERIC, tag_url
from sync.tags import ALPHABET, read_address

TOKEN = "7K2MQX49ZB01HJVW"
tokens = st.text(ALPHABET, min_size=16, max_size=16)
labels = st.from_regex(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,20}[a-zA-Z0-9])?", fullmatch=True)
hosts = st.lists(labels.filter(lambda each: not each.lower().startswith("xn--")), min_size=1, max_size=4).map(
    ".".join
)
ports = st.one_of(st.just(""), st.integers(1, 65535).map(":{}".format))


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://rounds.example.cn", "HTTPS://ROUNDS.EXAMPLE.CN/T/"),
        ("https://Rounds.Example.CN/", "HTTPS://ROUNDS.EXAMPLE.CN/T/"),
        ("http://localhost:8000", "HTTP://LOCALHOST:8000/T/"),
        ("https://10.0.3.7:8443", "HTTPS://10.0.3.7:8443/T/"),
        ("https://巡迹.example", "HTTPS://XN--9RT082I.EXAMPLE/T/"),
    ],
)
def test_an_address_is_upper_case_and_keeps_its_port(base: str, address: str) -> None:
    assert tag_url(base, TOKEN) == address + TOKEN


@settings(deadline=None)
@given(scheme=st.sampled_from(["http", "https", "HTTPS"]), host=hosts, port=ports, token=tokens)
def test_every_address_fits_the_alphanumeric_mode_and_is_read_back(
    scheme: str, host: str, port: str, token: str
) -> None:
    url = tag_url(f"{scheme}://{host}{port}", token)
    assert ALPHANUMERIC.issuperset(url)
    assert read_address(url) == token
    assert read_address(url.lower()) == token


@pytest.mark.parametrize(
    "base",
    [
        "",
        "rounds.example.cn",
        "ftp://rounds.example.cn",
        "https://",
        "https://host/roundsman",
        "https://host/?a=1",
        "https://host/#top",
        "https://me:secret@host",
        "https://[::1]:8000",
        "https://my_host",
        "https://-host",
        "https://host..cn",
        "https://host:port",
        "https://host:99999",
        "https://" + "a" * 64,
        "https://" + ".".join(["a" * 60] * 5),
    ],
)
def test_an_address_that_a_tag_cannot_carry_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match=r"address|host"):
        tag_url(base, TOKEN)


@pytest.mark.parametrize(
    "token", ["", TOKEN.lower(), TOKEN[:-1], TOKEN + "0", TOKEN[:-1] + "U", TOKEN[:-1] + "\n"]
)
def test_only_a_token_as_printed_goes_into_an_address(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        tag_url("https://host", token)
