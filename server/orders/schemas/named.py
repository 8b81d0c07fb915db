"""What several bodies of work orders name: people, places, sources, deadlines."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Ms, Strict

WHO = ("person", "team", "company")


URGENCIES = ("normal", "urgent")


Money = validate.Regexp(r"^[0-9]{1,9}(\.[0-9]{1,2})?\Z")
"""An amount: digits with at most two decimals."""


class OrderNamed(Schema):
    """Somebody or something by name."""

    id = fields.UUID()
    name = fields.Raw()


class OrderPair(Strict):
    """A place."""

    kind = fields.String(required=True, validate=validate.OneOf(("checkpoint", "asset")))
    id = fields.UUID(required=True)


class OrderAssignee(Strict):
    """To whom an order is given."""

    kind = fields.String(required=True, validate=validate.OneOf(WHO))
    id = fields.UUID(required=True)


class OrderAssigneeBody(Schema):
    """To whom an order is given, by name."""

    kind = fields.String()
    id = fields.UUID()
    name = fields.Raw(allow_none=True)


class OrderPlaceBody(Schema):
    """What an order is about."""

    kind = fields.String()
    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)


class OrderSourceBody(Schema):
    """What asked for it."""

    kind = fields.String()
    id = fields.String()
    name = fields.String(allow_none=True)
    """What people call it: ``R-0001`` of a request."""


class OrderDeadlineBody(Schema):
    """Something that is due."""

    key = fields.String()
    clause = fields.String()
    what = fields.String()
    due_ms = Ms()
    span_ms = fields.Integer()
    state = fields.String()
    came_ms = Ms(allow_none=True)
    corrected = fields.Boolean()
