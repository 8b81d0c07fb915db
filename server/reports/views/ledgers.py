"""Ledgers and series of meters as files. Each is noted in the audit log: a file leaves the house."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, stream_with_context
from sqlalchemy.orm import Session

from server import cells
from server.clock import now_ms
from server.db import db, reading, streamed
from server.http import pieces
from server.meters import service as meters
from server.meters.models import Meter, MeterReading
from server.meters.schemas import LedgerFileQuery
from server.people.policy import policy
from server.reports.paper import workbook
from server.reports.paper.ledger import LedgerPaper, ledger_pdf, sheet, title
from server.reports.paper.tables import Cell, Sheet
from server.reports.paper.words import label, stamp
from server.reports.views import bp
from server.reports.views.files import BYTES, PDF
from server.rounds.views.plans import note, site_here
from server.sites.models import Site
from sync.meters import value_of

HEAD = (
    "at", "earliest", "latest", "value", "unit", "counts", "used", "level", "mark", "old_meter_end", "source",
)  # fmt: skip
PAGE = 1_000
MOST = 200_000
"""A workbook of readings has no more lines; CSV has all."""


@bp.get("/ledger/pdf")
@policy("see.assets")
@bp.arguments(LedgerFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=PDF)
def ledger_as_pdf(query: dict[str, Any], site_id: UUID) -> Response:
    """Return a ledger as a PDF, to sign and seal."""
    view, paper = _ledger(query, site_id, "ledger.pdf")
    return _file(ledger_pdf(view, paper), PDF, f"ledger-{view['medium']}-{view['month']}.pdf")


@bp.get("/ledger/xlsx")
@policy("see.assets")
@bp.arguments(LedgerFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=workbook.MIME)
def ledger_as_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return a ledger as a workbook."""
    view, paper = _ledger(query, site_id, "ledger.xlsx")
    about: list[tuple[str, Cell]] = [
        (paper.say("site"), label(paper.site, paper.lang)),
        (paper.say("made"), stamp(paper.now_ms, paper.zone, paper.lang)),
        (paper.say("zone"), paper.zone.key),
        ("", paper.say("ledger.rule")),
    ]
    made = _workbook([sheet(view, paper)], about, title(view, paper), paper.lang)
    return _file(made, workbook.MIME, f"ledger-{view['medium']}-{view['month']}.xlsx")


@bp.get("/ledger/csv")
@policy("see.assets")
@bp.arguments(LedgerFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=cells.MIME)
def ledger_as_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return a ledger as CSV."""
    view, paper = _ledger(query, site_id, "ledger.csv")
    made = sheet(view, paper)
    text = cells.BOM + cells.line(made.head) + "".join(cells.line(row) for row in made.rows)
    return _file(text.encode(), cells.MIME, f"ledger-{view['medium']}-{view['month']}.csv")


def _ledger(query: dict[str, Any], site_id: UUID, what: str) -> tuple[dict[str, Any], LedgerPaper]:
    session, now, site = db.session(), now_ms(), site_here(site_id)
    month = meters.month_of(query, site, now)
    note("report.taken", site=site_id, subject=f"site:{site_id}", now=now, file=what, period=str(month))
    reading()
    site = site_here(site_id)
    view = meters.ledger(session, site=site, medium=query["medium"], month=month)
    return view, LedgerPaper(site.name, ZoneInfo(site.time_zone), now, query["lang"])


# -- series --------------------------------------------------------------------------------


@bp.get("/meters/<uuid:meter_id>/csv")
@policy("see.assets")
@bp.response(HTTPStatus.OK, BYTES, content_type=cells.MIME)
def readings_as_csv(site_id: UUID, meter_id: UUID) -> Response:
    """Return all readings of a meter as CSV, oldest last, line by line as they are read."""
    meter, site = _series(site_id, meter_id, "readings.csv")
    texts = _csv(db.session(), meter, site)
    response = Response(stream_with_context(streamed(db.session(), texts)), mimetype=cells.MIME)
    _name(response, f"meter-{meter.key}.csv")
    return response


@bp.get("/meters/<uuid:meter_id>/xlsx")
@policy("see.assets")
@bp.response(HTTPStatus.OK, BYTES, content_type=workbook.MIME)
def readings_as_workbook(site_id: UUID, meter_id: UUID) -> Response:
    """Return the readings of a meter as a workbook, newest first, 200 000 of them at most."""
    meter, site = _series(site_id, meter_id, "readings.xlsx")
    about: list[tuple[str, Cell]] = [("meter", meter.key), ("zone", site.time_zone)]
    made = _workbook([Sheet(meter.key, HEAD, _Rows(db.session(), meter, site))], about, meter.key, "en")  # type: ignore[arg-type]  # read once, in order
    return _file(made, workbook.MIME, f"meter-{meter.key}.xlsx")


class _Rows:
    """The readings of a meter as rows of a table, made one by one."""

    def __init__(self, session: Session, meter: Meter, site: Site) -> None:
        self._session, self._meter, self._site = session, meter, site

    def __iter__(self) -> Iterator[list[Cell]]:
        return _rows(self._session, self._meter, self._site, most=MOST)


def _series(site_id: UUID, meter_id: UUID, what: str) -> tuple[Meter, Site]:
    session, now = db.session(), now_ms()
    site_here(site_id)
    key = meters.meter_of(session, site_id=site_id, meter_id=meter_id).key
    note("report.taken", site=site_id, subject=f"meter:{meter_id}", now=now, file=what, key=key)
    reading()
    return meters.meter_of(session, site_id=site_id, meter_id=meter_id), site_here(site_id)


def _csv(session: Session, meter: Meter, site: Site) -> Iterator[str]:
    yield cells.BOM + cells.line(HEAD)
    for row in _rows(session, meter, site, most=None):
        yield cells.line(row)


def _rows(session: Session, meter: Meter, site: Site, *, most: int | None) -> Iterator[list[Cell]]:
    """Yield lines page by page, so that memory stays bounded."""
    zone, before, count = ZoneInfo(site.time_zone), None, 0
    while page := meters.readings_of(session, meter_id=meter.id, limit=PAGE, before=before):
        for row in page:
            yield _cells(row, meter, zone)
        count += len(page)
        before = (page[-1].estimate_ms, page[-1].id)
        session.expunge_all()
        if most is not None and count >= most:
            return


def _cells(row: MeterReading, meter: Meter, zone: ZoneInfo) -> list[Cell]:
    def at(ms: int | None) -> str:
        return "" if ms is None else stamp(ms, zone, "en")

    return [
        at(row.estimate_ms), at(row.lower_ms), at(row.upper_ms), row.value, meter.definition["unit"],
        None if row.micro is None else value_of(row.micro), None if row.step is None else value_of(row.step),
        row.level, row.mark, None if row.end_micro is None else value_of(row.end_micro),
        "phone" if row.entered_by is None else "office",
    ]  # fmt: skip


# -- files ---------------------------------------------------------------------------------


def _workbook(tables: Any, about: list[tuple[str, Cell]], name: str, lang: Any) -> Any:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed when its last piece has gone out)
    workbook.write_workbook(file, tables, about=about, title=name, lang=lang)
    file.seek(0)
    return file


def _file(made: Any, mime: str, name: str) -> Response:
    response = Response(made if isinstance(made, bytes) else pieces(made), mimetype=mime)
    _name(response, name)
    return response


def _name(response: Response, name: str) -> None:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
