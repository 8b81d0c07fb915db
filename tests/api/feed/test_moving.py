"""A phone is given to another site: what it may see changes with one pull, what it recorded is kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.ledger.models import Device, DeviceSite, Verdict
from tests.api.feed.fetching import Fetched, fetch
from tests.api.field import SAME_ORIGIN, Garden, Handset, data, slug, verdicts


def move(garden: Garden, phone: Handset, *, who: str = "ada", to: Any = None) -> TestResponse:
    return garden.client(who).post(
        f"/api/v1/sites/{garden.site}/devices/{phone.device}/move",
        json={"site": str(to or garden.north)},
        headers=SAME_ORIGIN,
    )


def people(fetched: Fetched) -> set[str]:
    return {entity for kind, entity in fetched.rows if kind == "person"}


def test_a_moved_phone_gets_the_new_site_and_loses_the_old_one_with_the_next_pull(garden: Garden) -> None:
    phone = garden.handset()
    fetched = fetch(phone)
    assert people(fetched) == {str(garden.people["wang"]), str(garden.people["liu"])}

    assert move(garden, phone).status_code == 200

    told = data(phone.post("pull", {"cursor": fetched.cursor, "scopes": fetched.scopes, "limit": 10}))
    assert told["scopes"] == {"add": [str(garden.north)], "remove": [str(garden.site)]}
    assert (told["rows"], told["cursor"], told["more"]) == ([], None, True)
    fetch(phone, fetched)
    assert people(fetched) == {str(garden.people["zhao"])}
    assert {row["scope"] for row in fetched.rows.values()} == {str(garden.north)}
    assert data(phone.hello())["device"]["site"]["id"] == str(garden.north)


def test_a_phone_that_does_not_say_its_scopes_begins_anew(garden: Garden) -> None:
    phone = garden.handset()
    cursor = data(phone.post("pull", {"cursor": None, "limit": 1_000}))["cursor"]
    move(garden, phone)
    answer = phone.post("pull", {"cursor": cursor, "limit": 1_000})
    assert (answer.status_code, answer.get_json()["reason"]) == (409, "scope")
    rows = data(phone.post("pull", {"cursor": None, "limit": 1_000}))["rows"]
    assert {row["scope"] for row in rows} == {str(garden.north)}


def test_what_a_phone_recorded_is_taken_for_every_site_that_it_ever_worked_for(garden: Garden) -> None:
    phone = garden.handset()
    before = phone.record()
    move(garden, phone)
    garden.clock.forward(minutes=5)
    unaware = phone.record()  # it does not know yet
    after = phone.record(site=str(garden.north), actor=str(garden.people["zhao"]))
    assert phone.outcomes(before, unaware, after) == [("applied", None)] * 3
    sites = garden.all(select(Verdict.site_id).where(Verdict.log == phone.log).order_by(Verdict.seq))
    assert sites == [garden.site, garden.site, garden.site, garden.north]


def test_a_site_that_a_phone_never_worked_for_takes_nothing_of_it(garden: Garden) -> None:
    phone = garden.handset()
    record = phone.record(site=str(garden.north), actor=str(garden.people["zhao"]))
    assert phone.outcomes(record) == [("quarantined", "scope_denied")]


def test_a_person_is_judged_by_the_roster_of_the_site_that_the_record_names(garden: Garden) -> None:
    phone = garden.handset()
    move(garden, phone)
    mixed = [
        phone.record(actor=str(garden.people["zhao"])),
        phone.record(site=str(garden.north), actor=str(garden.people["wang"])),
        phone.record(site=str(garden.north), actor=str(garden.people["zhao"])),
    ]
    assert phone.outcomes(*mixed) == [
        ("quarantined", "actor_denied"),
        ("quarantined", "actor_denied"),
        ("applied", None),
    ]


def test_a_record_held_for_its_predecessor_is_released_at_its_own_site(garden: Garden) -> None:
    phone = garden.handset()
    first, second = phone.record(), phone.record(site=str(garden.north), actor=str(garden.people["zhao"]))
    move(garden, phone)
    assert phone.outcomes(second) == [("held", None)]
    assert phone.outcomes(first) == [("applied", None)]
    assert verdicts(garden, phone.log)[3] == ("applied", None)


def test_people_sign_in_at_the_site_of_now(garden: Garden) -> None:
    phone = garden.handset()
    move(garden, phone)

    def signs_in(name: str) -> bool:
        told = data(phone.post("sign-in", {"person": str(garden.people[name]), "pin": "240617"}))
        return bool(told["ok"])

    assert not signs_in("wang")
    assert signs_in("zhao")


def test_both_sites_remember_the_move_and_the_list_shows_the_phone_where_it_is(garden: Garden) -> None:
    phone = garden.handset()
    assert move(garden, phone).get_json()["id"] == phone.device
    rows = garden.all(select(AuditRow.site_id).where(AuditRow.action == "device.move"))
    assert set(rows) == {garden.site, garden.north}
    ada = garden.client("ada")

    def listed(site: Any) -> list[str]:
        return [one["id"] for one in ada.get(f"/api/v1/sites/{site}/devices").get_json()["devices"]]

    assert listed(garden.site) == []
    assert listed(garden.north) == [phone.device]


def test_a_phone_goes_there_and_back_again_and_has_one_site_at_a_time(garden: Garden) -> None:
    phone = garden.handset()
    fetched = fetch(phone)
    move(garden, phone)
    move(garden, phone)  # it is not there any more: nothing to do
    back = garden.client("ada").post(
        f"/api/v1/sites/{garden.north}/devices/{phone.device}/move",
        json={"site": str(garden.site)},
        headers=SAME_ORIGIN,
    )
    assert back.status_code == 200
    open_rows = garden.all(select(DeviceSite.site_id).where(DeviceSite.until_ms.is_(None)))
    assert open_rows == [garden.site]
    assert garden.one(select(Device.site_id)) == garden.site
    numbers = garden.all(select(DeviceSite.number).order_by(DeviceSite.number))
    assert numbers == [1, 2, 3]
    # nothing differs for a phone that never heard of it
    assert data(phone.post("pull", {"cursor": fetched.cursor, "scopes": fetched.scopes, "limit": 10}))[
        "scopes"
    ] == {"add": [], "remove": []}


# -- who may ---------------------------------------------------------------------------


def test_only_who_supervises_both_sites_may_move_a_phone(garden: Garden) -> None:
    phone = garden.handset()
    assert (move(garden, phone, who="li").status_code, slug(move(garden, phone, who="li"))) == (
        404,
        "not-found",
    )
    assert move(garden, phone, who="chen").status_code == 404
    assert move(garden, phone, who="vera").status_code == 403
    assert move(garden, phone, to="00000000-0000-4000-8000-000000000000").status_code == 404
    assert garden.one(select(Device.site_id)) == garden.site


def test_moving_a_phone_needs_the_password_again(garden: Garden) -> None:
    phone = garden.handset()
    ada = garden.client("ada")
    garden.clock.forward(minutes=11)
    answer = ada.post(
        f"/api/v1/sites/{garden.site}/devices/{phone.device}/move",
        json={"site": str(garden.north)},
        headers=SAME_ORIGIN,
    )
    assert (answer.status_code, slug(answer)) == (403, "fresh-login")


@pytest.mark.parametrize("state", ["waiting", "revoked", "refused"])
def test_a_phone_that_is_not_in_service_stays_where_it_is(garden: Garden, state: str) -> None:
    phone = garden.handset()
    garden.session.get_one(Device, garden.one(select(Device.id))).state = state
    garden.session.commit()
    assert (move(garden, phone).status_code, slug(move(garden, phone))) == (409, "not-active")


def test_moving_a_phone_to_where_it_is_changes_nothing(garden: Garden) -> None:
    phone = garden.handset()
    assert move(garden, phone, to=garden.site).status_code == 200
    assert garden.all(select(DeviceSite.number)) == [1]
