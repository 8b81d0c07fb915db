"""Holds every answer to the audit log: what changed something, or gave something away, left a row.

`watch` hangs on the tests' application, so whatever any test does is looked at. A route that changes
something for a person and is not in `UNAUDITED`, with its reason, fails the test that met it; and the
matrix of `tests/access` meets them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from server.audit import service

_EVIDENCE = "what phones record is kept in the ledger, which is signed and chained itself"
_GREETING = "it gives a phone what it may see, and changes nothing that anybody decides"
_OWN_EVENTS = "what residents say stands in the events of their request, which never change"
_STEP = "a step on the way; the end of it leaves a row"

UNAUDITED: dict[str, str] = {
    "ledger.begin_blob": _EVIDENCE,
    "ledger.go_on_with_blob": _EVIDENCE,
    "ledger.push": _EVIDENCE,
    "ledger.raw": _EVIDENCE,
    "people.check_pin": _EVIDENCE,
    "requests.report": _OWN_EVENTS,
    "requests.act_on_own": _OWN_EVENTS,
    "rounds.preview_plan": "it shows what would become of a plan, and makes none",
    "ledger.have": _GREETING,
    "ledger.hello": _GREETING,
    "ledger.nonce": _GREETING,
    "ledger.pull": _GREETING,
    "ledger.snapshot": _GREETING,
    "sites.phone_picture": _GREETING,
    "people.enrol_state": _GREETING,
    "people.leave": _GREETING,
    "people.enrol": "the supervisor who made the code, and confirms the phone, leaves the rows",
    "people.look_at_invitation": "it shows for what an invitation is, and uses nothing up",
    "demands.look_at_copy": "it tells what would be made, and makes nothing",
    "demands.look_at_template": "it tells what would be made, and makes nothing",
    "demands.look_at_newer": "it tells what would be made, and makes nothing",
    "sites.look_at_holidays": "it tells what would become of a year, and says nothing",
    "forms.keep_guide_picture": _STEP,
    "people.ask_new_passkey": _STEP,
    "people.ask_passkey": _STEP,
    "people.ask_refresh": _STEP,
    "people.start_totp": _STEP,
    "people.log_in": "the password may be the first of two steps; the session that begins leaves a row",
}
"""Unsafe routes that may answer without a row, and why."""

GIVES_AWAY = frozenset(
    {
        "assets.export_csv",
        "assets.export_workbook",
        "people.site_audit_csv",
        "people.whole_audit_csv",
        "privacy.get_copy",
        "reports.complaints_as_csv",
        "reports.complaints_as_pdf",
        "reports.complaints_as_workbook",
        "reports.register_as_csv",
        "reports.register_as_pdf",
        "reports.register_as_workbook",
        "reports.report_as_csv",
        "reports.report_as_pdf",
        "reports.report_as_workbook",
        "reports.year_plan_as_pdf",
        "reports.year_plan_as_workbook",
        "stock.to_order_as_csv",
        "sites.picture",
        "sites.sheet",
    }
)
"""Reading routes whose answer is an export or a download, each of which is noted."""


class Unnoted(AssertionError):
    """Something was changed or given away, and the audit log does not say so."""


def watch(app: Flask) -> None:
    """Look at every answer of an application."""

    @app.after_request
    def look(response: Response) -> Response:
        if request.method == "OPTIONS":
            return response
        safe = request.method in ("GET", "HEAD")
        must = request.endpoint in GIVES_AWAY if safe else request.endpoint not in UNAUDITED
        if must and response.status_code < 400 and not g.get("noted"):
            met = f"{request.method} {request.path} ({request.endpoint})"
            raise Unnoted(f"{met} left no row in the audit log")
        return response


def listening() -> Iterator[None]:
    """Have each request remember that it wrote to the audit log."""
    real = service.write

    @wraps(real)
    def write(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        if has_request_context():
            g.noted = True

    service.write = write
    try:
        yield
    finally:
        service.write = real
