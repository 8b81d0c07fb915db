"""The maintenance log."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import MAX_MS, Ms, Strict
from server.orders.schemas.lists import OrderRow
from server.orders.schemas.named import OrderNamed


class OrderLogSpan(Strict):
    """A stretch of time, by the end of the work; what is left out has no bound."""

    ended_from = Ms(data_key="from", load_default=0)
    ended_to = Ms(data_key="to", load_default=MAX_MS)


class OrderLogQuery(OrderLogSpan):
    """A stretch of time, and which page of it."""

    after = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class OrderLogFileQuery(OrderLogSpan):
    """A stretch of time, and in which language."""

    lang = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


class OrderClauseFigures(Schema):
    """How often a clause was kept."""

    clause = fields.String()
    what = fields.String()
    source = fields.String()
    due = fields.Integer()
    met = fields.Integer()
    late = fields.Integer()
    missed = fields.Integer()
    open = fields.Integer()
    unheard = fields.Integer()
    unproven = fields.Integer()
    orders = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class OrderLogRow(OrderRow):
    """A line of the maintenance log."""

    result = fields.String(allow_none=True)
    done_by = fields.Nested(OrderNamed, allow_none=True)
    arrived_ms = Ms(allow_none=True)
    note_done = fields.String(allow_none=True)
    labour_cost = fields.String()
    parts_cost = fields.String()
    unpriced = fields.Integer()
    """Moves of parts without a price, which count as nothing."""
    other_cost = fields.String()
    total_cost = fields.String()


class OrderLogSum(Schema):
    """What the orders of a stretch of time cost together, on all pages, as decimal texts."""

    orders = fields.Integer()
    labour = fields.String()
    parts = fields.String()
    other = fields.String()
    total = fields.String()
    unpriced = fields.Integer()
    """Moves of parts without a price, which count as nothing."""


class OrderLogBody(Schema):
    """A page of the maintenance log of a stretch of time, and what is said of the whole."""

    orders = fields.List(fields.Nested(OrderLogRow))
    after = fields.String(allow_none=True)
    sum = fields.Nested(OrderLogSum)
    figures = fields.List(fields.Nested(OrderClauseFigures))
    currency = fields.String()
