"""Tags: the list, a reprint, the sheet, one picture, and the page behind the code."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from server.audit.models import AuditRow
from server.feed.models import FeedRow
from server.sites.models import Tag
from sync.tags import read_address, tag_hash
from tests.api.rounds.conftest import As, Estate


def test_no_answer_holds_a_token(as_: As, at: str, estate: Estate) -> None:
    tokens = [tag.token for tag in estate.session.scalars(select(Tag))]

    answers = [as_("Li").get(at + path).text for path in ("/tags", "/checkpoints")]
    answers += [row.decode() for row in estate.session.scalars(select(FeedRow.row))]

    assert tokens
    assert not any(token in answer for token in tokens for answer in answers)


def test_a_reprint_retires_the_old_print_and_has_another_token(as_: As, at: str, estate: Estate) -> None:
    place = estate.places[0]
    old = estate.tag(place)
    before = (old.id, old.token, old.short_code)

    made = as_("Li").post(at + "/tags/reprint", {"target": {"kind": "checkpoint", "id": str(place.id)}})

    assert made.status_code == 201
    assert made.json is not None
    assert (made.json["print_no"], made.json["retired"], made.json["target"]["number"]) == (2, False, "01")
    found = as_("Li").get(at + "/tags").json
    assert found is not None
    mine = [(t["print_no"], t["retired"]) for t in found["tags"] if t["target"]["id"] == str(place.id)]
    assert mine == [(2, False), (1, True)]
    new = estate.tag(place)
    assert new.id != before[0]
    assert new.token != before[1]
    assert new.short_code != before[2]
    assert new.token_hash == tag_hash(new.token)


def test_a_reprint_of_what_is_not_there_is_refused(as_: As, at: str, estate: Estate) -> None:
    wrong_kind = {"target": {"kind": "asset", "id": str(estate.places[0].id)}}

    assert as_("Li").post(at + "/tags/reprint", wrong_kind).status_code == 404
    assert as_("Li").post(at + "/tags/reprint", {"target": {"kind": "door", "id": "x"}}).status_code == 422
    north = f"/api/v1/sites/{estate.north.id}/tags/reprint"
    mine = {"target": {"kind": "checkpoint", "id": str(estate.places[0].id)}}
    assert as_("Chen").post(north, mine).status_code == 404


def test_the_picture_reads_back_as_the_tag(as_: As, at: str, estate: Estate) -> None:
    tag = estate.tag(estate.places[0])
    path, token = f"{at}/tags/{tag.id}.png", tag.token

    picture = as_("Li").get(path)

    assert picture.status_code == 200
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    assert read_address(code.text) == token
    assert code.text.startswith("HTTP://LOCALHOST/T/")
    assert as_("Vera").get(path).status_code == 403
    assert as_("Chen").get(path).status_code == 404


def test_a_retired_tag_is_not_printed(as_: As, at: str, estate: Estate) -> None:
    place = estate.places[0]
    old = f"{at}/tags/{estate.tag(place).id}.png"
    as_("Li").post(at + "/tags/reprint", {"target": {"kind": "checkpoint", "id": str(place.id)}})

    assert as_("Li").get(old).status_code == 404


def test_the_sheet_holds_the_places_asked_for_and_is_noted(as_: As, at: str, estate: Estate) -> None:
    ids = ",".join(str(place.id) for place in estate.places[:2])

    sheet = as_("Li").get(f"{at}/tags/sheet.pdf?size=80x110&targets={ids}")

    assert (sheet.status_code, sheet.mimetype) == (200, "application/pdf")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet.data)).pages)
    assert "Gate 1" in text
    assert "Gate 2" in text
    assert "Gate 3" not in text
    noted = estate.session.scalars(select(AuditRow).where(AuditRow.action == "tag.sheet")).one()
    assert len(noted.detail["tags"]) == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [("?size=1x1", 422), ("?targets=x", 422), ("?colour=red", 422), ("?targets=" + "0" * 32, 404), ("", 200)],
)
def test_a_sheet_that_cannot_be_meant_is_refused(as_: As, at: str, query: str, status: int) -> None:
    assert as_("Li").get(f"{at}/tags/sheet.pdf{query}").status_code == status
