"""Record bodies that nobody can take at their word. They are kept all the same, and say why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.corpus.bad import Kept

Make = Callable[..., str]
"""Returns the body of the next good record with some members changed, as the phone writes it."""


def cases(good: Mapping[str, Any]) -> Iterator[Kept]:
    """Yield bodies made from the members of a good one, which stands first in its log's gap."""
    text = _text(good)
    yield from _syntax(text)
    yield from _envelope(good)
    yield from _payload(good)


def _text(members: Mapping[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def _syntax(text: str) -> Iterator[Kept]:
    inside = text[:-1]
    for name, body in (
        ("nothing", ""),
        ("a blank", " "),
        ("no JSON", "hello"),
        ("null", "null"),
        ("a list", f"[{text}]"),
        ("a text", json.dumps(text)),
        ("cut", text[: len(text) // 2]),
        ("a byte order mark", "\ufeff" + text),
        ("something after it", text + " x"),
        ("two of them", text + text),
        ("a comma too many", inside + ",}"),
        ("NaN", inside + ',"x":NaN}'),
        ("1e999", inside + ',"x":1e999}'),
        ("a fraction", inside + ',"x":1.5}'),
        ("an exponent", inside + ',"x":1e3}'),
        ("2^53", inside + ',"x":9007199254740992}'),
        ("5,000 digits", inside + ',"x":' + "9" * 5_000 + "}"),
        ("seq twice", inside + ',"seq":1}'),
        ("seq twice, once escaped", inside + ',"\\u0073eq":1}'),
        ("a lone surrogate", inside + ',"x":"\\ud800"}'),
        ("a NUL", inside + ',"x":"\\u0000"}'),
        ("33 deep", inside + ',"x":' + "[" * 33 + "]" * 33 + "}"),
        ("10,000 deep", inside + ',"x":' + "[" * 10_000 + "]" * 10_000 + "}"),
        ("100,000 open brackets", "[" * 100_000),
        ("HTML", "<script>alert(1)</script>"),
    ):
        yield Kept(f"syntax: {name}", body)


def _envelope(good: Mapping[str, Any]) -> Iterator[Kept]:
    wrong: Mapping[str, list[Any]] = {
        "v": [None, "1", 0, -1, True],
        "seq": [None, "2", 0, -1, True, 2**60],
        "prev": [None, "", "0" * 63, "A" * 64],
        "id": [None, 1, "", "x", "6F1E5A3E-2222-4C1A-9D8E-0A0B0C0D0E02"],
        "type": [None, 1, "", "Finding", "a b", "x" * 41, "../x", "'; DROP TABLE record; --"],
        "tv": [None, "1", 0, -1, True],
        "actor": [1, "", "wang", {}],
        "site": [None, 1, "", "garden"],
        "app": [None, 1, "x" * 33],
        "t": [None, 1, {}, []],
        "p": [None, 1, "x", []],
        "private": [None, 1, [], {"other": "0" * 64}, {"geo": "x"}, {"text.A": "0" * 64}],
        "deps": [None, 1, "x", [1], ["x"], ["0" * 64] * 17],
        "base": [1, "x", {}, {"entity": "x", "version": 1}, {"entity": good["site"], "version": 0}],
        "blobs": [None, 1, [1], [{}],
                  [{"sha256": "0" * 64, "size": -1, "mime": "image/jpeg", "role": "photo"}],
                  [{"sha256": "0" * 64, "size": 1, "mime": "image/gif", "role": "photo"}],
                  [{"sha256": "0" * 64, "size": 1, "mime": "image/jpeg", "role": "other"}],
                  [{"sha256": "0" * 64, "size": 12_582_913, "mime": "image/jpeg", "role": "photo"}],
                  [{"sha256": "0" * 64, "size": 1, "mime": "image/jpeg", "role": "photo"}] * 33],
        "more": [1, None],
    }  # fmt: skip
    for member, values in wrong.items():
        for number, value in enumerate(values):
            yield Kept(f"{member} ({number})", _text({**good, member: value}))
    times: Mapping[str, list[Any]] = {
        "wall": [None, "1", 2**53, True],
        "mono": [None, -1, "1"],
        "boot": [None, "", "B7C1D2E3"],
        "tz": [None, "", "../..", "x" * 65],
        "anchor": [1, "x" * 201],
    }
    for member, values in times.items():
        for number, value in enumerate(values):
            yield Kept(f"t.{member} ({number})", _text({**good, "t": {**good["t"], member: value}}))
    for member in ("v", "id", "type", "tv", "actor", "site", "app", "t", "p"):
        yield Kept(f"no {member}", _text({name: value for name, value in good.items() if name != member}))
    yield Kept("an actor of the log's opening", _text({**good, "type": "log.open"}))
    yield Kept("no actor", _text({**good, "actor": None}))
    yield Kept("envelope of tomorrow", _text({**good, "v": 2}), "unknown_type")
    yield Kept("type of tomorrow", _text({**good, "type": "key.loan"}), "unknown_type")
    yield Kept("payload of tomorrow", _text({**good, "tv": 99}), "unknown_type")


def _payload(good: Mapping[str, Any]) -> Iterator[Kept]:
    wrong: Mapping[str, list[Any]] = {
        "occurrence": [1, "", "x", []],
        "stop": [1, "x"],
        "target": [1, "x", {}, {"kind": "door", "id": good["site"], "version": 1},
                   {"kind": "checkpoint", "id": good["site"], "version": 0}],
        "urgency": [None, "", "URGENT", 1],
        "kind": [None, "", "fire", 1],
        "more": [1],
    }  # fmt: skip
    for member, values in wrong.items():
        for number, value in enumerate(values):
            yield Kept(f"p.{member} ({number})", _text({**good, "p": {**good["p"], member: value}}))
    for member in ("occurrence", "stop", "target", "urgency", "kind"):
        p = {name: value for name, value in good["p"].items() if name != member}
        yield Kept(f"no p.{member}", _text({**good, "p": p}))


TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE record; --",
    "{{7*7}} ${7*7} #{7*7} %{7*7}",
    "%s%n%x %(name)s {0}",
    '=HYPERLINK("http://x")',
    "../../../etc/passwd",
    "$(reboot) `reboot` | reboot",
    "\u202egnp.exe",
    "\u200b\u200c\u200d\u2060\ufeff",
    "ﷺ" * 500,
    "Z̸̢̛͎a̷l̶g̵o̴",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "巡检正常，无异常。",
    "１２３ ＡＢＣ　全角",
    "line\nline\r\nline\ttab",
    "\u0001\u0002\u001b[31m",
    "\u2028\u2029",
    "\U0010ffff\uffff\ufffe",
    "İıſK",
    "0" * 2_000,
    "",
    " ",
)
"""Texts that a person may write. Each is kept and given back exactly as it is."""
