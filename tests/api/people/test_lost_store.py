"""A phone whose store was cleared: the server says where its log ended, and how much of it came."""

from __future__ import annotations

from typing import Any

from tests.api.field import Garden


def _devices(garden: Garden) -> dict[str, dict[str, Any]]:
    answer = garden.client("li").get(f"/api/v1/sites/{garden.site}/devices")
    return {device["id"]: device for device in answer.get_json()["devices"]}


def _begin_after(garden: Garden, lost: str, **over: Any) -> Any:
    phone = garden.handset(begun=False)
    phone.push(
        phone.open(
            **{"reason": "lost", "previous_log": lost, "previous_head": "a" * 64, "previous_seq": 7, **over}
        )
    )
    return phone


def test_the_phones_page_tells_where_a_cleared_log_ended(garden: Garden) -> None:
    cleared = garden.handset()
    cleared.push(cleared.record("finding"), cleared.record("finding"))
    assert _devices(garden)[cleared.device]["ended"] is None

    again = _begin_after(garden, cleared.log)

    told = _devices(garden)
    assert told[cleared.device]["ended"] == {"seq": 7, "received": 3}
    assert told[again.device]["ended"] is None


def test_a_log_that_goes_on_as_usual_is_no_ending(garden: Garden) -> None:
    before = garden.handset()

    _begin_after(garden, before.log, reason="restored", previous_seq=None)

    assert _devices(garden)[before.device]["ended"] is None


def test_a_log_that_nobody_here_knows_ended_nowhere(garden: Garden) -> None:
    phone = _begin_after(garden, "a" * 26)

    assert _devices(garden)[phone.device]["ended"] is None
