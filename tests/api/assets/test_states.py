"""An asset stands and runs again: by phones, by the desk, late, and after it was taken down."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from server.assets.service import cards, states
from server.feed import service as feed
from server.keeping.rebuild import differences
from server.sites.models import Asset
from sync.payloads import AssetState
from tests.api.assets.test_cards import told
from tests.api.rounds.conftest import As, Estate, H
from tests.api.rounds.phone import Phone


@pytest.fixture
def lift(estate: Estate) -> Asset:
    """A lift of Garden Court."""
    made = cards.make_asset(
        estate.session,
        site=estate.site,
        members={"number": "L1", "name": {"zh": "电梯", "en": "Lift"}, "category": "lift"},
        now_ms=estate.clock.ms - 48 * H,
    )
    feed.commit(estate.session, now_ms=estate.clock.ms)
    return made


def say(phone: Phone, asset: UUID, state: Any, *, at_ms: int, since_ms: int | None = None) -> str:
    said = AssetState(str(asset), state, since_ms)
    return phone.record("asset.state", said, at_ms=at_ms, private={"note": "门锁"})


def aged(estate: Estate, name: str, *, hours: int = 12) -> tuple[Phone, int]:
    """Return a phone that joined some hours ago, and now."""
    phone = estate.phone(name)
    estate.clock.ms += hours * H
    return phone, estate.clock.ms


def outcomes(phone: Phone, now: int) -> list[str]:
    return [f"{one.outcome} {one.code or ''}".strip() for one in phone.push(now_ms=now).outcomes]


def test_a_lift_stands_and_runs_again_by_a_phone(estate: Estate, as_: As, at: str, lift: Asset) -> None:
    phone, now = aged(estate, "A")
    phone.sign_in(estate.people["Wang"], at_ms=now - 9 * H)
    say(phone, lift.id, "stopped", at_ms=now - 8 * H)
    assert set(outcomes(phone, now - 7 * H)) == {"applied"}
    assert told(as_("Li").get(f"{at}/assets/{lift.id}"))["state"] == "stopped"

    say(phone, lift.id, "running", at_ms=now - 5 * H)
    phone.push(now_ms=now)

    found = told(as_("Li").get(f"{at}/assets/{lift.id}/running"))
    assert found["state"] == "running"
    assert [one["state"] for one in found["stretches"]] == ["running", "stopped", "running"]
    month = found["months"][-1]
    assert month["failures"] == 1
    assert month["down_low_ms"] <= month["down_ms"] == 3 * H <= month["down_high_ms"]
    assert {(one["person"]["name"], one["note"]) for one in found["said"]} == {("Wang", "门锁")}
    assert differences(estate.session, estate.site.organisation_id) == []


def test_a_word_that_comes_late_falls_into_its_place_and_the_last_holds(
    estate: Estate, as_: As, at: str, lift: Asset
) -> None:
    early, _ = aged(estate, "A", hours=0)
    late, now = aged(estate, "B")
    for phone in (early, late):
        phone.sign_in(estate.people["Wang"], at_ms=now - 10 * H)
    say(late, lift.id, "stopped", at_ms=now - 9 * H)
    say(early, lift.id, "running", at_ms=now - 4 * H)
    early.push(now_ms=now - 3 * H)
    late.push(now_ms=now)

    found = told(as_("Li").get(f"{at}/assets/{lift.id}/running"))
    assert found["state"] == "running"
    stood = [one for one in found["stretches"] if one["state"] == "stopped"]
    assert [one["end"]["estimate_ms"] - one["begin"]["estimate_ms"] for one in stood] == [5 * H]


def test_what_is_said_of_an_asset_that_was_taken_down_is_kept(
    estate: Estate, as_: As, at: str, lift: Asset
) -> None:
    phone, now = aged(estate, "A")
    phone.sign_in(estate.people["Wang"], at_ms=now - 10 * H)
    say(phone, lift.id, "stopped", at_ms=now - 9 * H, since_ms=now - 12 * H)
    told(as_("Li").patch(f"{at}/assets/{lift.id}", {"retired": True}))

    assert set(outcomes(phone, now)) == {"applied"}
    found = told(as_("Li").get(f"{at}/assets/{lift.id}/running"))
    assert (found["state"], len(found["said"])) == ("retired", 1)
    assert (found["said"][0]["claimed"], found["said"][0]["at"]["lower_ms"]) == (True, None)


def test_an_asset_that_the_site_has_not_gives_a_mark_and_no_state(estate: Estate, lift: Asset) -> None:
    foreign = cards.make_asset(
        estate.session,
        site=estate.north,
        members={"number": "N1", "name": {"zh": "北", "en": ""}},
        now_ms=estate.clock.ms,
    )
    feed.commit(estate.session, now_ms=estate.clock.ms)
    phone, now = aged(estate, "A")
    phone.sign_in(estate.people["Wang"], at_ms=now)
    say(phone, foreign.id, "stopped", at_ms=now)
    say(phone, uuid4(), "stopped", at_ms=now)

    answer = phone.push(now_ms=now)

    assert [one.marks.count("unknown_asset") for one in answer.outcomes][-2:] == [1, 1]
    assert states.stretches_of(estate.session, asset_id=foreign.id)[-1].state == "running"


def test_the_desk_enters_what_nobody_said_and_not_what_lies_ahead(
    estate: Estate, as_: As, at: str, lift: Asset
) -> None:
    li, now, path = as_("Li"), estate.clock.ms, f"{at}/assets/{lift.id}/running"

    told(li.post(path, {"state": "stopped", "at_ms": now - 2 * H, "why": "年检"}), 201)
    found = told(li.post(path, {"state": "running", "at_ms": now - H}), 201)

    assert found["state"] == "running"
    assert {one["source"] for one in found["said"]} == {"office"}
    assert li.post(path, {"state": "stopped", "at_ms": now + H}).status_code == 422
    assert li.post(path, {"state": "retired", "at_ms": now}).status_code == 422
    assert as_("Chen").post(path, {"state": "stopped", "at_ms": now}).status_code == 404
    assert as_("Vera").post(path, {"state": "stopped", "at_ms": now}).status_code == 403
    year = told(li.get(f"{at}/assets/availability?category=lift&months=2"))
    assert [one["asset"]["number"] for one in year["assets"]] == ["L1"]
    assert year["assets"][0]["months"][-1]["down_ms"] == H
