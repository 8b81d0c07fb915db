"""What an office says of a year's days off and working days, and what comes of it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Ms, Strict

MOST = 366


class HolidayYearIn(Strict):
    """A year's days off and the weekend days that are worked instead; both lists empty take the word back."""

    year = fields.Integer(required=True, strict=True, validate=validate.Range(2000, 2199))
    free = fields.List(fields.Date(), required=True, validate=validate.Length(max=MOST))
    working = fields.List(fields.Date(), required=True, validate=validate.Length(max=MOST))


class HolidayWord(Schema):
    """What the office said of a year. Who said it stands in the audit log."""

    number = fields.Integer()
    """Which edition of the year it is: 1, 2, 3 …"""
    free = fields.List(fields.Date())
    working = fields.List(fields.Date())
    at_ms = Ms(allow_none=True)
    """None in a look: nobody has said it yet."""


class UnusualDay(Schema):
    """A day off from Monday to Friday, or a day at a weekend that is worked."""

    day = fields.Date()
    works = fields.Boolean()


class HolidayYearBody(Schema):
    """A year as the organisation's sites with China's calendar go by it."""

    year = fields.Integer()
    in_library = fields.Boolean()
    """Whether the server's library knows the year."""
    said = fields.Nested(HolidayWord, allow_none=True)
    unusual = fields.List(fields.Nested(UnusualDay))
    differs = fields.List(fields.Date())
    """Days that count otherwise than the library has them."""


class HolidayYearList(Schema):
    """The running year and the next."""

    years = fields.List(fields.Nested(HolidayYearBody))
