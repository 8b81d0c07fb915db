"""What the page of the audit log asks for and gets."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from server.http import MAX_MS, Ms, Strict

MOST = 200


_WHICH: dict[str, fields.Field[Any]] = {
    "person": fields.UUID(load_default=None),
    "action": fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[a-z_]{1,30}\.[a-z_]{0,30}\Z"),
        metadata={"description": "An action, or its first word with a dot for all of them: `device.`"},
    ),
    "subject": fields.String(
        load_default=None,
        validate=validate.Length(1, 200),
        metadata={"description": "What it was done to, as `kind:id`."},
    ),
    "from": Ms(load_default=None),
    "to": Ms(load_default=None),
}

AuditWhich = Strict.from_dict(_WHICH, name="AuditWhich")
"""Which rows: by whom, what, to what, when."""

AuditQuery = Strict.from_dict(
    {
        **_WHICH,
        "before": fields.Integer(
            load_default=None,
            validate=validate.Range(1, MAX_MS),
            metadata={"description": "The position below which the page begins."},
        ),
        "limit": fields.Integer(load_default=50, validate=validate.Range(1, MOST)),
    },
    name="AuditQuery",
)
"""A page of them."""


class AuditPersonBody(Schema):
    """Who did it."""

    id = fields.UUID()
    name = fields.String()


class AuditSubjectBody(Schema):
    """What it was done to; the name is given for people and phones."""

    kind = fields.String()
    id = fields.String()
    name = fields.String(allow_none=True)


class AuditRowBody(Schema):
    """Somebody did something; nobody, where the server itself did."""

    pos = fields.Integer()
    at_ms = Ms()
    site = fields.UUID(allow_none=True)
    person = fields.Nested(AuditPersonBody, allow_none=True)
    action = fields.String()
    subject = fields.Nested(AuditSubjectBody)
    detail = fields.Dict(keys=fields.String())


class AuditPage(Schema):
    """Rows, the newest first; `next` is the position below which there are more."""

    rows = fields.List(fields.Nested(AuditRowBody))
    next = fields.Integer(allow_none=True)


class AuditChoices(Schema):
    """What can be asked for: the actions that were ever done there, and who did any."""

    actions = fields.List(fields.String())
    people = fields.List(fields.Nested(AuditPersonBody))
