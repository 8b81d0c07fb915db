"""Papers: what their API accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Ms, Strict, Text

KINDS = ("procedure", "standard", "drawing", "certificate", "other")


class DocumentQuery(Strict):
    """What a new paper is, and to what it belongs; ids and categories with commas between."""

    zh = Text(required=True, least=1)
    en = Text(load_default="")
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    asset = fields.UUID(load_default=None)
    category = Text(load_default="", most=40)


class DocumentIn(Strict):
    """A paper to change."""

    title = fields.Nested(Label)
    kind = fields.String(validate=validate.OneOf(KINDS))
    assets = fields.List(fields.UUID(), validate=validate.Length(max=2_000))
    categories = fields.List(Text(least=1, most=40), validate=validate.Length(max=40))


class PageRef(Schema):
    """A page of a paper as a picture."""

    sha256 = fields.String()
    width = fields.Integer()
    height = fields.Integer()
    size = fields.Integer()
    url = fields.String()


class DocumentBody(Schema):
    """A paper as it travels."""

    id = fields.UUID()
    title = fields.Nested(Label)
    kind = fields.String()
    assets = fields.List(fields.UUID())
    categories = fields.List(fields.String())
    sha256 = fields.String()
    mime = fields.String()
    size = fields.Integer()
    pages = fields.List(fields.Nested(PageRef))
    url = fields.String()
    added_ms = Ms()


class DocumentList(Schema):
    """Papers by kind and title."""

    documents = fields.List(fields.Nested(DocumentBody))
