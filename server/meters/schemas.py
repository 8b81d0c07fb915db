"""What the API of meters accepts and returns."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.http import Label, Ms, Strict, Text
from sync.forms import LIMIT_NAMES
from sync.meters import KINDS, MAX_DECIMALS, MAX_SEASONS

DECIMAL = validate.Regexp(r"-?[0-9]{1,12}(\.[0-9]{1,6})?\Z")
MEDIA = ("", "water", "power", "gas")
LONGEST_MS = 20 * 366 * 86_400_000


class LimitsBody(Strict):
    """The limits of a meter, each a decimal string, each optional; on a limit is still inside it."""

    alarm_low = fields.String(validate=DECIMAL)
    warn_low = fields.String(validate=DECIMAL)
    warn_high = fields.String(validate=DECIMAL)
    alarm_high = fields.String(validate=DECIMAL)


assert set(LimitsBody._declared_fields) == set(LIMIT_NAMES)  # noqa: S101  one list


class SeasonBody(Strict):
    """Limits for a part of the year, both days included; it may go over the New Year."""

    from_ = fields.String(required=True, data_key="from", attribute="from")
    to = fields.String(required=True)
    limits = fields.Nested(LimitsBody, required=True)


class DefinitionIn(Strict):
    """What decides how a meter's readings are judged."""

    unit = Text(most=16)
    decimals = fields.Integer(strict=True, validate=validate.Range(0, MAX_DECIMALS))
    kind = fields.String(validate=validate.OneOf(KINDS))
    max = fields.String(allow_none=True, validate=DECIMAL)
    limits = fields.Nested(LimitsBody)
    seasons = fields.List(fields.Nested(SeasonBody), validate=validate.Length(max=MAX_SEASONS))
    jump = fields.String(allow_none=True, validate=DECIMAL)


class MeterChange(DefinitionIn):
    """A meter to change."""

    name = fields.Nested(Label)
    number = Text(most=40)
    medium = fields.String(validate=validate.OneOf(MEDIA))
    feeds = fields.UUID(allow_none=True)
    team = fields.UUID(allow_none=True)
    retired = fields.Boolean(truthy={True}, falsy={False})


class MeterIn(DefinitionIn):
    """A meter to make."""

    asset = fields.UUID(required=True)
    key = fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z0-9_]{0,31}\Z"))
    name = fields.Nested(Label, required=True)
    number = Text(most=40)
    medium = fields.String(validate=validate.OneOf(MEDIA))
    feeds = fields.UUID(allow_none=True)
    team = fields.UUID(allow_none=True)


class AssetOfMeter(Schema):
    """The asset on which a meter is."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)


class LastBody(Schema):
    """The newest reading of a meter."""

    value = fields.String()
    at_ms = fields.Integer()
    level = fields.String()


class MeterBody(Schema):
    """A meter as it travels."""

    id = fields.UUID()
    asset = fields.Nested(AssetOfMeter)
    key = fields.String()
    name = fields.Nested(Label)
    number = fields.String()
    edition = fields.Integer()
    unit = fields.String()
    decimals = fields.Integer()
    kind = fields.String()
    max = fields.String(allow_none=True)
    limits = fields.Nested(LimitsBody)
    seasons = fields.List(fields.Nested(SeasonBody))
    jump = fields.String(allow_none=True)
    medium = fields.String()
    feeds = fields.UUID(allow_none=True)
    team = fields.UUID(allow_none=True)
    retired = fields.Boolean()
    last = fields.Nested(LastBody, allow_none=True)
    over_ms = fields.Integer(allow_none=True)
    marked = fields.Integer()


class MeterList(Schema):
    """Meters by asset and key."""

    meters = fields.List(fields.Nested(MeterBody))


class MetersQuery(Strict):
    """Which meters."""

    asset = fields.UUID()


class SpanQuery(Strict):
    """A time: from `from_ms` to before `to_ms`; the last thirty days where nobody says so."""

    from_ms = Ms()
    to_ms = Ms()

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse half a time, one that ends before it begins, or is longer than anything."""
        if not data:
            return
        if len(data) < 2:
            raise ValidationError("It has a beginning and an end", "to_ms")
        if not 0 < data["to_ms"] - data["from_ms"] <= LONGEST_MS:
            raise ValidationError("It has a length, of twenty years at most", "to_ms")


class ReadingsQuery(Strict):
    """Which page of readings, newest first."""

    before = fields.String(validate=validate.Regexp(r"-?[0-9]{1,16}\.[0-9a-zA-Z_.-]{1,100}\Z"))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    marked = fields.Boolean(load_default=False)


class CorrectionBody(Schema):
    """What the office said of a reading."""

    value = fields.String(allow_none=True)
    why = fields.String()
    by = fields.String(allow_none=True)
    at_ms = fields.Integer()


class MeterReadingBody(Schema):
    """A reading or an exchange: `value` as it was read, `counts` what counts now.

    Of an exchange that a technician noted, `number` is the new meter's, `note` and `photos` are theirs.
    """

    id = fields.String()
    at_ms = fields.Integer()
    lower_ms = fields.Integer(allow_none=True)
    upper_ms = fields.Integer()
    quality = fields.String()
    value = fields.String(allow_none=True)
    counts = fields.String(allow_none=True)
    end = fields.String(allow_none=True)
    exchange = fields.Boolean()
    number = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    photos = fields.List(fields.String())
    level = fields.String(allow_none=True)
    mark = fields.String(allow_none=True)
    step = fields.String(allow_none=True)
    visit = fields.String(allow_none=True)
    person = fields.String(allow_none=True)
    entered_by = fields.String(allow_none=True)
    corrections = fields.List(fields.Nested(CorrectionBody))


class ReadingPage(Schema):
    """A page of readings, newest first; `next` asks for the one after it."""

    readings = fields.List(fields.Nested(MeterReadingBody))
    next = fields.String(allow_none=True)


class PointBody(Schema):
    """A reading on a chart."""

    id = fields.String()
    at_ms = fields.Integer()
    lower_ms = fields.Integer(allow_none=True)
    upper_ms = fields.Integer()
    value = fields.String()
    level = fields.String()
    mark = fields.String(allow_none=True)
    entered = fields.Boolean()
    corrected = fields.Boolean()


class StretchBody(Schema):
    """The lowest and the highest of a stretch of readings, at the moment of the last of them."""

    at_ms = fields.Integer()
    low = fields.String()
    high = fields.String()
    level = fields.String()
    readings = fields.Integer()
    marks = fields.Integer()


class ExchangeBody(Schema):
    """Where a meter was exchanged."""

    at_ms = fields.Integer()
    end = fields.String(allow_none=True)
    start = fields.String(allow_none=True)
    number = fields.String(allow_none=True)


class BandBody(Schema):
    """The limits that held for a time."""

    from_ms = fields.Integer()
    to_ms = fields.Integer()
    limits = fields.Nested(LimitsBody)


class Plain(fields.List):  # type: ignore[type-arg]
    """A list whose items are plain already: they go out as they are, which a thousand points are glad of."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002 (marshmallow calls it so)
        return value


class ChartBody(Schema):
    """What the chart of a meter shows: each reading, or stretches of them where there are very many."""

    points = Plain(fields.Nested(PointBody))
    stretches = Plain(fields.Nested(StretchBody))
    exchanges = fields.List(fields.Nested(ExchangeBody))
    bands = fields.List(fields.Nested(BandBody))
    readings = fields.Integer()
    gap_ms = fields.Integer()


class EnteredIn(Strict):
    """A reading that no phone recorded. `value` as it was typed."""

    value = Text(required=True, least=1, most=40)
    unit = Text(most=16)
    at_ms = Ms(required=True)
    why = Text(required=True, least=1, most=200)


class ExchangeIn(Strict):
    """An exchange of the meter: what the old one showed last, what the new one began with."""

    at_ms = Ms(required=True)
    end = Text(allow_none=True, most=40, load_default=None)
    start = Text(allow_none=True, most=40, load_default=None)
    number = Text(allow_none=True, most=40, load_default=None)
    why = Text(required=True, least=1, most=200)


class CorrectionIn(Strict):
    """What a reading should have been; null strikes it out, its own value confirms it."""

    reading = fields.String(required=True, validate=validate.Length(1, 100))
    value = Text(required=True, allow_none=True, most=40)
    why = Text(required=True, least=1, most=200)


MONTH = validate.Regexp(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z")


class LedgerQuery(Strict):
    """Which ledger: a medium and a month of the site, this one where nobody says so."""

    medium = fields.String(load_default="water", validate=validate.OneOf(MEDIA[1:]))
    month = fields.String(validate=MONTH)


class LedgerFileQuery(LedgerQuery):
    """Which ledger, and in which language."""

    lang = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


class FigureBody(Schema):
    """What was used; null where nothing was read. `unsure`: how many readings do not count in it."""

    used = fields.String(allow_none=True)
    unsure = fields.Integer()


class LedgerSums(Schema):
    """A month, the one before, and the same one of the year before, against a target."""

    now = fields.Nested(FigureBody)
    before = fields.Nested(FigureBody)
    year = fields.Nested(FigureBody)
    target = fields.String(allow_none=True)


class LedgerMeter(LedgerSums):
    """The line of a meter."""

    id = fields.UUID()
    name = fields.Nested(Label)
    number = fields.String()
    asset = fields.Nested(AssetOfMeter)
    team = fields.UUID(allow_none=True)
    feeds = fields.UUID(allow_none=True)
    unit = fields.String()
    retired = fields.Boolean()
    readings = fields.Integer()
    first_ms = fields.Integer(allow_none=True)
    last_ms = fields.Integer(allow_none=True)


class LedgerTeam(LedgerSums):
    """The line of a team."""

    id = fields.UUID()
    name = fields.Nested(Label)
    meters = fields.Integer()


class LedgerLoss(Schema):
    """What a main meter counted and those behind it did not; null while one of them was not read."""

    id = fields.UUID()
    name = fields.Nested(Label)
    asset = fields.Nested(AssetOfMeter)
    main = fields.Nested(FigureBody)
    subs = fields.Nested(FigureBody)
    meters = fields.Integer()
    lost = fields.String(allow_none=True)
    share = fields.String(allow_none=True)
    unread = fields.Integer()
    unsure = fields.Integer()


class LedgerBody(Schema):
    """The statement of a medium for a month: per meter, per team and for the site."""

    medium = fields.String()
    month = fields.String()
    unit = fields.String()
    mixed = fields.Boolean()
    meters = fields.List(fields.Nested(LedgerMeter))
    teams = fields.List(fields.Nested(LedgerTeam))
    site = fields.Nested(LedgerSums)
    losses = fields.List(fields.Nested(LedgerLoss))


class LedgerTargetIn(Strict):
    """How much may be used in a month at most, from a month on; null: no target any more."""

    medium = fields.String(required=True, validate=validate.OneOf(MEDIA[1:]))
    scope = fields.String(required=True, validate=validate.OneOf(("site", "team", "meter")))
    scope_id = fields.UUID(required=True)
    month = fields.String(required=True, validate=MONTH)
    amount = Text(required=True, allow_none=True, most=40)
