"""What the forms API accepts and returns. What a field may say is checked by `sync.forms`."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Strict


class FormIn(Strict):
    """A form to publish; `fields` as in docs/protocol/forms.md."""

    name = fields.Nested(Label, required=True)
    fields_ = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        data_key="fields",
        attribute="fields",
        validate=validate.Length(max=100),
    )


class FormBody(Schema):
    """A form in the edition in force."""

    id = fields.UUID()
    name = fields.Nested(Label)
    edition = fields.Integer()
    fields_ = fields.List(fields.Dict(), data_key="fields", attribute="fields")


class FormList(Schema):
    """The site's forms by name."""

    forms = fields.List(fields.Nested(FormBody))


class GuidePicture(Schema):
    """A picture as a field's guide names it."""

    sha256 = fields.String()
    size = fields.Integer()
    mime = fields.String()
    width = fields.Integer()
    height = fields.Integer()
