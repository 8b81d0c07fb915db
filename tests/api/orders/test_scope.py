"""A contractor sees the company's orders, a leader the team's; both give out no more than they see."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from server.feed import service as feed
from server.ledger import service as ledger
from server.orders import service as orders
from server.people import companies, memberships, organisations
from server.people.models import Membership
from tests.api.ledger.photos import picture
from tests.api.orders.conftest import As, Desk


@pytest.fixture
def people(desk: Desk) -> dict[str, Any]:
    """Add a leader of the night team with Wang in it, and Hu, a contractor of a lift company."""
    estate = desk.estate
    session, organisation = estate.session, estate.site.organisation_id
    company = companies.make_company(
        session, organisation=organisation, name="Lifts Ltd", now_ms=desk.clock.ms
    )
    session.flush()
    for name, role, more in (
        ("Bo", "team_leader", {"team": estate.team.id}),
        ("Hu", "contractor", {"company": company.id}),
    ):
        estate.people[name] = organisations.make_person(
            session,
            organisation=organisation,
            name=name,
            number=f"X{name}",
            login=name.lower(),
            now_ms=desk.clock.ms,
        )
        memberships.join(session, person=estate.people[name], site=estate.site.id, role=role, **more)
    wang = session.get_one(Membership, (estate.people["Wang"].id, estate.site.id))
    with session.no_autoflush:
        wang.team_id = estate.team.id
        wang.version += 1
    memberships.feed_membership(session, estate.people["Wang"], wang)
    feed.commit(session, now_ms=desk.clock.ms)
    return {"company": company.id}


def test_each_sees_their_own(desk: Desk, people: dict[str, Any], as_: As, at: str) -> None:
    wang = desk.open(assignee=desk.person("Wang"))
    desk.open(assignee=desk.person("Liu"))
    lift = desk.open(assignee={"kind": "company", "id": str(people["company"])})
    team = desk.open(assignee={"kind": "team", "id": str(desk.estate.team.id)})

    def seen(who: str) -> list[str]:
        found = as_(who).get(f"{at}/orders").json
        assert found is not None
        assert sum(found["counts"].values()) == len(found["orders"])
        return sorted(one["number"] for one in found["orders"])

    assert len(seen("Li")) == 4
    assert seen("Bo") == sorted([wang.name, team.name])
    assert seen("Hu") == [lift.name]
    assert as_("Hu").get(f"{at}/orders/{lift.id}").status_code == 200
    assert as_("Hu").get(f"{at}/orders/{wang.id}").status_code == 404
    assert as_("Bo").get(f"{at}/orders/{lift.id}").status_code == 404
    assert as_("Vera").get(f"{at}/orders").status_code == 403


def test_photos_of_an_order_are_seen_by_whoever_sees_the_order(
    desk: Desk, people: dict[str, Any], as_: As, at: str
) -> None:
    lift = desk.open(assignee={"kind": "company", "id": str(people["company"])})
    team = desk.open(assignee={"kind": "team", "id": str(desk.estate.team.id)})
    liu = desk.phones["Liu"]  # of neither: their records alone show nothing to Bo or Hu
    photos = {}
    for shade, order in (("red", lift), ("blue", team)):
        blob = liu.photo(picture(color=shade))
        desk.say("Liu", order.id, "note", 5, saw=1, blobs=(blob,))
        photos[order.id] = blob.sha256
    desk.push("Liu", 6)
    liu.upload(now_ms=desk.clock.ms)

    def seen(who: str, order: UUID, site: str = at) -> int:
        return as_(who).get(f"{site}/photos/{photos[order]}?width=160").status_code

    assert [seen("Hu", lift.id), seen("Hu", team.id)] == [200, 404]
    assert [seen("Bo", lift.id), seen("Bo", team.id)] == [404, 200]
    assert [seen("Li", lift.id), seen("Li", team.id)] == [200, 200]
    north = f"/api/v1/sites/{desk.estate.north.id}"
    assert [seen("Chen", team.id), seen("Chen", team.id, north), seen("Hu", lift.id, north)] == [404] * 3


def test_a_leader_gives_orders_to_the_own_team_alone(
    desk: Desk, people: dict[str, Any], as_: As, at: str
) -> None:
    order: UUID = desk.open(assignee=desk.person("Wang")).id

    def give(to: dict[str, str]) -> int:
        body = {"act": "dispatch", "version": desk.row(order).version, "to": to}
        return as_("Bo").post(f"{at}/orders/{order}/acts", body).status_code

    assert give(desk.person("Liu")) == 422
    assert give({"kind": "company", "id": str(people["company"])}) == 422
    assert give(desk.person("Wang")) == 200
    names = [one["name"] for one in as_("Bo").get(f"{at}/orders/candidates").json["people"]]  # type: ignore[index]
    assert "Wang" in names
    assert "Liu" not in names
    hu = as_("Hu").post(f"{at}/orders/{order}/acts", {"act": "note", "version": 1, "text": "x"})
    assert hu.status_code == 403


def test_figures_count_requests_apart_from_what_rounds_found(desk: Desk) -> None:
    desk.open(kind="request", cls="water", urgency="urgent", source={"kind": "request", "id": str(uuid4())})
    late = desk.open(
        kind="request", cls="water", urgency="urgent", source={"kind": "request", "id": str(uuid4())}
    )
    desk.open(source={"kind": "finding", "id": "f-1"}, cls="glass")
    desk.say("Wang", late.id, "arrive", 20)
    desk.push("Wang", 21)
    desk.to(30)
    orders.watch(desk.estate.session, now_ms=desk.clock.ms)
    desk.estate.session.commit()

    found = orders.figures(
        desk.estate.session,
        site_id=desk.estate.site.id,
        from_ms=desk.start,
        to_ms=desk.start + 40 * 86_400_000,
    )

    rows = {(one["clause"], one["source"]): one for one in found}
    arrive = rows["P1-02", "request"]
    assert (arrive["due"], arrive["late"], arrive["missed"], arrive["met"]) == (2, 1, 1, 0)
    assert arrive["orders"]["late"] == [str(late.id)]
    assert rows["P1-12", "finding"]["open"] == 1
    assert ("P1-02", "finding") not in rows


def test_what_waits_for_a_scan_of_another_phone_has_its_turn_after_three_days(desk: Desk) -> None:
    order = desk.open(assignee=desk.person("Wang"))
    missing = "ab" * 32
    desk.say("Wang", order.id, "arrive", 5, saw=1, deps=(missing,), scan=missing)
    desk.say("Wang", order.id, "complete", 9, saw=1, result="fixed")
    assert desk.push("Wang", 10) == ["held", "applied"]
    assert desk.row(order.id).state == "done"

    desk.to(10 + 73 * 60)
    session = desk.estate.session
    ledger.give_up_dependencies(session, receipt_key=desk.estate.receipt_key.public_key, now_ms=desk.clock.ms)
    feed.commit(session, now_ms=desk.clock.ms)

    state = desk.state(order.id)
    assert (state.state, len(state.arrivals)) == ("done", 1), "it is put where it belongs, and changes no end"
