"""What the stock API accepts and returns. Quantities and prices travel as decimal texts."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from server.http import Label, Ms, Strict, Text
from server.stock.rules import SIGN
from sync.stock import quantity_text, thousandths

_PRICE = re.compile(r"(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?")


class Quantity(fields.Field[Any]):
    """A quantity such as ``2`` or ``0.25``: digits, a point and at most three places, never below zero."""

    def __init__(self, *, more_than_nothing: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.more_than_nothing = more_than_nothing

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        if not isinstance(value, str) or not value.isascii() or not _QUANTITY.fullmatch(value):
            raise ValidationError("A number such as 2 or 0.25, with three places at most")
        milli = thousandths(value)
        if self.more_than_nothing and milli == 0:
            raise ValidationError("More than nothing")
        return milli

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return None if value is None else quantity_text(value)


class Price(fields.Field[Any]):
    """A price in yuan such as ``12.50``: never below zero, two places at most."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        if not isinstance(value, str) or not value.isascii() or not _PRICE.fullmatch(value):
            raise ValidationError("A price such as 12.50, with two places at most")
        yuan, _, fen = value.partition(".")
        return int(yuan) * 100 + int((fen or "0").ljust(2, "0"))

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return None if value is None else money(value)


def money(fen: int) -> str:
    """Return an amount in yuan with two places."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02}"


class PartIn(Strict):
    """A part to make."""

    number = Text(required=True, least=1, most=24)
    name = fields.Nested(Label, required=True)
    unit = Text(required=True, least=1, most=12)
    category = Text(most=40, load_default="")
    code = Text(allow_none=True, load_default=None, least=1, most=64)
    minimum = Quantity(allow_none=True, load_default=None)
    reorder = Quantity(allow_none=True, load_default=None)
    price = Price(allow_none=True, load_default=None)
    places = fields.List(Text(least=1, most=40), load_default=list, validate=validate.Length(max=10))


class PartChange(PartIn):
    """A part to change."""

    retired = fields.Boolean(truthy={True}, falsy={False})


class PartBody(Schema):
    """A part as it travels, with what there is of it."""

    id = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    unit = fields.String()
    category = fields.String()
    code = fields.String(allow_none=True)
    minimum = Quantity(allow_none=True)
    reorder = Quantity(allow_none=True)
    price = Price(allow_none=True)
    places = fields.List(fields.String())
    stock = Quantity()
    order = Quantity(metadata={"description": "How much is to be ordered; 0 while the minimum is kept."})
    retired = fields.Boolean()


class PartList(Schema):
    """The site's parts by number."""

    parts = fields.List(fields.Nested(PartBody))


class StockMoveIn(Strict):
    """A move to enter: how much, and why; the reason says whether it comes or goes."""

    why = fields.String(required=True, validate=validate.OneOf(tuple(SIGN)))
    quantity = Quantity(required=True, more_than_nothing=True)
    note = Text(load_default="", most=400)
    asset = fields.UUID(allow_none=True, load_default=None)
    order = fields.UUID(allow_none=True, load_default=None)
    to = fields.UUID(
        allow_none=True, load_default=None, metadata={"description": "Of `moved`: the site that gets it."}
    )


class StockMoveBody(Schema):
    """A line of a part's history, and what there was after it."""

    key = fields.String()
    source = fields.String(validate=validate.OneOf(("office", "phone")))
    why = fields.String()
    quantity = Quantity()
    stock = Quantity()
    difference = Quantity(allow_none=True)
    at_ms = Ms()
    received_ms = Ms()
    person = fields.String(allow_none=True)
    by = fields.String(allow_none=True)
    order = fields.UUID(allow_none=True)
    asset = fields.UUID(allow_none=True)
    note = fields.String()
    quality = fields.String()
    marks = fields.List(fields.String())
    late = fields.Boolean(
        metadata={"description": "It came after a count that had seen it, so it changes nothing today."}
    )


class StockMoveList(Schema):
    """A page of a part's history, the newest first."""

    moves = fields.List(fields.Nested(StockMoveBody))
    next = fields.String(allow_none=True)


class Before(fields.Field[Any]):
    """Where a page begins: what `next` of the page before said."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[int, str]:  # noqa: ARG002
        at, dot, key = value.partition(".") if isinstance(value, str) else ("", "", "")
        if not dot or not re.fullmatch(r"-?[0-9]{1,16}", at, re.ASCII) or len(key) > 64:
            raise ValidationError("What next said")
        return int(at), key


class HistoryQuery(Strict):
    """Which page of a history."""

    before = Before(load_default=None)


class MonthsQuery(Strict):
    """From which month to which, such as ``2026-11``, both included."""

    since = fields.String(required=True, validate=validate.Regexp(r"2[01]\d\d-(0[1-9]|1[0-2])\Z"))
    until = fields.String(required=True, validate=validate.Regexp(r"2[01]\d\d-(0[1-9]|1[0-2])\Z"))


class CostLine(Schema):
    """What one part, asset, work order or month cost."""

    key = fields.String(allow_none=True)
    cost = fields.String()
    unpriced = fields.Integer()


class CostBody(Schema):
    """What was used up of the store, at the prices in force when it was."""

    total = fields.String()
    unpriced = fields.Integer(
        metadata={"description": "Moves of parts without a price; they cost nothing here."}
    )
    by_month = fields.List(fields.Nested(CostLine))
    by_part = fields.List(fields.Nested(CostLine))
    by_asset = fields.List(fields.Nested(CostLine))
    by_order = fields.List(fields.Nested(CostLine))


class StockTakeIn(Strict):
    """A stock-take to begin: of one category, or of all parts."""

    category = Text(load_default="", most=40)


class TallyIn(Strict):
    """What somebody counted."""

    part = fields.UUID(required=True)
    counted = Quantity(required=True)


class SettleIn(Strict):
    """Whether what was counted holds from now on, or is dropped."""

    confirm = fields.Boolean(required=True, truthy={True}, falsy={False})


class CountBody(Schema):
    """A part of a stock-take. What ought to be there is told only once it was counted."""

    part = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    unit = fields.String()
    places = fields.List(fields.String())
    counted = Quantity(allow_none=True)
    expected = Quantity(allow_none=True)
    difference = Quantity(allow_none=True)
    at_ms = Ms(allow_none=True)
    by = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    times = fields.Integer()


class TakeBody(Schema):
    """A stock-take."""

    id = fields.UUID()
    category = fields.String()
    begun_ms = Ms()
    begun_by = fields.String(allow_none=True)
    settled_ms = Ms(allow_none=True)
    settled_by = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)


class TakeList(Schema):
    """The site's stock-takes, the newest first."""

    takes = fields.List(fields.Nested(TakeBody))


class TakeWhole(TakeBody):
    """A stock-take with every part of it."""

    parts = fields.List(fields.Nested(CountBody))
    may_confirm = fields.Boolean(metadata={"description": "Whether the one who asks counted nothing of it."})


class AssetPart(Schema):
    """A part that was built into an asset or taken out of it."""

    part = fields.UUID()
    number = fields.String()
    name = fields.Nested(Label)
    unit = fields.String()
    why = fields.String()
    quantity = Quantity()
    at_ms = Ms()
    person = fields.String(allow_none=True)
    order = fields.UUID(allow_none=True)


class AssetPartList(Schema):
    """What was built into an asset, the newest first, and what it cost."""

    parts = fields.List(fields.Nested(AssetPart))
    cost = fields.String()
    unpriced = fields.Integer()


class ListQuery(Strict):
    """In which language the list is written."""

    lang = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))
