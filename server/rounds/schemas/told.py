"""What the office was told of a round, and what was corrected of it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Ms, Strict
from server.rounds.state import STATES
from server.rounds.told import CAUSES


class Named(Schema):
    """A person or a phone."""

    id = fields.UUID()
    name = fields.String()


class RestatedBody(Schema):
    """That a round was told of in one state and is in another, by evidence that came later."""

    report = fields.UUID(metadata={"description": "What one takes note of."})
    was = fields.String(validate=validate.OneOf(STATES))
    was_ms = Ms(metadata={"description": "When it was told so."})
    state = fields.String(validate=validate.OneOf(STATES))
    at_ms = Ms()


class ToldBody(Schema):
    """The state of a round as it was told, once it was over or later."""

    id = fields.UUID()
    state = fields.String(validate=validate.OneOf(STATES))
    done = fields.Integer()
    total = fields.Integer()
    at_ms = Ms()
    cause = fields.String(validate=validate.OneOf(CAUSES))
    record = fields.String(allow_none=True, metadata={"description": "The visit that came last."})
    person = fields.Nested(Named, allow_none=True)
    device = fields.Nested(Named, allow_none=True)
    received_ms = Ms(allow_none=True)


class SeenIn(Strict):
    """Of which corrections one takes note."""

    reports = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=200))
