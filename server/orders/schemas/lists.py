"""Lists of work orders: rows, the board, what is asked for, and to whom one may be given."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.http import Label, Ms, Strict, Text
from server.orders.models import KINDS
from server.orders.schemas.named import (
    URGENCIES,
    OrderAssigneeBody,
    OrderDeadlineBody,
    OrderNamed,
    OrderPlaceBody,
    OrderSourceBody,
)
from sync.order_payloads import CLASSES
from sync.orders.events import STATES

NEEDS = ("conflict", "missed", "near", "returned", "proposal", "unheard", "undispatched")
"""Why an order needs somebody."""


class OrderRow(Schema):
    """An order in a list."""

    id = fields.UUID()
    version = fields.Integer()
    number = fields.String()
    kind = fields.String()
    cls = fields.String(data_key="class")
    urgency = fields.String()
    state = fields.String()
    title = fields.Nested(Label, allow_none=True)
    note = fields.String(allow_none=True)
    place = fields.String(allow_none=True)
    target = fields.Nested(OrderPlaceBody, allow_none=True)
    source = fields.Nested(OrderSourceBody)
    assignee = fields.Nested(OrderAssigneeBody, allow_none=True)
    holder = fields.Nested(OrderNamed, allow_none=True)
    opened_ms = Ms()
    done_ms = Ms(allow_none=True)
    ended_ms = Ms(allow_none=True)
    due_ms = Ms(allow_none=True)
    next_due_ms = Ms(allow_none=True)
    deadlines = fields.List(fields.Nested(OrderDeadlineBody))
    paused = fields.Dict(allow_none=True)
    done = fields.Dict(allow_none=True)
    returned = fields.Dict(allow_none=True)
    proposal = fields.String(allow_none=True)
    conflicts = fields.Integer()
    reopened = fields.Integer()
    labour_min = fields.Integer()
    asks_signature = fields.Boolean()
    needs = fields.List(fields.String(validate=validate.OneOf(NEEDS)))


class OrderPage(Schema):
    """A page of the list, and how many orders there are in each state."""

    orders = fields.List(fields.Nested(OrderRow))
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    after = fields.String(allow_none=True)
    now_ms = Ms()


class OrderColumn(Schema):
    """A column of the board."""

    state = fields.String()
    count = fields.Integer()
    orders = fields.List(fields.Nested(OrderRow))


class OrderBoardBody(Schema):
    """The board: a column per state, and what needs somebody."""

    columns = fields.List(fields.Nested(OrderColumn))
    needs = fields.List(fields.Nested(OrderRow))
    now_ms = Ms()


class OrderListQuery(Strict):
    """Which orders."""

    state = fields.String(load_default=None)
    """States, with commas; ``open`` stands for one of them, ``under_way`` for all that are."""
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    cls = fields.String(data_key="class", load_default=None, validate=validate.OneOf(CLASSES))
    urgency = fields.String(load_default=None, validate=validate.OneOf(URGENCIES))
    person = fields.UUID(load_default=None)
    target = fields.UUID(load_default=None)
    text = Text(load_default=None, most=100)
    need = fields.String(load_default=None, validate=validate.OneOf(NEEDS))
    opened_from = Ms(data_key="from", load_default=None)
    opened_to = Ms(data_key="to", load_default=None)
    after = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))

    @validates_schema
    def _states(self, data: dict[str, Any], **_: Any) -> None:
        wanted = (data.get("state") or "").split(",")
        if any(one not in (*STATES, "under_way", "") for one in wanted):
            raise ValidationError("no such state", "state")


class OrderCandidateBody(Schema):
    """Somebody to whom an order may be given."""

    id = fields.UUID()
    name = fields.String()
    trade = fields.String(allow_none=True)
    team = fields.Raw(allow_none=True)
    company = fields.String(allow_none=True)
    certificates = fields.List(fields.String())
    on_shift = fields.Boolean()
    heard_ms = Ms(allow_none=True)
    orders = fields.Integer()
    urgent = fields.Integer()


class OrderCandidatesBody(Schema):
    """To whom an order may be given."""

    people = fields.List(fields.Nested(OrderCandidateBody))
    teams = fields.List(fields.Nested(OrderNamed))
    companies = fields.List(fields.Nested(OrderNamed))
