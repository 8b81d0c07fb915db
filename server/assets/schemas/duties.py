"""Tests and calibrations: what their API accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.assets.schemas.cards import PartRef
from server.http import Label, Ms, Strict, Text


class DutyIn(Strict):
    """A duty to make."""

    name = fields.Nested(Label, required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(("test", "calibration", "lightning", "other"))
    )
    every_months = fields.Integer(required=True, strict=True, validate=validate.Range(1, 240))
    anchor = fields.String(load_default="done", validate=validate.OneOf(("done", "fixed")))
    first_on = fields.Date(required=True)
    remind_days = fields.Integer(load_default=30, strict=True, validate=validate.Range(0, 365))


class DutyChange(DutyIn):
    """A duty to change; `retired` takes it off."""

    retired = fields.Boolean(truthy={True}, falsy={False})


class DoneIn(Strict):
    """That it was done."""

    done_on = fields.Date(required=True)
    passed = fields.Boolean(required=True, truthy={True}, falsy={False})
    number = Text(load_default="", most=60)
    by = Text(load_default="", most=120)
    document = fields.UUID(load_default=None, allow_none=True)
    next_on = fields.Date(load_default=None, allow_none=True)


class DoneBody(Schema):
    """A test or calibration that was done."""

    id = fields.UUID()
    done_on = fields.Date()
    passed = fields.Boolean()
    number = fields.String()
    by = fields.String()
    document = fields.UUID(allow_none=True)
    next_on = fields.Date(allow_none=True)
    entered_ms = Ms()
    entered_by = fields.String(allow_none=True)


class DutyBody(Schema):
    """A duty as it travels."""

    id = fields.UUID()
    asset = fields.Nested(PartRef)
    name = fields.Nested(Label)
    kind = fields.String()
    every_months = fields.Integer()
    anchor = fields.String()
    first_on = fields.Date()
    remind_days = fields.Integer()
    next_on = fields.Date()
    state = fields.String()
    days_left = fields.Integer()
    special = fields.Boolean()
    registration = fields.String()
    done = fields.List(fields.Nested(DoneBody))


class DutyQuery(Strict):
    """Until when, in days from now."""

    within = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 3_650))
    special = fields.Boolean(load_default=None, truthy={"true"}, falsy={"false"})


class DutyList(Schema):
    """What is due, what comes first first."""

    duties = fields.List(fields.Nested(DutyBody))
