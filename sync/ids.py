"""Identifiers: of records, made by the phone, and of occurrences, known in advance."""

from __future__ import annotations

from uuid import UUID, uuid5


def uuid7(ms: int, random: bytes) -> str:
    """Return a UUIDv7 text. Its time serves the index only; nobody reads it back.

    :param ms: the phone's clock in ms; only its low 48 bits go in, so any value will do
    :param random: 10 random bytes
    """
    if len(random) != 10:
        raise ValueError("a UUIDv7 takes 10 random bytes")
    tail = int.from_bytes(random, "big")
    number = (ms & (1 << 48) - 1) << 80
    number |= 0x7 << 76 | (tail >> 68 & 0xFFF) << 64
    number |= 0b10 << 62 | tail & (1 << 62) - 1
    return str(UUID(int=number))


def occurrence_id(plan: str, from_ms: int, number: int = 1) -> str:
    """Return the id of the occurrence of `plan` whose window starts at `from_ms`.

    It is a UUIDv5 in the plan's namespace, so cutting windows twice makes one occurrence.

    :param number: which of those that share the window, from 1
    """
    return str(uuid5(UUID(plan), str(from_ms) if number == 1 else f"{from_ms} {number}"))
