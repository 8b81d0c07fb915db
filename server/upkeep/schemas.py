"""What the upkeep API accepts and returns."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from server.http import Label, Ms, Strict, Text
from server.rounds.schemas.plans import DAY, Times
from server.stock.schemas import Quantity
from sync.order_payloads import CLASSES

_EVERY = re.compile(r"([1-9][0-9]{0,8})(\.[0-9]{1,3})?|0\.[0-9]{0,2}[1-9]")


class Amount(fields.Field[Any]):
    """What a counter rises by, in its own unit, such as ``250``; kept in millionths."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        if not isinstance(value, str) or not value.isascii() or not _EVERY.fullmatch(value):
            raise ValidationError("More than nothing, such as 250, with three places at most")
        whole, _, part = value.partition(".")
        return int(whole) * 1_000_000 + int(part.ljust(6, "0") or "0")

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        if value is None:
            return None
        whole, part = divmod(abs(value), 1_000_000)
        tail = f".{part:06}".rstrip("0") if part else ""
        return f"{'-' if value < 0 else ''}{whole}{tail}"


class UpkeepAssignee(Strict):
    """To whom its work orders are given."""

    kind = fields.String(required=True, validate=validate.OneOf(("person", "team", "company")))
    id = fields.UUID(required=True)


class UpkeepTarget(Strict):
    """What is kept up: a thing, every asset of a category, or the site."""

    kind = fields.String(required=True, validate=validate.OneOf(("asset", "checkpoint", "category", "site")))
    id = fields.UUID(allow_none=True, load_default=None)
    category = Text(load_default="", most=40)


class UpkeepMeter(Strict):
    """By which counter, and every how much."""

    key = fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z0-9_]{0,31}\Z"))
    every = Amount(required=True)
    origin = fields.String(load_default="completion", validate=validate.OneOf(("completion", "schedule")))
    open_days = fields.Integer(strict=True, load_default=7, validate=validate.Range(1, 366))


class UpkeepPart(Strict):
    """A part that it takes each time."""

    part = fields.UUID(required=True)
    quantity = Quantity(required=True, more_than_nothing=True)


class UpkeepIn(Strict):
    """A rule to make or change."""

    name = fields.Nested(Label, required=True)
    target = fields.Nested(UpkeepTarget, required=True)
    form = fields.UUID(allow_none=True, load_default=None)
    parts = fields.List(fields.Nested(UpkeepPart), load_default=list, validate=validate.Length(max=20))
    assignee = fields.Nested(UpkeepAssignee, allow_none=True, load_default=None)
    cls = fields.String(
        data_key="class", attribute="class", load_default="other", validate=validate.OneOf(CLASSES)
    )
    asks_signature = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    demand = Text(allow_none=True, load_default=None, least=1, most=20)
    recurrence = Times(allow_none=True, load_default=None)
    meter = fields.Nested(UpkeepMeter, allow_none=True, load_default=None)
    starts_on = fields.Date(required=True, validate=DAY)
    ends_on = fields.Date(allow_none=True, load_default=None, validate=DAY)
    lead_days = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 180))
    paused = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class NextTurn(Schema):
    """What comes next. `forecast`: a counter is expected to come so far by then."""

    by = fields.String()
    from_ms = Ms()
    to_ms = Ms()
    opens_ms = Ms()
    forecast = fields.Boolean()


class TurnOrder(Schema):
    """The work order of a turn."""

    id = fields.UUID()
    number = fields.String()
    state = fields.String()
    due_ms = Ms(allow_none=True)


class TurnWindow(Schema):
    """When it was to be done."""

    from_ms = Ms()
    to_ms = Ms()


class TurnBody(Schema):
    """A turn: its work order, or that it was left out. `joined`: further turns that came due meanwhile."""

    id = fields.UUID()
    by = fields.String()
    made_ms = Ms()
    window = fields.Nested(TurnWindow, allow_none=True)
    skipped = fields.Boolean()
    why = fields.String()
    order = fields.Nested(TurnOrder, allow_none=True)
    ended_ms = Ms(allow_none=True)
    done = fields.Boolean()
    late = fields.Boolean()
    joined = fields.Integer()


class CounterBody(Schema):
    """The counter of a thread."""

    id = fields.UUID()
    name = fields.Nested(Label)
    unit = fields.String()
    value = fields.String(allow_none=True)


class ThreadTarget(Schema):
    """The thing, as work orders name it."""

    kind = fields.String()
    id = fields.UUID()


class ThreadBody(Schema):
    """One thing that a rule keeps up."""

    thing = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    target = fields.Nested(ThreadTarget, allow_none=True)
    in_use = fields.Boolean()
    next = fields.Nested(NextTurn, allow_none=True)
    open = fields.Nested(TurnBody, allow_none=True)
    last_done_ms = Ms(allow_none=True)
    left = Amount(
        allow_none=True, metadata={"description": "How much the counter still rises until the next turn."}
    )
    meter = fields.Nested(CounterBody, allow_none=True)
    no_meter = fields.Boolean(metadata={"description": "The thing has no such counter in use."})


class UpkeepBody(Schema):
    """A rule with what it keeps up."""

    id = fields.UUID()
    name = fields.Nested(Label)
    target = fields.Nested(UpkeepTarget)
    form = fields.UUID(allow_none=True)
    parts = fields.List(fields.Nested(UpkeepPart))
    assignee = fields.Nested(UpkeepAssignee, allow_none=True)
    cls = fields.String(data_key="class", attribute="class")
    asks_signature = fields.Boolean()
    demand = fields.String(allow_none=True)
    recurrence = fields.Dict(allow_none=True)
    meter = fields.Nested(UpkeepMeter, allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    lead_days = fields.Integer()
    paused = fields.Boolean()
    made_ms = Ms()
    threads = fields.List(fields.Nested(ThreadBody))


class UpkeepList(Schema):
    """The site's rules by name."""

    rules = fields.List(fields.Nested(UpkeepBody))


class HistoryTurn(TurnBody):
    """A turn of one of a rule's things."""

    thing = fields.UUID()


class UpkeepWhole(UpkeepBody):
    """A rule with every turn, the newest first."""

    turns = fields.List(fields.Nested(HistoryTurn))


class WhyIn(Strict):
    """For which thing, and why."""

    thing = fields.UUID(required=True)
    why = Text(required=True, least=1, most=400)


class YearQuery(Strict):
    """Which year."""

    year = fields.Integer(required=True, validate=validate.Range(2000, 2199))


class YearCell(Schema):
    """A turn in a month."""

    day = fields.Integer()
    what = fields.String(validate=validate.OneOf(("planned", "open", "done", "skipped")))
    forecast = fields.Boolean()


class YearThing(Schema):
    """What is kept up."""

    number = fields.String()
    name = fields.Nested(Label)


class YearRow(Schema):
    """A rule and a thing, with twelve months."""

    rule = fields.UUID()
    name = fields.Nested(Label)
    demand = fields.String(allow_none=True)
    thing = fields.Nested(YearThing)
    months = fields.List(fields.List(fields.Nested(YearCell)))


class YearBody(Schema):
    """The maintenance plan of a year."""

    year = fields.Integer()
    rows = fields.List(fields.Nested(YearRow))


class UpkeepTemplate(Schema):
    """A rule that a demand of a service plan asks for."""

    key = fields.String()
    demand = fields.String()
    name = fields.Nested(Label)
    recurrence = fields.Dict()
    cls = fields.String(data_key="class", attribute="cls")
    lead_days = fields.Integer()
    asks_signature = fields.Boolean()


class UpkeepTemplates(Schema):
    """The rules that demands ask for."""

    templates = fields.List(fields.Nested(UpkeepTemplate))
