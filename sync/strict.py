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
from collections.abc import Iterable
from typing import Literal, NoReturn

import msgspec

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
    raw = _bytes(data, max_bytes)
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _exact(raw, integers_only)
    return value if _plain(raw, value) else _exact(raw, integers_only)


def _bytes(data: bytes | str, max_bytes: int | None) -> bytes:
    if max_bytes is not None and len(data) > max_bytes:
        raise StrictError("size")
    if isinstance(data, str):
        try:
            data = data.encode("utf-8")
        except UnicodeEncodeError:
            raise StrictError("surrogate") from None
        if max_bytes is not None and len(data) > max_bytes:
            raise StrictError("size")
    return data


# -- what is harmless ------------------------------------------------------------------


def _plain(raw: bytes, value: object) -> bool:
    """Tell whether a text that msgspec read as `value` surely keeps every rule.

    msgspec refuses all that is no JSON, and half surrogates. It lets pass what is looked for here: a
    key twice, numbers that are no small integers, NUL, deep nesting.

    Keys are counted, not compared. Every key in the text has a colon, and colons in strings only add
    to them: a text with no more colons than there are members and colons in strings has no key twice.
    Only an escape could hide a colon.
    """
    if b"\\" in raw and b"\\u00" in raw:
        return False
    members = _members(value)
    if members is None:
        return False
    colons = raw.count(b":")
    return colons == members or colons == members + _colons(value)


def _members(value: object) -> int | None:
    """Return how many members a value has at all depths; None when it holds what is not harmless."""
    members = 0
    level = [value]
    for _ in range(MAX_NESTING):
        below: list[object] = []
        for part in level:
            if type(part) is dict:
                members += len(part)
                children: Iterable[object] = part.values()
            else:
                children = part if type(part) is list else (part,)
            for child in children:
                kind = type(child)
                if kind is str or kind is bool or child is None:
                    continue
                if kind is int:
                    if not -MAX_INTEGER <= child <= MAX_INTEGER:  # type: ignore[operator]
                        return None
                elif kind is dict or kind is list:
                    below.append(child)
                else:
                    return None
        if not below:
            return members
        level = below
    return None


def _colons(value: object) -> int:
    """Return how many colons stand in the strings of a value, keys included."""
    colons = 0
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            colons += part.count(":")
        elif isinstance(part, dict):
            stack += part.keys()
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    return colons


# -- the exact decoder -----------------------------------------------------------------


def _exact(raw: bytes, integers_only: bool) -> object:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictError("utf8", str(error)) from None
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
