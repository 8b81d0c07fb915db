"""A chain that was cut, reordered or edited is found out; one good signature vouches for its run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sync.chain import Break, Link, bad_signatures, first_break, missing_ranges, runs
from sync.encoding import ZERO_HASH, sha256_hex
from tests.unit.sync.vectors import each, vectors

CHAIN = vectors("chain")
LINKS = {
    case["seq"]: Link(**{name: value for name, value in case.items() if name != "name"})
    for case in CHAIN["links"]
}


@pytest.mark.parametrize("case", each(CHAIN["signatures"]))
def test_the_bad_ones_are_named(case: dict[str, Any]) -> None:
    links = [
        replace(LINKS[seq], sig="A" * 86) if seq in case["spoilt"] else LINKS[seq] for seq in case["records"]
    ]

    assert bad_signatures(links, case["public_key"]) == {LINKS[seq].hash for seq in case["bad"]}


@pytest.mark.parametrize("case", each(CHAIN["first_break"]))
def test_the_first_break_is_named(case: dict[str, Any]) -> None:
    found = first_break(
        [LINKS[seq] for seq in case["records"]], after=case["after"], from_seq=case["from_seq"]
    )

    assert found == (case["break"] and Break(**case["break"]))


@pytest.mark.parametrize("case", each(CHAIN["missing"]))
def test_gaps_are_closed_ranges(case: dict[str, Any]) -> None:
    ranges = missing_ranges(case["present"], upto=case["upto"])

    assert [list(pair) for pair in ranges] == case["ranges"]


def test_at_most_as_many_gaps_as_asked_are_named() -> None:
    assert missing_ranges(range(2, 1000, 2), upto=1000, limit=2) == [(1, 1), (3, 3)]


@given(st.sets(st.integers(1, 30)), st.integers(0, 30))
def test_present_and_missing_make_the_whole(present: set[int], upto: int) -> None:
    ranges = missing_ranges(sorted(present), upto=upto)

    missing = {seq for low, high in ranges for seq in range(low, high + 1)}
    assert missing == set(range(1, upto + 1)) - present
    assert all(low <= high for low, high in ranges)


def chain_of(bodies: list[str], sigs: list[bool]) -> list[Link]:
    links: list[Link] = []
    prev = ZERO_HASH
    for seq, (body, good) in enumerate(zip(bodies, sigs, strict=True), start=1):
        text = f"{seq} {prev} {body}"
        prev_before, prev = prev, sha256_hex(text.encode())
        links.append(Link(seq, prev_before, prev, text, "good" if good else "bad"))
    return links


def is_good(_key: str, _body: str, sig: str) -> bool:
    return sig == "good"


contents = st.lists(st.tuples(st.text(max_size=5), st.booleans()), min_size=1, max_size=12)


@given(contents)
def test_a_record_is_bad_when_no_good_signature_stands_at_it_or_after(given: list[tuple[str, bool]]) -> None:
    sigs = [good for _, good in given]
    links = chain_of([body for body, _ in given], sigs)

    bad = bad_signatures(links, "key", verify=is_good)

    assert bad == {link.hash for i, link in enumerate(links) if not any(sigs[i:])}


@given(contents)
def test_a_good_run_costs_one_verification(given: list[tuple[str, bool]]) -> None:
    links = chain_of([body for body, _ in given], [True] * len(given))
    asked: list[str] = []

    def counting(_key: str, body: str, _sig: str) -> bool:
        asked.append(body)
        return True

    assert bad_signatures(links, "key", verify=counting) == set()
    assert asked == [links[-1].body]


@given(contents, st.data())
def test_an_edited_record_breaks_the_run_and_the_chain(
    given: list[tuple[str, bool]], data: st.DataObject
) -> None:
    links = chain_of([body for body, _ in given], [True] * len(given))
    assert first_break(links) is None
    assert len(runs(links)) == 1
    at = data.draw(st.integers(0, len(links) - 1))
    edited = links[at].body + "!"
    links[at] = replace(links[at], body=edited, hash=sha256_hex(edited.encode()))

    if at < len(links) - 1:
        assert first_break(links) == Break(at + 2, "altered")
        assert len(runs(links)) == 2


@given(contents.filter(lambda c: len(c) > 1), st.data())
def test_a_dropped_record_is_named(given: list[tuple[str, bool]], data: st.DataObject) -> None:
    links = chain_of([body for body, _ in given], [True] * len(given))
    victim = data.draw(st.sampled_from(links[:-1]))
    links.remove(victim)

    assert first_break(links) == Break(victim.seq, "gap")
