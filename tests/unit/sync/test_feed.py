"""What comes down is chained by its bytes; the phone's bookmark cannot be forged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import feed, ids
from sync.feed import Cursor
from tests.unit.sync.vectors import each, vectors

FEED = vectors("feed")
IDS = vectors("ids")


@pytest.mark.parametrize("case", each(FEED["rows"]))
def test_a_row_is_chained_by_its_bytes(case: dict[str, Any]) -> None:
    row = case["row"].encode()

    assert feed.row_bytes(**json.loads(row)) == row
    assert feed.digest(row) == case["digest"]
    assert feed.chain_step(case["chain"], case["digest"]) == case["next"]


@pytest.mark.parametrize("case", each(FEED["scopes"]))
def test_a_set_of_scopes_has_one_hash(case: dict[str, Any]) -> None:
    assert feed.scope_hash(case["scopes"]) == case["hash"]


@pytest.mark.parametrize("case", each(FEED["cursors"]))
def test_a_cursor_is_the_servers_or_none(case: dict[str, Any]) -> None:
    opened = feed.open_cursor(bytes.fromhex(case["key"]), case["cursor"])

    assert opened == (case["opened"] and Cursor(**case["opened"]))


@pytest.mark.parametrize("case", each(FEED["resumes"]))
def test_a_place_in_a_snapshot_is_the_servers_or_none(case: dict[str, Any]) -> None:
    opened = feed.open_resume(bytes.fromhex(case["key"]), case["resume"])

    assert opened == (case["opened"] and feed.Resume(**case["opened"]))


@given(st.text(max_size=20), st.integers(0, 2**53 - 1), st.binary(min_size=1, max_size=40))
def test_a_cursor_is_read_back_by_the_key_that_made_it(epoch: str, pos: int, key: bytes) -> None:
    cursor = Cursor(epoch.encode("utf-8", "replace").decode(), pos, "0" * 64, feed.scope_hash([]))
    text = feed.make_cursor(key, cursor)

    assert feed.open_cursor(key, text) == cursor
    assert feed.open_cursor(key + b"!", text) is None


@given(st.text(max_size=100))
def test_no_text_upsets_the_cursor(text: str) -> None:
    assert feed.open_cursor(b"k", text) is None


@pytest.mark.parametrize("case", each(IDS["uuid7"]))
def test_a_records_id_is_a_uuid_7(case: dict[str, Any]) -> None:
    assert ids.uuid7(case["ms"], bytes.fromhex(case["random"])) == case["id"]


@pytest.mark.parametrize("case", each(IDS["occurrence"]))
def test_the_same_window_is_the_same_occurrence(case: dict[str, Any]) -> None:
    assert ids.occurrence_id(case["plan"], case["from_ms"]) == case["id"]


def test_a_records_id_takes_ten_random_bytes() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        ids.uuid7(0, b"")
