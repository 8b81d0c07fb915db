"""Lamps that work, as a share of the site."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from server.clock import now_ms
from server.db import db, reading
from server.http import Label
from server.meters import service as meters
from server.meters.schemas import LedgerQuery
from server.people.policy import policy
from server.reports.service.lamps import lamps
from server.reports.views import bp
from server.rounds.views.plans import site_here


class LampsPlace(Schema):
    """What was counted at a place last."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    visit = fields.String()
    total = fields.String()
    out = fields.String()
    at_ms = fields.Integer()


class LampsClause(Schema):
    """How a clause stands; `met` is null where nothing was counted."""

    clause = fields.String()
    least = fields.String()
    scored = fields.Boolean()
    met = fields.Boolean(allow_none=True)


class LampsBody(Schema):
    """All lamps that were counted, those out, and the share that works."""

    total = fields.String()
    out = fields.String()
    share = fields.String(allow_none=True)
    places = fields.List(fields.Nested(LampsPlace))
    clauses = fields.List(fields.Nested(LampsClause))


@bp.get("/lamps")
@policy("see.board")
@bp.arguments(LedgerQuery(only=("month",)), location="query")
@bp.response(HTTPStatus.OK, LampsBody)
def count_lamps(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the share of lamps that worked in a month, by the last count of each place."""
    reading()
    site = site_here(site_id)
    start, end = meters.month_of(query, site, now_ms()).span(site.time_zone)
    return lamps(db.session(), site_id=site_id, from_ms=start, to_ms=end)
