"""Payloads of the records `order.*`: what a phone says to a work order (``docs/protocol/orders.md``).

The rules of evolution are those of `sync.payloads`, which lists these types.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from sync.scalars import Hash, Int, Uuid

Class = Literal["water", "power", "gas", "lift", "lighting", "glass", "door", "fire", "leak", "other"]
CLASSES: tuple[str, ...] = get_args(Class)
"""What kind of thing is wrong; deadlines ask for it."""

FIELDS = ("class", "place")
"""The members of an order that the field may change."""

FieldText = Annotated[str, Meta(max_length=200)]


class OrderTarget(Struct, forbid_unknown_fields=True, frozen=True):
    """What the order is about."""

    kind: Literal["checkpoint", "asset"]
    id: Uuid


class OrderOpen(Struct, forbid_unknown_fields=True, frozen=True):
    """A work order is made on a phone."""

    order: Uuid
    target: OrderTarget | None
    kind: Literal["repair"]
    urgency: Literal["normal", "urgent"]
    cls: Class = msgspec.field(name="class")
    finding: Hash | None
    """The record `finding` or `answers` that said what is wrong."""
    mine: bool
    """Whether the person does it at once: a quick fix on the spot."""


class OrderAccept(Struct, forbid_unknown_fields=True, frozen=True):
    """The person takes the order."""

    order: Uuid


class OrderReturn(Struct, forbid_unknown_fields=True, frozen=True):
    """The person gives the order back to the office."""

    order: Uuid
    reason: Literal["not_mine", "no_skill", "no_parts", "busy", "other"]


class OrderPass(Struct, forbid_unknown_fields=True, frozen=True):
    """The person passes the order on to a colleague."""

    order: Uuid
    to: Uuid


class OrderArrive(Struct, forbid_unknown_fields=True, frozen=True):
    """The person is there; the scan proves it."""

    order: Uuid
    scan: Hash | None


class OrderLeave(Struct, forbid_unknown_fields=True, frozen=True):
    """The person goes; contractors scan out."""

    order: Uuid
    scan: Hash | None


class OrderPause(Struct, forbid_unknown_fields=True, frozen=True):
    """The work waits for something."""

    order: Uuid
    reason: Literal["parts", "access", "weather", "approval", "other"]
    until_ms: Int | None


class OrderResume(Struct, forbid_unknown_fields=True, frozen=True):
    """The work goes on."""

    order: Uuid


class OrderNote(Struct, forbid_unknown_fields=True, frozen=True):
    """Words and photos; the words are the private part `note`."""

    order: Uuid


class OrderLabour(Struct, forbid_unknown_fields=True, frozen=True):
    """How long how many people worked."""

    order: Uuid
    minutes: Annotated[int, Meta(ge=0, le=10_080)]
    people: Annotated[int, Meta(ge=1, le=50)]


class OrderComplete(Struct, forbid_unknown_fields=True, frozen=True):
    """The work is done."""

    order: Uuid
    result: Literal["fixed", "temporary", "not_possible", "nothing_found"]
    answers: Hash | None
    """The record `answers` of the order's checklist."""


class OrderSign(Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """Somebody signed on the phone: the picture is the blob of role `signature`, the name is private."""

    order: Uuid
    by: Literal["customer", "supervisor"]
    how: Literal["drawn", "typed"] = "drawn"
    """`typed`: there is no picture, the name was typed instead."""


class OrderVerify(Struct, forbid_unknown_fields=True, frozen=True):
    """Somebody looked at what was done."""

    order: Uuid
    ok: bool


class OrderFollow(Struct, forbid_unknown_fields=True, frozen=True):
    """Whoever asked was asked whether they are content."""

    order: Uuid
    satisfied: bool


class OrderSet(Struct, forbid_unknown_fields=True, frozen=True):
    """The person changes a member of the order, from the value that the phone showed."""

    order: Uuid
    field: Literal["class", "place"]
    before: FieldText | None = msgspec.field(name="from")
    after: FieldText | None = msgspec.field(name="to")


AnyOrder = (
    OrderOpen
    | OrderAccept
    | OrderReturn
    | OrderPass
    | OrderArrive
    | OrderLeave
    | OrderPause
    | OrderResume
    | OrderNote
    | OrderLabour
    | OrderComplete
    | OrderSign
    | OrderVerify
    | OrderFollow
    | OrderSet
)

ORDER_PAYLOADS: dict[tuple[str, int], type[AnyOrder]] = {
    ("order.accept", 1): OrderAccept,
    ("order.arrive", 1): OrderArrive,
    ("order.complete", 1): OrderComplete,
    ("order.follow", 1): OrderFollow,
    ("order.labour", 1): OrderLabour,
    ("order.leave", 1): OrderLeave,
    ("order.note", 1): OrderNote,
    ("order.open", 1): OrderOpen,
    ("order.pass", 1): OrderPass,
    ("order.pause", 1): OrderPause,
    ("order.resume", 1): OrderResume,
    ("order.return", 1): OrderReturn,
    ("order.set", 1): OrderSet,
    ("order.sign", 1): OrderSign,
    ("order.verify", 1): OrderVerify,
}
"""Every type of this module; sorted."""
