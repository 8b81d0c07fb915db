"""Reports and registers as files: what is in them, that nothing in them runs, and who may have them."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any
from uuid import UUID

import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.feed import service as feed
from server.orders import service as orders
from server.reports.service import registers
from server.rounds.models import Finding
from sync.payloads import Explain
from tests.api.reports.test_report import Month
from tests.api.rounds.conftest import MIN, As, Estate, H
from tests.api.rounds.night import Night, Room
from tests.api.rounds.test_office import picture, sheet, stops_of, upload
from tests.conftest import FakeClock

NOVEMBER = "period=2026-11"


@pytest.fixture
def month(estate: Estate, clock: FakeClock) -> Month:
    return Month(estate, clock)


def texts(pdf: bytes) -> list[str]:
    """Return what stands on each page, without blanks: letters are set one by one."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_report_on_paper_says_where_its_figures_come_from(month: Month, as_: As, at: str) -> None:
    pdf = as_("Li").get(f"{at}/report/pdf?{NOVEMBER}")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    [page] = texts(pdf.data)
    for word in (
        "服务方案执行报告",
        "幸福花园",
        "2026年11月",
        "未定稿",
        "最后收到",
        "第1页，共1页",
        "P1-35",
        "66.7%",
        "欠1次",
    ):
        assert word in page, word
    fonts = pypdf.PdfReader(io.BytesIO(pdf.data)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert all(
        "/FontFile2" in str(font.get_object()["/FontDescriptor"].get_object()) for font in fonts.values()
    )


def test_a_report_speaks_english_and_never_names_people(month: Month, as_: As, at: str) -> None:
    [page] = texts(as_("Vera").get(f"{at}/report/pdf?{NOVEMBER}&lang=en").data)
    for word in ("Servicereport", "GardenCourt", "November2026", "Page1of1", "1short"):
        assert word in page, word
    assert "Wang" not in page


def test_a_workbook_has_real_figures_and_days(month: Month, as_: As, at: str) -> None:
    answer = as_("Li").get(f"{at}/report/xlsx?{NOVEMBER}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == [
        "服务方案执行报告",
        "条款与得分",
        "工单、报修、设备",
        "按计划",
        "按路线",
        "按班组",
        "按日",
    ]
    score = book["条款与得分"]
    assert score.freeze_panes == "A2"
    assert [score.cell(2, c).value for c in (1, 4, 5, 6, 8)] == ["P1-35", 3, 1, 1, 1]
    assert score.cell(2, 12).value == pytest.approx(0.667)
    assert score.cell(2, 12).number_format == "0.0%"
    assert book["按日"].cell(2, 1).value == datetime(2026, 11, 23)  # noqa: DTZ001 (a spreadsheet knows no zone)


@pytest.mark.parametrize(
    ("table", "first"), [("score", "P1-35"), ("plans", "园区夜巡"), ("days", "2026-11-23")]
)
def test_each_table_comes_as_csv(month: Month, as_: As, at: str, table: str, first: str) -> None:
    head, row, *_ = rows(as_("Li").get(f"{at}/report/csv?{NOVEMBER}&table={table}").data)
    assert (row[0], len(head)) == (first, len(row))


def test_plans_say_when_they_come(month: Month, as_: As, at: str) -> None:
    head, row, *_ = rows(as_("Li").get(f"{at}/report/csv?{NOVEMBER}&table=plans&lang=en").data)
    assert (head[1], row[1]) == ("When", "Daily 22:00–24:00")
    register = f"{at}/registers/xlsx?{NOVEMBER}&route={month.night.plan.route_id}"
    about = openpyxl.load_workbook(io.BytesIO(as_("Li").get(register).data)).worksheets[0]
    assert ("时间安排", "园区夜巡：每天 22:00–24:00") in [
        tuple(cell.value for cell in line[:2]) for line in about.rows
    ]


def test_no_name_becomes_a_formula(estate: Estate, clock: FakeClock, as_: As, at: str) -> None:
    evil = {"zh": '=HYPERLINK("http://x","y")', "en": "@SUM(1)"}
    estate.plan(name=evil)
    li = as_("Li")
    assert rows(li.get(f"{at}/report/csv?table=plans").data)[1][0].startswith("'=")
    book = openpyxl.load_workbook(io.BytesIO(li.get(f"{at}/report/xlsx").data))
    cell = book["按计划"].cell(2, 1)
    assert (cell.data_type, cell.value) == ("s", "'" + evil["zh"])
    assert li.get(f"{at}/report/pdf").status_code == 200


def test_a_register_has_a_line_for_every_stop_visited_or_not(month: Month, as_: As, at: str) -> None:
    route = month.night.plan.route_id
    found = rows(as_("Li").get(f"{at}/registers/csv?{NOVEMBER}&route={route}").data)
    assert found[0] == ["序号", "日期", "班次", "时间", "点位", "巡查人", "情况", "处理", "备注"]
    assert [row[0] for row in found[1:]] == [str(n) for n in range(1, 10)]
    assert found[1] == [
        "1", "2026-11-23", "园区夜巡 22:00–24:00", "22:10", "1 东门岗", "Wang", "正常", "", "",
    ]  # fmt: skip
    assert [(row[1], row[3], row[8]) for row in found[4:7]] == [
        ("2026-11-24", "23:45", ""), ("2026-11-25", "00:00", "超时"), ("2026-11-25", "00:15", "超时"),
    ]  # fmt: skip
    assert [row[3:] for row in found[7:]] == [
        ["—", place, "—", "未到", "", "漏巡"] for place in ("1 东门岗", "2 西门岗", "3 中心广场")
    ]


def register(as_: As, at: str, night: Night, who: str = "Li", lang: str = "zh") -> list[list[str]]:
    """Return the lines of November's register from their time on: without number, day and round."""
    asked = f"{at}/registers/csv?{NOVEMBER}&route={night.plan.route_id}&lang={lang}"
    return [row[3:] for row in rows(as_(who).get(asked).data)[1:]]


def test_what_a_sheet_claims_is_a_line_of_its_own_and_no_visit(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    night = Night(estate, clock)
    night.scan(1, 10)
    night.push(200)
    clock.ms = night.start + 5 * H
    photo = upload(as_, at, picture()).json["photo"]
    body = sheet(night, photo, 12, 20, person="Liu")
    assert as_("Li").post(f"{at}/occurrences/{night.id}/papers", body).status_code == 200
    note = "补录，纸质记录：手机摔坏；Li 录入"
    assert register(as_, at, night) == [
        ["22:10", "1 东门岗", "Wang", "正常", "", ""],
        ["22:12", "1 东门岗", "Liu", "—", "", note],
        ["22:20", "2 西门岗", "Liu", "—", "", note],
        ["—", "3 中心广场", "—", "未到", "", "漏巡"],
    ]
    [_, _, third, _] = register(as_, at, night, lang="en")
    assert third[-1] == "From paper, no proof: 手机摔坏; entered by Li"
    clock.ms += 1
    gone = body | {"photo": None, "stops": []}
    assert as_("Li").post(f"{at}/occurrences/{night.id}/papers", gone).status_code == 200
    assert [line[3] for line in register(as_, at, night)] == ["正常", "未到", "未到"], "it was withdrawn"


def test_a_skipped_stop_says_why_and_what_was_decided(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    night = Night(estate, clock)
    stops = [UUID(stop) for stop in stops_of(night)]

    def skip(n: int, minute: int, reason: str) -> None:
        at_ms = night.start + minute * MIN
        place, stop = estate.places[n - 1], stops[n - 1]
        night.phone.skip(place, occurrence=night.id, stop=stop, at_ms=at_ms, reason=reason)

    skip(1, 5, "blocked")
    night.scan(1, 10)
    skip(2, 20, "weather")
    skip(3, 30, "locked")
    night.push(200)
    li = as_("Li")
    reached = register(as_, at, night)[0]
    assert reached == ["22:10", "1 东门岗", "Wang", "正常", "", ""], "it was reached after all"
    assert register(as_, at, night)[1:] == [
        ["22:20", "2 西门岗", "Wang", "未到", "", "跳过：天气；主管还没看；漏巡"],
        ["22:30", "3 中心广场", "Wang", "未到", "", "跳过：锁着，没钥匙；主管还没看；漏巡"],
    ]
    path = f"{at}/occurrences/{night.id}/stops"
    assert li.post(f"{path}/{stops[1]}/skip", {"accepted": True, "why": "台风"}).status_code == 200
    assert li.post(f"{path}/{stops[2]}/skip", {"accepted": False}).status_code == 200
    assert [line[3:] for line in register(as_, at, night)[1:]] == [
        ["跳过", "", "跳过：天气；Li 同意：台风"],
        ["未到", "", "跳过：锁着，没钥匙；Li 不同意；漏巡"],
    ]


def test_an_excuse_is_named_with_the_person_on_each_line_of_its_round(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    night = Night(estate, clock)
    night.scan(1, 10)
    night.push(200)
    assert as_("Li").post(f"{at}/occurrences/{night.id}/excuse", {"why": "台风"}).status_code == 200
    assert [line[-1] for line in register(as_, at, night)] == ["免巡（Li）：台风"] * 3
    assert register(as_, at, night, lang="en")[0][-1] == "Excused (Li): 台风"


def test_a_long_reason_stands_whole_on_paper(estate: Estate, clock: FakeClock, as_: As, at: str) -> None:
    night = Night(estate, clock)
    night.push(200)
    why = "园区北门至中心广场一带因管网抢修封路，" * 6 + "次日恢复。"
    assert as_("Li").post(f"{at}/occurrences/{night.id}/excuse", {"why": why}).status_code == 200
    answer = as_("Li").get(f"{at}/registers/pdf?{NOVEMBER}&route={night.plan.route_id}")
    assert "".join(texts(answer.data)).count("次日恢复。") == 3
    assert "…" not in "".join(texts(answer.data))


def test_marks_stand_in_words(estate: Estate, clock: FakeClock, as_: As, at: str) -> None:
    night = Night(estate, clock)
    night.scan(1, 10)
    night.scan(2, 20, proof="0" * 64)
    night.push(200)
    remarks = [line[-1] for line in register(as_, at, night)[:2]]
    assert remarks == ["", "时间或地点待核实；需说明：码没有证实"]


def test_a_register_on_paper_has_numbered_pages_and_places_to_sign(month: Month, as_: As, at: str) -> None:
    route = month.night.plan.route_id
    [page] = texts(as_("Li").get(f"{at}/registers/pdf?{NOVEMBER}&route={route}").data)
    for word in (
        "巡查登记台账",
        "园区巡逻",
        "班长签字",
        "项目负责人签字",
        "盖章",
        "第1页，共1页",
        "漏巡",
        "Wang",
    ):
        assert word in page, word


def test_an_equipment_register_tells_the_readings(estate: Estate, clock: FakeClock, as_: As, at: str) -> None:
    room = Room(estate, clock)
    room.answer(6, {"pressure": "0.70", "leaks": "ok"}, scan=room.scan(1, 5))
    room.push(10)
    asked = f"{at}/registers/csv?kind=equipment&{NOVEMBER}&route={room.plan.route_id}"
    head, row = rows(as_("Li").get(asked).data)[:2]
    assert head[4:7] == ["项目与读数", "结论", "巡检人"]
    assert "0.70 MPa" in row[4]
    assert row[5:7] == ["异常", "Wang"]
    book = as_("Li").get(asked.replace("/csv", "/xlsx")).data
    assert openpyxl.load_workbook(io.BytesIO(book))["设备巡检登记台账"].cell(2, 1).value == 1


def test_a_register_says_what_became_of_what_was_found(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    room = Room(estate, clock)
    room.answer(6, {"pressure": "0.70", "leaks": "ok"}, scan=room.scan(1, 5))
    room.push(10)
    asked = f"{at}/registers/csv?kind=equipment&{NOVEMBER}&route={room.plan.route_id}"
    found = estate.session.scalars(select(Finding)).one()
    kept = orders.orders_from(
        estate.session, site_id=estate.site.id, source_kind="finding", source_ids=[found.id]
    )
    opened = kept.get(found.id) or [
        orders.open_order(
            estate.session,
            organisation_id=estate.site.organisation_id,
            site_id=estate.site.id,
            kind="repair",
            cls="water",
            urgency="urgent",
            title=None,
            target=None,
            source={"kind": "finding", "id": found.id},
            now_ms=clock.ms,
        )
    ]
    name = opened[0].name
    feed.commit(estate.session, now_ms=clock.ms)
    head, row = rows(as_("Li").get(asked).data)[:2]
    assert (head[7], row[7]) == ("处理", f"{name} 待派")
    assert rows(as_("Li").get(f"{asked}&lang=en").data)[1][7] == f"{name} waits for dispatch"


def test_where_no_order_came_of_it_the_register_has_the_persons_own_words(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    night = Night(estate, clock)
    scan = night.scan(1, 5)
    night.scan(2, 20)
    night.phone.record(
        "explain", Explain(scan), at_ms=night.start + 21 * MIN, private={"note": "码被雨淋坏，换了新码"}
    )
    night.push(30)
    asked = f"{at}/registers/csv?{NOVEMBER}&route={night.plan.route_id}"

    found = rows(as_("Li").get(asked).data)

    assert found[0][7] == "处理"
    assert [line[7] for line in found[1:3]] == ["码被雨淋坏，换了新码", ""]


def test_a_register_too_long_for_a_paper_comes_in_parts(
    month: Month, as_: As, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.reports.views.files.MOST_LINES", 4)
    asked = f"{at}/registers/pdf?{NOVEMBER}&route={month.night.plan.route_id}"
    li = as_("Li")

    for refused in (li.get(asked), li.get(f"{asked}&part=4")):
        told = refused.get_json()
        assert (refused.status_code, told["type"], told["parts"]) == (422, "/problems/too-long", 3)
    for wrong in ("0", "x", "10001", "1.5"):
        assert li.get(f"{asked}&part={wrong}").get_json()["type"] == "/problems/invalid-body"

    parts = [li.get(f"{asked}&part={n}") for n in (1, 2, 3)]
    pages = [texts(part.data)[0] for part in parts]
    assert "第1册，共3册：第1–4行" in pages[0]
    assert "第3册，共3册：第9–9行" in pages[2]
    names = [part.headers["Content-Disposition"] for part in parts]
    assert [f"register-patrol-{n}-" in name for n, name in enumerate(names, start=1)] == [True] * 3
    whole = rows(li.get(asked.replace("/pdf", "/csv")).data)
    assert len(whole) == 10, "the CSV has no end"


def test_what_fits_is_one_paper_and_its_only_part(
    month: Month, as_: As, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.reports.views.files.MOST_LINES", 9)
    asked = f"{at}/registers/pdf?{NOVEMBER}&route={month.night.plan.route_id}"

    for answer in (as_("Li").get(asked), as_("Li").get(f"{asked}&part=1")):
        assert answer.status_code == 200
        assert "册" not in texts(answer.data)[0]


def test_a_long_register_is_read_in_parts(
    month: Month, as_: As, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = f"{at}/registers/csv?{NOVEMBER}&route={month.night.plan.route_id}"
    whole = as_("Li").get(asked).data
    monkeypatch.setattr(registers, "_AT_ONCE", 1)
    assert as_("Li").get(asked).data == whole


def test_a_group_chat_gets_a_few_lines_in_both_languages(month: Month, as_: As, at: str) -> None:
    body = as_("Li").get(f"{at}/report/chat?{NOVEMBER}").get_json()
    assert body["zh"].splitlines()[1] == "完成率 66.7 % · 未定稿"
    assert body["zh"].splitlines()[2] == "应做 3：按时 1，超时 1，没做 1"
    assert "P1-35" in body["zh"].splitlines()[3]
    assert "欠 1 次" in body["zh"]
    assert body["en"].splitlines()[2] == "Due 3: On time 1, Late 1, Missed 1"


def test_every_file_is_noted(month: Month, estate: Estate, as_: As, at: str) -> None:
    route = month.night.plan.route_id
    li = as_("Li")
    li.get(f"{at}/registers/pdf?{NOVEMBER}&route={route}")
    row = estate.session.query(AuditRow).order_by(AuditRow.pos.desc()).first()
    assert row is not None
    assert (row.action, row.detail["file"], row.detail["period"]) == (
        "report.taken",
        "register.pdf",
        "2026-11",
    )


def test_a_route_of_another_site_and_odd_questions_are_refused(
    month: Month, estate: Estate, as_: As, at: str
) -> None:
    route = month.night.plan.route_id
    north = f"/api/v1/sites/{estate.north.id}"
    for form in ("pdf", "xlsx", "csv"):
        assert as_("Chen").get(f"{north}/registers/{form}?route={route}").status_code == 404
        assert as_("Chen").get(f"{at}/registers/{form}?route={route}").status_code == 404
        assert as_("Otto").get(f"{at}/report/{form}").status_code == 404
        assert as_("Vera").get(f"{at}/registers/{form}?route={route}").status_code == 403
    odd: dict[str, Any] = {
        "registers/pdf": ("", "route=x", f"route={route}&kind=x", f"route={route}&lang=fr")
    }
    for path, queries in odd.items():
        for query in queries:
            assert as_("Li").get(f"{at}/{path}?{query}").status_code == 422, query
    assert as_("Li").get(f"{at}/report/csv?table=people").status_code == 422


def test_an_empty_month_is_a_paper_too(month: Month, as_: As, at: str) -> None:
    route = month.night.plan.route_id
    assert "本期没有记录" in texts(as_("Li").get(f"{at}/registers/pdf?period=2025-11&route={route}").data)[0]
    assert "应做0" in texts(as_("Li").get(f"{at}/report/pdf?period=2025-11").data)[0]


def test_the_clauses_that_no_round_keeps_are_in_every_file(month: Month, as_: As, at: str) -> None:
    li = as_("Li")
    made = li.post(
        f"{at}/assets", {"number": "P-1", "name": {"zh": "水泵", "en": "Pump"}, "category": "pump"}
    )
    assert made.status_code == 201, made.json
    served: Any = li.get(f"{at}/report/served?{NOVEMBER}").json
    said = [row["demand"]["id"] for row in served["rows"]]
    assert said == ["P1-18", "P1-19", "P3-01"]

    head, *lines = rows(li.get(f"{at}/report/csv?{NOVEMBER}&table=served").data)
    assert [line[0] for line in lines] == said
    assert dict(zip(head, lines[0], strict=True)) | {"条款": "", "要求": "", "标准": ""} == {
        "条款": "", "要求": "", "标准": "", "统计项": "设备记录", "应做": "1", "做到": "0", "超时": "0",
        "没做": "1", "未回传": "0", "待核实": "0", "完成率低": "0.0", "完成率高": "0.0", "结论": "欠 1 次",
    }  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(li.get(f"{at}/report/xlsx?{NOVEMBER}").data))
    table = book["工单、报修、设备"]
    assert [table.cell(n, 1).value for n in (2, 3, 4)] == said
    assert (table.cell(2, 5).value, table.cell(2, 11).number_format) == (1, "0.0%")
    page = "".join(texts(li.get(f"{at}/report/pdf?{NOVEMBER}&lang=en").data))
    for word in ("Work,requests,equipment", *said, "Assetrecords", "1short"):
        assert word in page, word
