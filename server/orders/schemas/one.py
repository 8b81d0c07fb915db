"""One work order: opened, acted on, and in full."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Ms, Strict, Text
from server.orders.models import KINDS
from server.orders.schemas.lists import OrderRow
from server.orders.schemas.named import URGENCIES, Money, OrderAssignee, OrderNamed, OrderPair
from sync.order_payloads import CLASSES
from sync.orders import OFFICE

DOES = tuple(act for act in OFFICE if act not in ("join", "escalate", "double"))
"""What a person of the office does; the others are a rule's."""


class OrderIn(Strict):
    """An order to open."""

    kind = fields.String(load_default="repair", validate=validate.OneOf(KINDS))
    cls = fields.String(data_key="class", required=True, validate=validate.OneOf(CLASSES))
    urgency = fields.String(load_default="normal", validate=validate.OneOf(URGENCIES))
    title = fields.Nested(Label, load_default=None, allow_none=True)
    note = Text(load_default=None, allow_none=True, most=1000)
    place = Text(load_default=None, allow_none=True, most=200)
    target = fields.Nested(OrderPair, load_default=None, allow_none=True)
    finding = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    assignee = fields.Nested(OrderAssignee, load_default=None, allow_none=True)
    form = fields.UUID(load_default=None, allow_none=True)
    due_ms = Ms(load_default=None, allow_none=True)


class OrderActIn(Strict):
    """Something to do to an order, as of the version that the page shows."""

    act = fields.String(required=True, validate=validate.OneOf(DOES))
    version = fields.Integer(required=True, strict=True)
    to = fields.Nested(OrderAssignee)
    why = Text(most=500)
    text = Text(most=1000)
    urgency = fields.String(validate=validate.OneOf(URGENCIES))
    cls = fields.String(data_key="class", validate=validate.OneOf(CLASSES))
    place = Text(most=200, allow_none=True)
    title = fields.Nested(Label, allow_none=True)
    due_ms = Ms(allow_none=True)
    reason = fields.String(validate=validate.OneOf(("parts", "access", "weather", "approval", "other")))
    until_ms = Ms(allow_none=True)
    amount = fields.String(validate=Money)
    what = Text(most=200)
    ok = fields.Boolean(truthy={True}, falsy={False})
    satisfied = fields.Boolean(truthy={True}, falsy={False})
    conflict = fields.String(validate=validate.Length(max=200))
    keep = fields.String(validate=validate.Length(max=12))


class OrderEntryBody(Schema):
    """One thing of an order's course, with what stands behind it."""

    id = fields.String()
    kind = fields.String()
    office = fields.Boolean()
    by = fields.Nested(OrderNamed, allow_none=True)
    device = fields.Nested(OrderNamed, allow_none=True)
    lower_ms = Ms(allow_none=True)
    estimate_ms = Ms()
    upper_ms = Ms()
    quality = fields.String()
    received_ms = Ms(allow_none=True)
    marks = fields.List(fields.String())
    p = fields.Dict()
    note = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    photos = fields.List(fields.Dict())
    scan = fields.String(allow_none=True)
    """Of an arrival: ``proven`` (the code of the order's own place), ``other`` or ``none``."""
    kept = fields.Boolean()


class OrderConflictBody(Schema):
    """What two people decided apart."""

    id = fields.String()
    kind = fields.String()
    event = fields.String()
    against = fields.String(allow_none=True)
    field = fields.String(allow_none=True)
    phone = fields.Raw(allow_none=True)
    office = fields.Raw(allow_none=True)
    settled = fields.Dict(allow_none=True)
    keep = fields.List(fields.String())


class OrderReceiptBody(Schema):
    """Whether a phone has the order as it stands."""

    device = fields.Nested(OrderNamed)
    heard_ms = Ms(allow_none=True)
    has = fields.Boolean()


class OrderPartBody(Schema):
    """A part as it is named."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    unit = fields.String()


class OrderPartUsedBody(Schema):
    """A part that was taken for an order, or came back."""

    key = fields.String()
    part = fields.Nested(OrderPartBody, allow_none=True)
    quantity = fields.String()
    """How much was used, as a decimal text; negative: it came back."""
    why = fields.String()
    by = fields.Nested(OrderNamed, allow_none=True)
    at_ms = Ms()
    cost = fields.String(allow_none=True)
    """By the price in force then; None: the part has no price."""


class OrderLabourBody(Schema):
    """Work that somebody recorded."""

    key = fields.String()
    by = fields.Nested(OrderNamed, allow_none=True)
    at_ms = Ms()
    minutes = fields.Integer()
    people = fields.Integer()
    cost = fields.String()


class OrderReplacedBody(Schema):
    """The order that took the place of one that was cancelled by itself."""

    id = fields.UUID(allow_none=True)
    number = fields.String()


class OrderBody(OrderRow):
    """An order in full."""

    opened_by = fields.Nested(OrderNamed, allow_none=True)
    entries = fields.List(fields.Nested(OrderEntryBody))
    found = fields.List(fields.Nested(OrderConflictBody))
    received = fields.List(fields.Nested(OrderReceiptBody))
    costs = fields.Dict()
    """`labour`, `parts`, `other` and `total` as decimal texts, `unpriced` moves of parts, `currency`."""
    parts = fields.List(fields.Nested(OrderPartUsedBody))
    labour = fields.List(fields.Nested(OrderLabourBody))
    replaced_by = fields.Nested(OrderReplacedBody, allow_none=True)
    may = fields.List(fields.String())
    now_ms = Ms()
