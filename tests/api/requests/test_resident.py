"""What residents see and send: the page behind a code and the private page of a request."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db
from server.requests.models import RequestContact, RequestEvent, RequestLink, RequestPhoto, RequestText
from server.requests.words import WORDS
from server.sites import service as sites
from sync.encoding import sha256_hex
from tests.api.requests.conftest import Garden, Resident, forms_of, picture
from tests.conftest import PUBLIC_URL


def test_a_code_opens_a_form_for_its_place_in_the_language_of_the_browser(
    garden: Garden, resident: Resident
) -> None:
    token = garden.token(garden.lamp)

    chinese = resident.get(f"/T/{token}")
    english = resident.get(f"/t/{token.lower()}", **{"Accept-Language": "en-GB,en;q=0.9"})
    switched = resident.get(f"/T/{token}?lang=en")

    assert "东门路灯" in chinese.text
    assert 'lang="zh-CN"' in chinese.text
    for page in (english, switched):
        assert "East gate lamp" in page.text
        assert "Tell us what is wrong" in page.text
    assert chinese.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in chinese.headers
    assert "我困在电梯里" not in chinese.text


def test_the_page_is_light_and_runs_nothing_inline(garden: Garden, resident: Resident) -> None:
    page = resident.get(f"/T/{garden.token(garden.lift)}")
    parts = [page, resident.get("/t/page.css"), resident.get("/t/page.js")]

    assert sum(len(part.data) for part in parts) < 50_000
    assert "style=" not in page.text
    assert "<script>" not in page.text
    assert "onclick" not in page.text
    assert "'unsafe" not in page.headers["Content-Security-Policy"]


def test_a_report_becomes_a_request_with_a_private_link(garden: Garden, resident: Resident) -> None:
    link = resident.report(
        garden.token(garden.lamp),
        text="The lamp is out\r\nsince Monday",
        place="Beside the gate",
        phone="+86 138-0013-8000",
        photos=(io.BytesIO(picture(2_400, exif=True)), "a.jpg"),
    )

    [made] = garden.requests()
    assert (made.number, made.kind, made.class_, made.channel) == (1, "repair", "lighting", "code")
    assert (made.state, made.urgency, made.place) == ("new", "normal", "Beside the gate")
    assert made.target_id == garden.lamp.id
    session = garden.estate.session
    assert session.scalars(select(RequestText.text)).one() == "The lamp is out\nsince Monday"
    contact = session.scalars(select(RequestContact)).one()
    assert (contact.phone, contact.digits) == ("+86 138-0013-8000", "13800138000")
    photo = session.scalars(select(RequestPhoto.data)).one()
    assert b"secret place" not in photo
    assert b"Exif" not in photo
    secret = link.removeprefix("/R/")
    assert session.scalars(select(RequestLink.secret_hash)).one() == sha256_hex(secret.encode())

    page = resident.get(link)
    assert "R-0001" in page.text
    assert "The lamp is out" in page.text
    assert "13800138000" not in page.text
    assert resident.get(f"{link}/photo/1").mimetype == "image/jpeg"
    assert resident.get(f"{link}/photo/2").status_code == 404


def test_pressing_twice_makes_one_request_and_another_matter_makes_another(
    garden: Garden, resident: Resident
) -> None:
    token = garden.token(garden.lamp)
    form = forms_of(resident.get(f"/T/{token}").text)[-1]

    first, again, other = (
        resident.send(f"/T/{token}", form=form, act="report", kind="repair", text=text)
        for text in ("Out", "Out", "Door as well")
    )

    path = [answer.headers["Location"].split("?")[0] for answer in (first, again, other)]
    assert path[0] == path[1] != path[2]
    assert [made.number for made in garden.requests()] == [1, 2]


@pytest.mark.parametrize(
    ("fields", "status", "word"),
    [
        ({"text": " \u200b "}, 422, "refuse.text"),
        ({"text": "字" * 1_001}, 422, "refuse.long"),
        ({"text": "Out", "phone": "call me"}, 422, "refuse.phone"),
        ({"text": "Out", "phone": "1" * 24}, 422, "refuse.phone"),
        ({"text": "Out", "website": "https://example.org"}, 422, "refuse.trap"),
        ({"text": "Out", "photos": (io.BytesIO(b"GIF89a no photo"), "a.jpg")}, 415, "refuse.photo"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_typed_is_lost(
    garden: Garden, resident: Resident, fields: dict[str, Any], status: int, word: str
) -> None:
    token = garden.token(garden.lamp)

    answer = resident.send(f"/T/{token}", act="report", kind="complaint", place="Stairs", **fields)

    assert answer.status_code == status
    assert WORDS[word][0].split("{")[0] in answer.text
    assert 'value="Stairs"' in answer.text
    assert 'value="complaint" checked' in answer.text
    assert str(fields["text"]).strip(" \u200b") in answer.text
    assert garden.requests() == []


def test_the_script_of_the_page_is_answered_in_its_language(garden: Garden, resident: Resident) -> None:
    token = garden.token(garden.lamp)
    script = {"Accept": "application/json"}

    refused = resident.send(f"/T/{token}", headers=script, act="report", text="", lang="en")
    taken = resident.send(f"/T/{token}", headers=script, act="report", text="Out", lang="en")

    assert (refused.status_code, refused.json) == (422, {"message": WORDS["refuse.text"][1]})
    assert taken.status_code == 200
    assert str((taken.json or {})["link"]).startswith("/R/")


def test_four_photos_and_photos_too_large_are_refused(garden: Garden, resident: Resident) -> None:
    token = garden.token(garden.lamp)
    four = [(io.BytesIO(picture()), f"{n}.jpg") for n in range(4)]

    assert resident.send(f"/T/{token}", act="report", text="Out", photos=four).status_code == 422
    too_large = resident.client.post(
        f"/T/{token}",
        data=bytes(17 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
        headers={"Origin": PUBLIC_URL, "Accept-Language": "en"},
    )

    assert too_large.status_code == 413
    assert WORDS["refuse.large"][1] in too_large.text
    assert garden.requests() == []


def test_markup_stays_text(garden: Garden, resident: Resident) -> None:
    attack = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(1)>{{7*7}}"

    link = resident.report(garden.token(garden.lamp), text=attack, place=attack)
    page = resident.get(link)

    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "\u202e" not in page.text
    assert "{{7*7}}" in page.text


def test_a_lift_offers_rescue_first_and_ten_calls_are_one_rescue(garden: Garden, resident: Resident) -> None:
    token = garden.token(garden.lift)
    page = resident.get(f"/T/{token}").text
    assert page.index("我困在电梯里") < page.index("报修和反映问题</h2>")
    assert 'href="tel:07551119"' in page

    links = [
        resident.send(f"/T/{token}", act="stuck", form=forms_of(resident.get(f"/T/{token}").text)[0])
        for _ in range(3)
    ]

    assert {answer.status_code for answer in links} == {303}
    first, *others = garden.requests()
    assert (first.urgency, first.class_, first.state) == ("rescue", "lift", "new")
    assert [(made.state, made.merged_into_id) for made in others] == [("merged", first.id)] * 2
    shown = resident.get(links[2].headers["Location"])
    assert 'http-equiv="refresh"' in shown.text
    assert "R-0001" in shown.text
    assert 'href="tel:07551119"' in shown.text


def test_nobody_is_stuck_in_a_lamp(garden: Garden, resident: Resident) -> None:
    answer = resident.send(f"/T/{garden.token(garden.lamp)}", act="stuck", text="")

    assert answer.status_code == 422
    assert garden.requests() == []


def test_too_many_reports_wait_and_a_call_from_a_lift_does_not(garden: Garden, resident: Resident) -> None:
    token = garden.token(garden.lift)
    answers = [resident.send(f"/T/{token}", act="report", text=f"Matter {n}") for n in range(10)]

    assert [answer.status_code for answer in answers] == [303] * 8 + [429] * 2
    assert "Matter 9" in answers[-1].text
    assert "5 分" in answers[-1].text
    assert resident.send(f"/T/{token}", act="stuck").status_code == 303
    garden.estate.clock.forward(minutes=6)
    assert resident.send(f"/T/{token}", act="report", text="Matter 9").status_code == 303


def test_an_unknown_code_is_answered_like_a_place_without_a_form(garden: Garden, resident: Resident) -> None:
    for token in ("0" * 16, "nonsense", "%3Cscript%3E", "I" * 16):
        page = resident.get(f"/T/{token}")
        assert page.status_code == 200
        assert "这是巡查点位码" in page.text
        assert "/app/" in page.text
        assert "script" not in page.text
        assert resident.send(f"/T/{token}", act="report", text="Out").status_code == 404
    assert garden.requests() == []


def test_an_old_print_still_reports_and_a_place_taken_down_does_not(
    garden: Garden, resident: Resident
) -> None:
    estate = garden.estate
    token = garden.token(garden.lamp)
    changed: dict[str, Any] = {"site": estate.site, "place_id": garden.lamp.id, "now_ms": estate.clock.ms}
    sites.reprint(estate.session, kind="asset", **changed)
    from server.feed import service as feed

    feed.commit(estate.session, now_ms=estate.clock.ms)
    assert "东门路灯" in resident.get(f"/T/{token}").text

    sites.change_place(estate.session, "asset", changes={"retired": True}, **changed)
    feed.commit(estate.session, now_ms=estate.clock.ms)
    page = resident.get(f"/T/{token}")
    assert "已停用" in page.text
    assert 'href="tel:07551000"' in page.text
    assert resident.send(f"/T/{token}", act="report", text="Out").status_code == 404


def test_a_form_of_another_site_s_page_is_refused(garden: Garden, resident: Resident) -> None:
    token = garden.token(garden.lamp)

    answer = resident.send(f"/T/{token}", headers={"Origin": "https://evil.example"}, text="Out")

    assert answer.status_code == 403
    assert garden.requests() == []
    assert PUBLIC_URL != "https://evil.example"


def test_links_are_not_guessed(garden: Garden, resident: Resident) -> None:
    link = resident.report(garden.token(garden.lamp))
    secret = link.removeprefix("/R/")
    wrong = secret[:-1] + ("0" if secret[-1] != "0" else "1")

    for path in (f"/R/{wrong}", "/R/x", f"/R/{secret}0", "/R/" + "0" * 26):
        assert resident.get(path).status_code == 404
        assert resident.send(path, act="withdraw").status_code == 404
        assert resident.get(f"{path}/photo/1").status_code == 404
    assert resident.get(f"/R/{secret.lower()}").status_code == 200
    assert garden.requests()[0].state == "new"


def test_who_asked_adds_asks_again_and_withdraws(garden: Garden, resident: Resident) -> None:
    link = resident.report(garden.token(garden.lamp))

    added = resident.send(link, act="add", text="Both lamps", photos=(io.BytesIO(picture()), "b.png"))
    hurried = resident.send(link, act="hurry")
    assert (added.status_code, hurried.status_code) == (303, 303)
    assert garden.requests()[0].unread
    page = resident.get(link).text
    assert "Both lamps" in page
    assert f"{link.removeprefix('/R/')}/photo/1" in page
    assert "您催了一次" in page

    assert resident.send(link, act="withdraw").status_code == 303
    assert garden.requests()[0].state == "withdrawn"
    late = resident.send(link, act="add", text="Still there?")
    assert late.status_code == 409
    assert WORDS["refuse.state"][0] in late.text
    assert resident.send(link, act="dance").status_code == 422


def test_nothing_that_happened_to_a_request_can_be_changed(garden: Garden, resident: Resident) -> None:
    resident.report(garden.token(garden.lamp))
    session = garden.estate.session
    session.rollback()
    event = session.scalars(select(RequestEvent)).one()
    event.kind = "ended"

    with pytest.raises(Exception, match="insert-only"):
        session.commit()
    session.rollback()


def test_a_database_that_does_not_answer_loses_nothing_that_was_typed(
    garden: Garden, resident: Resident, app: Flask
) -> None:
    token = garden.token(garden.lamp)
    garden.estate.session.rollback()
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE request_text RENAME TO hidden")

    answer = resident.send(f"/T/{token}", act="report", text="The lamp is out", lang="en")

    assert answer.status_code == 503
    assert WORDS["refuse.busy"][1] in answer.text
    assert "The lamp is out" in answer.text
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO request_text")
    assert garden.requests() == []
