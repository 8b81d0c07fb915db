"""The complaint register as a paper to sign, a workbook and a table."""

from __future__ import annotations

import io

from openpyxl import load_workbook
from pypdf import PdfReader

from tests.api.requests.conftest import As, Garden
from tests.api.requests.test_desk import do, enter


def test_the_register_holds_each_complaint_with_its_answer(garden: Garden, as_: As, at: str) -> None:
    dora, team = as_("Dora"), str(garden.estate.team.id)
    loud = enter(dora, at, kind="complaint", text="=Loud at night", department=team, place="3-501")["id"]
    enter(dora, at, text="Tap drips")
    do(dora, at, loud, "answer", text="Spoken to")
    do(dora, at, loud, "follow", satisfied=True)
    path = f"{at}/complaints"

    text = dora.get(f"{path}/csv?period=2026-11&lang=en").text
    book = dora.get(f"{path}/xlsx?period=2026-11&lang=en")
    paper = dora.get(f"{path}/pdf?period=2026-11&lang=en")

    lines = text.splitlines()
    assert len(lines) == 2
    for word in (
        "R-0001",
        "'=Loud at night",
        "3-501",
        "Night team",
        "Dora",
        "Spoken to",
        "In time",
        "Satisfied",
    ):
        assert word in lines[1]
    rows = list(load_workbook(io.BytesIO(book.data)).worksheets[1].values)
    assert rows[1][1] == "R-0001"
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    assert "Complaint register" in printed
    assert "Spoken to" in printed
    assert "Page 1 of 1" in printed
    assert "No complaints" in "".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(dora.get(f"{path}/pdf?period=2026-10&lang=en").data)).pages
    )
    assert as_("Vera").get(f"{path}/csv").status_code == 403
    assert as_("Chen").get(f"{path}/csv").status_code == 404
