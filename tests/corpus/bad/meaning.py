"""JSON that is well formed and means nothing: every member of every message, wrong in every way.

`SHAPES` is written from ``docs/protocol/messages.md`` and ``enrolment.md``: which kind each member
is of, by its path. What is wrong with a kind stands in `WRONG`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.corpus.bad import Refused

HASH = "0123456789abcdef" * 4
UUID = "6f1e5a3e-2222-4c1a-9d8e-0a0b0c0d0e02"
LONG = "x" * 300_000

NO_TEXT: list[Any] = [None, 1, True, [], {}, ["x"]]
NO_NUMBER: list[Any] = [None, "1", "", True, False, [], {}, 1.5, 2**53, -(2**53), 10**40, "１２"]
NO_OBJECT: list[Any] = [None, 1, "x", True, [], {}]
NO_LIST: list[Any] = [None, 1, "x", True, {}]

WRONG: Mapping[str, list[Any]] = {
    "proto": [None, 0, 2, -1, "1", True, 1.5, [1], "１"],
    "nonce": [*NO_TEXT, "", "A" * 21, "A" * 23, "A" * 21 + "+", "A" * 21 + "=", "A" * 22 + "\n",
              "Ａ" * 22, LONG],
    "log": [*NO_TEXT, "", "a" * 25, "a" * 27, "A" * 26, "a" * 25 + "1", "a" * 26 + "\n", "ａ" * 26,
            "a" * 26],
    "hash": [*NO_TEXT, "", HASH[:-1], HASH + "0", HASH.upper(), HASH[:-1] + "g", HASH + "\n",
             "０" * 64],
    "int": NO_NUMBER,
    "int?": NO_NUMBER[1:],
    "count": [*NO_NUMBER, -1],
    "count?": [*NO_NUMBER[1:], -1],
    "seq": [*NO_NUMBER, -1, 0],
    "limit": [*NO_NUMBER, -1, 0, 1_001],
    "bool?": [0, 1, "true", "", [], {}],
    "boot": [*NO_TEXT, "", "b7c1d2e", "b7c1d2e33", "B7C1D2E3", "b7c1d2eg", "b7c1d2e3\n"],
    "zone": [*NO_TEXT, "", "Asia Shanghai", "../../etc/passwd", "亚洲/上海", "x" * 65,
             "Asia/Shanghai\n", "a;b"],
    "app": [*NO_TEXT, "x" * 33, LONG],
    "name": [*NO_TEXT, "x" * 81, LONG],
    "uuid": [*NO_TEXT, "", UUID.upper(), UUID.replace("-", ""), "{" + UUID + "}", UUID + "\n",
             UUID[:-1], "../" + UUID],
    "code": [*NO_TEXT, "", "A" * 21, "A" * 23, "A" * 21 + "/", "A" * 22 + "\n"],
    "b64url": [*NO_TEXT, "a+b", "a/b", "a=", "键", "a\n", "a" * 513],
    "pin": [*NO_TEXT, "", "12345", "1234567", "24061a", "２４０６１７", "240617\n", " 240617", "24 617",
            "٢٤٠٦١٧"],
    "cursor": [1, True, [], {}, "x" * 1_001],
    "hashes": [*NO_LIST, [1], [None], [HASH.upper()], [HASH, ""], [[HASH]], [HASH] * 5_001],
    "scopes": [1, "x", True, {}, [1], ["x"], [UUID.upper()], [[UUID]]],
    "records": [*NO_LIST, [], [1], ["x"], [None], [{}], [[]], [{"body": "x"}], [{"body": "{}",
                "sig": "", "alg": ""}] * 101],
    "body": [*NO_TEXT, "\0", "\ud800"],
    "sig": [*NO_TEXT, "x" * 201],
    "alg": [*NO_TEXT, "x" * 17],
    "private": [None, 1, "x", [], {"geo": 1}, {"geo": {}}, {"geo": {"salt": "x"}},
                {"geo": {"salt": 1, "value": ""}},
                {"geo": {"salt": "", "value": "", "more": 1}}, {"geo": {"salt": "x" * 65, "value": ""}},
                {"geo": {"salt": "", "value": "x" * 8_193}}, {"x" * 65: {"salt": "", "value": ""}}],
    "capabilities": [None, 1, "x", [], {"Camera": True}, {"camera": 1}, {"camera": None},
                     {"camera": []},
                     {"camera": "x" * 201}, {"": True}, {f"c{i}": True for i in range(33)}],
    "object": NO_OBJECT,
}  # fmt: skip

CLOCK = {
    "clock": "object",
    "clock.wall": "int",
    "clock.mono": "count",
    "clock.boot": "boot",
    "clock.tz": "zone",
}

SHAPES: Mapping[str, Mapping[str, str]] = {
    "nonce": {"proto": "proto", "nonce": "nonce"},
    "hello": {
        "proto": "proto",
        "nonce": "nonce",
        "log": "log",
        "head": "object",
        "head.seq": "count",
        "head.hash": "hash",
        "oldest": "seq",
        "app": "app",
        **CLOCK,
        "unsent": "object",
        "unsent.records": "count",
        "unsent.photos": "count",
        "unsent.oldest_wall": "int?",
        "storage": "object",
        "storage.persisted": "bool?",
        "storage.usage": "count?",
        "storage.quota": "count?",
    },
    "have": {"proto": "proto", "nonce": "nonce", "log": "log", "hashes": "hashes"},
    "push": {
        "proto": "proto",
        "nonce": "nonce",
        "log": "log",
        **CLOCK,
        "remaining": "count",
        "records": "records",
        "records.0.body": "body",
        "records.0.sig": "sig",
        "records.0.alg": "alg",
        "records.0.private": "private",
    },
    "pull": {"proto": "proto", "nonce": "nonce", "cursor": "cursor", "limit": "limit", "scopes": "scopes"},
    "snapshot": {
        "proto": "proto",
        "nonce": "nonce",
        "scope": "uuid",
        "cursor": "cursor",
        "scopes": "scopes",
        "resume": "cursor",
        "limit": "limit",
    },
    "enrol": {
        "proto": "proto",
        "nonce": "nonce",
        "code": "code",
        "public_key": "b64url",
        "sig": "b64url",
        "name": "name",
        "app": "app",
        **CLOCK,
        "capabilities": "capabilities",
    },
    "enrol-state": {"proto": "proto", "nonce": "nonce"},
    "sign-in": {"proto": "proto", "nonce": "nonce", "person": "uuid", "pin": "pin"},
}

MAY_BE_ABSENT = {("pull", "scopes"), ("push", "records.0.private")}


def cases(message: str, good: Mapping[str, Any]) -> Iterator[Refused]:
    """Yield the cases of a message: each member wrong in each way, missing, and with one too many."""
    for path, kind in SHAPES[message].items():
        for number, wrong in enumerate(WRONG[kind]):
            yield _case(f"{path} is {_short(wrong)} ({number})", good, path, wrong)
        if (message, path) not in MAY_BE_ABSENT:
            yield _case(f"no {path}", good, path, _MISSING)
        if kind == "object":
            yield _case(f"one more in {path}", good, f"{path}.more", 1)
    yield _case("one more", good, "more", None)


_MISSING = object()


def _case(name: str, good: Mapping[str, Any], path: str, value: object) -> Refused:
    message = copy.deepcopy(dict(good))
    place: Any = message
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is _MISSING:
        del place[last]
    else:
        place[last] = value
    return Refused(name, json.dumps(message).encode())


def _short(value: object) -> str:
    return json.dumps(value)[:30]


def floats(message: str, good: Mapping[str, Any]) -> Iterator[Refused]:
    """Yield the cases in which an integer is written as 1.0 or 1e0: it is none."""
    for path, kind in SHAPES[message].items():
        if kind in ("int", "int?", "count", "count?", "seq", "limit", "proto"):
            for text in ("1.0", "1e0", "10E-1"):
                marked = _case(f"{path} is {text}", good, path, "@@")
                yield Refused(marked.name, marked.body.replace(b'"@@"', text.encode()))
