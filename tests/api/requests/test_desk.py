"""The desk: first asked, responsible; deadlines; work orders; merging; what others must not see."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.feed import service as feed
from server.orders import service as orders
from server.requests import service
from server.requests.models import Request, RequestContact, RequestPhoto, RequestText
from sync.records import Base
from tests.api.requests.conftest import As, Garden, Resident, picture
from tests.api.rounds.conftest import Console


def enter(console: Console, at: str, **members: Any) -> dict[str, Any]:
    body = {"kind": "repair", "channel": "phone", "text": "Tap drips", **members}
    answer = console.post(f"{at}/requests", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def do(
    console: Console, at: str, request: str, act: str, status: int = 200, **members: Any
) -> dict[str, Any]:
    answer = console.post(f"{at}/requests/{request}/acts", {"act": act, **members})
    assert answer.status_code == status, answer.text
    return dict(answer.json or {})


def first(garden: Garden) -> str:
    return str(garden.requests()[0].id)


def kinds(request: dict[str, Any]) -> list[str]:
    return [event["kind"] for event in request["events"]]


def test_who_is_asked_first_owns_it_and_hands_it_over_only_when_the_other_accepts(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    resident.report(garden.token(garden.lamp))
    request, people = first(garden), garden.estate.people
    dora, dirk = as_("Dora"), as_("Dirk")

    taken = do(dora, at, request, "take")
    assert (taken["owner"]["name"], taken["state"]) == ("Dora", "open")
    assert do(dirk, at, request, "take", status=409)["type"] == "/problems/request-taken"

    offered = do(dora, at, request, "offer", to=str(people["Dirk"].id))
    assert (offered["owner"]["name"], offered["offered_to"]["name"]) == ("Dora", "Dirk")
    do(dora, at, request, "accept", status=409)
    assert do(dirk, at, request, "refuse")["owner"]["name"] == "Dora"
    do(dora, at, request, "offer", to=str(people["Dirk"].id))
    accepted = do(dirk, at, request, "accept")
    assert (accepted["owner"]["name"], accepted["offered_to"]) == ("Dirk", None)
    do(dirk, at, request, "offer", status=422, to=str(people["Wang"].id))


def test_the_desk_enters_what_is_told_by_phone_and_knows_who_calls_again(
    garden: Garden, as_: As, at: str
) -> None:
    dora = as_("Dora")
    target = {"kind": "asset", "id": str(garden.lamp.id)}
    contact = {"name": "Mrs Ma", "phone": "138 0013 8000"}

    made = enter(dora, at, **{"class": "water"}, target=target, contact=contact, place="3-501")

    assert (made["number"], made["owner"]["name"], made["urgency"]) == ("R-0001", "Dora", "urgent")
    assert made["contact"] == contact
    assert made["target"]["number"] == "L1"
    again = dora.get(f"{at}/requests/callers?phone=%2B8613800138000").json or {}
    assert [(one["number"], one["name"]) for one in again["requests"]] == [("R-0001", "Mrs Ma")]
    assert dora.get(f"{at}/requests/callers?phone=1380").json == {"requests": []}
    found = dora.get(f"{at}/requests?text=0013800").json or {}
    assert [one["number"] for one in found["requests"]] == ["R-0001"]
    for text in ("r-0001", "drips", "3-501"):
        assert (dora.get(f"{at}/requests?text={text}").json or {})["requests"]
    assert (dora.get(f"{at}/requests?text=%25").json or {})["requests"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "gift"},
        {"text": "  "},
        {"channel": "code"},
        {"class": "wind"},
        {"window": [2, 1]},
        {"window": [0, 86_400_001]},
        {"target": {"kind": "asset", "id": "00000000-0000-4000-8000-000000000000"}},
        {"department": "00000000-0000-4000-8000-000000000000"},
        {"owner": "me"},
    ],
)
def test_what_cannot_be_meant_is_refused(garden: Garden, as_: As, at: str, body: dict[str, Any]) -> None:
    answer = as_("Dora").post(f"{at}/requests", {"kind": "repair", "channel": "phone", "text": "Out", **body})

    assert answer.status_code == 422
    assert garden.requests() == []


def test_an_act_needs_what_it_is_about(garden: Garden, as_: As, at: str) -> None:
    dora = as_("Dora")
    request = enter(dora, at)["id"]

    for act in ("offer", "tell", "note", "answer", "end", "urge", "follow", "merge", "contact"):
        do(dora, at, request, act, status=422)
    do(dora, at, request, "dance", status=422)
    assert kinds(do(dora, at, request, "note", text="x")) == ["opened", "noted"]


def test_what_the_desk_tells_stands_on_the_private_page_and_its_notes_do_not(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    link = resident.report(garden.token(garden.lamp))
    request, dora = first(garden), as_("Dora")
    do(dora, at, request, "take")
    do(dora, at, request, "tell", text="We ordered a lamp")
    do(dora, at, request, "note", text="Cheap ones again")
    do(dora, at, request, "urge", text="Call the electrician")

    page = resident.get(link).text

    assert "We ordered a lamp" in page
    for hidden in ("Cheap ones", "electrician", "Dora"):
        assert hidden not in page


def test_answered_then_not_satisfied_opens_it_again_and_satisfied_closes_it(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    link = resident.report(garden.token(garden.lamp), kind="complaint", text="Too loud")
    request, dora = first(garden), as_("Dora")
    do(dora, at, request, "take")
    assert do(dora, at, request, "answer", text="We spoke to them")["state"] == "done"
    assert "办好了吗" in resident.get(link).text

    resident.send(link, act="unsatisfied", text="Still loud")
    again = dora.get(f"{at}/requests/{request}").json or {}
    assert (again["state"], again["unread"], again["reopened"], again["satisfied"]) == (
        "open",
        True,
        1,
        False,
    )

    do(dora, at, request, "answer", text="Moved to the yard")
    resident.send(link, act="satisfied")
    closed = dora.get(f"{at}/requests/{request}").json or {}
    assert (closed["state"], closed["satisfied"]) == ("closed", True)
    garden.estate.clock.forward(hours=24 * 31)
    assert resident.send(link, act="unsatisfied").status_code == 409


def test_a_work_order_that_is_done_asks_for_the_follow_up(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    link = resident.report(garden.token(garden.lamp), text="The lamp is out", place="Beside the gate")
    request, dora, session = first(garden), as_("Dora"), garden.estate.session
    do(dora, at, request, "take")
    ordered = do(dora, at, request, "order")
    [made] = ordered["orders"]
    order = orders.order_of(session, site_id=garden.estate.site.id, order_id=UUID(made["id"]))
    assert (order.kind, order.place, order.note) == ("request", "Beside the gate", "The lamp is out")
    assert order.target == {"kind": "asset", "id": str(garden.lamp.id)}

    def act(kind: str, **p: Any) -> None:
        now = garden.estate.clock.ms
        orders.act(
            session,
            site_id=garden.estate.site.id,
            order_id=order.id,
            kind=kind,
            p=p,
            by=garden.estate.people["Li"].id,
            now_ms=now,
        )
        feed.commit(session, now_ms=now)

    act("cancel")
    assert kinds(dora.get(f"{at}/requests/{request}").json or {})[-1] == "stopped"
    assert garden.requests()[0].state == "open"
    assert "已派人处理" in resident.get(link).text
    assert "Li" not in resident.get(link).text


def test_doubles_are_merged_and_everybody_is_told(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    links = [resident.report(garden.token(garden.lamp), text=f"Out {n}") for n in range(3)]
    dora = as_("Dora")
    one, two, three = (str(made.id) for made in garden.requests())
    do(dora, at, one, "take")
    assert [ref["number"] for ref in do(dora, at, one, "note", text="look")["doubles"]] == [
        "R-0002",
        "R-0003",
    ]
    do(dora, at, two, "merge", into=one)
    do(dora, at, three, "merge", into=two, status=409)
    do(dora, at, one, "merge", into=one, status=409)
    do(dora, at, three, "merge", into=one)

    do(dora, at, one, "tell", text="A lamp is coming")
    for link in links:
        page = resident.get(link).text
        assert "A lamp is coming" in page
        assert page.count("Out ") == 1  # nobody reads what another person wrote
    resident.send(links[2], act="add", text="Also the second lamp")
    merged = dora.get(f"{at}/requests/{one}").json or {}
    assert merged["unread"]
    assert [ref["number"] for ref in merged["merged"]] == ["R-0002", "R-0003"]


def test_a_new_link_takes_the_place_of_the_one_before(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    old = resident.report(garden.token(garden.lamp))
    made = as_("Dora").post(f"{at}/requests/{first(garden)}/link", {}).json or {}

    assert resident.get(old).status_code == 404
    assert resident.get(made["url"].removeprefix("http://localhost")).status_code == 200
    assert {len(row) for row in made["qr"]} == {len(made["qr"])}


def test_erasing_leaves_the_events_and_nothing_that_somebody_wrote(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    link = resident.report(
        garden.token(garden.lamp),
        text="I am Ma in 3-501",
        place="3-501",
        phone="13800138000",
        photos=(io.BytesIO(picture()), "a.jpg"),
    )
    request, dora = first(garden), as_("Dora")
    assert dora.get(f"{at}/requests/{request}/photos/1").mimetype == "image/jpeg"
    assert dora.get(f"{at}/requests/{request}/photos/x").status_code == 404

    erased = do(dora, at, request, "erase")

    assert (erased["erased"], erased["place"], erased["contact"], erased["text"]) == (True, "", None, "")
    assert kinds(erased) == ["opened", "erased"]
    session = garden.estate.session
    session.rollback()
    for table in (RequestText, RequestContact, RequestPhoto):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert resident.get(link).status_code == 404


def test_the_month_tells_complaints_by_whose_matter_they_are(garden: Garden, as_: As, at: str) -> None:
    dora, team = as_("Dora"), str(garden.estate.team.id)
    loud = enter(dora, at, kind="complaint", text="Loud", department=team)["id"]
    enter(dora, at, kind="complaint", text="Dirty")
    enter(dora, at, **{"class": "power"})
    do(dora, at, loud, "answer", text="Spoken to")
    do(dora, at, loud, "follow", satisfied=True)

    month = dora.get(f"{at}/requests/month?month=2026-11").json or {}

    assert month["requests"] == 3
    named = {(row["name"] or {}).get("en"): row for row in month["departments"]}
    assert (named["Night team"]["received"], named["Night team"]["satisfied"]) == (1, 1)
    assert (named[None]["received"], named[None]["open"]) == (1, 1)
    assert {row["key"]: row["received"] for row in month["kinds"]} == {"complaint": 2, "repair": 1}
    assert (dora.get(f"{at}/requests/month?month=2026-10").json or {})["requests"] == 0
    assert dora.get(f"{at}/requests/month?month=2026-13").status_code == 422


def test_what_the_desk_says_of_itself_is_kept(garden: Garden, as_: As, at: str) -> None:
    li = as_("Li")
    changed = li.patch(f"{at}/desk", {"urgent_classes": ["gas"], "contact_days": 30}).json or {}

    assert (changed["urgent_classes"], changed["contact_days"]) == (["gas"], 30)
    assert {one["name"] for one in changed["handlers"]} == {"Ada", "Dirk", "Dora", "Li"}
    assert enter(li, at, **{"class": "water"})["urgency"] == "normal"
    assert li.patch(f"{at}/desk", {"contact_days": 0}).status_code == 422
    assert as_("Dora").patch(f"{at}/desk", {"contact_days": 30}).status_code == 403


def test_somebody_of_another_site_sees_nothing(garden: Garden, resident: Resident, as_: As, at: str) -> None:
    resident.report(garden.token(garden.lamp))
    request, north = first(garden), f"/api/v1/sites/{garden.estate.north.id}"

    for name in ("Chen", "Otto"):
        other = as_(name)
        for path in (at, f"{at}/requests", f"{at}/requests/{request}", f"{at}/desk"):
            assert other.get(path).status_code == 404
        assert other.post(f"{at}/requests/{request}/acts", {"act": "take"}).status_code == 404
    chen = as_("Chen")
    assert chen.get(f"{north}/requests/{request}").status_code == 404
    assert chen.post(f"{north}/requests/{request}/acts", {"act": "take"}).status_code == 404
    assert chen.post(f"{north}/requests/{request}/link", {}).status_code == 404
    own = enter(chen, north)["id"]
    do(chen, north, own, "merge", into=request, status=404)
    assert garden.estate.session.get_one(Request, garden.requests()[0].id).state == "new"


def test_deadlines_follow_the_clauses_of_the_site(garden: Garden, as_: As, at: str) -> None:
    clock, dora = garden.estate.clock, as_("Dora")
    urgent = enter(dora, at, **{"class": "gas"})
    loud = enter(dora, at, kind="complaint", text="Loud")
    enter(dora, at, kind="praise", text="Kind guard")

    due = {line["clause"]: line for line in urgent["deadlines"]}
    assert due["P1-02"]["due_ms"] == clock.ms + 15 * 60_000
    assert "P1-03" not in due
    assert [(line["clause"], line["what"]) for line in loud["deadlines"]] == [("P1-05", "answer")]

    clock.forward(minutes=16)
    queue = dora.get(f"{at}/requests").json or {}
    assert [row["kind"] for row in queue["requests"]] == ["repair", "complaint", "praise"]
    first_line = queue["requests"][0]["deadlines"][0]
    assert (first_line["clause"], first_line["state"]) == ("P1-02", "missed")
    assert queue["counts"]["late"] == 1

    do(dora, at, loud["id"], "answer", text="Spoken to")
    after = dora.get(f"{at}/requests/{loud['id']}").json or {}
    assert [line["state"] for line in after["deadlines"]] == ["met"]


def test_the_queue_gives_what_is_overdue_alone(garden: Garden, as_: As, at: str) -> None:
    dora = as_("Dora")
    late = enter(dora, at, **{"class": "gas"})["number"]
    garden.estate.clock.forward(minutes=20)
    enter(dora, at, **{"class": "gas"})

    found = dora.get(f"{at}/requests?late=true").json or {}

    assert [one["number"] for one in found["requests"]] == [late]
    assert found["counts"]["late"] == 1


def test_a_phone_number_goes_some_days_after_the_end(garden: Garden, as_: As, at: str) -> None:
    dora, session, clock = as_("Dora"), garden.estate.session, garden.estate.clock
    contact = {"name": "Mrs Ma", "phone": "138 0013 8000"}
    ended, going = (enter(dora, at, contact=contact)["id"] for _ in range(2))
    do(dora, at, ended, "end", text="No such flat")

    def left() -> set[str]:
        session.rollback()
        service.forget_contacts(session, now_ms=clock.ms)
        return {str(one) for one in session.scalars(select(RequestContact.request_id))}

    clock.forward(hours=24 * 89)
    assert left() == {ended, going}
    clock.forward(hours=25)
    assert left() == {going}
    assert session.scalars(select(AuditRow.detail).where(AuditRow.action == "contacts.expired")).one() == {
        "contacts": 1
    }
    assert left() == {going}


def test_a_technician_s_offline_record_proves_that_somebody_came_in_time(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    estate, clock = garden.estate, garden.estate.clock
    wang, minute = estate.people["Wang"], 60_000
    dora = as_("Dora")
    made = enter(dora, at, **{"class": "gas"}, text="It smells of gas")
    link = dora.post(f"{at}/requests/{made['id']}/link", {}).json or {}
    page = link["url"].removeprefix("http://localhost")
    ordered = do(dora, at, made["id"], "order", assignee={"kind": "person", "id": str(wang.id)})
    order = ordered["orders"][0]["id"]
    start = clock.ms
    estate.session.rollback()
    phone = estate.phone("Phone 1")
    phone.sign_in(wang, at_ms=start)
    phone.push(now_ms=start)
    estate.session.commit()

    base = Base(order, 1)
    for word, minutes, more in (
        ("accept", 2, {}),
        ("arrive", 9, {"scan": None}),
        ("complete", 20, {"result": "fixed", "answers": None}),
    ):
        payload = {"order": order, **more}
        phone.record(f"order.{word}", payload, at_ms=start + minutes * minute, base=base)  # type: ignore[arg-type]
    clock.forward(minutes=30)
    late = dora.get(f"{at}/requests/{made['id']}").json or {}
    assert late["state"] == "open"
    assert {line["clause"]: line["state"] for line in late["deadlines"]}["P1-02"] == "missed"

    outcomes = phone.push(now_ms=clock.ms).outcomes
    estate.session.commit()

    assert [one.outcome for one in outcomes] == ["applied"] * 3
    after = dora.get(f"{at}/requests/{made['id']}").json or {}
    assert after["state"] == "done"
    kept = {line["clause"]: line["state"] for line in after["deadlines"]}
    assert kept["P1-02"] in ("met", "unproven")
    assert kept["P1-04"] == "running"
    assert "现场处理完了" in resident.get(page).text

    resident.send(page, act="satisfied")
    closed = dora.get(f"{at}/requests/{made['id']}").json or {}
    assert (closed["state"], closed["orders"][0]["state"]) == ("closed", "closed")
    assert {line["clause"]: line["state"] for line in closed["deadlines"]}["P1-04"] == "met"

    resident.send(page, act="unsatisfied", text="It smells again")
    again = dora.get(f"{at}/requests/{made['id']}").json or {}
    assert again["state"] == "open"
    assert again["orders"][0]["state"] not in ("done", "verified", "closed")
