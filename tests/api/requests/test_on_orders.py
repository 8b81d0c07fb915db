"""What of a request goes to the phones with its work order, and goes from there when it is erased."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from server.feed.models import FeedRow
from server.orders import service as orders
from server.orders.models import WorkOrder
from server.problems import NotFound
from server.requests.models import RequestPhoto
from server.sites.service import maps as pictures
from sync.encoding import sha256_hex
from tests.api.requests.conftest import As, Garden, Resident, picture
from tests.api.requests.test_desk import do


def on_phones(garden: Garden, order: str) -> dict[str, Any]:
    """Return an order as the newest row of the feed has it."""
    session = garden.estate.session
    session.rollback()
    made = orders.order_of(session, site_id=garden.estate.site.id, order_id=UUID(order))
    row = session.query(FeedRow).filter_by(entity=made.id, version=made.version).one()
    return dict(json.loads(row.row)["body"])


def fetch(garden: Garden, sha256: str) -> bytes:
    """Return a picture as a phone of the site gets it."""
    session = garden.estate.session
    session.rollback()
    return pictures.picture_for_phone(session, sites=[garden.estate.site.id], sha256=sha256)


def photo(colour: str) -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(file, "JPEG")
    return io.BytesIO(file.getvalue()), "a.jpg"


def test_words_and_photos_go_to_the_phones_with_the_order_and_from_there_when_erased(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    link = resident.report(
        garden.token(garden.lamp),
        text="The lamp hums. It began on Monday",
        place="3-501",
        photos=photo("red"),
        headers={"Accept-Language": "en"},
    )
    request, dora = str(garden.requests()[0].id), as_("Dora")
    order = do(dora, at, request, "order")["orders"][0]["id"]

    row = on_phones(garden, order)

    assert row["title"]["zh"] == "The lamp hums · 3-501"
    assert row["source"] == {"kind": "request", "id": request, "name": "R-0001"}
    [shown] = row["photos"]
    whole, small = fetch(garden, shown["sha256"]), fetch(garden, shown["thumb"])
    assert (sha256_hex(whole), sha256_hex(small)) == (shown["sha256"], shown["thumb"])
    assert [Image.open(io.BytesIO(one)).size for one in (whole, small)] == [(800, 600), (320, 240)]
    assert (shown["width"], shown["height"]) == (800, 600)

    resident.send(link, act="add", text="Now it is out", photos=photo("blue"))
    first, _ = on_phones(garden, order)["photos"]
    assert first == shown

    do(dora, at, request, "erase")

    row = on_phones(garden, order)
    assert (row["title"], row["note"], row["place"]) == ({"zh": "报修", "en": "Repair"}, None, None)
    assert (row["photos"], row["source"]["name"]) == ([], "R-0001")
    for gone in (shown["sha256"], shown["thumb"]):
        with pytest.raises(NotFound):
            fetch(garden, gone)


def test_a_photo_reaches_phones_only_while_an_order_of_theirs_shows_it(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    token = garden.token(garden.lamp)
    resident.report(token, text="Lamp out", photos=photo("red"))
    resident.report(token, text="Lamp is out again", photos=photo("green"))
    first, second = (str(one.id) for one in garden.requests())
    dora, session = as_("Dora"), garden.estate.session
    with pytest.raises(NotFound):
        fetch(garden, _hash_of(garden, first))

    order = do(dora, at, first, "order")["orders"][0]["id"]
    do(dora, at, second, "merge", into=first)

    both = [one["sha256"] for one in on_phones(garden, order)["photos"]]
    assert both == [_hash_of(garden, first), _hash_of(garden, second)]
    assert sha256_hex(fetch(garden, both[1])) == both[1]
    with pytest.raises(NotFound):
        pictures.picture_for_phone(session, sites=[], sha256=both[0])

    do(dora, at, second, "erase")
    row = on_phones(garden, order)
    assert ([one["sha256"] for one in row["photos"]], row["note"]) == (both[:1], "Lamp out")

    session.rollback()
    made = session.get_one(WorkOrder, UUID(order))
    made.fed, made.version = False, made.version + 1
    session.flush()
    with pytest.raises(NotFound):
        pictures.picture_for_phone(session, sites=[garden.estate.site.id], sha256=both[0])


def _hash_of(garden: Garden, request: str) -> str:
    query = garden.estate.session.query(RequestPhoto.sha256).filter_by(request_id=UUID(request))
    return str(query.scalar())


def test_an_order_without_words_is_called_by_its_kind(
    garden: Garden, resident: Resident, as_: As, at: str
) -> None:
    resident.report(garden.token(garden.lamp), text="", place="Gate", photos=(io.BytesIO(picture()), "a.jpg"))

    order = do(as_("Dora"), at, str(garden.requests()[0].id), "order")["orders"][0]["id"]

    assert on_phones(garden, order)["title"] == {"zh": "报修 · Gate", "en": "Repair · Gate"}
