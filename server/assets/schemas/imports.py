"""Import and export of the register: what their API accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Ms, Strict, Text


class ImportQuery(Strict):
    """What the file is called."""

    name = Text(load_default="", most=120)


class ImportPartIn(Strict):
    """Which part is to be taken over: as many as have been taken."""

    part = fields.Integer(required=True, strict=True, validate=validate.Range(0, 100_000))


class FaultBody(Schema):
    """Why a row was refused."""

    row = fields.Integer()
    column = fields.String(allow_none=True)
    why = fields.String()
    value = fields.String()


class ImportBody(Schema):
    """An import: what was judged, and how far it has been taken over."""

    id = fields.UUID()
    file_name = fields.String()
    made_ms = Ms()
    total = fields.Integer()
    new = fields.Integer()
    changed = fields.Integer()
    same = fields.Integer()
    bad = fields.Integer()
    faults = fields.List(fields.Nested(FaultBody))
    passed_over = fields.List(fields.String(), attribute="unknown")
    parts = fields.Integer()
    taken = fields.Integer()
    state = fields.String()


class ImportList(Schema):
    """The last imports, the newest first."""

    imports = fields.List(fields.Nested(ImportBody))


class ExportQuery(Strict):
    """In which language the heads and words are."""

    language = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))
