"""What the office writes to a round: comments and paper sheets."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Ms, Strict, Text
from server.rounds.schemas.told import Named


class CommentIn(Strict):
    """A comment to write."""

    text = Text(required=True, least=1, most=1000)


class CommentBody(Schema):
    """A comment as it was written."""

    id = fields.UUID()
    at_ms = Ms()
    by = fields.String()
    text = fields.String()


class CommentList(Schema):
    """A round's comments, the oldest first."""

    comments = fields.List(fields.Nested(CommentBody))


class PaperStop(Strict):
    """A stop, and the time that the sheet says."""

    stop = fields.UUID(required=True)
    at_ms = Ms(required=True)


class SheetIn(Strict):
    """A sheet to enter. Without stops it withdraws what was entered for the person before."""

    person = fields.UUID(required=True)
    why = Text(required=True, least=1, most=500)
    photo = fields.String(allow_none=True, load_default=None, validate=validate.Length(equal=64))
    stops = fields.List(fields.Nested(PaperStop), required=True, validate=validate.Length(max=200))


class SheetBody(Schema):
    """A sheet as it was entered."""

    id = fields.UUID()
    person = fields.Nested(Named)
    entered_by = fields.String()
    entered_ms = Ms()
    why = fields.String()
    photo = fields.String(allow_none=True)
    stops = fields.List(fields.Nested(PaperStop))


class SheetList(Schema):
    """The sheets of a round that are in force."""

    papers = fields.List(fields.Nested(SheetBody))


class PaperPhotoBody(Schema):
    """Under which name the picture of a sheet is kept."""

    photo = fields.String()
