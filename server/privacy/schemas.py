"""What the console asks for and gets about what is recorded of people."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Ms, Strict, Text
from server.privacy.terms import LEAST_DAYS, PHOTO_DAYS, PLACE_DAYS


class ConsentBody(Schema):
    """What a person said last to the text about what is recorded."""

    at_ms = Ms()
    text = fields.Integer(metadata={"description": "The version of the text."})
    language = fields.String()
    location = fields.Boolean(metadata={"description": "Whether records may say where they were made."})


class HeldBody(Schema):
    """How much is held of a person."""

    id = fields.UUID()
    name = fields.String()
    number = fields.String()
    left = fields.Boolean()
    erased_ms = Ms(allow_none=True)
    consent = fields.Nested(ConsentBody, allow_none=True)
    records = fields.Integer()
    places = fields.Integer()
    texts = fields.Integer()
    photos = fields.Integer()
    photo_bytes = fields.Integer()


class EraseIn(Strict):
    """The staff number once more, so that nobody is erased by a slip."""

    number = Text(required=True, least=1, most=40)


class ErasedBody(Schema):
    """What went: private parts and photos."""

    parts = fields.Integer()
    photos = fields.Integer()


class RetentionIn(Strict):
    """For how many days places and photos are kept; null: as the installation says."""

    place_days = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(LEAST_DAYS, PLACE_DAYS)
    )
    photo_days = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(LEAST_DAYS, PHOTO_DAYS)
    )


class RetentionBody(RetentionIn):
    """What is chosen, what holds, and how many people agreed to places."""

    holds = fields.Nested(
        Schema.from_dict({"place_days": fields.Integer(), "photo_days": fields.Integer()}, name="TermsBody")
    )
    agreed = fields.Integer()
    declined = fields.Integer()
