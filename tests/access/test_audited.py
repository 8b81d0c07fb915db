"""What need not leave a row in the audit log is a short list, and every name in it is a route of today."""

from __future__ import annotations

import pytest

from tests.access.world import World
from tests.audited import GIVES_AWAY, UNAUDITED, Unnoted
from tests.conftest import PUBLIC_URL


def test_the_lists_name_routes_of_today(world: World) -> None:
    unsafe: set[str] = set()
    safe: set[str] = set()
    for rule in world.app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        (safe if methods <= {"GET"} else unsafe).add(rule.endpoint)
    assert set(UNAUDITED) <= unsafe
    assert safe >= GIVES_AWAY


def test_a_route_that_leaves_no_row_fails_whoever_meets_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(UNAUDITED, "ledger.nonce")
    with pytest.raises(Unnoted, match="sync/nonce"):
        world.app.test_client().post(
            "/api/v1/sync/nonce",
            data=b'{"proto":1,"nonce":"AAAAAAAAAAAAAAAAAAAAAA"}',
            content_type="application/vnd.fieldsync+json",
            base_url=PUBLIC_URL,
        )
