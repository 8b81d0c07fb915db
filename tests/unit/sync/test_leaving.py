"""The order to wipe, and the code on a badge."""

from __future__ import annotations

from typing import Any

import pytest

from sync import badges, leaving
from sync.tags import make_token
from tests.unit.sync.vectors import each, vectors

LEAVING = vectors("leaving")


@pytest.mark.parametrize("case", each(LEAVING["orders"]))
def test_an_order_is_the_servers_for_this_phone_or_none(case: dict[str, Any]) -> None:
    found = leaving.verify_order(case["public_key"], case["body"], case["sig"], device=case["device"])

    assert (found is not None) is case["good"]
    if found is not None:
        assert leaving.order_body(found) == case["body"]


@pytest.mark.parametrize("case", each(LEAVING["may"]))
def test_no_more_is_lost_than_the_order_says(case: dict[str, Any]) -> None:
    (good,) = (order for order in LEAVING["orders"] if order["good"])
    found = leaving.verify_order(good["public_key"], case["body"], good["sig"], device=good["device"])
    assert found is not None
    assert leaving.may_wipe(found, records=case["records"], photos=case["photos"]) is case["may"]


@pytest.mark.parametrize("case", each(LEAVING["badges"]))
def test_a_badge_is_read(case: dict[str, Any]) -> None:
    assert badges.read_badge(case["text"]) == case["token"]


@pytest.mark.parametrize("case", each(LEAVING["badge_hash"]))
def test_a_badge_is_known_by_its_hash(case: dict[str, Any]) -> None:
    assert badges.badge_hash(case["token"]) == case["hash"]
    assert badges.badge_hash(make_token(bytes(10))) != case["hash"]
