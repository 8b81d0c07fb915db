"""From "choose the residential template" to the report and the register on paper."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chromium import DESK
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import Desk
from tests.browser.words import Words

pytestmark = pytest.mark.browser


def download(desk: Desk, button: Locator) -> bytes:
    """Press a button and return the file that it gives."""
    with desk.page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()


def text_of(pdf: bytes) -> list[str]:
    """Return the text of each page without its spaces."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def is_drawn(pdf: bytes) -> bool:
    """Whether every page has ink on it."""
    pages = [page.render(scale=0.5).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]
    return all(page.getextrema()[0] < 128 for page in pages)


def test_a_new_site_takes_the_residential_template_and_prints_its_report_and_register(
    serve: ServedMaker, chromium: ChromiumMaker, shoot: Shoot
) -> None:
    served = serve()
    desk = Desk(chromium(size=DESK, locale="zh-CN").open(), Words("zh"), served.url)
    page = desk.page
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")

    page.get_by_role("link", name="住宅小区").click()
    desk.press("outcome.look")
    expect(page.get_by_role("button", name=desk.w("outcome.make"))).to_be_visible()
    shoot(page, "service-plan-look")
    desk.press("outcome.make")
    expect(page.get_by_role("heading", level=1, name=desk.w("nav.service"))).to_be_visible()
    standing = desk.json("service-plan")
    assert len(desk.json("plans")["plans"]) >= 40
    assert len(desk.json("checkpoints")["checkpoints"]) >= 10
    assert standing["daytime"] is not None
    served_clauses = {
        clause for plan in desk.json("plans")["plans"] for clause in (plan["demand"], *plan["also"])
    }
    assert {"P1-11", "P1-27", "P1-29", "P1-35", "P1-36", "P1-43", "P1-44a"} <= served_clauses
    shoot(page, "service-plan-standing")

    # the board has the day's rounds at once, and the score every clause
    desk.open("board")
    [first, *_] = desk.json("board")["lanes"]
    expect(page.get_by_role("list", name=first["plan"]["name"]["zh"]).first).to_be_visible()
    desk.open("score")
    expect(page.get_by_role("row", name="P1-35").first).to_be_visible()
    report = download(desk, page.get_by_role("button", name=desk.w("export.pdf")))
    shoot(page, "service-plan-score")
    pages = text_of(report)
    assert "幸福花园" in pages[0]
    assert any("P1-35" in text for text in pages)
    assert f"第{len(pages)}页" in pages[-1] or f"{len(pages)}/{len(pages)}" in pages[-1]
    assert is_drawn(report)

    desk.open("registers")
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name=desk.w("registers.paper"))).first
    expect(row).to_be_visible()
    register = download(desk, row.get_by_role("button", name=desk.w("registers.paper")))
    shoot(page, "service-plan-registers")
    paper = text_of(register)
    assert "幸福花园" in paper[0]
    assert "签字" in paper[-1] or "盖章" in paper[-1]
    assert is_drawn(register)
