"""What the API says of when a plan comes, of special rounds and of posts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from server.http import Label, Strict, Text
from server.rounds.schemas.plans import DAY, Assignee, OnlyStop, Times
from server.rounds.state import STATES

WHY = ("storm", "power_cut", "festival", "other")
"""Why a special round is sent out."""

LONGEST_SPECIAL_MIN = 7 * 1440


class PreviewIn(Strict):
    """When a plan would recur."""

    recurrence = Times(required=True)
    starts_on = fields.Date(required=True, validate=DAY)
    ends_on = fields.Date(allow_none=True, load_default=None, validate=DAY)


class ComingWindow(Schema):
    """A window that comes; `number` counts those that share it."""

    from_ms = fields.Integer()
    to_ms = fields.Integer()
    number = fields.Integer()


class PreviewBody(Schema):
    """The windows that run now or come next; from `unknown_from` on the ordinary week counts."""

    windows = fields.List(fields.Nested(ComingWindow))
    unknown_from = fields.Date(allow_none=True)


class Month(fields.Field[Any]):
    """A month such as ``2026-12``."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:  # noqa: ARG002
        if not isinstance(value, str) or not re.fullmatch(r"2[01]\d\d-(0[1-9]|1[0-2])", value, re.ASCII):
            raise ValidationError("A month such as 2026-12")
        return date.fromisoformat(f"{value}-01")


class MonthQuery(Strict):
    """Which month; without one, the month of the site's day now."""

    month = Month()


class MonthWindow(ComingWindow):
    """A window of the month; one that is not cut yet is ``planned`` and has no occurrence."""

    occurrence = fields.UUID(allow_none=True)
    state = fields.String(validate=validate.OneOf((*STATES, "planned")))
    done = fields.Integer()
    total = fields.Integer()


class MonthBody(Schema):
    """The windows of a plan that touch a month."""

    month = fields.String()
    windows = fields.List(fields.Nested(MonthWindow))
    unknown_from = fields.Date(allow_none=True)


class SpecialIn(Strict):
    """A special round to send out: it begins now and ends in `minutes`."""

    route = fields.UUID(allow_none=True, load_default=None)
    stop = fields.Nested(OnlyStop, allow_none=True, load_default=None)
    why = fields.String(required=True, validate=validate.OneOf(WHY))
    text = Text(load_default="", most=200)
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(15, LONGEST_SPECIAL_MIN))
    assignee = fields.Nested(Assignee, allow_none=True, load_default=None)
    crew = fields.Integer(strict=True, load_default=1, validate=validate.OneOf((1, 2)))
    demand = Text(allow_none=True, load_default=None, least=1, most=20)


class PostIn(Strict):
    """A post to make or change; `team` mans it, and without one any worker of the site."""

    name = fields.Nested(Label, required=True)
    team = fields.UUID(allow_none=True, load_default=None)


class PostBody(Schema):
    """A post."""

    id = fields.UUID()
    name = fields.Nested(Label)
    team = fields.UUID(attribute="team_id", allow_none=True)


class PostList(Schema):
    """The site's posts by name."""

    posts = fields.List(fields.Nested(PostBody))
