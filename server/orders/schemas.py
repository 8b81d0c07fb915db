"""What is sent and returned about work orders."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.http import MAX_MS, Label, Ms, Strict, Text
from server.orders.models import KINDS
from sync.order_payloads import CLASSES
from sync.orders import OFFICE
from sync.orders.events import STATES

WHO = ("person", "team", "company")
URGENCIES = ("normal", "urgent")
DOES = tuple(act for act in OFFICE if act not in ("join", "escalate", "double"))
"""What a person of the office does; the others are a rule's."""
NEEDS = ("conflict", "missed", "near", "returned", "proposal", "unheard", "undispatched")
"""Why an order needs somebody."""

Money = validate.Regexp(r"^[0-9]{1,9}(\.[0-9]{1,2})?\Z")


class OrderNamed(Schema):
    """Somebody or something by name."""

    id = fields.UUID()
    name = fields.Raw()


class OrderPair(Strict):
    """A place."""

    kind = fields.String(required=True, validate=validate.OneOf(("checkpoint", "asset")))
    id = fields.UUID(required=True)


class OrderAssignee(Strict):
    """To whom an order is given."""

    kind = fields.String(required=True, validate=validate.OneOf(WHO))
    id = fields.UUID(required=True)


class OrderAssigneeBody(Schema):
    """To whom an order is given, by name."""

    kind = fields.String()
    id = fields.UUID()
    name = fields.Raw(allow_none=True)


class OrderPlaceBody(Schema):
    """What an order is about."""

    kind = fields.String()
    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)


class OrderSourceBody(Schema):
    """What asked for it."""

    kind = fields.String()
    id = fields.String()
    name = fields.String(allow_none=True)
    """What people call it: ``R-0001`` of a request."""


class OrderDeadlineBody(Schema):
    """Something that is due."""

    key = fields.String()
    clause = fields.String()
    what = fields.String()
    due_ms = Ms()
    span_ms = fields.Integer()
    state = fields.String()
    came_ms = Ms(allow_none=True)
    corrected = fields.Boolean()


class OrderRow(Schema):
    """An order in a list."""

    id = fields.UUID()
    version = fields.Integer()
    number = fields.String()
    kind = fields.String()
    cls = fields.String(data_key="class")
    urgency = fields.String()
    state = fields.String()
    title = fields.Nested(Label, allow_none=True)
    note = fields.String(allow_none=True)
    place = fields.String(allow_none=True)
    target = fields.Nested(OrderPlaceBody, allow_none=True)
    source = fields.Nested(OrderSourceBody)
    assignee = fields.Nested(OrderAssigneeBody, allow_none=True)
    holder = fields.Nested(OrderNamed, allow_none=True)
    opened_ms = Ms()
    done_ms = Ms(allow_none=True)
    ended_ms = Ms(allow_none=True)
    due_ms = Ms(allow_none=True)
    next_due_ms = Ms(allow_none=True)
    deadlines = fields.List(fields.Nested(OrderDeadlineBody))
    paused = fields.Dict(allow_none=True)
    done = fields.Dict(allow_none=True)
    returned = fields.Dict(allow_none=True)
    proposal = fields.String(allow_none=True)
    conflicts = fields.Integer()
    reopened = fields.Integer()
    labour_min = fields.Integer()
    asks_signature = fields.Boolean()
    needs = fields.List(fields.String(validate=validate.OneOf(NEEDS)))


class OrderPage(Schema):
    """A page of the list, and how many orders there are in each state."""

    orders = fields.List(fields.Nested(OrderRow))
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    after = fields.String(allow_none=True)
    now_ms = Ms()


class OrderColumn(Schema):
    """A column of the board."""

    state = fields.String()
    count = fields.Integer()
    orders = fields.List(fields.Nested(OrderRow))


class OrderBoardBody(Schema):
    """The board: a column per state, and what needs somebody."""

    columns = fields.List(fields.Nested(OrderColumn))
    needs = fields.List(fields.Nested(OrderRow))
    now_ms = Ms()


class OrderListQuery(Strict):
    """Which orders."""

    state = fields.String(load_default=None)
    """States, with commas; ``open`` stands for one of them, ``under_way`` for all that are."""
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    cls = fields.String(data_key="class", load_default=None, validate=validate.OneOf(CLASSES))
    urgency = fields.String(load_default=None, validate=validate.OneOf(URGENCIES))
    person = fields.UUID(load_default=None)
    target = fields.UUID(load_default=None)
    text = Text(load_default=None, most=100)
    need = fields.String(load_default=None, validate=validate.OneOf(NEEDS))
    opened_from = Ms(data_key="from", load_default=None)
    opened_to = Ms(data_key="to", load_default=None)
    after = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))

    @validates_schema
    def _states(self, data: dict[str, Any], **_: Any) -> None:
        wanted = (data.get("state") or "").split(",")
        if any(one not in (*STATES, "under_way", "") for one in wanted):
            raise ValidationError("no such state", "state")


class OrderIn(Strict):
    """An order to open."""

    kind = fields.String(load_default="repair", validate=validate.OneOf(KINDS))
    cls = fields.String(data_key="class", required=True, validate=validate.OneOf(CLASSES))
    urgency = fields.String(load_default="normal", validate=validate.OneOf(URGENCIES))
    title = fields.Nested(Label, load_default=None, allow_none=True)
    note = Text(load_default=None, allow_none=True, most=1000)
    place = Text(load_default=None, allow_none=True, most=200)
    target = fields.Nested(OrderPair, load_default=None, allow_none=True)
    finding = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    assignee = fields.Nested(OrderAssignee, load_default=None, allow_none=True)
    form = fields.UUID(load_default=None, allow_none=True)
    due_ms = Ms(load_default=None, allow_none=True)


class OrderActIn(Strict):
    """Something to do to an order, as of the version that the page shows."""

    act = fields.String(required=True, validate=validate.OneOf(DOES))
    version = fields.Integer(required=True, strict=True)
    to = fields.Nested(OrderAssignee)
    why = Text(most=500)
    text = Text(most=1000)
    urgency = fields.String(validate=validate.OneOf(URGENCIES))
    cls = fields.String(data_key="class", validate=validate.OneOf(CLASSES))
    place = Text(most=200, allow_none=True)
    title = fields.Nested(Label, allow_none=True)
    due_ms = Ms(allow_none=True)
    reason = fields.String(validate=validate.OneOf(("parts", "access", "weather", "approval", "other")))
    until_ms = Ms(allow_none=True)
    amount = fields.String(validate=Money)
    what = Text(most=200)
    ok = fields.Boolean(truthy={True}, falsy={False})
    satisfied = fields.Boolean(truthy={True}, falsy={False})
    conflict = fields.String(validate=validate.Length(max=200))
    keep = fields.String(validate=validate.Length(max=12))


class OrderEntryBody(Schema):
    """One thing of an order's course, with what stands behind it."""

    id = fields.String()
    kind = fields.String()
    office = fields.Boolean()
    by = fields.Nested(OrderNamed, allow_none=True)
    device = fields.Nested(OrderNamed, allow_none=True)
    lower_ms = Ms(allow_none=True)
    estimate_ms = Ms()
    upper_ms = Ms()
    quality = fields.String()
    received_ms = Ms(allow_none=True)
    marks = fields.List(fields.String())
    p = fields.Dict()
    note = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    photos = fields.List(fields.Dict())
    scan = fields.String(allow_none=True)
    """Of an arrival: ``proven`` (the code of the order's own place), ``other`` or ``none``."""
    kept = fields.Boolean()


class OrderConflictBody(Schema):
    """What two people decided apart."""

    id = fields.String()
    kind = fields.String()
    event = fields.String()
    against = fields.String(allow_none=True)
    field = fields.String(allow_none=True)
    phone = fields.Raw(allow_none=True)
    office = fields.Raw(allow_none=True)
    settled = fields.Dict(allow_none=True)
    keep = fields.List(fields.String())


class OrderReceiptBody(Schema):
    """Whether a phone has the order as it stands."""

    device = fields.Nested(OrderNamed)
    heard_ms = Ms(allow_none=True)
    has = fields.Boolean()


class OrderPartBody(Schema):
    """A part as it is named."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    unit = fields.String()


class OrderPartUsedBody(Schema):
    """A part that was taken for an order, or came back."""

    key = fields.String()
    part = fields.Nested(OrderPartBody, allow_none=True)
    quantity = fields.String()
    """How much was used, as a decimal text; negative: it came back."""
    why = fields.String()
    by = fields.Nested(OrderNamed, allow_none=True)
    at_ms = Ms()
    cost = fields.String(allow_none=True)
    """By the price in force then; None: the part has no price."""


class OrderLabourBody(Schema):
    """Work that somebody recorded."""

    key = fields.String()
    by = fields.Nested(OrderNamed, allow_none=True)
    at_ms = Ms()
    minutes = fields.Integer()
    people = fields.Integer()
    cost = fields.String()


class OrderReplacedBody(Schema):
    """The order that took the place of one that was cancelled by itself."""

    id = fields.UUID(allow_none=True)
    number = fields.String()


class OrderBody(OrderRow):
    """An order in full."""

    opened_by = fields.Nested(OrderNamed, allow_none=True)
    entries = fields.List(fields.Nested(OrderEntryBody))
    found = fields.List(fields.Nested(OrderConflictBody))
    received = fields.List(fields.Nested(OrderReceiptBody))
    costs = fields.Dict()
    """`labour`, `parts`, `other` and `total` as decimal texts, `unpriced` moves of parts, `currency`."""
    parts = fields.List(fields.Nested(OrderPartUsedBody))
    labour = fields.List(fields.Nested(OrderLabourBody))
    replaced_by = fields.Nested(OrderReplacedBody, allow_none=True)
    may = fields.List(fields.String())
    now_ms = Ms()


class OrderCandidateBody(Schema):
    """Somebody to whom an order may be given."""

    id = fields.UUID()
    name = fields.String()
    trade = fields.String(allow_none=True)
    team = fields.Raw(allow_none=True)
    company = fields.String(allow_none=True)
    certificates = fields.List(fields.String())
    on_shift = fields.Boolean()
    heard_ms = Ms(allow_none=True)
    orders = fields.Integer()
    urgent = fields.Integer()


class OrderCandidatesBody(Schema):
    """To whom an order may be given."""

    people = fields.List(fields.Nested(OrderCandidateBody))
    teams = fields.List(fields.Nested(OrderNamed))
    companies = fields.List(fields.Nested(OrderNamed))


class OrderClauseBody(Strict):
    """A clause: what is due within which time, for which orders and requests."""

    key = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{0,31}\Z"))
    id = fields.String(required=True, validate=validate.Length(1, 16))
    what = fields.String(
        required=True, validate=validate.OneOf(("arrive", "repair", "follow", "answer", "report"))
    )
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))
    unit = fields.String(required=True, validate=validate.OneOf(("minutes", "hours", "days", "working_days")))
    applies = fields.Dict(
        keys=fields.String(validate=validate.OneOf(("kind", "class", "urgency"))),
        values=fields.List(fields.String(validate=validate.Length(max=16)), validate=validate.Length(1, 20)),
        required=True,
    )
    pause_counts = fields.Boolean(required=True, truthy={True}, falsy={False})


class OrderFindingsPolicy(Strict):
    """Which findings open an order by themselves."""

    fault = fields.Boolean(required=True, truthy={True}, falsy={False})
    alarm = fields.Boolean(required=True, truthy={True}, falsy={False})
    warning = fields.Boolean(required=True, truthy={True}, falsy={False})
    urgent = fields.Boolean(required=True, truthy={True}, falsy={False})
    report = fields.Boolean(required=True, truthy={True}, falsy={False})


class OrderRates(Strict):
    """Money: what an hour of labour costs."""

    labour_hour = fields.String(required=True, validate=Money)
    currency = fields.String(required=True, validate=validate.Length(equal=3))


class OrderTell(Strict):
    """Who is told in the last third before a deadline, and after it."""

    near = fields.List(
        fields.String(validate=validate.OneOf(("desk", "team_leader", "supervisor"))), required=True
    )
    missed = fields.List(
        fields.String(validate=validate.OneOf(("desk", "team_leader", "supervisor"))), required=True
    )


class OrderPolicyIn(Strict):
    """What a site sets of its orders."""

    clauses = fields.List(fields.Nested(OrderClauseBody), validate=validate.Length(max=60))
    findings = fields.Nested(OrderFindingsPolicy)
    rates = fields.Nested(OrderRates)
    signature = fields.List(fields.String(validate=validate.OneOf(KINDS)))
    tell = fields.Nested(OrderTell)


class OrderPolicyBody(OrderPolicyIn):
    """What a site has set of its orders."""

    known_until = fields.String(allow_none=True)
    """The last day whose working days are announced; None where there are no holidays at all."""
    holidays = fields.String()


class OrderLogQuery(Strict):
    """A stretch of time, by the end of the work; what is left out has no bound."""

    ended_from = Ms(data_key="from", load_default=0)
    ended_to = Ms(data_key="to", load_default=MAX_MS)


class OrderLogFileQuery(OrderLogQuery):
    """A stretch of time, and in which language."""

    lang = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


class OrderClauseFigures(Schema):
    """How often a clause was kept."""

    clause = fields.String()
    what = fields.String()
    source = fields.String()
    due = fields.Integer()
    met = fields.Integer()
    late = fields.Integer()
    missed = fields.Integer()
    open = fields.Integer()
    unheard = fields.Integer()
    unproven = fields.Integer()
    orders = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class OrderLogRow(OrderRow):
    """A line of the maintenance log."""

    result = fields.String(allow_none=True)
    done_by = fields.Nested(OrderNamed, allow_none=True)
    arrived_ms = Ms(allow_none=True)
    note_done = fields.String(allow_none=True)
    labour_cost = fields.String()
    parts_cost = fields.String()
    unpriced = fields.Integer()
    """Moves of parts without a price, which count as nothing."""
    other_cost = fields.String()
    total_cost = fields.String()


class OrderLogBody(Schema):
    """The maintenance log of a stretch of time."""

    orders = fields.List(fields.Nested(OrderLogRow))
    figures = fields.List(fields.Nested(OrderClauseFigures))
    currency = fields.String()
