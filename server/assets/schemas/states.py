"""States and downtime: what their API accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.assets.members import STATES
from server.assets.schemas.cards import PartRef
from server.http import Ms, Strict, Text


class StateIn(Strict):
    """A state that the office enters."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    at_ms = Ms(required=True)
    why = Text(load_default="", most=400)


class AssetMoment(Schema):
    """A moment and how surely it is known."""

    lower_ms = Ms(allow_none=True)
    estimate_ms = Ms()
    upper_ms = Ms()


class SaidBy(Schema):
    """A person by name."""

    id = fields.UUID()
    name = fields.String()


class SaidBody(Schema):
    """What was said of a state, by a record or at the desk."""

    key = fields.String()
    source = fields.String()
    state = fields.String()
    at = fields.Nested(AssetMoment)
    claimed = fields.Boolean()
    said_ms = Ms()
    person = fields.Nested(SaidBy, allow_none=True)
    note = fields.String(allow_none=True)
    marks = fields.List(fields.String())
    photos = fields.Integer()


class AssetStretch(Schema):
    """A stretch in one state."""

    state = fields.String()
    begin = fields.Nested(AssetMoment, allow_none=True)
    end = fields.Nested(AssetMoment, allow_none=True)
    first = fields.String(allow_none=True)
    last = fields.String(allow_none=True)


class MonthFigures(Schema):
    """A month in figures; the share is a decimal number, null where nothing was watched."""

    month = fields.String()
    watched_ms = fields.Integer()
    down_ms = fields.Integer()
    down_low_ms = fields.Integer()
    down_high_ms = fields.Integer()
    failures = fields.Integer()
    longest_ms = fields.Integer()
    mean_between_ms = fields.Integer(allow_none=True)
    share = fields.String(allow_none=True)


class RunningBody(Schema):
    """When an asset ran and stood."""

    state = fields.String()
    now_ms = Ms()
    said = fields.List(fields.Nested(SaidBody))
    stretches = fields.List(fields.Nested(AssetStretch))
    months = fields.List(fields.Nested(MonthFigures))


class AvailabilityQuery(Strict):
    """Of which category."""

    category = Text(required=True, least=1, most=40)
    months = fields.Integer(load_default=6, validate=validate.Range(1, 24))


class AssetMonths(Schema):
    """An asset's months."""

    asset = fields.Nested(PartRef)
    months = fields.List(fields.Nested(MonthFigures))


class AvailabilityBody(Schema):
    """How the assets of a category ran, month by month."""

    category = fields.String()
    months = fields.List(fields.String())
    assets = fields.List(fields.Nested(AssetMonths))
