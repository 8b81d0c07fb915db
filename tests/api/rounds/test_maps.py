"""A site's maps as pictures: made by the desk, whole on every phone of the site and on no other."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.feed import service as feed
from server.sites import service as sites
from server.sites.maps import MapImage
from sync.encoding import sha256_hex
from sync.messages import PICTURE_BYTES
from tests.api.field import slug as slug_of
from tests.api.rounds.conftest import As, Console, Estate
from tests.api.rounds.test_sites import fed
from tests.conftest import FakeClock
from tests.edge.pictures import SVG, gif, jpeg


def upload(console: Console, path: str, picture: bytes, kind: str = "image/png") -> TestResponse:
    return console.open("POST", path, data=picture, content_type=kind)


def told(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def drawing(size: tuple[int, int] = (2_000, 1_500), kind: str = "PNG") -> bytes:
    """Return the picture of a map, with words in its metadata."""
    file = io.BytesIO()
    image = Image.new("RGB", size, "white")
    image.paste("black", (100, 100, 400, 120))
    exif = Image.Exif()
    exif[0x010E] = "secret words"
    image.save(file, kind, exif=exif)
    return file.getvalue()


def test_a_plan_is_drawn_afresh_and_comes_down_with_what_lies_where(estate: Estate, as_: As, at: str) -> None:
    li = as_("Li")

    made = told(upload(li, f"{at}/maps?zh=%E5%9B%AD%E5%8C%BA&en=Grounds", drawing()), 201)
    target = {"kind": "checkpoint", "id": str(estate.places[0].id)}
    placed = told(li.post(f"{at}/maps/{made['id']}/pins", {"target": target, "at": {"x": 2_500, "y": 7_400}}))

    assert (made["image"]["width"], made["image"]["height"]) == (1_800, 1_350)
    picture = li.get(made["image"]["url"])
    assert picture.mimetype == "image/jpeg"
    assert sha256_hex(picture.data) == made["image"]["sha256"]
    assert len(picture.data) <= PICTURE_BYTES
    assert b"secret" not in picture.data
    assert placed["pins"] == [{"target": target, "x": 2_500, "y": 7_400}]
    first, second = (json.loads(row) for row in fed(estate.session, "map"))
    assert (first["body"]["pins"], second["version"]) == ([], 2)
    assert second["body"] == {
        "id": made["id"],
        "number": 1,
        "name": {"zh": "园区", "en": "Grounds"},
        "image": {key: made["image"][key] for key in ("sha256", "size", "width", "height")}
        | {"mime": "image/jpeg"},
        "pins": [{"target": target, "x": 2_500, "y": 7_400}],
    }


@pytest.mark.parametrize(
    ("picture", "kind", "status", "slug"),
    [
        (SVG, "image/svg+xml", 415, "not-a-picture"),
        (SVG, "image/png", 415, "not-a-picture"),
        (gif(), "image/png", 415, "not-a-picture"),
        (b"", "image/jpeg", 415, "not-a-picture"),
        (jpeg()[:600], "image/jpeg", 415, "not-a-picture"),
        (drawing((3_000, 60)), "image/png", 413, "picture-too-large"),
        (drawing((10_000, 5_000), "JPEG"), "image/jpeg", 415, "not-a-picture"),
    ],
)
def test_what_is_no_plan_is_refused_and_leaves_nothing(
    estate: Estate, as_: As, at: str, picture: bytes, kind: str, status: int, slug: str
) -> None:
    answer = upload(as_("Li"), f"{at}/maps?zh=x", picture, kind)

    assert (answer.status_code, slug_of(answer)) == (status, slug)
    assert told(as_("Li").get(f"{at}/maps")) == {"maps": []}
    assert fed(estate.session, "map") == []


def test_pins_move_leave_and_belong_to_the_site(estate: Estate, as_: As, at: str, clock: FakeClock) -> None:
    li = as_("Li")
    pins = f"{at}/maps/{told(upload(li, f'{at}/maps?zh=x', jpeg(), 'image/jpeg'), 201)['id']}/pins"
    one, two = ({"kind": "checkpoint", "id": str(place.id)} for place in estate.places[:2])
    for target, x in ((one, 1), (two, 2), (one, 3)):
        answer = told(li.post(pins, {"target": target, "at": {"x": x, "y": 10_000}}))
    assert [(pin["target"], pin["x"]) for pin in answer["pins"]] == [(two, 2), (one, 3)]

    for wrong in (
        {"target": {"kind": "checkpoint", "id": str(uuid4())}, "at": {"x": 1, "y": 1}},
        {"target": {"kind": "asset", "id": one["id"]}, "at": {"x": 1, "y": 1}},
        {"target": one, "at": {"x": -1, "y": 1}},
        {"target": one, "at": {"x": 1, "y": 10_001}},
        {"target": one, "at": {"x": 1.5, "y": 1}},
        {"target": one},
    ):
        assert li.post(pins, wrong).status_code == 422

    # a place that is taken down is on no map any more, and can be put on none
    sites.change_place(
        estate.session,
        "checkpoint",
        site=estate.site,
        place_id=estate.places[1].id,
        changes={"retired": True},
        now_ms=clock.ms,
    )
    feed.commit(estate.session, now_ms=clock.ms)
    assert [pin["x"] for pin in told(li.get(f"{at}/maps"))["maps"][0]["pins"]] == [3]
    assert li.post(pins, {"target": two, "at": {"x": 5, "y": 5}}).status_code == 422
    assert told(li.post(pins, {"target": one, "at": None}))["pins"] == []


def test_a_better_picture_keeps_the_pins_and_a_removed_plan_takes_its_picture_along(
    estate: Estate, as_: As, at: str
) -> None:
    li = as_("Li")
    made = told(upload(li, f"{at}/maps?zh=x", jpeg(), "image/jpeg"), 201)
    one = f"{at}/maps/{made['id']}"
    pin = {"target": {"kind": "checkpoint", "id": str(estate.places[0].id)}, "at": {"x": 9, "y": 9}}
    li.post(f"{one}/pins", pin)

    better = told(upload(li, f"{one}/image", jpeg((320, 240)), "image/jpeg"))

    assert better["image"]["width"] == 320
    assert len(better["pins"]) == 1
    assert estate.session.scalar(select(func.count()).select_from(MapImage)) == 1
    assert told(li.patch(one, {"name": {"zh": "地下", "en": ""}, "number": 7}))["number"] == 7
    assert li.open("DELETE", one).status_code == 204
    assert li.get(f"{one}/image").status_code == 404
    assert estate.session.scalar(select(func.count()).select_from(MapImage)) == 0
    assert json.loads(fed(estate.session, "map")[-1])["op"] == "leave"


def test_somebody_of_another_site_sees_and_changes_nothing(estate: Estate, as_: As, at: str) -> None:
    made = told(upload(as_("Li"), f"{at}/maps?zh=x", jpeg(), "image/jpeg"), 201)
    one = f"{at}/maps/{made['id']}"
    chen, north = as_("Chen"), f"/api/v1/sites/{estate.north.id}"
    for answer in (
        chen.get(f"{at}/maps"),
        chen.get(f"{one}/image"),
        chen.get(f"{north}/maps/{made['id']}/image"),
        chen.patch(f"{north}/maps/{made['id']}", {"number": 3}),
        chen.open("DELETE", f"{north}/maps/{made['id']}"),
        upload(chen, f"{north}/maps/{made['id']}/image", jpeg(), "image/jpeg"),
    ):
        assert answer.status_code == 404
    assert as_("Vera").get(f"{one}/image").status_code == 200
    assert as_("Vera").patch(one, {"number": 3}).status_code == 403
