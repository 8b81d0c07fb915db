"""Reports and registers as files. Each is noted in the audit log: a file leaves the house."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, g, stream_with_context
from sqlalchemy.orm import Session

from server import cells
from server.clock import now_ms
from server.db import db, reading, streamed
from server.describe import refuses
from server.http import pieces
from server.people.access import people_within
from server.people.policy import policy
from server.reports.paper import workbook
from server.reports.paper.register import Entry, head, register_pdf
from server.reports.paper.report import Paper, chat_text, footnotes, report_pdf
from server.reports.paper.tables import Cell, Sheet, sheets
from server.reports.schemas import ChatBody, FileQuery, RegisterPaperQuery, RegisterQuery, TableQuery
from server.reports.service import closing as closings
from server.reports.service.recurring import of_route, recurring
from server.reports.service.registers import MOST_LINES, TooLong, entries, part_of
from server.reports.service.report import Report, gather, report_view
from server.reports.service.served import served_view
from server.reports.views import bp
from server.reports.views.figures import period_of
from server.rounds import service as rounds
from server.rounds.views.plans import note, site_here

BYTES = {"type": "string", "format": "binary"}
PDF = "application/pdf"


@bp.get("/report/pdf")
@policy("see.board")
@bp.arguments(FileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=PDF)
def report_as_pdf(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the report of a period as a PDF to print."""
    view, paper = _report(query, site_id, "report.pdf")
    return _file(report_pdf(view, paper), PDF, paper, "report", "pdf")


@bp.get("/report/xlsx")
@policy("see.board")
@bp.arguments(FileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=workbook.MIME)
def report_as_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the tables of a report as a workbook."""
    view, paper = _report(query, site_id, "report.xlsx")
    about: list[tuple[str, Cell]] = [*paper.about(), *(("", text) for text in footnotes(view, paper))]
    made = _workbook(sheets(view, paper.lang), about, paper.say("report"), paper)
    return _file(made, workbook.MIME, paper, "report", "xlsx")


@bp.get("/report/csv")
@policy("see.board")
@bp.arguments(TableQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=cells.MIME)
def report_as_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return one table of a report as CSV."""
    view, paper = _report(query, site_id, "report.csv")
    sheet = sheets(view, paper.lang)[TableQuery.TABLES.index(query["table"])]
    lines = [cells.line(sheet.head), *(cells.line(row) for row in sheet.rows)]
    return _file((cells.BOM + "".join(lines)).encode(), cells.MIME, paper, f"report-{query['table']}", "csv")


@bp.get("/report/chat")
@policy("see.board")
@bp.arguments(FileQuery(only=("period",)), location="query")
@bp.response(HTTPStatus.OK, ChatBody)
def report_as_text(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return a report in a few lines for a group chat, in both languages."""
    reading()
    session, now = db.session(), now_ms()
    report = _gathered(session, query, site_id, now)
    view = report_view(session, report)
    return {
        "zh": chat_text(view, _paper(session, report, view, "zh")),
        "en": chat_text(view, _paper(session, report, view, "en")),
    }


@bp.get("/registers/pdf")
@policy("see.evidence")
@bp.arguments(RegisterPaperQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=PDF)
@refuses(TooLong)
def register_as_pdf(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the register of a route in a period as a PDF, to sign and seal; a long one part by part."""
    part = query["part"]
    route, paper, lines, notes, when = _register(query, site_id, "register.pdf")
    found, parts = part_of(lines, part=part, most=MOST_LINES)
    if parts > 1:
        notes = [paper.say("part", n=part, m=parts, a=found[0].number, b=found[-1].number), *notes]
    made = register_pdf(query["kind"], found, paper=paper, route=route, when=when, notes=notes)
    name = f"register-{query['kind']}" + (f"-{part}" if parts > 1 else "")
    return _file(made, PDF, paper, name, "pdf")


@bp.get("/registers/xlsx")
@policy("see.evidence")
@bp.arguments(RegisterQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=workbook.MIME)
def register_as_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the register of a route in a period as a workbook."""
    route, paper, lines, notes, when = _register(query, site_id, "register.xlsx")
    title = paper.say(f"register.{query['kind']}")
    sheet = Sheet(title, head(query["kind"], paper), _Rows(lines, query["kind"]))  # type: ignore[arg-type]  # read once, in order
    about: list[tuple[str, Cell]] = [
        (paper.say("route"), route["en"] if paper.lang == "en" and route["en"] else route["zh"]),
        *([(paper.say("when"), when)] if when else []),
        *paper.about(),
        *(("", text) for text in notes),
    ]
    return _file(
        _workbook([sheet], about, paper.say("period"), paper),
        workbook.MIME,
        paper,
        f"register-{query['kind']}",
        "xlsx",
    )


@bp.get("/registers/csv")
@policy("see.evidence")
@bp.arguments(RegisterQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=cells.MIME)
def register_as_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the register of a route in a period as CSV, line by line as it is read."""
    _, paper, lines, *_ = _register(query, site_id, "register.csv")
    texts = _csv(lines, query["kind"], paper)
    response = Response(stream_with_context(streamed(db.session(), texts)), mimetype=cells.MIME)
    _named(response, paper, f"register-{query['kind']}", "csv")
    return response


class _Rows:
    """The lines of a register as rows of a table, made one by one."""

    def __init__(self, lines: Iterator[Entry], kind: Any) -> None:
        self._lines, self._kind = lines, kind

    def __iter__(self) -> Iterator[list[Cell]]:
        for entry in self._lines:
            yield [entry.number, *entry.cells(self._kind)[1:]]


def _csv(lines: Iterator[Entry], kind: Any, paper: Paper) -> Iterator[str]:
    yield cells.BOM + cells.line(head(kind, paper))
    for entry in lines:
        yield cells.line(entry.cells(kind))


def _report(query: dict[str, Any], site_id: UUID, what: str) -> tuple[dict[str, Any], Paper]:
    """Note that a report is taken, and gather it."""
    session, now = db.session(), now_ms()
    _note(query, site_id, what, now)
    reading()
    report = _gathered(session, query, site_id, now)
    view = report_view(session, report) | {"served": served_view(session, report)["rows"]}
    when = recurring(session, report, query["lang"])
    view["plans"] = [row | {"when": when.get(row["key"], "")} for row in view["plans"]]
    return view, _paper(session, report, view, query["lang"])


def _register(
    query: dict[str, Any], site_id: UUID, what: str
) -> tuple[dict[str, str], Paper, Iterator[Entry], list[str], str]:
    session, now = db.session(), now_ms()
    route = rounds.route_of(session, site_id=site_id, route_id=query["route"]).name
    _note(query, site_id, what, now, route=str(query["route"]))
    reading()
    report = _gathered(session, query, site_id, now)
    paper = _paper(session, report, {"received_ms": _received(session, report)}, query["lang"])
    within = people_within(session, g.here)
    lines = entries(session, report, route=query["route"], paper=paper, within=within)
    notes = [] if within is None else [paper.say("only_own")]
    return route, paper, lines, notes, of_route(session, report, query["route"], query["lang"])


def _note(query: dict[str, Any], site_id: UUID, what: str, now: int, **more: Any) -> None:
    period = period_of(query, site_here(site_id), now)
    note(
        "report.taken", site=site_id, subject=f"site:{site_id}", now=now, file=what, period=period.key, **more
    )


def _gathered(session: Session, query: dict[str, Any], site_id: UUID, now: int) -> Report:
    site = site_here(site_id)
    return gather(session, site=site, period=period_of(query, site, now), now_ms=now)


def _received(session: Session, report: Report) -> int | None:
    from server.ledger.devices import phones_of

    heard = [d.heard_ms for d in phones_of(session, report.site.id).values() if d.heard_ms is not None]
    return max(heard, default=None)


def _paper(session: Session, report: Report, view: dict[str, Any], lang: Any) -> Paper:
    last = closings.latest(session, site_id=report.site.id, period=report.period)
    return Paper(
        site=report.site.name,
        zone=ZoneInfo(report.site.time_zone),
        day_start_min=report.site.day_start_min,
        period=report.period,
        now_ms=report.now_ms,
        received_ms=view["received_ms"],
        closing=None if last is None else closings.closing_view(session, last, names=False),
        lang=lang,
    )


def _workbook(tables: Any, about: list[tuple[str, Cell]], title: str, paper: Paper) -> Any:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed when its last piece has gone out)
    workbook.write_workbook(file, tables, about=about, title=title, lang=paper.lang)
    file.seek(0)
    return file


def _file(made: Any, mime: str, paper: Paper, name: str, suffix: str) -> Response:
    response = Response(made if isinstance(made, bytes) else pieces(made), mimetype=mime)
    _named(response, paper, name, suffix)
    return response


def _named(response: Response, paper: Paper, name: str, suffix: str) -> None:
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{paper.period.key}.{suffix}")
    response.headers["X-Content-Type-Options"] = "nosniff"
