"""What needs a person, as the board lists it."""

from __future__ import annotations

from marshmallow import Schema, fields

from server.http import Label, Ms
from server.rounds.schemas.told import Named, RestatedBody


class DeviceWord(Named):
    """A phone with its last word."""

    heard_ms = Ms(allow_none=True)


class ReadingBody(Schema):
    """A number that was read."""

    label = fields.Nested(Label)
    value = fields.String(allow_none=True)
    unit = fields.String()
    level = fields.String(allow_none=True)


class MarkCount(Schema):
    """How many visits carry a mark."""

    mark = fields.String()
    count = fields.Integer()


class ExpiringBody(Schema):
    """A certificate that has expired, or soon will."""

    person = fields.Nested(Named)
    kind = fields.String()
    valid_until = fields.Date()
    over = fields.Boolean(metadata={"description": "Its last day was before the board's day."})


class AssetWord(Schema):
    """An asset by number and name."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)


class DueBody(Schema):
    """A test or calibration of an asset that is over, or soon will be."""

    asset = fields.Nested(AssetWord)
    name = fields.Nested(Label)
    next_on = fields.Date()
    over = fields.Boolean(metadata={"description": "Its day was before the board's day."})


class AttentionRow(Schema):
    """Something that needs a person."""

    kind = fields.String()
    occurrence = fields.UUID(allow_none=True)
    visit = fields.String(allow_none=True)
    plan = fields.Nested(Label, allow_none=True)
    from_ms = Ms(allow_none=True)
    to_ms = Ms(allow_none=True)
    done = fields.Integer(allow_none=True)
    total = fields.Integer(allow_none=True)
    device = fields.Nested(DeviceWord, allow_none=True)
    reading = fields.Nested(ReadingBody, allow_none=True)
    lower_ms = Ms(allow_none=True)
    upper_ms = Ms(allow_none=True)
    stops = fields.List(fields.Nested(Label), allow_none=True)
    count = fields.Integer(
        allow_none=True, metadata={"description": "Alarms of the meter, or marked visits of the round."}
    )
    marks = fields.List(
        fields.Nested(MarkCount),
        allow_none=True,
        metadata={"description": "Of marked visits, most frequent first."},
    )
    certificate = fields.Nested(ExpiringBody, allow_none=True)
    due = fields.Nested(DueBody, allow_none=True)
    correction = fields.Nested(RestatedBody, allow_none=True)
