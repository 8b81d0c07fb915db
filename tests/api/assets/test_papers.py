"""Papers: drawn page by page, bounded, and on no other site's phone."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from server.assets.models import DocumentFile
from server.sites.maps import MapImage
from sync.messages import PICTURE_BYTES
from tests.api.assets.test_cards import make, told
from tests.api.field import slug
from tests.api.rounds.conftest import As, Console, Estate
from tests.api.rounds.test_sites import fed
from tests.edge.pictures import SVG, gif, jpeg


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842), **encrypt: Any) -> bytes:
    file = io.BytesIO()
    sheet = Canvas(file, pagesize=size, invariant=True, **encrypt)
    for page in range(pages):
        sheet.drawString(100, 100, f"page {page}")
        sheet.showPage()
    sheet.save()
    return file.getvalue()


def add(
    console: Console, at: str, data: bytes, kind: str = "application/pdf", query: str = "zh=x&kind=procedure"
) -> Any:
    return console.open("POST", f"{at}/documents?{query}", data=data, content_type=kind)


def test_a_procedure_comes_down_page_by_page_and_leaves_with_everything(
    estate: Estate, as_: As, at: str
) -> None:
    li = as_("Li")
    pump = make(li, at, "E1", category="pump")
    other = make(li, at, "E2", category="lift")

    made = told(add(li, at, pdf(2), query="zh=规程&kind=procedure&category=pump"), 201)

    assert [(page["width"], page["size"] <= PICTURE_BYTES) for page in made["pages"]] == [(1240, True)] * 2
    page = li.get(made["pages"][0]["url"])
    assert (page.mimetype, page.data[:2]) == ("image/jpeg", b"\xff\xd8")
    file = li.get(made["url"])
    assert (file.data, file.mimetype) == (pdf(2), "application/octet-stream")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    row = json.loads(fed(estate.session, "document")[-1])["body"]
    assert (row["categories"], row["assets"], len(row["file"]["pages"])) == (["pump"], [], 2)
    assert [one["id"] for one in told(li.get(f"{at}/assets/{pump}/documents"))["documents"]] == [made["id"]]
    assert told(li.get(f"{at}/assets/{other}/documents"))["documents"] == []
    assert "procedure" not in told(li.get(f"{at}/assets/{pump}"))["gaps"]

    told(li.patch(f"{at}/documents/{made['id']}", {"categories": [], "assets": [other]}))
    assert "procedure" in told(li.get(f"{at}/assets/{pump}"))["gaps"]
    for path in (made["url"], made["pages"][0]["url"], f"{at}/documents"):
        assert as_("Chen").get(path).status_code == 404
    assert li.delete(f"{at}/documents/{made['id']}").status_code == 204
    assert json.loads(fed(estate.session, "document")[-1])["op"] == "leave"
    for table in (DocumentFile, MapImage):
        assert estate.session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"", "application/pdf", 415),
        (b"%PDF-1.7 broken", "application/pdf", 415),
        (pdf(encrypt="secret"), "application/pdf", 415),
        (SVG, "image/png", 415),
        (SVG, "image/svg+xml", 415),
        (gif(), "image/png", 415),
        (b"MZ" + b"\x00" * 100, "application/pdf", 415),
        (pdf(61), "application/pdf", 413),
        (pdf(1, (100, 900)), "application/pdf", 413),
    ],
)
def test_what_is_no_paper_is_refused_and_leaves_nothing(
    estate: Estate, as_: As, at: str, data: bytes, kind: str, status: int
) -> None:
    answer = add(as_("Li"), at, data, kind)

    assert (answer.status_code, slug(answer)) == (
        status,
        "not-a-paper" if status == 415 else "paper-too-large",
    )
    assert told(as_("Li").get(f"{at}/documents")) == {"documents": []}
    assert fed(estate.session, "document") == []


def test_a_new_edition_takes_the_place_of_the_old_one(estate: Estate, as_: As, at: str) -> None:
    li = as_("Li")
    made = told(add(li, at, jpeg(), "image/jpeg", "zh=证&kind=certificate"), 201)
    assert (made["mime"], len(made["pages"])) == ("image/jpeg", 1)

    newer = told(
        li.open("POST", f"{at}/documents/{made['id']}/file", data=pdf(), content_type="application/pdf")
    )

    assert newer["sha256"] != made["sha256"]
    assert li.get(made["pages"][0]["url"]).status_code == 404
    assert json.loads(fed(estate.session, "document")[-1])["version"] == 2
