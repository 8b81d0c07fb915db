"""Who did what is found again: by person, action, subject, site and time, page by page, and as a table."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.audit import looks
from server.audit.models import AuditLook, AuditRow
from server.audit.service import write
from sync.encoding import sha256_hex
from tests.api.field import Garden, slug
from tests.api.privacy.scene import immediate, tick, walk


def note(garden: Garden, action: str, *, person: str = "li", site: UUID | None = None, **over: Any) -> None:
    garden.session.rollback()
    given: dict[str, Any] = {
        "organisation": garden.organisation,
        "site": site or garden.site,
        "person": garden.people[person],
        "action": action,
        "subject": f"person:{garden.people['wang']}",
        "detail": {},
        "now_ms": garden.clock.ms,
    }
    write(garden.session, **{**given, **over})
    garden.session.commit()


def rows(garden: Garden, name: str, query: str = "", *, site: bool = True) -> list[dict[str, Any]]:
    path = f"/api/v1/sites/{garden.site}/audit" if site else "/api/v1/audit"
    answer = garden.client(name).get(f"{path}?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.json["rows"]  # type: ignore[index]
    return found


def test_rows_are_found_by_who_what_whom_and_when(garden: Garden) -> None:
    note(garden, "person.changed")
    garden.clock.forward(minutes=10)
    at = garden.clock.ms
    note(garden, "device.revoke", person="ada", subject=f"device:{garden.site}", detail={"why": "lost"})
    note(garden, "plan.changed", subject=str(garden.north))
    note(garden, "person.changed", site=garden.north)

    def actions(query: str) -> list[str]:
        return [row["action"] for row in rows(garden, "li", query)]

    assert actions("") == ["plan.changed", "device.revoke", "person.changed"]
    assert actions(f"person={garden.people['ada']}") == ["device.revoke"]
    assert actions("action=person.changed") == ["person.changed"]
    assert actions("action=device.") == ["device.revoke"]
    assert actions(f"subject=plan:{garden.north}") == ["plan.changed"]
    assert actions(f"from={at}") == ["plan.changed", "device.revoke"]
    assert actions(f"to={at}") == ["person.changed"]
    whole = rows(garden, "ada", "action=person.changed", site=False)
    assert [row["site"] for row in whole] == [str(garden.north), str(garden.site)]
    [one] = rows(garden, "li", "action=person.changed")
    assert one["person"] == {"id": str(garden.people["li"]), "name": "li"}
    assert one["subject"] == {"kind": "person", "id": str(garden.people["wang"]), "name": "wang"}
    [bare] = rows(garden, "li", "action=plan.changed")
    assert bare["subject"] == {"kind": "plan", "id": str(garden.north), "name": None}
    choices = garden.client("li").get(f"/api/v1/sites/{garden.site}/audit/choices").json
    assert choices == {
        "actions": ["device.revoke", "person.changed", "plan.changed"],
        "people": [{"id": str(garden.people[name]), "name": name} for name in ("ada", "li")],
    }


def test_pages_follow_each_other_whatever_is_added_meanwhile(garden: Garden) -> None:
    for n in range(7):
        note(garden, "plan.changed", detail={"n": n})
    path = f"/api/v1/sites/{garden.site}/audit?limit=3"
    first = garden.client("li").get(path).json
    note(garden, "plan.changed", detail={"n": 99})
    second = garden.client("li").get(f"{path}&before={first['next']}").json  # type: ignore[index]
    third = garden.client("li").get(f"{path}&before={second['next']}").json  # type: ignore[index]

    found = [row["detail"]["n"] for page in (first, second, third) for row in page["rows"]]  # type: ignore[index]
    assert found == [6, 5, 4, 3, 2, 1, 0]
    assert third["next"] is None  # type: ignore[index]


def test_who_may_look(garden: Garden) -> None:
    site, whole = f"/api/v1/sites/{garden.site}/audit", "/api/v1/audit"
    for end in ("", "/choices", "/csv"):
        assert garden.client("vera").get(site + end).status_code == 403
        assert garden.client("chen").get(site + end).status_code == 404
        assert garden.client("li").get(whole + end).status_code == 403
        assert garden.client().get(whole + end).status_code == 401
        assert garden.client("ada").get(whole + end).status_code == 200
    stale = garden.client("li")
    garden.clock.forward(minutes=11)
    assert slug(stale.get(f"{site}/csv")) == "fresh-login"
    for query in ("limit=0", "limit=201", "before=0", "action=1", "person=x", "other=1"):
        assert garden.client("li").get(f"{site}?{query}").status_code == 422


def test_the_table_has_no_formula_and_taking_it_is_noted(garden: Garden) -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", "＝1", "ok"):
        note(garden, "occurrence.excused", detail={text: text}, subject=text)

    answer = garden.client("li").get(f"/api/v1/sites/{garden.site}/audit/csv?action=occurrence.excused")

    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeffpos,at,person,")
    table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(table) == 7
    cells = [cell for row in table for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@\t\r＝＋－＠"))]
    assert {row["subject"] for row in table} == {"'=1+1", "'+1", "'-1", "'@x", "'\t=1", "'＝1", "ok"}
    [noted] = garden.all(select(AuditRow).where(AuditRow.action == "audit.exported"))
    assert noted.detail == {"action": "occurrence.excused"}


def test_a_look_at_twenty_photos_is_one_row_and_a_later_one_another(garden: Garden) -> None:
    made = walk(garden)
    li = garden.client("li")
    path = f"/api/v1/sites/{garden.site}"
    visits = li.get(f"{path}/visits").json["visits"]  # type: ignore[index]
    for _ in range(3):
        seen = li.get(f"{path}/visits/{visits[0]['id']}").json
        assert seen is not None
        for width in (160, 320):
            assert li.get(f"{seen['frame']['url']}?width={width}").status_code == 200

    looked = select(AuditRow).where(AuditRow.action.in_(("visit.read", "photo.read")))
    assert [row.action for row in garden.all(looked)] == ["visit.read"]
    garden.session.rollback()
    # the photo of another record is another look
    assert li.get(f"{path}/photos/{sha256_hex(made.photo)}").status_code == 200
    assert garden.client("ada").get(f"{path}/visits/{visits[0]['id']}").status_code == 200
    garden.clock.forward(minutes=15)
    assert garden.client("li").get(f"{path}/visits/{visits[0]['id']}").status_code == 200
    assert [row.action for row in garden.all(looked.order_by(AuditRow.pos))] == [
        "visit.read", "photo.read", "visit.read", "visit.read",
    ]  # fmt: skip

    garden.clock.forward(hours=1)
    tick(garden)
    assert garden.all(select(AuditLook.subject)) == []


def test_of_two_looks_at_once_one_is_noted(garden: Garden) -> None:
    seen: dict[str, Any] = {
        "organisation": garden.organisation,
        "site": garden.site,
        "person": garden.people["li"],
        "action": "visit.read",
        "subject": "visit:x",
        "detail": {},
    }
    with immediate(garden) as session:
        noted = [looks.look(session, **seen, now_ms=garden.clock.ms + ms) for ms in (0, 1, looks.LOOK_MS - 1)]
        noted += [looks.look(session, **seen, now_ms=garden.clock.ms + looks.LOOK_MS)]
        # a clock that was set back must not silence the log
        noted += [looks.look(session, **seen, now_ms=garden.clock.ms)]
        session.commit()
    assert noted == [True, False, False, True, True]
