"""The maintenance log as a paper: what stands on it, its page numbers, its places to sign and to seal."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pypdf
from sqlalchemy import select

from server.audit.models import AuditRow
from tests.api.orders.conftest import MIN, OPEN, As, Desk

HOUR = 60


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page without its spaces."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def mended(desk: Desk, minutes: float, note: str) -> None:
    """Have Wang mend something on the spot."""
    made = uuid4()
    desk.say("Wang", made, "open", minutes, **OPEN | {"mine": True})
    desk.say("Wang", made, "arrive", minutes + 1)
    desk.say("Wang", made, "labour", minutes + 2, minutes=90, people=1)
    desk.say("Wang", made, "complete", minutes + 3, private={"note": note}, result="temporary")
    desk.push("Wang", minutes + 4)


def test_the_log_is_a_paper_to_sign_and_seal(desk: Desk, as_: As, at: str) -> None:
    mended(desk, 1, "换了灯管")
    mended(desk, 20, "<b>先断电</b>")
    as_("Li").patch(f"{at}/orders/policy", {"rates": {"labour_hour": "60", "currency": "CNY"}})
    days = f"from={desk.start}&to={desk.start + HOUR * MIN}"

    answer = as_("Li").get(f"{at}/orders/log/pdf?{days}&lang=zh")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "maintenance-log.pdf" in answer.headers["Content-Disposition"]
    [page] = pages(answer.data)
    for words in (
        "维修台账",
        "第1页，共1页",
        "填表人签字",
        "工程主管签字",
        "项目负责人签字",
        "盖章",
        "W-0001",
        "照明",
        "Wang",
        "临时处理·换了灯管",
        "临时处理·<b>先断电</b>",
        "合计2张·人工180.00·备件0.00·其他0.00·共180.00CNY",
    ):
        assert words in page, words
    assert page.index("W-0001") < page.index("W-0002"), "the earliest first"
    [audited] = desk.estate.session.scalars(select(AuditRow).where(AuditRow.action == "order.log.pdf"))
    assert audited.person_id == desk.estate.people["Li"].id


def test_a_long_log_goes_over_numbered_pages_and_an_empty_one_says_so(desk: Desk, as_: As, at: str) -> None:
    for n in range(40):
        desk.act(desk.open().id, "cancel", n + 1, why="重复")
    found = pages(as_("Li").get(f"{at}/orders/log/pdf?lang=en").data)

    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        assert f"Page{number}of{len(found)}" in page
        assert "Headofworks(signature)" in page
        assert "Seal" in page
    assert "W-0001" in found[0]
    assert "W-0040" not in found[0]
    assert "W-0040" in "".join(found)
    assert "Workthatendedanytoany" in found[0]
    later: Any = f"from={desk.clock.ms + MIN}&to={desk.clock.ms + HOUR * MIN}"
    [empty] = pages(as_("Li").get(f"{at}/orders/log/pdf?{later}").data)
    assert "这段时间没有完工的工单" in empty


def test_who_may_not_see_the_orders_gets_no_paper(desk: Desk, as_: As, at: str) -> None:
    path = f"{at}/orders/log/pdf"

    assert as_("Chen").get(path).status_code == 404
    assert as_("Vera").get(path).status_code == 403
    assert as_("Li").get(f"{path}?lang=fr").status_code == 422
    noted = select(AuditRow).where(AuditRow.action == "order.log.pdf")
    assert desk.estate.session.scalars(noted).all() == []
