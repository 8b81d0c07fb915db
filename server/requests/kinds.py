"""The words of requests: kinds, classes, states, and how urgent something is by itself. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final, Literal, get_args

Kind = Literal["repair", "complaint", "suggestion", "praise", "question", "errand"]
Class = Literal["water", "power", "gas", "lift", "lighting", "glass", "door", "fire", "leak", "other"]
Urgency = Literal["normal", "urgent", "rescue"]
Channel = Literal["code", "phone", "visit", "message"]
State = Literal["new", "open", "done", "closed", "withdrawn", "merged"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CLASSES: Final[tuple[Class, ...]] = get_args(Class)
URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
STATES: Final[tuple[State, ...]] = get_args(State)

BRIEF: Final = 48
"""So wide a heading may be, in narrow characters."""
ENDED: Final = frozenset({"closed", "withdrawn", "merged"})
URGENT_CLASSES: Final[tuple[Class, ...]] = ("water", "power", "gas", "lift", "leak", "fire")
"""What is urgent where the site says nothing else: P1-02 names water, power and gas."""

_LIFTS: Final = ("lift", "elevator", "电梯", "升降")


def urgency_of(kind: str, class_: str, *, urgent_classes: Collection[str]) -> Urgency:
    """Return how urgent something is by rule: a repair of one of the site's urgent classes."""
    return "urgent" if kind == "repair" and class_ in urgent_classes else "normal"


def is_lift(category: str) -> bool:
    """Whether the category of an asset says that people ride in it."""
    word = category.casefold()
    return any(lift in word for lift in _LIFTS)


def class_of(category: str) -> Class:
    """Return the class that a thing's category suggests."""
    word = category.casefold()
    if is_lift(word):
        return "lift"
    for class_, hints in _HINTS.items():
        if any(hint in word for hint in hints):
            return class_
    return "other"


_HINTS: Final[dict[Class, tuple[str, ...]]] = {
    "water": ("pump", "tank", "water", "水"),
    "power": ("transformer", "switch", "genset", "power", "电"),
    "gas": ("gas", "燃气"),
    "lighting": ("lamp", "light", "灯"),
    "door": ("door", "gate", "barrier", "门", "道闸"),
    "fire": ("fire", "hydrant", "消防"),
}


def brief(text: str) -> str:
    """Return the first words of what somebody wrote, as a heading: its first sentence, shortened.

    Wide characters count twice, so that Chinese and English headings have one width.
    """
    first = re.split(r"[。！？；!?;\n]|\.\s", text.strip(), maxsplit=1)[0].strip(" ,，.、:：")
    wide = 0
    for at, character in enumerate(first):
        wide += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if wide > BRIEF:
            cut = first[:at]
            whole = cut.rsplit(" ", 1)[0] if " " in cut and character != " " and cut[-1].isascii() else cut
            return f"{whole.rstrip(' ,，、')}…"
    return first


def number_words(number: int) -> str:
    """Return a request's number as people say it: ``R-0001``."""
    return f"R-{number:04d}"
