"""JSON that both sides read alike, or not at all.

Two decoders that understand one text differently are a hole in a signed log: a
duplicate key, a number beyond 2^53 or half a surrogate pair means one thing here and
another there. So what is ambiguous is refused. ``docs/protocol/README.md`` has the
rules, ``tests/vectors/strict.json`` the cases.
"""

from __future__ import annotations

import json
import math
import re
from typing import Literal, NoReturn

MAX_INTEGER = 2**53 - 1
"""The largest integer, also negative, that every JSON reader keeps exactly."""

MAX_NESTING = 32
"""How deep objects and arrays may stand in each other; a plain value is 0 deep."""

Reason = Literal["size", "utf8", "syntax", "duplicate_key", "number", "surrogate", "nul", "nesting"]

# An escape that may stand for a surrogate or for NUL. A hit is only a suspicion: the
# backslash itself may be escaped, as it is in every body that travels as a string.
_SUSPICIOUS = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")


class StrictError(ValueError):
    """A text is not strict JSON; `reason` says which rule it breaks."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason


def loads(data: bytes | str, *, max_bytes: int | None = None, integers_only: bool = False) -> object:
    """Return the value of a strict JSON text.

    :param data: UTF-8 bytes, or a text that is measured as its UTF-8 bytes
    :param max_bytes: the most bytes that are read at all; None for no limit
    :param integers_only: refuse numbers with a fraction or an exponent (record bodies)
    :raises StrictError: the text breaks a rule
    """
    text = _text(data, max_bytes)
    decoder = _INTEGERS if integers_only else _NUMBERS
    try:
        value = decoder.decode(text)
    except StrictError:
        raise
    except RecursionError:
        raise StrictError("nesting") from None
    except ValueError as error:
        raise StrictError("syntax", str(error)) from None
    _check_nesting(value)
    if _SUSPICIOUS.search(text):
        _check_strings(value)
    return value


def _text(data: bytes | str, max_bytes: int | None) -> str:
    if isinstance(data, str):
        if max_bytes is not None and len(data) > max_bytes:
            raise StrictError("size")
        try:
            size = len(data.encode("utf-8"))
        except UnicodeEncodeError:
            raise StrictError("surrogate") from None
        if max_bytes is not None and size > max_bytes:
            raise StrictError("size")
        return data
    if max_bytes is not None and len(data) > max_bytes:
        raise StrictError("size")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictError("utf8", str(error)) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictError("duplicate_key")
    return members


def _integer(digits: str) -> int:
    # 17 characters hold every allowed integer with its sign; longer texts are not even
    # converted, for that takes time that grows faster than the text.
    if len(digits) > 17 or not -MAX_INTEGER <= (number := int(digits)) <= MAX_INTEGER:
        raise StrictError("number", "beyond 2^53-1")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise StrictError("number", "not finite")
    return number


def _no_float(digits: str) -> NoReturn:
    raise StrictError("number", f"{digits[:20]} is not an integer")


def _no_constant(name: str) -> NoReturn:
    raise StrictError("number", name)


def _check_nesting(value: object) -> None:
    level = [value] if isinstance(value, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > MAX_NESTING:
            raise StrictError("nesting")
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]


def _check_strings(value: object) -> None:
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            if "\0" in part:
                raise StrictError("nul")
            try:
                part.encode("utf-8")
            except UnicodeEncodeError:
                raise StrictError("surrogate") from None
        elif isinstance(part, dict):
            stack.extend(part.keys())
            stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)


_NUMBERS = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_no_constant,
)
_INTEGERS = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_no_float,
    parse_constant=_no_constant,
)
