"""Badges are printed, retired, and known to phones by their hash."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from qr import sheet
from server.audit.models import AuditRow
from server.people.models import Person
from sync.badges import badge_hash, badge_text, read_badge
from tests.api.field import SAME_ORIGIN, Garden, data, slug


def url(garden: Garden) -> str:
    return f"/api/v1/sites/{garden.site}/badges"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[sheet.Label]:
    """What goes onto the sheets, which themselves are only looked at as a PDF."""
    seen: list[sheet.Label] = []
    draw = sheet.badge_sheet

    def look(labels: Any, **names: str) -> bytes:
        seen.extend(labels)
        return draw(labels, **names)

    monkeypatch.setattr("server.people.views.badges.badge_sheet", look)
    return seen


def row(garden: Garden, who: str) -> dict[str, Any]:
    """Return the roster row of somebody, as a phone of the garden gets it."""
    phone = garden.handset()
    scope: dict[str, Any] = {"scope": phone.site, "cursor": None, "scopes": [], "resume": None, "limit": 1000}
    rows = data(phone.post("snapshot", scope))["rows"]
    (found,) = (
        one["body"] for one in rows if one["kind"] == "person" and one["id"] == str(garden.people[who])
    )
    return dict(found)


def test_a_badge_is_printed_and_phones_know_its_hash(garden: Garden, printed: list[sheet.Label]) -> None:
    li, wang = garden.client("li"), str(garden.people["wang"])
    assert "badge" not in row(garden, "wang")
    answer = li.post(url(garden), json={"people": [wang, wang]}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.get_data().startswith(b"%PDF-")
    (label,) = printed
    assert (label.name_zh, label.number) == ("wang", "4")
    token = read_badge(label.url)
    assert token is not None
    assert row(garden, "wang")["badge"] == badge_hash(token)
    assert garden.one(select(AuditRow.subject).where(AuditRow.action == "badge.print")) == f"person:{wang}"
    # nothing that prints a badge is kept
    assert (
        token.encode() not in str(garden.one(select(Person).where(Person.name == "wang")).__dict__).encode()
    )


def test_printing_again_retires_the_badge_before(garden: Garden, printed: list[sheet.Label]) -> None:
    li, wang = garden.client("li"), str(garden.people["wang"])
    for _ in range(2):
        li.post(url(garden), json={"people": [wang]}, headers=SAME_ORIGIN)
    first, second = (read_badge(label.url) for label in printed)
    assert first != second
    assert row(garden, "wang")["badge"] == badge_hash(second or "")

    assert li.delete(f"{url(garden)}/{wang}", headers=SAME_ORIGIN).status_code == 204
    assert "badge" not in row(garden, "wang")
    retired = select(AuditRow.person_id, AuditRow.subject).where(AuditRow.action == "badge.retire")
    assert garden.session.execute(retired).one() == (garden.people["li"], f"person:{wang}")
    garden.session.rollback()
    people = li.get(f"/api/v1/sites/{garden.site}/people").get_json()["people"]
    assert {person["has_badge"] for person in people} == {False}


def test_only_people_of_the_roster_get_a_badge_and_all_or_none(garden: Garden) -> None:
    li, wang = garden.client("li"), str(garden.people["wang"])
    for stranger in ("zhao", "vera"):
        body = {"people": [wang, str(garden.people[stranger])]}
        answer = li.post(url(garden), json=body, headers=SAME_ORIGIN)
        assert (answer.status_code, slug(answer)) == (404, "not-found")
    assert garden.all(select(Person.badge_hash).where(Person.badge_hash.is_not(None))) == []
    assert li.post(url(garden), json={"people": []}, headers=SAME_ORIGIN).status_code == 422
    assert slug(li.delete(f"{url(garden)}/{garden.people['zhao']}", headers=SAME_ORIGIN)) == "not-found"


def test_chen_of_another_site_and_a_viewer_print_none(garden: Garden) -> None:
    wang = str(garden.people["wang"])
    body = {"people": [wang]}
    chen, vera = garden.client("chen"), garden.client("vera")
    assert slug(chen.post(url(garden), json=body, headers=SAME_ORIGIN)) == "not-found"
    north = f"/api/v1/sites/{garden.north}/badges"
    assert slug(chen.post(north, json=body, headers=SAME_ORIGIN)) == "not-found"
    assert slug(chen.delete(f"{north}/{wang}", headers=SAME_ORIGIN)) == "not-found"
    assert slug(vera.post(url(garden), json=body, headers=SAME_ORIGIN)) == "not-allowed"


def test_a_sheet_holds_nine_badges_a_page() -> None:
    labels = [
        sheet.Label(badge_text("0" * 16), "王建国", "秩序维护员 Guard", str(n), "", 0) for n in range(10)
    ]
    pdf = sheet.badge_sheet(labels, site_zh="幸福花园", site_en="Happiness Garden")
    assert pdf.count(b"/Type /Page\n") == 2
