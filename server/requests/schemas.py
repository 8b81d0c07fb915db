"""What the service desk's API accepts and returns."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.http import Label, Ms, Strict, Text
from server.requests.kinds import CHANNELS, CLASSES, KINDS, URGENCIES
from server.sites.schemas import TagTarget, TargetIn

TEXT = 2_000
ACTS = (
    "take", "offer", "accept", "refuse", "sort", "order", "urge", "tell", "note", "answer", "follow",
    "end", "merge", "contact", "erase",
)  # fmt: skip
_NEEDS: dict[str, tuple[str, ...]] = {
    "offer": ("to",),
    "tell": ("text",),
    "note": ("text",),
    "answer": ("text",),
    "end": ("text",),
    "urge": ("text",),
    "follow": ("satisfied",),
    "merge": ("into",),
    "contact": ("contact",),
}

_kind = validate.OneOf(KINDS)
_class = validate.OneOf(CLASSES)


class ContactIn(Strict):
    """How to reach who asks."""

    name = Text(most=60, load_default="")
    phone = Text(most=24, load_default="")


class AssigneeIn(Strict):
    """To whom work is given."""

    kind = fields.String(required=True, validate=validate.OneOf(("person", "team", "company")))
    id = fields.UUID(required=True)


class RequestIn(Strict):
    """A request that the desk enters."""

    kind = fields.String(required=True, validate=_kind)
    class_ = fields.String(data_key="class", load_default="other", validate=_class)
    urgency = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(URGENCIES))
    channel = fields.String(required=True, validate=validate.OneOf([c for c in CHANNELS if c != "code"]))
    text = Text(required=True, least=1, most=TEXT)
    place = Text(most=200, load_default="")
    target = fields.Nested(TargetIn, allow_none=True, load_default=None)
    contact = fields.Nested(ContactIn, allow_none=True, load_default=None)
    department = fields.UUID(allow_none=True, load_default=None)
    window = fields.List(Ms(), validate=validate.Length(equal=2), allow_none=True, load_default=None)
    language = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))

    @validates_schema
    def check_window(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse an appointment that ends before it begins."""
        check_window(data.get("window"))


class ActIn(Strict):
    """Something that the desk does with a request."""

    act = fields.String(required=True, validate=validate.OneOf(ACTS))
    text = Text(most=TEXT, load_default="")
    to = fields.UUID()
    into = fields.UUID()
    satisfied = fields.Boolean(truthy={True}, falsy={False})
    kind = fields.String(validate=_kind)
    class_ = fields.String(data_key="class", validate=_class)
    urgency = fields.String(validate=validate.OneOf(URGENCIES))
    target = fields.Nested(TargetIn, allow_none=True)
    place = Text(most=200)
    department = fields.UUID(allow_none=True)
    window = fields.List(Ms(), validate=validate.Length(equal=2), allow_none=True)
    contact = fields.Nested(ContactIn)
    assignee = fields.Nested(AssigneeIn, allow_none=True)

    @validates_schema
    def check_needs(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse an act without what it is about."""
        for name in _NEEDS.get(data.get("act", ""), ()):
            if data.get(name) in (None, ""):
                raise ValidationError("Missing data for required field.", name)
        check_window(data.get("window"))


def check_window(window: list[int] | None) -> None:
    """Refuse an appointment that ends before it begins, or lasts longer than a day."""
    if window and not 0 < window[1] - window[0] <= 86_400_000:
        raise ValidationError("It ends before it begins, or lasts longer than a day", "window")


class PersonRef(Schema):
    """A person as they are shown."""

    id = fields.UUID()
    name = fields.String()


class TeamRef(Schema):
    """A team as it is shown."""

    id = fields.UUID()
    name = fields.Nested(Label)


class DeadlineBody(Schema):
    """By when something is due, and how it stands."""

    clause = fields.String()
    what = fields.String()
    due_ms = Ms()
    span_ms = Ms()
    state = fields.String()
    came_ms = Ms(allow_none=True)


class RequestRow(Schema):
    """A request as lists show it."""

    id = fields.UUID()
    number = fields.String()
    kind = fields.String()
    class_ = fields.String(data_key="class", attribute="class")
    urgency = fields.String()
    state = fields.String()
    channel = fields.String()
    place = fields.String()
    target = fields.Nested(TagTarget, allow_none=True)
    text = fields.String()
    owner = fields.Nested(PersonRef, allow_none=True)
    offered_to = fields.Nested(PersonRef, allow_none=True)
    department = fields.Nested(TeamRef, allow_none=True)
    window = fields.List(Ms(), allow_none=True)
    opened_ms = Ms()
    next_due_ms = Ms(allow_none=True)
    deadlines = fields.List(fields.Nested(DeadlineBody))
    unread = fields.Boolean()
    satisfied = fields.Boolean(allow_none=True)


class RequestCounts(Schema):
    """How many are going, by state."""

    new = fields.Integer()
    open = fields.Integer()
    done = fields.Integer()
    late = fields.Integer()


class RequestList(Schema):
    """A page of requests."""

    requests = fields.List(fields.Nested(RequestRow))
    more = fields.Boolean()
    counts = fields.Nested(RequestCounts)
    now_ms = Ms()


class RequestEventBody(Schema):
    """Something that happened to a request."""

    id = fields.UUID()
    at_ms = Ms()
    kind = fields.String()
    by = fields.Nested(PersonRef, allow_none=True)
    text = fields.String()
    photos = fields.List(fields.Integer())
    detail = fields.Dict()


class RequestRef(Schema):
    """Another request."""

    id = fields.UUID()
    number = fields.String()
    kind = fields.String()
    state = fields.String()
    opened_ms = Ms()


class Double(RequestRef):
    """Another request that may be about the same thing."""

    text = fields.String()


class Caller(Double):
    """Something that a caller asked for before."""

    name = fields.String()
    place = fields.String()


class OrderRef(Schema):
    """A work order that a request led to."""

    id = fields.UUID()
    number = fields.String()
    state = fields.String()
    next_due_ms = Ms(allow_none=True)


class ContactBody(Schema):
    """How to reach who asks."""

    name = fields.String()
    phone = fields.String()


class RequestBody(RequestRow):
    """A request with everything that happened to it."""

    language = fields.String()
    done_ms = Ms(allow_none=True)
    closed_ms = Ms(allow_none=True)
    urged = fields.Integer()
    reopened = fields.Integer()
    erased = fields.Boolean()
    contact = fields.Nested(ContactBody, allow_none=True)
    links = fields.Integer()
    events = fields.List(fields.Nested(RequestEventBody))
    orders = fields.List(fields.Nested(OrderRef))
    merged_into = fields.Nested(RequestRef, allow_none=True)
    merged = fields.List(fields.Nested(RequestRef))
    doubles = fields.List(fields.Nested(Double))
    now_ms = Ms()


class CallerList(Schema):
    """What somebody asked for before."""

    requests = fields.List(fields.Nested(Caller))


class CallerQuery(Strict):
    """Of which phone number."""

    phone = fields.String(required=True, validate=validate.Length(max=24))


class QueueQuery(Strict):
    """Which requests."""

    state = fields.String(
        load_default="going", validate=validate.OneOf(("going", "new", "open", "done", "ended", "all"))
    )
    kind = fields.String(load_default=None, validate=_kind)
    class_ = fields.String(data_key="class", load_default=None, validate=_class)
    mine = fields.Boolean(load_default=False)
    unread = fields.Boolean(load_default=False)
    late = fields.Boolean(load_default=False)
    """Only what is overdue."""
    text = fields.String(load_default="", validate=validate.Length(max=60))
    skip = fields.Integer(load_default=0, validate=validate.Range(0, 1_000_000))


class LinkBody(Schema):
    """A new private link; it is shown once."""

    url = fields.String()
    qr = fields.List(fields.String())


class DeskIn(Strict):
    """What a site says of its desk."""

    phone = Text(most=24)
    emergency_phone = Text(most=24)
    urgent_classes = fields.List(fields.String(validate=_class), validate=validate.Length(max=len(CLASSES)))
    takes_reports = fields.Boolean(truthy={True}, falsy={False})
    contact_days = fields.Integer(strict=True, validate=validate.Range(1, 1_095))


class DeskBody(DeskIn):
    """A site's desk, and who works at it."""

    handlers = fields.List(fields.Nested(PersonRef))
    teams = fields.List(fields.Nested(TeamRef))
    me = fields.UUID()


class DeskMonthQuery(Strict):
    """Which month of the site."""

    month = fields.String(required=True, validate=validate.Regexp(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z"))


class FiguresBody(Schema):
    """How many of something."""

    key = fields.String(allow_none=True)
    name = fields.Nested(Label, allow_none=True)
    received = fields.Integer()
    done = fields.Integer()
    open = fields.Integer()
    satisfied = fields.Integer()
    dissatisfied = fields.Integer()
    late = fields.Integer()


class ClauseFigures(Schema):
    """How often a clause's deadline was kept."""

    clause = fields.String()
    due = fields.Integer()
    met = fields.Integer()
    late = fields.Integer()
    open = fields.Integer()


class DeskMonth(Schema):
    """A month of the desk."""

    requests = fields.Integer()
    merged = fields.Integer()
    withdrawn = fields.Integer()
    departments = fields.List(fields.Nested(FiguresBody))
    kinds = fields.List(fields.Nested(FiguresBody))
    classes = fields.List(fields.Nested(FiguresBody))
    zones = fields.List(fields.Nested(FiguresBody))
    clauses = fields.List(fields.Nested(ClauseFigures))
