"""What the reports API accepts and returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate

from server.http import Label, Ms, Strict
from server.reports import periods
from server.reports.figures import AXES
from server.reports.paper.register import KINDS as REGISTERS
from server.reports.paper.tables import NAMES
from server.reports.periods import KINDS, Period
from server.rounds.schemas.board import PhonesCount, PlaceRef, SumsBody
from server.rounds.schemas.told import Named
from server.rounds.state import STATES

LANGUAGES = ("zh", "en")


class PeriodField(fields.Field[Period]):
    """A period's key: ``2026-11-05``, ``2026-W45``, ``2026-11``, ``2026-Q4``, ``2026`` or ``a..b``."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002 (marshmallow calls it so)
        data: Mapping[str, Any] | None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Period:
        if not isinstance(value, str) or len(value) > 24:
            raise ValidationError("not a period")
        try:
            return periods.read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class MonthField(PeriodField):
    """A month's key, ``2026-11``."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Period:
        found = super()._deserialize(value, attr, data, **kwargs)
        if found.kind != "month":
            raise ValidationError("not a month")
        return found


class ReportQuery(Strict):
    """Which period, the month now when it is not given, and beside which other one."""

    period = PeriodField(load_default=None)
    against = PeriodField(load_default=None)


class FileQuery(ReportQuery):
    """A report as a file, in one of the screen languages."""

    lang = fields.String(load_default="zh", validate=validate.OneOf(LANGUAGES))


class TableQuery(FileQuery):
    """Which table of a report."""

    TABLES: ClassVar = NAMES

    table = fields.String(load_default="score", validate=validate.OneOf(NAMES))


class RegisterQuery(Strict):
    """Which register: of patrols or of equipment, of which route, and in which language."""

    kind = fields.String(load_default="patrol", validate=validate.OneOf(REGISTERS))
    route = fields.UUID(required=True)
    period = PeriodField(load_default=None)
    lang = fields.String(load_default="zh", validate=validate.OneOf(LANGUAGES))


class RegisterPaperQuery(RegisterQuery):
    """Which register on paper; one that is too long for a paper is asked for part by part."""

    part = fields.Integer(load_default=None, validate=validate.Range(1, 10_000))


class ChatBody(Schema):
    """A few lines for a group chat."""

    zh = fields.String()
    en = fields.String()


class RoundsQuery(Strict):
    """A page of the rounds of a period, in some states or in all."""

    period = PeriodField(load_default=None)
    state = fields.List(
        fields.String(validate=validate.OneOf(STATES)), load_default=list, validate=validate.Length(max=10)
    )
    after = fields.String(load_default=None, validate=validate.Length(max=60))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class CellQuery(RoundsQuery):
    """A figure of a report: its table, its row, and the states that it counts."""

    axis = fields.String(load_default="all", validate=validate.OneOf(AXES))
    key = fields.String(load_default=None, validate=validate.Length(min=1, max=40))


class TrendQuery(Strict):
    """Up to which month, the one now when it is not given, how many, and of which clause."""

    until = MonthField(load_default=None)
    months = fields.Integer(load_default=12, validate=validate.Range(1, 36))
    demand = fields.String(load_default=None, validate=validate.Length(min=1, max=20))


class PlacesQuery(Strict):
    """For how many days nobody scanned."""

    days = fields.Integer(load_default=7, validate=validate.Range(1, 400))


class CloseIn(Strict):
    """The period to close."""

    period = PeriodField(required=True)


class ReportingIn(Strict):
    """How a site closes its periods."""

    close_after_days = fields.Integer(strict=True, validate=validate.Range(0, 90))
    closes_itself = fields.Boolean(truthy={True}, falsy={False})


class PeriodBody(Schema):
    """A period of the site's days; both days are part of it."""

    key = fields.String()
    kind = fields.String(validate=validate.OneOf(KINDS))
    first = fields.Date()
    last = fields.Date()
    from_ms = Ms()
    to_ms = Ms()
    over = fields.Boolean()


class GapBody(Schema):
    """The longest stretch without a completed round; with `unsure` rounds in it it may be shorter."""

    from_ms = Ms()
    to_ms = Ms()
    unsure = fields.Integer()


class DemandWords(Schema):
    """A clause in the catalogue's words; null where the catalogue lacks it."""

    id = fields.String()
    text = fields.Nested(Label, allow_none=True)
    figure = fields.Nested(Label, allow_none=True)


class RowBody(Schema):
    """A row of a report: a plan, a route or a team; its key is null for what has none."""

    key = fields.UUID(allow_none=True)
    name = fields.Nested(Label, allow_none=True)
    demand = fields.String(allow_none=True)
    sums = fields.Nested(SumsBody)
    against = fields.Nested(SumsBody, allow_none=True)
    gap = fields.Nested(GapBody, allow_none=True)


class ScoreBody(Schema):
    """A clause, how it was kept, and whether that is enough."""

    key = fields.String(allow_none=True)
    demand = fields.Nested(DemandWords, allow_none=True)
    plans = fields.List(fields.UUID())
    sums = fields.Nested(SumsBody)
    against = fields.Nested(SumsBody, allow_none=True)
    verdict = fields.String(validate=validate.OneOf(("met", "short", "open", "none")))
    lacking = fields.Integer()
    next_ms = Ms(allow_none=True)
    gap = fields.Nested(GapBody, allow_none=True)


class DaySums(Schema):
    """A day of the period."""

    day = fields.Date()
    sums = fields.Nested(SumsBody)


class AgainstBody(Schema):
    """The other period as a whole."""

    period = fields.Nested(PeriodBody)
    sums = fields.Nested(SumsBody)


class FootnotePhone(Schema):
    """A phone that a closed number waited for."""

    name = fields.String()
    heard_ms = Ms(allow_none=True)


class Footnote(Schema):
    """What a closed number leaves open."""

    kind = fields.String(validate=validate.OneOf(("unheard", "unproven", "excused", "corrected")))
    count = fields.Integer()
    phones = fields.List(fields.Nested(FootnotePhone))


class DemandSums(Schema):
    """A clause in a closed period."""

    demand = fields.String(allow_none=True)
    sums = fields.Nested(SumsBody)


class ClosingBody(Schema):
    """A revision of a closed period. Without a name who closed it is not the reader's to know."""

    id = fields.UUID()
    period = fields.String()
    revision = fields.Integer()
    from_ms = Ms()
    to_ms = Ms()
    closed_ms = Ms()
    by = fields.String(allow_none=True)
    itself = fields.Boolean()
    received_ms = Ms(allow_none=True)
    received_pos = fields.Integer()
    share = fields.String(allow_none=True)
    sums = fields.Nested(SumsBody)
    demands = fields.List(fields.Nested(DemandSums))
    footnotes = fields.List(fields.Nested(Footnote))


class ClosedBody(Schema):
    """What was stated of a period, the first revision first."""

    revisions = fields.List(fields.Nested(ClosingBody))
    changed = fields.Boolean()
    """Whether the figures are others by now; the next revision is on its way."""


class ReportBody(Schema):
    """A report with its tables."""

    site = fields.UUID()
    period = fields.Nested(PeriodBody)
    now_ms = Ms()
    received_ms = Ms(allow_none=True)
    phones = fields.Nested(PhonesCount)
    sums = fields.Nested(SumsBody)
    against = fields.Nested(AgainstBody, allow_none=True)
    demands = fields.List(fields.Nested(ScoreBody))
    plans = fields.List(fields.Nested(RowBody))
    routes = fields.List(fields.Nested(RowBody))
    teams = fields.List(fields.Nested(RowBody))
    days = fields.List(fields.Nested(DaySums))
    closed = fields.Nested(ClosedBody)
    closable_ms = Ms(allow_none=True)


class CellRound(Schema):
    """A round behind a figure."""

    occurrence = fields.UUID()
    plan = fields.Nested(Label)
    demands = fields.List(fields.String())
    day = fields.Date()
    from_ms = Ms()
    to_ms = Ms()
    state = fields.String(validate=validate.OneOf(STATES))
    done = fields.Integer()
    total = fields.Integer()
    end_ms = Ms(allow_none=True)


class CellBody(Schema):
    """The rounds behind a figure, by their start."""

    period = fields.Nested(PeriodBody)
    count = fields.Integer()
    rounds = fields.List(fields.Nested(CellRound))
    next = fields.String(allow_none=True)


RoundCounts = Schema.from_dict({state: fields.Integer() for state in STATES}, name="RoundCounts")


class PersonFigures(Schema):
    """What a person did in the period."""

    person = fields.Nested(Named)
    team = fields.UUID(allow_none=True)
    visits = fields.Integer()
    faults = fields.Integer()
    marked = fields.Integer()
    rounds = fields.Nested(RoundCounts)


class PeopleFigures(Schema):
    """Everybody who made a visit."""

    period = fields.Nested(PeriodBody)
    people = fields.List(fields.Nested(PersonFigures))


class PersonRounds(CellBody):
    """The rounds in which a person walked, by their start."""

    person = fields.Nested(Named)


class UnscannedPlace(Schema):
    """A place that nobody scanned for some days; `days` is null where nobody ever did."""

    place = fields.Nested(PlaceRef)
    on_route = fields.Boolean()
    last_ms = Ms(allow_none=True)
    days = fields.Integer(allow_none=True)


class UnscannedList(Schema):
    """Places by how long they were not scanned."""

    days = fields.Integer()
    in_use = fields.Integer()
    now_ms = Ms()
    places = fields.List(fields.Nested(UnscannedPlace))


class StatedShare(Schema):
    """The number that was stated of a month."""

    revision = fields.Integer()
    share = fields.String(allow_none=True)


class TrendMonth(Schema):
    """A month of a trend."""

    key = fields.String()
    first = fields.Date()
    sums = fields.Nested(SumsBody)
    over = fields.Boolean()
    closed = fields.Nested(StatedShare, allow_none=True)


class TrendBody(Schema):
    """Months in their order."""

    demand = fields.String(allow_none=True)
    months = fields.List(fields.Nested(TrendMonth))


class ReportingBody(Schema):
    """How a site closes its periods."""

    close_after_days = fields.Integer()
    closes_itself = fields.Boolean()


class ClosingList(Schema):
    """The last revision of each closed period, the latest period first."""

    settings = fields.Nested(ReportingBody)
    closings = fields.List(fields.Nested(ClosingBody))
