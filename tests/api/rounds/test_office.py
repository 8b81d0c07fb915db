"""Comments on a round, and the paper sheet that is entered when phones failed."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from server.audit.models import AuditRow
from server.rounds.office import PaperSheet
from tests.api.field import data
from tests.api.rounds.conftest import MIN, As, Estate, H
from tests.api.rounds.night import Night
from tests.conftest import FakeClock


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


@pytest.fixture
def at(estate: Estate) -> str:
    return f"/api/v1/sites/{estate.site.id}"


def picture(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(made, kind)
    return made.getvalue()


def upload(as_: As, at: str, body: bytes, mime: str = "image/jpeg", who: str = "Li") -> Any:
    return as_(who).open("POST", f"{at}/papers/photos", data=body, headers={"Content-Type": mime})


def sheet(night: Night, kept: str, *minutes: int, person: str = "Wang", **over: Any) -> dict[str, Any]:
    return {
        "person": str(night.estate.people[person].id),
        "why": "手机摔坏",
        "photo": kept,
        "stops": [
            {"stop": str(stop), "at_ms": night.start + minute * MIN}
            for stop, minute in zip(stops_of(night), minutes, strict=False)
        ],
    } | over


def stops_of(night: Night) -> list[str]:
    from server.rounds.service.routes import snapshot

    return [stop["id"] for stop in snapshot(night.estate.session, night.plan.route_id)]


# -- comments --------------------------------------------------------------------------


def test_what_is_written_stands_with_name_and_time(as_: As, at: str, night: Night) -> None:
    path = f"{at}/occurrences/{night.id}/comments"

    written = as_("Li").post(path, {"text": "已电话联系"})
    night.clock.ms += 1
    as_("Ada").post(path, {"text": "明早再问"})

    assert written.status_code == 201
    found = as_("Li").get(path).json
    assert found is not None
    assert [(one["by"], one["text"]) for one in found["comments"]] == [
        ("Li", "已电话联系"),
        ("Ada", "明早再问"),
    ]
    assert found["comments"][1]["at_ms"] == night.clock.ms
    actions = night.estate.session.scalars(select(AuditRow.action)).all()
    assert actions.count("occurrence.commented") == 2


def test_comments_are_the_offices(as_: As, at: str, night: Night) -> None:
    path = f"{at}/occurrences/{night.id}/comments"

    for body in ({"text": " "}, {"text": "x" * 1001}, {}, {"text": "a", "by": "b"}):
        assert as_("Li").post(path, body).status_code == 422
    for method in ("GET", "POST"):
        request = {"json": {"text": "a"}} if method == "POST" else {}
        assert as_("Vera").open(method, path, **request).status_code == 403
        assert as_("Chen").open(method, path, **request).status_code == 404
        assert as_("Otto").open(method, path, **request).status_code == 404
        elsewhere = path.replace(str(night.estate.site.id), str(night.estate.north.id))
        assert as_("Chen").open(method, elsewhere, **request).status_code == 404


@pytest.mark.parametrize("table", ["comment", "paper_sheet", "paper_photo"])
def test_nothing_that_the_office_wrote_changes_or_goes(as_: As, at: str, night: Night, table: str) -> None:
    photo = upload(as_, at, picture()).json["photo"]
    as_("Li").post(f"{at}/occurrences/{night.id}/comments", {"text": "a"})
    night.clock.ms = night.start + 90 * MIN
    as_("Li").post(f"{at}/occurrences/{night.id}/papers", sheet(night, photo, 5))

    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET organisation_id = organisation_id"):
        with pytest.raises(DBAPIError, match="insert-only"):
            night.estate.session.execute(text(statement))
        night.estate.session.rollback()


# -- paper -----------------------------------------------------------------------------


def test_a_round_that_stands_on_paper_alone_is_unproven(as_: As, at: str, night: Night) -> None:
    night.push(200)
    night.clock.ms = night.start + 5 * H
    photo = upload(as_, at, picture()).json["photo"]

    entered = as_("Li").post(f"{at}/occurrences/{night.id}/papers", sheet(night, photo, 5, 20, 40))

    assert entered.status_code == 200
    assert entered.json is not None
    assert (entered.json["state"], entered.json["done"], entered.json["papers"]) == ("unproven", 3, 1)
    assert [stop["state"] for stop in entered.json["stops"]] == ["paper"] * 3
    [found] = data(as_("Li").get(f"{at}/occurrences/{night.id}/papers"))["papers"]
    assert (found["person"]["name"], found["entered_by"], found["why"]) == ("Wang", "Li", "手机摔坏")
    assert data(as_("Li").get(f"{at}/board"))["sums"]["unproven"] == 1
    noted = night.estate.session.scalars(
        select(AuditRow).where(AuditRow.action == "occurrence.paper_entered")
    ).one()
    assert noted.detail == {"person": str(night.estate.people["Wang"].id), "stops": 3}


def test_what_a_phone_recorded_goes_before_the_sheet(as_: As, at: str, night: Night) -> None:
    for stop, minute in ((1, 5), (2, 20), (3, 40)):
        night.scan(stop, minute)
    night.clock.ms = night.start + 100 * MIN
    photo = upload(as_, at, picture()).json["photo"]
    as_("Li").post(f"{at}/occurrences/{night.id}/papers", sheet(night, photo, 6, 21, 41))
    assert data(as_("Li").get(f"{at}/occurrences/{night.id}"))["state"] == "unproven"

    night.push(110)

    found = data(as_("Li").get(f"{at}/occurrences/{night.id}"))
    assert (found["state"], found["end_ms"]) == ("done", night.start + 40 * MIN)
    assert [stop["state"] for stop in found["stops"]] == ["done"] * 3


def test_a_later_sheet_of_the_person_replaces_the_first_and_an_empty_one_withdraws_it(
    as_: As, at: str, night: Night
) -> None:
    night.clock.ms = night.start + 100 * MIN
    photo = upload(as_, at, picture()).json["photo"]
    path = f"{at}/occurrences/{night.id}/papers"
    as_("Li").post(path, sheet(night, photo, 5))
    night.clock.ms += 1

    assert data(as_("Li").post(path, sheet(night, photo, 5, 20)))["done"] == 2
    night.clock.ms += 1
    assert data(as_("Li").post(path, sheet(night, photo, 5, person="Liu")))["papers"] == 2
    night.clock.ms += 1
    empty = sheet(night, photo, photo=None, stops=[])
    gone = data(as_("Li").post(path, empty))

    assert (gone["done"], gone["papers"]) == (1, 1)
    assert len(night.estate.session.scalars(select(PaperSheet)).all()) == 4


def test_what_no_sheet_of_this_round_can_say_is_refused(as_: As, at: str, night: Night) -> None:
    night.clock.ms = night.start + 30 * MIN
    photo = upload(as_, at, picture()).json["photo"]
    path = f"{at}/occurrences/{night.id}/papers"
    one = sheet(night, photo, 5)["stops"][0]

    def refused(**over: Any) -> Any:
        answer = as_("Li").post(path, sheet(night, photo, 5, **over))
        assert answer.status_code == 422, over
        return data(answer)["errors"]["json"]

    assert "person" in refused(person="Chen")
    assert "photo" in refused(photo="0" * 64)
    assert "photo" in refused(photo=None)
    assert "1" in refused(stops=[one, one])["stops"]
    assert "0" in refused(stops=[one | {"stop": str(uuid4())}])["stops"]
    for ms in (night.start - 1, night.start + 3 * H, night.clock.ms + 1):
        assert "at_ms" in refused(stops=[one | {"at_ms": ms}])["stops"]["0"]
    assert "why" in refused(why=" ")
    assert night.estate.session.scalars(select(PaperSheet)).all() == []
    unknown = as_("Li").post(f"{at}/occurrences/{uuid4()}/papers", sheet(night, photo, 5))
    assert unknown.status_code == 404


def test_sheets_are_entered_by_supervisors_of_the_site(as_: As, at: str, night: Night) -> None:
    night.clock.ms = night.start + 30 * MIN
    photo = upload(as_, at, picture()).json["photo"]
    path, body = f"{at}/occurrences/{night.id}/papers", sheet(night, photo, 5)

    assert as_("Vera").post(path, body).status_code == 403
    assert upload(as_, at, picture(), who="Vera").status_code == 403
    north = at.replace(str(night.estate.site.id), str(night.estate.north.id))
    for who in ("Chen", "Otto"):
        assert as_(who).post(path, body).status_code == 404
        assert as_(who).get(path).status_code == 404
        assert upload(as_, at, picture(), who=who).status_code == 404
        assert as_(who).get(f"{at}/papers/photos/{photo}").status_code == 404
    assert as_("Chen").get(f"{north}/papers/photos/{photo}").status_code == 404


def test_the_photo_of_a_sheet_is_drawn_afresh_and_a_look_at_it_is_noted(
    as_: As, at: str, night: Night
) -> None:
    told = upload(as_, at, picture("PNG"), "image/png")
    assert told.status_code == 201
    photo = told.json["photo"]

    got = as_("Li").get(f"{at}/papers/photos/{photo}")

    with Image.open(io.BytesIO(got.data)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (40, 60))
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert upload(as_, at, picture("PNG"), "image/png").json["photo"] == photo
    looked = night.estate.session.scalars(select(AuditRow).where(AuditRow.action == "photo.read")).one()
    assert looked.subject == f"paper:{photo}"


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"", "image/jpeg"),
        (b"no picture", "image/jpeg"),
        (picture(), "application/json"),
        (b"<svg/>", "image/svg+xml"),
    ],
)
def test_what_is_no_picture_is_refused(as_: As, at: str, data: bytes, mime: str) -> None:
    answer = upload(as_, at, data, mime)
    assert answer.status_code == 415
    assert answer.json["type"] == "/problems/no-picture"


def test_a_photo_that_is_too_large_is_refused(as_: As, at: str) -> None:
    assert upload(as_, at, picture() + b"\0" * 12 * 1024 * 1024).status_code == 413
