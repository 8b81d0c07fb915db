"""How a phone leaves: it asks what is wanted of it, and wipes itself when it is told to.

An order to wipe destroys what is on the phone, so it is the server's signed word for this one phone, and
says how many unsent records and photos may be lost with it; see ``docs/protocol/leaving.md``.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from sync.keys import SigningKey, verify
from sync.messages import SignedReceipt, Unsent
from sync.scalars import Count, Int, Nonce, ShortText, Uuid
from sync.strict import StrictError, loads

MAX_ORDER_BYTES = 1_024
_PREFIX = "fieldsync/1 wipe\n"

SignedOrder = SignedReceipt
"""A text, its signature and the key's name, as a receipt has them."""


class WipeOrder(Struct, frozen=True):
    """What an order says. Its text is what is signed, never this struct.

    `records` and `photos` are how many that the server has not got may be lost; with more than that on
    it a phone does not wipe itself.
    """

    v: Literal[1]
    order: Uuid
    device: Uuid
    records: Count
    photos: Count
    made_ms: Int


def order_body(order: WipeOrder) -> str:
    """Return the text of an order, made once by the server."""
    return msgspec.json.encode(order).decode("ascii")


def sign_order(key: SigningKey, body: str) -> str:
    """Return the server's signature of an order's text."""
    return key.sign((_PREFIX + body).encode("utf-8"))


def verify_order(public_key: str, body: str, sig: str, *, device: str) -> WipeOrder | None:
    """Return the order when the server's key signed its text and it is meant for this phone, else None."""
    if not verify(public_key, (_PREFIX + body).encode("utf-8", "replace"), sig):
        return None
    try:
        order = msgspec.convert(loads(body, max_bytes=MAX_ORDER_BYTES), WipeOrder)
    except (StrictError, msgspec.ValidationError):
        return None
    return order if order.device == device else None


def may_wipe(order: WipeOrder, *, records: int, photos: int) -> bool:
    """Tell whether a phone that has so much unsent may wipe itself."""
    return records <= order.records and photos <= order.photos


# -- the messages ----------------------------------------------------------------------


class LeaveRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """A phone that is to leave asks what is wanted of it, and says what it still has."""

    proto: Literal[1]
    nonce: Nonce
    unsent: Unsent


class LeaveAnswer(Struct, frozen=True):
    """How it stands with the phone, and the order to wipe when there is one.

    `epoch` is the name of the server's history, as in `hello`: a phone that is not greeted any more
    learns here that the server was set back.
    """

    proto: Literal[1]
    nonce: Nonce
    epoch: ShortText
    state: Annotated[str, Meta(max_length=20)]
    wipe: SignedOrder | None


class WipedRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """The last word of a phone: it has wiped itself, and so much was lost with it."""

    proto: Literal[1]
    nonce: Nonce
    order: Uuid
    records: Count
    photos: Count


class WipedAnswer(Struct, frozen=True):
    """The server has noted it."""

    proto: Literal[1]
    nonce: Nonce
